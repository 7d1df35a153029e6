"""What the forge remembers, in neutral words: one store for each host, the same for all four.

A `Store` is made of parts, one for each noun; a host's face turns its own protocol into calls on them, and their
records (`store.records`) into its own shapes. What is not allowed raises `Refused(why)`, which a face puts in its words.

    store.people         users, teams, tokens, roles        user() find() token() authenticate() role()
    store.repositories   repositories, branches, forks      create() find() moved() fork() commit() create_branch()
    store.pulls          pull requests as a whole           create() find() edit() close() files() commits() comment()
    store.threads        inline threads                     start() reply() resolve() check() visible()
    store.reviews        reviews                            create() submit() pending() dismiss() verdicts() decision()
    store.checks         statuses and check runs            report_status() report_run() rollup()
    store.merging        mergeability, merges, auto-merge   observe() mergeability() merge() update_branch()

A face holds `store.lock` while it answers one request, so the parts need no locks of their own.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pullbridge.testing.store.checks import Checks
from pullbridge.testing.store.merging import Mergeability, Merging
from pullbridge.testing.store.people import People
from pullbridge.testing.store.pulls import KEEP, Pulls
from pullbridge.testing.store.records import (
    AutoMerge,
    CheckRun,
    Comment,
    DiffVersion,
    Event,
    Label,
    MergeMethod,
    Milestone,
    Place,
    Protection,
    PullRequest,
    QueueEntry,
    Reactable,
    Reaction,
    Repository,
    Review,
    ReviewComment,
    ReviewState,
    Role,
    Status,
    Team,
    Thread,
    Token,
    User,
    UserKind,
)
from pullbridge.testing.store.refusals import Refused, Why
from pullbridge.testing.store.repositories import Files, Repositories
from pullbridge.testing.store.reviews import Decision, ReviewEvent, Reviews
from pullbridge.testing.store.threads import Threads

__all__ = [
    "KEEP",
    "AutoMerge",
    "CheckRun",
    "Comment",
    "Decision",
    "DiffVersion",
    "Event",
    "Files",
    "Label",
    "MergeMethod",
    "Mergeability",
    "Milestone",
    "Place",
    "Protection",
    "PullRequest",
    "QueueEntry",
    "Reactable",
    "Reaction",
    "Refused",
    "Repository",
    "Review",
    "ReviewComment",
    "ReviewEvent",
    "ReviewState",
    "Role",
    "Status",
    "Store",
    "Team",
    "Thread",
    "Token",
    "User",
    "UserKind",
    "Why",
]

Record = TypeVar("Record")


def _clock() -> datetime:
    return datetime.now(UTC)


class Store:
    """Everything one host knows. `folder` holds its bare repositories and is deleted by `close()`.

    `mergeability_reads` is how many reads after a change find mergeability not yet computed. `pull_ref` is the ref that
    keeps a pull request's head, with `{}` for its number.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], datetime] = _clock, mergeability_reads: int = 1) -> None:
        self.folder = folder
        self.lock: threading.RLock = threading.RLock()
        self.clock = clock
        self.mergeability_reads = mergeability_reads
        self.pull_ref: str = "refs/pull/{}/head"
        self._last_id = 1000
        self._records: dict[int, Any] = {}
        self.people: People = People(self)
        self.repositories: Repositories = Repositories(self)
        self.pulls: Pulls = Pulls(self)
        self.threads: Threads = Threads(self)
        self.reviews: Reviews = Reviews(self)
        self.checks: Checks = Checks(self)
        self.merging: Merging = Merging(self)

    def now(self) -> datetime:
        """The store's time, aware."""
        return self.clock()

    def next_id(self) -> int:
        """An id that no record of this store has."""
        self._last_id += 1
        return self._last_id

    def keep(self, record: Record) -> Record:
        """Make a record findable by its id, and give it back."""
        self._records[record.id] = record  # type: ignore[attr-defined] # every record has an id
        return record

    def find(self, kind: type[Record], id: int) -> Record | None:
        """The record of that type and id, or `None`: `store.find(Thread, 1012)`."""
        found = self._records.get(id)
        return found if isinstance(found, kind) else None

    def forget(self, record: Any) -> None:
        """Make a record unfindable."""
        self._records.pop(record.id, None)

    def branch_moved(
        self, repository: Repository, branch: str, before: str | None, after: str | None, actor: User
    ) -> None:
        """Tell everything that hangs on a branch that it moved. Whoever moves one calls this."""
        repository.pushed_at = self.now()
        self.pulls.branch_moved(repository, branch, before, after, actor)

    def close(self) -> None:
        """End git's helper processes and delete the folder."""
        for repository in list(self._records.values()):
            if isinstance(repository, Repository):
                repository.git.close()
        shutil.rmtree(self.folder, ignore_errors=True)
