"""What happened to a pull request, and the templates for new ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pullbridge.model.people import Person


class TimelineKind(Enum):
    """What happened. `OTHER` is an event that this library has no word for; the host's own is in `raw_kind`."""

    COMMITTED = "committed"
    PUSHED = "pushed"
    COMMENTED = "commented"
    REVIEWED = "reviewed"
    REVIEW_REQUESTED = "review requested"
    REVIEW_REQUEST_REMOVED = "review request removed"
    REVIEW_DISMISSED = "review dismissed"
    DRAFTED = "made a draft"
    READIED = "made ready"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    RENAMED = "renamed"
    RETARGETED = "retargeted"
    LABELED = "labeled"
    UNLABELED = "unlabeled"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    MILESTONED = "milestone set"
    DEMILESTONED = "milestone removed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    REFERENCED = "referenced"
    BRANCH_DELETED = "branch deleted"
    BRANCH_RESTORED = "branch restored"
    AUTO_MERGE = "auto-merge"
    QUEUED = "merge queue"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One event. `subject` is what it was done with or to: a label, a title, a person's handle, a commit's title."""

    kind: TimelineKind
    raw_kind: str
    actor: Person | None = None
    at: datetime | None = None
    subject: str | None = None
    body: str | None = None
    commit: str | None = None
    id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text that the repository offers for new pull requests; `name` is the file's."""

    name: str
    body: str
