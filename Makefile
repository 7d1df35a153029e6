# The two commands: `make demo` and `make test`. Each sets up all it needs in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif
READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.ready-bench
DOCS_READY := $(VENV)/.ready-docs
SPECS := $(or $(PULLBRIDGE_SPECS),../shared)
NPM_READY := .deps/node_modules/oauth2-mock-server/package.json
# Half as many again as there are cores: a test waits for its servers a third of the time.
WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 2) * 3 // 2)")

# The suite measures what these try. The others go over the same lines from further away, and would only be slowed by it.
MEASURED := $(addprefix tests/,anchoring api auth cli hosts local model repository testing transport) \
	$(wildcard tests/test_*.py tests/contract/test_*_exchanges.py tests/contract/test_*_rest_forge.py)

# Some images ask Python to keep nothing compiled: each of the suite's processes would compile it all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check lint types imports contract docs bench specs picture clean

demo: $(READY)
	$(BIN)/python -m pullbridge demo

test: $(READY) specs
	$(BIN)/python -m pytest -n $(WORKERS) $(MEASURED) --cov --cov-report=term
	$(BIN)/python -m pytest -n $(WORKERS) $(addprefix --ignore=,$(MEASURED))

check: lint types imports docs test

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy
	$(BIN)/python tools/verify_types.py

imports: $(READY)
	$(BIN)/lint-imports

contract: $(READY) specs
	$(BIN)/python -m pytest tests/contract tests/netns tests/hosts/github/test_samples.py -rs

docs: $(DOCS_READY)
	$(BIN)/python tools/gen_docs.py --check
	$(BIN)/mkdocs build --strict --quiet --site-dir build/docs

bench: $(BENCH_READY)
	$(BIN)/python -m benchmarks

# The picture in the README.
picture: $(READY)
	$(BIN)/python -m pullbridge demo --svg docs/demo.svg

# What others published, whole: GitHub's own specifications, what GitLab 15.0 says of its GraphQL, and a provider of
# sign-ins. Without npm, a folder beside the checkout can serve for the specifications (see CONTRIBUTING).
specs:
	@if [ -f "$(NPM_READY)" ]; then :; \
	elif command -v npm >/dev/null 2>&1; then \
		npm install --silent --prefix .deps --no-save --ignore-scripts --no-audit --no-fund \
			@octokit/openapi@23.0.2 @octokit/graphql-schema@15.26.1 gitlab-graphql-types@1.1.0 oauth2-mock-server@9.3.0; \
	else echo "No npm here: contract tests whose specifications are not in $(SPECS) skip, and say so."; fi

$(READY): pyproject.toml
	@echo "Setting up $(VENV); this takes a minute, once."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, and this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

$(BENCH_READY): $(READY)
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

$(DOCS_READY): $(READY)
	$(BIN)/python -m pip install --quiet --group docs
	@touch $@

clean:
	rm -rf $(VENV) .deps .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* htmlcov
