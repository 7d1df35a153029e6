"""Odd answers of Bitbucket Cloud's: refusals, places, words and next pages of any kind. See `tests/fuzz/test_every_host.py`."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzing import CLOUD, FEW, JSON, encoded
from tests.hosts.made_payloads import readers

from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import errors, payloads, wire
from pullbridge.hosts.bitbucket_cloud.addresses import addresses
from pullbridge.hosts.bitbucket_cloud.paging import following, resumed
from pullbridge.model.checks import CheckState
from pullbridge.model.diff import ChangeKind
from pullbridge.model.merge import MergeabilityState
from pullbridge.model.pulls import PullState

READERS = {reader.name: reader for reader in readers(CLOUD)}
ASKED = Asked(what="pull request #7", write=True, needs=errors.READ)
BASES = addresses("https://bitbucket.org").bases
LIST = "/repositories/octo/app/pullrequests"


def test_the_converters_are_found() -> None:
    """The fuzzing speaks of every converter: of pull requests, threads, reviews, files, checks and what happened."""
    names = {name.partition("(")[0] for name in READERS}
    there = {"pull", "threads", "comment", "task", "reviewers", "reviews", "remark", "standing", "anchor"}
    assert (
        there | {"file_changes", "commit", "mergeability", "checks", "timeline", "ended", "branch", "person"} <= names
    )


@FEW
@given(
    body=st.binary(max_size=64)
    | JSON.map(encoded)
    | st.builds(lambda said: encoded({"type": "error", "error": said}), JSON)
    | st.builds(
        lambda said: encoded({"type": "error", "error": said}),
        st.dictionaries(st.sampled_from(["message", "detail", "fields", "data", "id"]), JSON),
    ),
    status=st.sampled_from([301, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 418, 422, 429, 500, 503, 555]),
)
def test_any_refusal_becomes_an_error(body: bytes, status: int) -> None:
    """A refusal's body may be anything: it becomes one of the library's errors, and never breaks the reading of it."""
    assert isinstance(errors.failure(status, body, ASKED), BridgeError)


@pytest.mark.parametrize("word", ["REOPENED", "", "open", "\u202e"])
def test_unknown_words_are_kept(word: str) -> None:
    """N-01: states and kinds that we have not met raise nothing, are kept, and are never taken for a yes."""
    reader = READERS["pull(PullRequest)"]
    pull = reader.read(encoded({**reader.example(), "state": word}))
    assert (pull.state, pull.raw_state) == (PullState.OPEN, word)
    reader = READERS["check(CommitStatus)"]
    check = reader.read(encoded({**reader.example(), "state": word}))
    assert (check.state, check.raw_state) == (CheckState.UNKNOWN, word)
    reader = READERS["file_changes(list[files.DiffStat])"]
    (file,) = reader.read(encoded([{**reader.example()[0], "status": word}]))
    assert file.kind in {ChangeKind.MODIFIED, ChangeKind.RENAMED}
    reader = READERS["standing(Participant)"]
    assert reader.read(encoded({"role": "PARTICIPANT", "state": word, "approved": True})) is None


def test_nothing_told_is_no_yes() -> None:
    """What the rules, the builds and the conflicts would say is not made up, whatever the pull request tells."""
    reader = READERS["mergeability(PullRequest)"]
    nothing = wire.Standing(conflicts=None, checks=None, rules=None)
    for told in (None, True):
        payload = payloads.decode(encoded({**reader.example(), "draft": False, "mergeable": told}), reader.shape, "it")
        assert wire.mergeability(payload, nothing).state is MergeabilityState.UNKNOWN


def test_any_lines_make_an_anchor() -> None:
    """The numbers of a place and of its range, in any mixture, raise nothing and never make an impossible range."""
    numbers: tuple[Any, ...] = (None, -1, 0, 3, 5, 2**31)
    reader = READERS["anchor(Inline)"]
    for to, before, first, first_before in itertools.product(numbers, repeat=4):
        place = {"path": "a.py", "to": to, "from": before, "start_to": first, "start_from": first_before}
        at = reader.read(encoded(place))
        assert at.is_file or 0 < at.start <= at.end


@FEW
@given(
    told=st.text()
    | st.builds(
        "".join, st.lists(st.sampled_from([*BASES, LIST, "//", "/", "?page=2", "@", ":", "[", "%2e%2e", "\x00"]))
    )
)
def test_any_next_page_is_of_the_list_or_refused(told: str) -> None:
    """Whatever an answer calls its next page: it is the same list at the same place, the end, or one of our errors."""
    try:
        found = following(told, LIST, f"{BASES[0]}{LIST}", BASES)
    except BridgeError:
        return
    assert found is None or found.partition("?")[0] == LIST


@FEW
@given(cursor=st.text())
def test_any_cursor_is_of_the_list_or_refused(cursor: str) -> None:
    """A cursor comes from callers, who may have kept it anywhere."""
    try:
        assert resumed(cursor, LIST).partition("?")[0] == LIST
    except BridgeError:
        return


@pytest.mark.parametrize("when", ["never", "", "9" * 400, "2026-13-45", "٣", "0000-00-00T00:00:00Z"])
def test_times_that_are_none_are_none(when: str) -> None:
    """A time that is in no calendar is not told; and it does not break what tells it."""
    reader = READERS["pull(PullRequest)"]
    try:
        pull = reader.read(encoded({**reader.example(), "created_on": when}))
    except BadAnswer:
        return
    assert pull.created_at is None
