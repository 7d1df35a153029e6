"""Deadlines, tokens and marks: they nest, they travel, they end."""

from __future__ import annotations

import threading
import time

import pytest

from pullbridge.errors import Cancelled, DeadlineExceeded
from pullbridge.transport import call
from pullbridge.transport.call import Cancel, Repeat, limits, marked


def test_outside_there_is_no_bound() -> None:
    """Without limits nothing ends a call."""
    assert call.time_left() is None
    call.check()


def test_the_earlier_deadline_wins() -> None:
    """An inner deadline can only tighten, and is gone after its block."""
    with limits(deadline=5):
        with limits(deadline=50):
            assert (call.time_left() or 99) <= 5
        with limits(deadline=1):
            assert (call.time_left() or 99) <= 1
        assert 1 < (call.time_left() or 0) <= 5
    assert call.time_left() is None


def test_a_deadline_that_is_over_raises() -> None:
    """`check` and `sleep` raise, and time left never goes below zero."""
    with limits(deadline=0):
        assert call.time_left() == 0
        with pytest.raises(DeadlineExceeded):
            call.check()
        with pytest.raises(DeadlineExceeded):
            call.sleep(30)


def test_every_token_counts() -> None:
    """An inner token does not hide the outer one."""
    outer, inner = Cancel(), Cancel()
    with limits(cancel=outer), limits(cancel=inner):
        call.check()
        outer.cancel()
        with pytest.raises(Cancelled):
            call.check()
    call.check()
    assert outer.cancelled
    assert not inner.cancelled


def test_a_sleep_is_cancelled_from_another_thread() -> None:
    """The sleeper wakes long before its time."""
    token = Cancel()
    threading.Timer(0.05, token.cancel).start()
    began = time.monotonic()
    with limits(cancel=token), pytest.raises(Cancelled):
        call.sleep(30)
    assert time.monotonic() - began < 5


def test_a_sleep_does_not_outlast_the_deadline() -> None:
    """It raises when the deadline comes first."""
    began = time.monotonic()
    with limits(deadline=0.05), pytest.raises(DeadlineExceeded):
        call.sleep(30)
    assert time.monotonic() - began < 5


def test_apart_is_free_of_the_callers_bounds_and_mark() -> None:
    """Work that others wait for too ends with nobody's deadline."""
    with limits(deadline=0), marked(Repeat.SAFE):
        with call.apart():
            call.check()
            assert call.mark() is None
        assert call.mark() is Repeat.SAFE


def test_the_outermost_name_stays() -> None:
    """A verb that uses another verb is still the one that was called."""
    with call.named("pulls.merge"), call.named("pulls.get"):
        assert call.operation() == "pulls.merge"
    assert call.operation() is None
