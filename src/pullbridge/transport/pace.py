"""How fast a host may be asked: what its answers say about waiting, and when the next write may go. Pure decisions.

The rule for writes: they go as fast as they are asked for, until the host shows that it is getting tight. Then at least
`GAP` seconds lie between two of them. It is tight while

- less than a tenth of the budget is left, and that budget has not been renewed since; or
- a secondary limit was met within the last `WARY` seconds; and while such a limit still runs, no write goes at all.

Where a host publishes how many writes it takes in a span of time (`Allowance`), no more go than that.

A short burst on a healthy budget is therefore never slowed down by politeness, and a long one slows down when the host
asks for it. GitHub advises a second between writes and a minute's wait at least after a secondary limit that does not
say how long: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
Reads are never held back here: each resource has its own budget, and a 304 costs nothing on GitHub.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import inf

from pullbridge.capabilities import Budget

#: Seconds between two writes when it is tight.
GAP = 1.0
#: Seconds that a secondary limit is remembered for.
WARY = 600.0
#: Seconds to wait after a secondary limit that does not say how long.
SECONDARY_WAIT = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The host did nothing, because too much was asked of it.

    `wait` is what its body or headers say in seconds and `resets_at` the moment (aware); `None` where it does not say.
    `secondary` marks a limit on the kind or speed of requests rather than on their number.
    """

    wait: float | None = None
    resets_at: datetime | None = None
    message: str = ""
    secondary: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many writes a host takes of one account in so many seconds."""

    count: int
    seconds: float


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a `Retry-After` header, a number or an HTTP date (RFC 9110, 10.2.3); `None` if it says nothing.

    `now` is aware, and is the host's clock where that is known.
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text):
        return float(text)
    moment = http_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def http_date(value: str | None) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7) as an aware `datetime`, `None` where there is none to read."""
    try:
        moment = parsedate_to_datetime(value or "")
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def wait_for(refusal: Refusal, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until a refused request is worth another try; `None` when nothing says how long."""
    if refusal.wait is not None:
        return max(0.0, refusal.wait)
    told = retry_after(headers.get("Retry-After"), now)
    if told is not None:
        return told
    if refusal.resets_at is not None:
        return max(0.0, (refusal.resets_at - now).total_seconds())
    return SECONDARY_WAIT if refusal.secondary else None


@dataclass(frozen=True, slots=True)
class Pace:
    """When the writes of one account may go; moments are those of `time.monotonic()`.

    `written` are the moments of the last writes, in order, as many as the largest allowance counts.
    """

    last: float = -inf
    held: float = -inf
    wary: float = -inf
    allowed: tuple[Allowance, ...] = ()
    written: tuple[float, ...] = field(default=(), repr=False)

    def next_write(self, now: float, budget: Budget, host_now: datetime) -> float:
        """The moment at which the next write may go: `now`, or later."""
        tight = now < self.wary or is_low(budget, host_now)
        full = (each for each in self.allowed if len(self.written) >= each.count)
        room = max((self.written[-each.count] + each.seconds for each in full), default=now)
        return max(now, self.held, room, self.last + GAP if tight else now)

    def after_write(self, at: float) -> Pace:
        """The pace once a write was let go at that moment."""
        most = max((each.count for each in self.allowed), default=0)
        written = (*self.written, at)[-most:] if most else ()
        return replace(self, last=max(self.last, at), written=written)

    def after_refusal(self, now: float, refusal: Refusal, wait: float | None) -> Pace:
        """The pace once the host refused; only a secondary limit changes it."""
        if not refusal.secondary:
            return self
        return replace(self, held=max(self.held, now + (wait or 0.0)), wary=max(self.wary, now + WARY))


def is_low(budget: Budget, host_now: datetime) -> bool:
    """Whether less than a tenth of the budget is left, as far as the host has said."""
    if budget.limit is None or budget.remaining is None or budget.remaining * 10 >= budget.limit:
        return False
    return budget.resets_at is None or budget.resets_at > host_now.timestamp()
