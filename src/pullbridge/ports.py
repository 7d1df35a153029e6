"""What a host must supply. `repository/` and `host.py` ask, `hosts/<host>/` fulfil; neither knows the other.

The protocols are primitive on purpose: one verb is one exchange with the host, or the few that the host needs for it.
Waiting, guarding, placing, confirming and remembering live above, once for all hosts. Every method raises only
`pullbridge.errors`; a write that may or may not have arrived raises an error whose `maybe_done` is true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pullbridge.capabilities import Budget, Capabilities, Limits
from pullbridge.errors import BridgeError
from pullbridge.model.anchor import Anchor
from pullbridge.model.checks import Check, CheckState
from pullbridge.model.credentials import Basic, Token
from pullbridge.model.diff import Commit, Comparison, FileChange
from pullbridge.model.listing import Page
from pullbridge.model.merge import Mergeability, MergeMethod, MergeReceipt
from pullbridge.model.panel import Panel
from pullbridge.model.people import Person
from pullbridge.model.pulls import Branch, Order, Pull, PullState, Role
from pullbridge.model.refs import RepoRef
from pullbridge.model.reviews import DraftComment, Review, Reviewer, Verdict
from pullbridge.model.settings import Settings
from pullbridge.model.threads import Comment, Task, Thread
from pullbridge.model.timeline import Template, TimelineItem
from pullbridge.model.unset import UNSET, Unset

T = TypeVar("T")


class Credentials(Protocol):
    """What signs requests to one host. Both methods may be called from any thread.

    An IDE or a secret manager brings its own by having these two methods; no base class is needed.
    """

    def current(self) -> Token | Basic | None:
        """What to sign with now; `None` for anonymous. Asked before every attempt, so it must be quick."""
        ...

    def refresh(self) -> Token | Basic | None:
        """The host refused what `current` gave: a new one, or `None` when there is none to be had."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PullQuery:
    """Which pull requests, in which order. People and branches are given by handle and name; `None` filters nothing."""

    states: frozenset[PullState] = frozenset({PullState.OPEN})
    author: str | None = None
    reviewer: str | None = None
    assignee: str | None = None
    source: str | None = None
    target: str | None = None
    labels: tuple[str, ...] = ()
    updated_since: datetime | None = None
    updated_before: datetime | None = None
    text: str | None = None
    draft: bool | None = None
    order: Order = Order.UPDATED
    with_checks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPull:
    """A pull request to be. `source_repository` is the fork's path when it is not the target's own."""

    title: str
    source: str
    target: str
    body: str = ""
    draft: bool = False
    source_repository: str | None = None
    delete_source_on_merge: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullChanges:
    """What to write over; `UNSET` leaves a field as it is, `None` clears the milestone."""

    title: str | Unset = UNSET
    body: str | Unset = UNSET
    target: str | Unset = UNSET
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    add_assignees: tuple[str, ...] = ()
    remove_assignees: tuple[str, ...] = ()
    milestone: str | Unset | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOrder:
    """How to merge. `expect_head` is the full id of the commit that was looked at."""

    method: MergeMethod | None = None
    message: str | None = None
    expect_head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The changed files of a pull request at one head. `stopped` says why they are not all."""

    head: str | None
    files: tuple[FileChange, ...]
    stopped: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOrder:
    """A review to post in one go. Every anchor has been placed and counts its lines at `commit`."""

    verdict: Verdict
    body: str = ""
    comments: tuple[DraftComment, ...] = ()
    commit: str | None = None
    include_pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedReview:
    """What the host took: the review, and for each comment of the order the comment that is up or the host's refusal."""

    review: Review | None
    comments: tuple[Comment | BridgeError, ...] = ()
    head: str | None = None


