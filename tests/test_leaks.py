"""The watch over what the suite prints and logs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.leaks import Watch

from pullbridge.testing import Forge

ROOT = Path(__file__).resolve().parents[1]

LEAKS = """
import logging, sys
import pytest
from pullbridge.testing import Forge

@pytest.fixture
def token():
    with Forge() as forge:
        yield forge.github.token("ada")

def test_quiet(token):
    print(len(token))

def test_prints(token):
    print("here it is:", token)

def test_writes_an_error(token):
    sys.stderr.write(token)

def test_logs(token):
    logging.getLogger("urllib3").debug("GET /?access_token=%s", token)

def test_signs_in():
    with Forge() as forge:
        print(forge.gitlab.oauth.app(secret=True).client_secret)
"""


def test_a_token_in_the_output_fails_the_test(tmp_path: Path) -> None:
    """Printed, written to the standard error or logged, by DEBUG, too; and it is not shown again."""
    (tmp_path / "test_them.py").write_text(LEAKS)
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\nfrom tests.conftest import _watch, _patch\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    options = [
        "-o",
        "log_level=DEBUG",
        "-o",
        f"pythonpath={ROOT}",
        "--import-mode=importlib",
        "--tb=short",
        str(tmp_path),
    ]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, cwd=tmp_path)
    failed = {line.split("::")[1].split()[0] for line in done.stdout.splitlines() if line.startswith("ERROR ")}
    assert failed == {"test_prints", "test_writes_an_error", "test_logs", "test_signs_in"}
    assert "a secret of the forge stands in Captured log call" in done.stdout


def test_forges_of_longer_fixtures_are_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a former test's forge gave is known as long as somebody has it."""
    watch = Watch()
    watch.follow(monkeypatch)
    with Forge() as forge:
        token = forge.gitlab.token("ada")
        watch.next_test()
        assert watch.found([("Captured stdout call", f"x{token}x"), ("Captured log call", "")]) == [
            "Captured stdout call"
        ]
