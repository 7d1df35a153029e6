"""Checks: what machines say about a commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class CheckState(Enum):
    """The state of one check. A cancelled or skipped check is neither a failure nor a success."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    NEUTRAL = "neutral"
    ACTION_REQUIRED = "action required"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of one commit. `required` is `None` when the host did not say; `source` names who reports it."""

    name: str
    state: CheckState
    raw_state: str | None = None
    required: bool | None = None
    url: str | None = None
    description: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """All checks of a commit in one word. `state` is `None` when there are no checks at all."""

    state: CheckState | None
    total: int
    by_state: Mapping[CheckState, int] = field(default_factory=dict)


#: The order in which one check's state outweighs another's.
_WEIGHT = (
    CheckState.ERROR,
    CheckState.FAILURE,
    CheckState.ACTION_REQUIRED,
    CheckState.RUNNING,
    CheckState.PENDING,
    CheckState.UNKNOWN,
    CheckState.CANCELLED,
    CheckState.SUCCESS,
    CheckState.NEUTRAL,
    CheckState.SKIPPED,
)


def roll_up(checks: tuple[Check, ...]) -> Rollup:
    """Fold checks into a `Rollup`: the worst state wins, and no check is counted twice."""
    counts: dict[CheckState, int] = {}
    for check in checks:
        counts[check.state] = counts.get(check.state, 0) + 1
    state = next((state for state in _WEIGHT if state in counts), None)
    return Rollup(state=state, total=len(checks), by_state=counts)


def newest_of_each(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """Keep one check a name and source: the one that started last. The order of first appearance stays."""
    newest: dict[tuple[str, str | None], Check] = {}
    for check in checks:
        known = newest.get((check.name, check.source))
        if known is None or _started(check) >= _started(known):
            newest[check.name, check.source] = check
    return tuple(newest.values())


def _started(check: Check) -> float:
    moment = check.started_at or check.completed_at
    return moment.timestamp() if moment else 0.0
