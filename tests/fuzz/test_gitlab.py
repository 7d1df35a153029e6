"""Odd answers of GitLab's: refusals, errors of GraphQL, states, places and numbers in texts. See `tests/fuzz/test_every_host.py`."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzing import FEW, GITLAB, JSON, encoded
from tests.hosts.made_payloads import readers

from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import errors, payloads, wire
from pullbridge.model.merge import MergeabilityState
from pullbridge.model.pulls import PullState

READERS = {reader.name: reader for reader in readers(GITLAB)}
ASKED = Asked(what="merge request !7", write=True)
#: Digits that are no number of anybody's: longer than Python reads, of another script, or not whole.
DIGITS = ["9" * 5000, "\u0663", "\u00b2", "-1", "1.5", "1e3", " 7", ""]


def test_the_converters_are_found() -> None:
    """The fuzzing speaks of every converter: of merge requests, threads, reviews, files, checks and what happened."""
    names = {name.partition("(")[0] for name in READERS}
    there = {"pull", "thread", "draft_thread", "reviewers", "file_changes", "commit", "comparison", "mergeability"}
    assert there | {"anchor", "job", "status", "graph_checks", "note_event", "label_event", "rules"} <= names


@FEW
@given(
    body=st.binary(max_size=64) | JSON.map(encoded) | st.builds(lambda said: encoded({"message": said}), JSON),
    status=st.sampled_from([400, 401, 403, 404, 405, 406, 409, 412, 422, 429, 500]),
)
def test_any_refusal_becomes_an_error(body: bytes, status: int) -> None:
    """A refusal's body may be anything: it becomes one of the library's errors, and never breaks the reading of it."""
    assert isinstance(errors.failure(status, body, ASKED), BridgeError)


@FEW
@given(problems=st.lists(JSON | st.builds(lambda said: {"message": said}, JSON), max_size=3), data=JSON)
def test_any_errors_of_graphql_become_an_error(problems: list[Any], data: Any) -> None:
    """Whatever GraphQL's `errors` hold, they are unreadable, or they become one of the library's errors."""
    try:
        answer = payloads.decode(encoded({"data": data, "errors": problems}), payloads.GraphAnswer[Any], "it")
    except BadAnswer:
        return
    if answer.errors:
        assert isinstance(errors.graph_failure(answer.errors, ASKED, server="GitLab"), BridgeError)


@pytest.mark.parametrize("word", ["reopened", "", "Merged", "\u202e"])
def test_an_unknown_state_is_kept(word: str) -> None:
    """N-01: a state that we have not met raises nothing, is kept as it is, and counts as open."""
    reader = READERS["pull(MergeRequest)"]
    pull = reader.read(encoded({**reader.example(), "state": word}))
    assert (pull.state, pull.raw_state) == (PullState.OPEN, word)


@pytest.mark.parametrize("word", ["a_check_of_tomorrow", "MERGED_ALREADY", "\u202e"])
def test_an_unknown_word_of_mergeability_blocks(word: str) -> None:
    """GL-35: an unknown word is kept, is never taken for a yes, and raises nothing."""
    reader = READERS["mergeability(MergeRequest)"]
    found = reader.read(encoded({**reader.example(), "state": "opened", "detailed_merge_status": word}))
    assert found.state is not MergeabilityState.READY
    assert found.raw == word


def test_any_lines_make_an_anchor() -> None:
    """The numbers of a place and of its range, in any mixture, raise nothing and never make an impossible range."""
    numbers: tuple[Any, ...] = (None, -1, 0, 3, 2**31)
    reader = READERS["anchor(Position)"]
    for old, new, first, last in itertools.product(numbers, numbers, (*numbers, *DIGITS), (None, 3, "5")):
        ends = {"start": {"new_line": first, "line_code": "x_1_2"}, "end": {"new_line": last, "type": "new"}}
        place = {"new_path": "a.py", "old_path": "a.py", "head_sha": "c" * 40, "position_type": "text"}
        try:
            at = reader.read(encoded({**place, "old_line": old, "new_line": new, "line_range": ends}))
        except BadAnswer:
            continue
        assert at is None or at.is_file or at.start_side or at.start <= at.end


@pytest.mark.parametrize("digits", DIGITS)
def test_digits_that_are_no_number_are_none(digits: str) -> None:
    """Counts and ids in texts, however long: none of them is a number, and none raises."""
    assert wire.number(f"gid://gitlab/User/{digits}") is None
    assert wire.told(digits) is None
    reader = READERS["pull(MergeRequest)"]
    assert reader.read(encoded({**reader.example(), "changes_count": digits})).file_count is None
