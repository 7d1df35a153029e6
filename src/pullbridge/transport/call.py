"""What bounds and marks the calls made from here on: deadlines, cancellation, whether they may be repeated.

All of it lives in context variables, so that it reaches the wire through any SDK and, by `Wire.gather`, any worker.
Whatever waits on the wire waits in slices of `SLICE` seconds and looks at its bounds in between. Polling is the one way
that is the same on every system and for TLS: shutting a socket down from another thread does not wake a reader on
Windows, and could hit a pooled socket that already serves somebody else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from math import inf

from pullbridge.errors import Cancelled, DeadlineExceeded

#: Seconds; the longest that a deadline or a `cancel()` goes unnoticed.
SLICE = 0.05


class Cancel:
    """A token that stops calls. Pass it to `limits` (or `repo.within`) and call `cancel` from any thread."""

    __slots__ = ("_cancelled", "_reason")

    def __init__(self, reason: str = "The call was cancelled.") -> None:
        self._cancelled = False
        self._reason = reason

    def cancel(self) -> None:
        """Stop every call that this token was given to, now and later. Never blocks; again does no harm."""
        self._cancelled = True

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled

    def check(self) -> None:
        """Raise `Cancelled` once it was."""
        if self._cancelled:
            raise Cancelled(self._reason)


class Repeat(Enum):
    """May a request be sent again when nobody knows what became of it?"""

    SAFE = "safe"  #: reads, and writes that set a state: the second time changes nothing
    NEVER = "never"  #: everything else: only when it surely did not happen


@dataclass(frozen=True, slots=True)
class Bounds:
    """When to give up: a moment on `time.monotonic()`, and tokens."""

    ends: float = inf
    tokens: tuple[Cancel, ...] = ()

    def tightened(self, deadline: float | None, cancel: Cancel | None) -> Bounds:
        """These bounds and more: the earlier end wins, each token counts."""
        ends = self.ends if deadline is None else min(self.ends, time.monotonic() + deadline)
        return Bounds(ends, self.tokens if cancel is None else (*self.tokens, cancel))

    def check(self) -> None:
        """Raise `Cancelled` or `DeadlineExceeded` when it is time to give up."""
        for token in self.tokens:
            token.check()
        if time.monotonic() >= self.ends:
            raise DeadlineExceeded("The time given for this call is over.")

    def left(self) -> float:
        """Seconds until the end, not below zero; infinite without one."""
        return max(0.0, self.ends - time.monotonic())


_bounds: ContextVar[Bounds] = ContextVar("pullbridge_bounds", default=Bounds())  # noqa: B039  # immutable
_mark: ContextVar[Repeat | None] = ContextVar("pullbridge_mark", default=None)
_operation: ContextVar[str | None] = ContextVar("pullbridge_operation", default=None)


@contextmanager
def limits(*, deadline: float | None = None, cancel: Cancel | None = None) -> Iterator[None]:
    """Bound the calls made inside: `deadline` seconds from now, and a token. Nested, the earlier one wins.

    They raise `DeadlineExceeded` and `Cancelled`; a write that had left by then says so in `maybe_done`.
    """
    before = _bounds.set(_bounds.get().tightened(deadline, cancel))
    try:
        yield
    finally:
        _bounds.reset(before)


@contextmanager
def serving(deadline: float | None, cancel: Cancel) -> Iterator[None]:
    """Bound one exchange as `limits` does. The mark meant that exchange alone, and not what its signer sends meanwhile."""
    bounds, mark = _bounds.set(_bounds.get().tightened(deadline, cancel)), _mark.set(None)
    try:
        yield
    finally:
        _mark.reset(mark)
        _bounds.reset(bounds)


@contextmanager
def apart() -> Iterator[None]:
    """Free the calls made inside from the caller's bounds and marks, for work that others wait for too.

    A token refresh is such work: it must not die with the one caller that happened to start it.
    """
    bounds, mark = _bounds.set(Bounds()), _mark.set(None)
    try:
        yield
    finally:
        _mark.reset(mark)
        _bounds.reset(bounds)


@contextmanager
def marked(repeat: Repeat) -> Iterator[None]:
    """Say whether the requests sent inside may be repeated, whatever their method: a GraphQL query is a POST."""
    before = _mark.set(repeat)
    try:
        yield
    finally:
        _mark.reset(before)


@contextmanager
def named(operation: str) -> Iterator[None]:
    """Name what the requests inside are for, as `trace.Event.operation` tells it. The outermost name stays."""
    before = _operation.set(_operation.get() or operation)
    try:
        yield
    finally:
        _operation.reset(before)


def bounds() -> Bounds:
    """The bounds in force here."""
    return _bounds.get()


def mark() -> Repeat | None:
    """The mark in force here."""
    return _mark.get()


def operation() -> str | None:
    """The name given with `named`, `None` outside of it."""
    return _operation.get()


def time_left() -> float | None:
    """Seconds until the deadline in force, not below zero; `None` when there is none."""
    left = _bounds.get().left()
    return None if left == inf else left


def check() -> None:
    """Raise `DeadlineExceeded` or `Cancelled` when the bounds in force say so."""
    _bounds.get().check()


def sleep(seconds: float) -> None:
    """Sleep, but not past the bounds in force: raises as `check` does."""
    until = time.monotonic() + seconds
    current = _bounds.get()
    current.check()
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, SLICE, current.left()))
        current.check()
