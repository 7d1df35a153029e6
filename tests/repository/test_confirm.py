"""Writes whose answer is lost: found, surely absent, or unconfirmed with the text in hand. Decisions only, no host."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.errors import BridgeError, Cancelled, DeadlineExceeded, HostDown, Rejected, Stale, Unconfirmed
from pullbridge.repository import confirm
from pullbridge.repository.confirm import UNSURE, Since, Unsure, confirmed, matching, one_of
from pullbridge.transport.call import Cancel, limits

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause between two look-ups is for gateways."""
    monkeypatch.setattr(confirm, "_AGAIN", 0.0)


class Post:
    """A write that fails as told, one entry a try; and what a look-up then finds."""

    def __init__(self, *tries: BridgeError | str, finds: str | BridgeError | Unsure | None = None) -> None:
        self.tries = list(tries)
        self.finds = finds
        self.sent = self.looked = 0

    def send(self) -> str:
        self.sent += 1
        result = self.tries.pop(0)
        if isinstance(result, BridgeError):
            raise result
        return result

    def look(self, _: Since) -> str | Unsure | None:
        self.looked += 1
        if isinstance(self.finds, BridgeError):
            raise self.finds
        return self.finds

    def confirmed(self) -> str:
        return confirmed(
            self.send, self.look, host_now=lambda: NOW, operation="the comment", payload="the text that was typed"
        )


def lost() -> HostDown:
    return HostDown("Cut.", maybe_done=True, host="github.com", status=502, request_id="R1")


def test_an_answer_is_an_answer() -> None:
    """Nothing is looked up when the host said what it did."""
    post = Post("c1")
    assert post.confirmed() == "c1"
    assert (post.sent, post.looked) == (1, 0)


@pytest.mark.parametrize("error", [Rejected("No."), Stale("Moved."), HostDown("Not reached."), Cancelled("Before.")])
def test_what_was_surely_not_done_is_raised(error: BridgeError) -> None:
    """A refusal is an answer too: no look-up, and no second try here."""
    post = Post(error)
    with pytest.raises(type(error)) as caught:
        post.confirmed()
    assert caught.value is error
    assert (post.sent, post.looked) == (1, 0)


def test_a_lost_answer_that_is_found_is_a_success() -> None:
    """It is up: the caller gets it as if nothing had happened, and it is not written again."""
    post = Post(lost(), finds="c1")
    assert post.confirmed() == "c1"
    assert post.sent == 1


def test_what_is_surely_absent_is_written_once_more() -> None:
    """Looked for twice, for a gateway may give up on what the host still does."""
    post = Post(lost(), "c2")
    assert post.confirmed() == "c2"
    assert (post.sent, post.looked) == (2, 2)


def test_never_a_third_time() -> None:
    """Two lost answers are a host in trouble: the second error is raised, and it says that it may be done."""
    post = Post(lost(), lost())
    with pytest.raises(HostDown):
        post.confirmed()
    assert post.sent == 2


def test_a_second_loss_is_looked_up_too() -> None:
    """The second write may have arrived."""
    post = Post(lost(), lost())
    answers = iter([None, None, "c2"])
    post.look = lambda _: next(answers)  # type: ignore[method-assign]  # a script of answers
    assert post.confirmed() == "c2"


def test_who_cannot_tell_says_so_with_the_text() -> None:
    """Unsure is never taken for absent: the text comes back in the error, and nothing is written twice."""
    post = Post(lost(), finds=UNSURE)
    with pytest.raises(Unconfirmed, match="the comment") as caught:
        post.confirmed()
    error = caught.value
    assert post.sent == 1
    assert (error.operation, error.payload, error.maybe_done) == ("the comment", "the text that was typed", True)
    assert (error.host, error.status, error.request_id) == ("github.com", 502, "R1")
    assert "the text that was typed" not in str(error)


def test_a_look_up_that_fails_leaves_it_open() -> None:
    """The host is down for reads, too."""
    post = Post(lost(), finds=HostDown("Still down."))
    with pytest.raises(Unconfirmed) as caught:
        post.confirmed()
    assert post.sent == 1
    assert isinstance(caught.value.__cause__, HostDown)


