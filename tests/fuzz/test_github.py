"""Odd answers of GitHub's: refusals, errors of GraphQL, states, lines and times. See `tests/fuzz/test_every_host.py`."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzing import FEW, GITHUB, JSON, encoded
from tests.hosts.made_payloads import readers

from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import errors, payloads, wire
from pullbridge.model.pulls import PullState

READERS = {reader.name: reader for reader in readers(GITHUB)}


def test_the_converters_are_found() -> None:
    """The tests here speak of every converter: of pull requests, threads, reviews, files, commits and merging."""
    names = {name.partition("(")[0] for name in READERS}
    assert {"pull", "graph_pull", "thread", "review", "file_change", "commit", "comparison", "mergeability"} <= names


@FEW
@given(
    body=st.binary(max_size=64) | JSON.map(encoded), status=st.sampled_from([400, 401, 403, 404, 409, 410, 422, 500])
)
def test_any_refusal_becomes_an_error(body: bytes, status: int) -> None:
    """A refusal's body may be anything: it becomes one of the library's errors, and never breaks the reading of it."""
    asked = Asked(what="pull request 7", write=True)
    assert isinstance(errors.failure(status, {}, body, asked), BridgeError)


@FEW
@given(problems=st.lists(JSON, max_size=3), data=JSON)
def test_any_errors_of_graphql_become_an_error(problems: list[Any], data: Any) -> None:
    """Whatever GraphQL's `errors` hold, they are unreadable, or they become one of the library's errors."""
    asked = Asked(what="pull request 7", write=True)
    try:
        answer = payloads.decode(encoded({"data": data, "errors": problems}), payloads.GraphAnswer[Any], "it")
    except BadAnswer:
        return
    if answer.errors:
        assert isinstance(errors.graph_failure(answer.errors, asked), BridgeError)


@pytest.mark.parametrize(
    "kind", ["NOT_FOUND", "FORBIDDEN", "STALE_DATA", "INSUFFICIENT_SCOPES", "NEVER_SEEN", "", None]
)
def test_each_kind_of_graphql_error_becomes_an_error(kind: str | None) -> None:
    """A known kind, an unknown one and none at all: each is one of the library's errors, with the message's words or its own."""
    body = encoded(
        {"data": None, "errors": [{"type": kind, "message": "Could not resolve ['repo']", "path": ["a", 0]}]}
    )
    problems = payloads.decode(body, payloads.GraphAnswer[Any], "it").errors
    assert problems
    error = errors.graph_failure(problems, Asked(what="pull request 7"))
    assert isinstance(error, BridgeError)
    assert str(error)


def _pull(**facts: Any) -> bytes:
    reader = READERS["pull(RestPull)"]
    return encoded({**reader.example(), **facts})


@pytest.mark.parametrize("word", ["locked", "", "MERGED?", "\u202e"])
def test_an_unknown_state_is_kept(word: str) -> None:
    """N-01: a state that we have not met raises nothing, is kept as it is, and counts as open."""
    pull = READERS["pull(RestPull)"].read(_pull(state=word, merged_at=None))
    assert (pull.state, pull.raw_state) == (PullState.OPEN, word)


def test_a_fork_that_is_gone_leaves_the_rest_usable() -> None:
    """N-05: with `head.repo` null the source has no repository, and everything else is there."""
    payload = payloads.decode(
        _pull(head={"ref": "fix", "sha": "c" * 40, "repo": None}, state="open", merged_at=None), payloads.RestPull, "it"
    )
    pull = wire.pull(payload, GITHUB.beside["ref"])
    assert pull.source.repository is None
    assert (pull.number, pull.state, pull.source.name, pull.source.commit) == (7, PullState.OPEN, "fix", "c" * 40)
    assert pull.target.repository is not None


def test_a_commit_by_nobody_known_has_no_author() -> None:
    """GitHub answers an empty object (`empty-object` in its OpenAPI document) where no account has the commit's address."""
    reader = READERS["commit(RestCommit)"]
    commit = reader.read(encoded({**reader.example(), "author": {}}))
    assert commit.author is None
    assert commit.author_name == "some name"


def test_any_lines_make_an_anchor() -> None:
    """A thread's four line numbers and two sides, in any mixture, raise nothing and never make an impossible range."""
    reader = READERS["thread(GraphThread)"]
    numbers, sides = (None, -1, 0, 3, 5, 2**31), ("LEFT", "RIGHT", None)
    for lines in itertools.product(numbers, repeat=4):
        for side, start_side in itertools.product(sides, repeat=2):
            keys = ("line", "startLine", "originalLine", "originalStartLine", "diffSide", "startDiffSide")
            payload = {"id": "T", "path": "a.py", "comments": {"nodes": []}, "isOutdated": False, "subjectType": "LINE"}
            thread = reader.read(encoded({**payload, **dict(zip(keys, (*lines, side, start_side), strict=True))}))
            for anchor in (thread.anchor, thread.current):
                assert anchor is None or anchor.is_file or anchor.start_side or anchor.start <= anchor.end


@pytest.mark.parametrize("written", ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02T05:04:05+02:00"])
def test_times_are_the_same_moment_however_written(written: str) -> None:
    """N-09: in UTC, as all of GitHub's are; without a zone that is what is meant, and another zone is the same moment."""
    pull = READERS["pull(RestPull)"].read(_pull(created_at=written))
    assert pull.created_at == datetime.fromisoformat("2026-01-02T03:04:05+00:00")
    assert pull.created_at.tzinfo is UTC


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00"])
def test_times_at_the_ends_of_the_calendar_are_read(written: str) -> None:
    """There is no such moment in UTC, and no error either."""
    pull = READERS["pull(RestPull)"].read(_pull(created_at=written))
    assert pull.created_at == datetime.fromisoformat(written)
