"""Many calls at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from pullbridge.errors import Cancelled, NotThere
from pullbridge.transport import call
from pullbridge.transport.call import limits
from pullbridge.transport.session import Wire

Wires = Callable[..., Wire]


def test_results_come_in_order_and_calls_overlap(wires: Wires) -> None:
    """All are in flight together: each waits for all the others."""
    meeting = threading.Barrier(4)

    def thunk(number: int) -> Callable[[], int]:
        return lambda: (meeting.wait(10), number)[1]

    assert wires(max_concurrency=4).gather(*(thunk(number) for number in range(4))) == [0, 1, 2, 3]


def test_nothing_and_one_need_no_thread(wires: Wires) -> None:
    """A single call runs where it was asked for."""
    wire = wires()
    assert wire.gather() == []
    assert wire.gather(threading.current_thread) == [threading.current_thread()]


def test_context_variables_are_carried_along(wires: Wires) -> None:
    """The caller's deadline bounds the workers too."""
    with limits(deadline=7):
        told = wires().gather(call.time_left, call.time_left)
    assert all(left is not None and left <= 7 for left in told)


def test_the_first_error_wins_and_the_rest_never_begins(wires: Wires) -> None:
    """What had begun is waited for; what had not is dropped; the first to fail is what is raised."""
    begun: list[str] = []
    failed = threading.Event()

    def slow() -> None:
        begun.append("slow")
        failed.wait(10)
        time.sleep(0.05)
        begun.append("slow ended")
        raise NotThere("second")

    def fails() -> None:
        failed.set()
        raise NotThere("first")

    with pytest.raises(NotThere, match="first"):
        wires(max_concurrency=2).gather(slow, fails, *[lambda: begun.append("late")] * 20)
    assert begun[0] == "slow"
    assert "slow ended" in begun
    assert begun.count("late") < 20


def test_a_worker_that_gathers_does_not_wait_for_itself(wires: Wires) -> None:
    """Nested deeper than there are workers it still ends."""
    wire = wires(max_concurrency=2)

    def nest(depth: int) -> int:
        return sum(wire.gather(*[lambda: nest(depth - 1)] * 3)) if depth else 1

    assert nest(3) == 27


def test_threads_end_with_the_wire(wires: Wires) -> None:
    """None of its workers is alive after `close`, and `gather` says so."""
    before = set(threading.enumerate())
    wire = wires()
    wire.gather(*[lambda: time.sleep(0.01)] * 8)
    assert set(threading.enumerate()) - before
    wire.close()
    wire.close()
    assert not set(threading.enumerate()) - before
    with pytest.raises(Cancelled):
        wire.gather(int, int)


def test_closing_ends_a_gathering(wires: Wires) -> None:
    """Calls that sleep are woken, those that have not begun are dropped, and the caller hears `Cancelled`."""
    wire = wires(max_concurrency=2)
    threading.Timer(0.1, wire.close).start()
    began = time.monotonic()
    with pytest.raises(Cancelled), limits(cancel=wire.closing):
        wire.gather(*[lambda: call.sleep(30)] * 6)
    assert time.monotonic() - began < 10


def test_a_worker_may_close_the_wire(wires: Wires) -> None:
    """It does not wait for itself."""
    wire = wires()
    began = time.monotonic()
    with suppress(Cancelled):  # unless the second had begun before
        wire.gather(wire.close, lambda: None)
    assert wire.closing.cancelled
    assert time.monotonic() - began < 1.5
