"""Writes are confirmed: done, surely not done, or reported as unconfirmed with the text in hand.

No host has idempotency keys, so that a write whose answer is lost is looked up: by me, with the same text at the same
place, made since the write began by the host's own clock, with an id that was not there before. Only what surely did not
happen is written again, once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Self, TypeVar

from pullbridge.errors import BridgeError, Cancelled, DeadlineExceeded, NotThere, Unconfirmed
from pullbridge.transport.call import sleep

T = TypeVar("T")

#: Hosts give times in whole seconds, and their clocks are read from answers that take a moment to arrive.
_SLACK = timedelta(seconds=2)
#: Seconds between the look-ups: a gateway may give up on a write that the host is still doing.
_AGAIN = 1.0


class Unsure(Enum):
    """Neither found nor surely absent."""

    UNSURE = "unsure"


UNSURE = Unsure.UNSURE


@dataclass(frozen=True, slots=True)
class Since:
    """When a write began, for comparing with the host's times."""

    started: float
    host_now: Callable[[], datetime | None]

    @classmethod
    def now(cls, host_now: Callable[[], datetime | None]) -> Self:
        """A write that begins at this moment."""
        return cls(time.monotonic(), host_now)

    def holds(self, moment: datetime | None) -> bool | None:
        """Whether something made at `moment` was made after the write began; `None` when nobody can tell."""
        now = self.host_now()
        if now is None or moment is None:
            return None
        return moment >= now - timedelta(seconds=time.monotonic() - self.started) - _SLACK


def confirmed(
    send: Callable[[], T],
    look: Callable[[Since], T | Unsure | None],
    *,
    host_now: Callable[[], datetime | None],
    operation: str,
    payload: Any,
) -> T:
    """Send; when nobody knows what became of it, look it up (`None`: surely absent) and send it once more if it is not there.

    Raises what `send` raises when the write surely was not done, and `Unconfirmed` when that cannot be told.
    """
    since = Since.now(host_now)
    try:
        return send()
    except BridgeError as error:
        return settled(error, send, look, since, operation=operation, payload=payload)


def settled(
    error: BridgeError,
    send: Callable[[], T],
    look: Callable[[Since], T | Unsure | None],
    since: Since,
    *,
    operation: str,
    payload: Any,
) -> T:
    """What became of a write that ended in `error`, as `confirmed` says: it raises the same, and may send once more."""
    found = _looked_up(error, look, since, operation, payload)
    if found is not None:
        return found
    try:
        return send()
    except BridgeError as again:
        found = _looked_up(again, look, since, operation, payload)
        if found is not None:
            return found
        again.maybe_done = False  # it is not there
        raise


def gone(send: Callable[[], None], *, operation: str) -> None:
    """Send a removal; when nobody knows what became of it, send it again: what is gone then was removed.

    Raises `Unconfirmed` when that cannot be told.
    """
    try:
        send()
    except BridgeError as error:
        if not error.maybe_done:
            raise
        if isinstance(error, (Cancelled, DeadlineExceeded)):
            raise _unconfirmed(error, operation, None) from error
        try:
            send()
        except NotThere:
            return
        except BridgeError as again:
            raise _unconfirmed(again, operation, None) if again.maybe_done else again from error


def _looked_up(
    error: BridgeError, look: Callable[[Since], T | Unsure | None], since: Since, operation: str, payload: Any
) -> T | None:
    """What the write made; `None` when it surely made nothing. Raises when it was not sent, or nobody can tell."""
    if not error.maybe_done:
        raise error
    if isinstance(error, (Cancelled, DeadlineExceeded)):
        raise _unconfirmed(error, operation, payload) from error
    try:
        found = look(since)
        if found is None:
            sleep(_AGAIN)
            found = look(since)
    except BridgeError as lost:
        raise _unconfirmed(error, operation, payload) from lost
    if isinstance(found, Unsure):
        raise _unconfirmed(error, operation, payload) from error
    return found


def _unconfirmed(error: BridgeError, operation: str, payload: Any) -> Unconfirmed:
    return Unconfirmed(
        f"Nobody can say whether {operation} arrived: {error.summary}",
        operation=operation,
        payload=payload,
        host=error.host,
        status=error.status,
        request_id=error.request_id,
    )


def matching(
    candidates: Iterable[tuple[T, bool | None, datetime | None, str]], since: Since, known: frozenset[str] | None
) -> list[T] | Unsure:
    """Those that the write may have made, of candidates with the same text at the same place.

    A candidate comes with whether it is mine, when it was made and its id. Unsure when one of them cannot be judged.
    """
    made: list[T] = []
    for candidate, mine, moment, identity in candidates:
        if mine is False or (known is not None and identity in known):
            continue
        fresh = since.holds(moment)
        if fresh is False:
            continue
        if mine is None or fresh is None:
            return UNSURE
        made.append(candidate)
    return made


def one_of(found: list[T] | Unsure) -> T | Unsure | None:
    """The newest match, where a single thing was written."""
    return found if isinstance(found, Unsure) else (found[-1] if found else None)