class PullsPort(Protocol):
    """Pull requests."""

    def list(self, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
        """A stretch of the list. `limit` is how many rows are wanted in all, so that pages can go out together."""
        ...

    def get(self, number: int) -> Pull: ...
    def create(self, new: NewPull) -> Pull: ...
    def edit(self, number: int, changes: PullChanges) -> Pull: ...
    def set_open(self, number: int, open_: bool) -> Pull: ...
    def set_draft(self, number: int, draft: bool) -> Pull: ...
    def mergeability(self, number: int) -> Mergeability: ...

    def merge(self, number: int, order: MergeOrder) -> MergeReceipt:
        """Merge now, guarded by `order.expect_head` where the host can; `Stale` when it moved, `NotMergeable` when not."""
        ...

    def commits(self, number: int) -> tuple[Commit, ...]: ...
    def containing(self, commit: str) -> tuple[Pull, ...]: ...
    def timeline(self, number: int, cursor: str | None) -> Page[TimelineItem]: ...
    def templates(self) -> tuple[Template, ...]: ...
    def delete(self, number: int) -> None: ...
    def set_locked(self, number: int, locked: bool, reason: str | None) -> None: ...
    def set_subscribed(self, number: int, subscribed: bool) -> None: ...

    def merge_when_ready(self, number: int, order: MergeOrder) -> MergeReceipt:
        """Merge as soon as the target's rules are met, or by its merge queue."""
        ...

    def cancel_auto_merge(self, number: int) -> None: ...

    def update_branch(self, number: int, method: MergeMethod, head: str | None) -> Pull:
        """Bring the target into the source, guarded by `head`."""
        ...

    def panel(self, number: int, file_count: int | None) -> tuple[Panel, Changes]:
        """All of one pull request at once. `file_count` is what was last known, so that no round trip learns it."""
        ...


class FilesPort(Protocol):
    """Changed files and their contents."""

    def changes(self, number: int, file_count: int | None) -> Changes: ...
    def diff(self, number: int) -> str: ...
    def content(self, path: str, at: str) -> bytes: ...
    def compare(self, base: str, head: str) -> Comparison: ...
    def viewed(self, number: int) -> frozenset[str]: ...
    def set_viewed(self, number: int, path: str, viewed: bool) -> None: ...

    def commit(self, branch: Branch, path: str, content: bytes, message: str) -> Commit:
        """Write one file to a branch whose tip is `branch.commit`; `Stale` when it is another one."""
        ...


class ThreadsPort(Protocol):
    """Conversations. Ids are the host's, opaque above it."""

    def list(self, number: int) -> tuple[Thread, ...]: ...

    def start(self, number: int, body: str, anchor: Anchor | None) -> Thread:
        """Begin one; the anchor has been placed and carries its commit."""
        ...

    def reply(self, number: int, thread: str, body: str) -> Comment: ...
    def edit(self, number: int, comment: str, body: str) -> Comment: ...
    def delete(self, number: int, comment: str) -> None: ...
    def set_resolved(self, number: int, thread: str, resolved: bool) -> Thread: ...
    def set_reaction(self, number: int, comment: str, reaction: str, on: bool) -> None: ...


class ReviewsPort(Protocol):
    """Reviews."""

    def list(self, number: int) -> tuple[Review, ...]: ...
    def submit(self, number: int, order: ReviewOrder) -> PostedReview: ...

    def draft(self, number: int, draft: DraftComment) -> str:
        """Keep a placed draft on the host, for me alone; gives the comment's id."""
        ...

    def discard_pending(self, number: int) -> bool: ...
    def withdraw(self, number: int) -> Review: ...
    def dismiss(self, number: int, review: str, reason: str) -> Review: ...


class ReviewersPort(Protocol):
    """Who was asked, and where they stand."""

    def list(self, number: int) -> tuple[Reviewer, ...]: ...
    def request(self, number: int, people: Sequence[str]) -> None: ...
    def remove(self, number: int, people: Sequence[str]) -> None: ...
    def candidates(self, query: str, cursor: str | None) -> Page[Person]: ...


class ChecksPort(Protocol):
    """What machines say."""

    def list(self, number: int) -> tuple[Check, ...]: ...
    def report(self, commit: str, name: str, state: CheckState, url: str | None, description: str) -> Check: ...


class BranchesPort(Protocol):
    """Branches of the repository."""

    def get(self, name: str) -> Branch: ...
    def default(self) -> Branch: ...
    def list(self, prefix: str, cursor: str | None) -> Page[Branch]: ...
    def create(self, name: str, commit: str) -> Branch: ...
    def delete(self, name: str) -> None: ...
    def forks(self, cursor: str | None) -> Page[RepoRef]: ...
    def fork(self, into: str | None) -> RepoRef: ...


class TasksPort(Protocol):
    """What is to be done before the merge."""

    def list(self, number: int) -> tuple[Task, ...]: ...
    def add(self, number: int, text: str, comment: str | None) -> Task: ...
    def set_done(self, number: int, task: str, done: bool) -> Task: ...


class RepositoryPort(Protocol):
    """One repository, over one open connection."""

    @property
    def pulls(self) -> PullsPort: ...
    @property
    def files(self) -> FilesPort: ...
    @property
    def threads(self) -> ThreadsPort: ...
    @property
    def reviews(self) -> ReviewsPort: ...
    @property
    def reviewers(self) -> ReviewersPort: ...
    @property
    def checks(self) -> ChecksPort: ...
    @property
    def branches(self) -> BranchesPort: ...
    @property
    def tasks(self) -> TasksPort | None: ...
    @property
    def can(self) -> Capabilities: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def budget(self) -> Budget: ...
    @property
    def native(self) -> Any: ...
    def probe(self, again: bool = False) -> Capabilities: ...
    def host_now(self) -> datetime | None:
        """The host's clock, by its own answers; `None` before any."""
        ...

    def permalink(self, path: str, start: int | None, end: int | None, commit: str) -> str:
        """The web address of lines of a file at a commit; sends nothing."""
        ...


class HostPort(Protocol):
    """One host, over one open connection."""

    @property
    def can(self) -> Capabilities: ...
    @property
    def budget(self) -> Budget: ...
    @property
    def native(self) -> Any: ...
    def repository(self, ref: RepoRef) -> RepositoryPort: ...
    def viewer(self) -> Person: ...
    def version(self) -> str | None: ...
    def probe(self, again: bool = False) -> Capabilities: ...
    def inbox(self, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]: ...
    def search(self, text: str, cursor: str | None, limit: int | None) -> Page[Pull]: ...
    def gather(
        self, *thunks: Callable[[], T]
    ) -> list[T]: ...  # `list` is the builtin here: this class has no such verb
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a provider gets to open a host: the origin of its web pages, the credentials, and how to talk to it."""

    web: str
    credentials: Credentials
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How an anonymous probe tells the product: where to ask, and what the answer shows."""

    path: str
    shows: Callable[[int, Mapping[str, str], bytes], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A host's entry in the registry. `owns` matches exact host names; `open` loads the SDK, everything else does not."""

    kind: str
    name: str
    owns: Callable[[str], bool]
    open: Callable[[Opening], HostPort]
    ambient: Callable[[str, Mapping[str, str]], tuple[str, ...]]
    sign: Sign | None = None
