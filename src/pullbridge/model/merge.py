"""May it be merged, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class MergeMethod(Enum):
    """How the commits land on the target."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"
    FAST_FORWARD = "fast forward"


class MergeabilityState(Enum):
    """Whether a pull request can be merged now.

    `CHECKING`: the host is still computing. `UNKNOWN`: the host said nothing, or a word this library has not met; such a
    word is in `Mergeability.raw`.
    """

    READY = "ready"
    BLOCKED = "blocked"
    CONFLICTS = "conflicts"
    BEHIND = "behind"
    DRAFT = "draft"
    CHECKING = "checking"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mergeability:
    """The state, the reasons in words, and the host's own word for it."""

    state: MergeabilityState
    reasons: tuple[str, ...] = ()
    raw: str | None = None


class MergeState(Enum):
    """What a merge call led to: done, in the merge queue, or waiting for its requirements."""

    MERGED = "merged"
    QUEUED = "queued"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReceipt:
    """What `merge` did. `commit` is the commit on the target, once there is one.

    `branch_deleted` tells what became of the source branch: `None` when nobody asked, or the host does it by itself.
    """

    state: MergeState
    commit: str | None = None
    branch_deleted: bool | None = None
