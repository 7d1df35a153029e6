"""The pull request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pullbridge.model.checks import CheckState
from pullbridge.model.people import Label, Milestone, Person
from pullbridge.model.refs import PullRef, RepoRef


class PullState(Enum):
    """Three states on every host; the host's own word is `Pull.raw_state`. A draft is open."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Order(Enum):
    """In which order a list comes, newest first unless it says otherwise."""

    UPDATED = "updated"
    CREATED = "created"
    OLDEST_UPDATED = "oldest updated"
    OLDEST_CREATED = "oldest created"


class Role(Enum):
    """My part in the pull requests of an inbox."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    ASSIGNEE = "assignee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One end of a pull request. `repository` is `None` when the fork is gone or hidden; `commit` the tip, where known."""

    name: str
    commit: str | None = None
    commit_abbreviated: bool = False
    repository: RepoRef | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A pull request as the host described it at one moment. `None` means that the host did not say."""

    ref: PullRef
    number: int
    title: str
    state: PullState
    source: Branch
    target: Branch
    body: str | None = None
    raw_state: str | None = None
    draft: bool | None = None
    author: Person | None = None
    merge_base: str | None = None
    reviewers: tuple[Person, ...] | None = None
    assignees: tuple[Person, ...] | None = None
    labels: tuple[Label, ...] | None = None
    milestone: Milestone | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_by: Person | None = None
    merge_commit: str | None = None
    auto_merge: bool | None = None
    locked: bool | None = None
    subscribed: bool | None = None
    comment_count: int | None = None
    commit_count: int | None = None
    file_count: int | None = None
    additions: int | None = None
    deletions: int | None = None
    checks: CheckState | None = None
    url: str | None = None
    version: str | None = None

    def __str__(self) -> str:
        return f"{self.ref}: {self.title}"
