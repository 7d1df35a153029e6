"""What a `Settings.trace` callback is told: one event for each attempt, without secrets and without anybody's text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One attempt to exchange a request for an answer.

    `url` is origin and path; the query, headers and bodies are left out. `status` is `None` when no answer came, and
    then `error` names the class of what is raised unless a further attempt mends it. `wait` is how long this attempt
    was held back (a retry's pause, pacing, a free slot) and `elapsed` how long it took after that, both in seconds.
    `attempt` counts from 1; `size` is the body's length in bytes once it is decoded; `from_cache` says that the host
    confirmed an answer that was already here. `operation` is the name given with `call.named`.
    """

    method: str
    url: str
    status: int | None
    attempt: int
    wait: float
    elapsed: float
    size: int
    request_id: str | None = None
    from_cache: bool = False
    error: str | None = None
    operation: str | None = None


def tell(trace: Callable[[Event], None], event: Event) -> None:
    """Hand the event over. A callback that fails is its owner's problem, not the call's."""
    with suppress(Exception):
        trace(event)