@pytest.mark.parametrize("error", [Cancelled("Enough.", maybe_done=True), DeadlineExceeded("Late.", maybe_done=True)])
def test_who_gave_up_is_not_kept_waiting(error: BridgeError) -> None:
    """A caller without time gets the doubt at once, and no look-up."""
    post = Post(error, finds="c1")
    with pytest.raises(Unconfirmed):
        post.confirmed()
    assert (post.sent, post.looked) == (1, 0)


@pytest.mark.parametrize("bound", [lambda: limits(deadline=0.05), lambda: limits(cancel=cancelled())])
def test_bounds_hold_between_the_look_ups(
    bound: Callable[[], AbstractContextManager[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pause ends with the caller's patience, and what is in doubt stays in doubt."""
    monkeypatch.setattr(confirm, "_AGAIN", 30.0)
    post, began = Post(lost(), "c2"), time.monotonic()
    with pytest.raises(Unconfirmed), bound():
        post.confirmed()
    assert post.sent == 1
    assert time.monotonic() - began < 10


def cancelled() -> Cancel:
    token = Cancel()
    token.cancel()
    return token


# What a look-up makes of what is there -----------------------------------------------------------------------------


class Said(NamedTuple):
    """A comment with the wanted text at the wanted place."""

    id: str
    mine: bool | None = True
    seconds: float | None = 1  # after the write began, by the host's clock


def found(
    *comments: Said, known: frozenset[str] | None = frozenset(), host_now: datetime | None = NOW
) -> list[Said] | Unsure:
    since = Since(time.monotonic(), lambda: host_now)
    rows = [(c, c.mine, None if c.seconds is None else NOW + timedelta(seconds=c.seconds), c.id) for c in comments]
    return matching(rows, since, known)


def test_mine_and_new_is_it() -> None:
    """Same text, same place, mine, after the write began, an id not seen before."""
    assert found(Said("c1")) == [Said("c1")]


@pytest.mark.parametrize("other", [Said("c1", mine=False), Said("c1", seconds=-60)])
def test_what_is_not_mine_or_too_old_is_not_it(other: Said) -> None:
    """Somebody else said the same, or I did yesterday: that is surely not this write."""
    assert found(other) == []


def test_what_was_there_before_is_not_it() -> None:
    """An id that was seen before the write."""
    assert found(Said("c1"), known=frozenset({"c1"})) == []


def test_not_knowing_who_i_am_is_unsure() -> None:
    """It may be mine: neither found nor absent."""
    assert found(Said("c1", mine=None)) is UNSURE


def test_not_knowing_when_is_unsure() -> None:
    """Without the host's clock or the comment's time, old and new cannot be told apart."""
    assert found(Said("c1", seconds=None)) is UNSURE
    assert found(Said("c1"), host_now=None) is UNSURE


def test_an_empty_place_is_surely_absent() -> None:
    """Nothing with that text: there is nothing to be unsure of."""
    assert found(host_now=None) == []


def test_a_clock_in_whole_seconds_is_no_reason_to_miss_it() -> None:
    """The host rounds times down, and its clock is read off an answer that took a moment."""
    assert found(Said("c1", seconds=-1.5)) == [Said("c1", seconds=-1.5)]


def test_of_two_the_newest_is_taken() -> None:
    """When one thing was written and two are there, they are alike; `None` and unsure stay what they are."""
    assert one_of([Said("c1"), Said("c2")]) == Said("c2")
    assert one_of(list[Said]()) is None
    assert one_of(UNSURE) is UNSURE


@given(
    st.lists(
        st.builds(
            Said,
            st.sampled_from("abcd"),
            st.sampled_from([True, False, None]),
            st.sampled_from([None, -3600, -60, 0, 1, 60]),
        ),
        max_size=5,
    ),
    st.none() | st.frozensets(st.sampled_from("abcd")),
)
def test_only_what_is_certain_is_a_match(comments: list[Said], known: frozenset[str] | None) -> None:
    """Whatever is there: a match is mine, new and unseen; and nothing in doubt is passed over as absent."""
    result = found(*comments, known=known)
    in_doubt = [
        c
        for c in comments
        if c.id not in (known or ()) and c.mine is not False and (c.seconds is None or c.seconds >= 0)
        if c.mine is None or c.seconds is None
    ]
    if isinstance(result, Unsure):
        assert in_doubt
        return
    assert not in_doubt
    assert all(c.mine and c.id not in (known or ()) and c.seconds is not None and c.seconds >= 0 for c in result)
