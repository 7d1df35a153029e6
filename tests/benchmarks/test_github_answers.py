"""The benchmark's server is judged by GitHub's own documents: a smaller answer than the real one would flatter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from benchmarks.data import FILES, PULLS, oid
from benchmarks.github.answers import Answers
from tests.benchmarks.judging import exchange
from tests.contract.graphql_answers import exchange_problems
from tests.contract.openapi import Judge
from tests.contract.specs import github_openapi, github_schema

from pullbridge.anchoring import LineKind, LineMap, parse_patch
from pullbridge.hosts.github import queries
from pullbridge.model.anchor import Side

WEB = "http://127.0.0.1:1"
REPO = "/repos/octo/app"
HEAD = oid("head", 7)


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(WEB)


@pytest.mark.contract
@pytest.mark.parametrize(
    "target",
    [
        "/user", REPO, f"{REPO}/pulls?per_page=10&page=2", f"{REPO}/pulls/7", f"{REPO}/pulls/7/commits",
        f"{REPO}/pulls/7/files?per_page=10&page=3", f"{REPO}/pulls/7/comments", f"{REPO}/pulls/7/reviews",
        f"{REPO}/commits/{HEAD}", f"{REPO}/commits/{HEAD}/check-runs", f"{REPO}/commits/{HEAD}/status",
    ],
)  # fmt: skip
def test_rest_answers_are_whole(answers: Answers, target: str) -> None:
    """Every key that GitHub documents as required is there, and none that it does not document."""
    assert Judge(github_openapi()).problems(exchange(answers, "GET", target)) == []


THREADS = [{"path": "src/x.py", "line": 14, "side": "RIGHT", "body": "Why?"}]


@pytest.mark.contract
@pytest.mark.parametrize(
    ("document", "variables"),
    [
        (queries.PANEL, {"owner": "octo", "name": "app", "number": 7}),
        (queries.SEARCH, {"q": "user-review-requested:@me", "first": 100, "after": None}),
        (queries.ADD_REVIEW, {"input": {"pullRequestId": "PR_7", "body": "", "event": "COMMENT", "threads": THREADS}}),
    ],
)
def test_graphql_answers_fit_the_schema(answers: Answers, document: str, variables: dict[str, Any]) -> None:
    """What the adapter asks is answered field for field, with values of the schema's types."""
    request = {"query": document, "variables": variables}
    answer = json.loads(answers.to("POST", "/api/graphql", json.dumps(request).encode()).body)
    assert exchange_problems(github_schema(), request, answer) == []


def test_a_row_of_the_list_has_full_size(answers: Answers) -> None:
    """A pull request in a list has about 20 kB on GitHub."""
    rows = json.loads(answers.to("GET", f"{REPO}/pulls?per_page=100", b"").body)
    assert len(rows) == 100
    assert 18_000 < len(json.dumps(rows[0])) < 26_000


def test_pages_link_to_each_other(answers: Answers) -> None:
    """The links lead through all rows, and the last page to no next one."""
    first = answers.to("GET", f"{REPO}/pulls?per_page=100", b"")
    last = answers.to("GET", f"{REPO}/pulls?per_page=100&page=3", b"")
    assert f'<{WEB}{REPO}/pulls?per_page=100&page=3>; rel="last"' in first.headers
    assert 'rel="next"' not in last.headers
    assert json.loads(last.body)[-1]["number"] == PULLS


def test_every_file_has_a_patch_that_parses(answers: Answers) -> None:
    """Line 14, which the comments hang on, is added in each of them."""
    rows = json.loads(answers.to("GET", f"{REPO}/pulls/7/files?per_page=100&page=3", b"").body)
    assert len(rows) == FILES - 200
    assert all(LineMap(parse_patch(row["patch"])).kind_of(Side.NEW, 14) is LineKind.ADDED for row in rows)


def test_a_field_that_the_data_lack_is_an_error(answers: Answers) -> None:
    """Nothing is guessed: an unknown field fails loudly."""
    with pytest.raises(KeyError):
        answers.to("POST", "/graphql", json.dumps({"query": "{ viewer { shoeSize } }"}).encode())
