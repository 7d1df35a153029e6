"""Odd answers of Data Center's: refusals, places, times and names of any kind. See `tests/fuzz/test_every_host.py`."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzing import DATA_CENTER, FEW, JSON, encoded
from tests.hosts.made_payloads import readers

from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import errors, wire
from pullbridge.model.checks import CheckState
from pullbridge.model.diff import ChangeKind
from pullbridge.model.merge import MergeabilityState
from pullbridge.model.pulls import PullState

READERS = {reader.name: reader for reader in readers(DATA_CENTER)}
ASKED = Asked(what="pull request 7", write=True, needs=errors.READ)
NAMES = [
    "",
    "x",
    "com.atlassian.bitbucket.pull.PullRequestOutOfDateException",
    "DuplicatePullRequestException",
    "\u202e",
]


def test_the_converters_are_found() -> None:
    """The fuzzing speaks of every converter: of pull requests, threads, reviews, files, checks and what happened."""
    names = {name.partition("(")[0] for name in READERS}
    there = {"pull", "thread", "threads", "comment", "task", "reviewers", "participants", "reviews", "standing"}
    assert (
        there | {"file_changes", "commit", "mergeability", "anchor", "checks", "tally", "happened", "branch"} <= names
    )


@FEW
@given(
    body=st.binary(max_size=64)
    | JSON.map(encoded)
    | st.builds(lambda said: encoded({"errors": said}), JSON)
    | st.builds(
        lambda name, said, more: encoded({"errors": [{"exceptionName": name, "message": said, **more}]}),
        st.sampled_from(NAMES) | JSON,
        JSON,
        st.dictionaries(
            st.sampled_from(["vetoes", "conflicted", "currentVersion", "reviewerErrors", "existingPullRequest"]), JSON
        ),
    ),
    status=st.sampled_from([301, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 418, 422, 429, 500, 503]),
    signed_in=st.sampled_from([None, True, False]),
)
def test_any_refusal_becomes_an_error(body: bytes, status: int, signed_in: bool | None) -> None:
    """A refusal's body may be anything: it becomes one of the library's errors, and never breaks the reading of it."""
    assert isinstance(errors.failure(status, {}, body, ASKED, signed_in=signed_in), BridgeError)
    assert errors.is_about_rights(body) in {True, False}


@pytest.mark.parametrize("word", ["REOPENED", "", "open", "\u202e"])
def test_unknown_words_are_kept(word: str) -> None:
    """N-01: states, outcomes, kinds that we have not met raise nothing, and are never taken for a yes."""
    reader = READERS["pull(PullRequest)"]
    pull = reader.read(encoded({**reader.example(), "state": word}))
    assert (pull.state, pull.raw_state) == (PullState.OPEN, word)
    reader = READERS["mergeability(Mergeability)"]
    told = {"outcome": word, "conflicted": True, "canMerge": None, "vetoes": []}
    assert reader.read(encoded(told)).state is not MergeabilityState.READY
    reader = READERS["check(BuildStatus)"]
    assert reader.read(encoded({**reader.example(), "state": word})).state is CheckState.UNKNOWN
    reader = READERS["file_change(Change)"]
    assert reader.read(encoded({**reader.example(), "type": word})).kind is ChangeKind.UNKNOWN


def test_any_lines_make_an_anchor() -> None:
    """The numbers of a place and of its range, in any mixture, raise nothing and never make an impossible range."""
    numbers: tuple[Any, ...] = (None, -1, 0, 3, 2**31)
    kinds = ("ADDED", "REMOVED", "CONTEXT", "", "SIDEWAYS", None)
    reader = READERS["anchor(DiffAnchor)"]
    for line, first, kind, began, file in itertools.product(numbers, numbers, kinds, kinds, ("TO", "FROM", None)):
        marker = {"startLine": first, "startLineType": began}
        place = {"path": "a.py", "toHash": "c" * 40, "diffType": "EFFECTIVE", "multilineMarker": marker}
        at = reader.read(encoded({**place, "line": line, "lineType": kind, "fileType": file}))
        assert at is None or at.is_file or at.start_side or at.start <= at.end


@pytest.mark.parametrize(
    "path", ["", {}, {"components": []}, {"components": [""]}, {"toString": ""}, {"components": None}]
)
def test_a_place_without_a_path_is_none(path: Any) -> None:
    """What names no file is no place in one."""
    assert READERS["anchor(DiffAnchor)"].read(encoded({"path": path, "line": 3, "lineType": "ADDED"})) is None


@pytest.mark.parametrize("when", [2**63, -(2**63), 10**30, "never", "", "9" * 400, "2026-13-45", "٣"])
def test_times_that_are_none_are_none(when: Any) -> None:
    """A time that is in no calendar is not told; and it does not break what tells it."""
    assert wire.moment(when) is None
    reader = READERS["pull(PullRequest)"]
    try:
        pull = reader.read(encoded({**reader.example(), "createdDate": when}))
    except BadAnswer:
        return
    assert pull.created_at is None
