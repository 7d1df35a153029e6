"""Again, or not? The decision is pure; tenacity drives it. The one file that knows tenacity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import uniform

import tenacity

from pullbridge.errors import BridgeError
from pullbridge.transport import call
from pullbridge.transport.call import Repeat
from pullbridge.transport.reply import Reply

#: Seconds: the most that the first pause lasts, and the most that any does unless the host asks for more.
FIRST_PAUSE = 0.4
LONGEST_PAUSE = 8.0
#: 555 is Bitbucket Cloud's "took too long": https://developer.atlassian.com/cloud/bitbucket/rest/intro/
PASSING = frozenset({500, 502, 503, 504, 555})


@dataclass(frozen=True, slots=True)
class Setback:
    """An attempt that failed, and what is known about it.

    `sent`: bytes of the request may have reached the host. `refused`: the host says that it did nothing. `wait`: the
    seconds that it asks for. `final`: another attempt would end the same way.
    """

    error: BridgeError
    cause: BaseException | None = None
    sent: bool = False
    refused: bool = False
    wait: float | None = None
    final: bool = False

    @property
    def in_doubt(self) -> bool:
        """Whether the host may have done what was asked."""
        return self.sent and not self.refused

    def may_repeat(self, repeat: Repeat) -> bool:
        """Whether the same request may be sent once more."""
        return not self.final and (repeat is Repeat.SAFE or not self.in_doubt)


Outcome = Reply | Setback


def persist(attempt: Callable[[], Outcome], repeat: Repeat, retries: int) -> Outcome:
    """Attempt it, and again up to `retries` times while that is allowed and the pause ends before the deadline.

    Pauses grow exponentially with full jitter, which keeps many clients from coming back in step
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), or last as long as the host asks.
    Raises `Cancelled` or `DeadlineExceeded` out of a pause.
    """
    first = attempt()
    if isinstance(first, Reply) or not first.may_repeat(repeat):
        return first  # tenacity costs 40 µs, and nearly every call ends here
    pending = [first]
    driver = tenacity.Retrying(
        retry=lambda state: _repeatable(state, repeat),
        wait=_pause,
        stop=lambda state: state.attempt_number > retries or state.upcoming_sleep >= call.bounds().left(),
        sleep=call.sleep,
        retry_error_callback=_outcome,
    )
    return driver(lambda: pending.pop() if pending else attempt())


def _outcome(state: tenacity.RetryCallState) -> Outcome:
    if state.outcome is None:
        raise LookupError("no attempt was made")
    outcome: Outcome = state.outcome.result()
    return outcome


def _repeatable(state: tenacity.RetryCallState, repeat: Repeat) -> bool:
    if state.outcome is not None and state.outcome.failed:
        return False
    outcome = _outcome(state)
    return isinstance(outcome, Setback) and outcome.may_repeat(repeat)


def _pause(state: tenacity.RetryCallState) -> float:
    outcome = _outcome(state)
    jitter = uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (state.attempt_number - 1)))  # noqa: S311  # no secret
    if isinstance(outcome, Setback) and outcome.wait is not None:
        return outcome.wait + min(jitter, outcome.wait / 10)
    return jitter
