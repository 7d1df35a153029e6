"""What the forge remembers: plain mutable records, named in neutral words, without any host's shapes.

Every record has an `id` that is unique in its store, whatever its type. `eq=False`: a record is itself, and can be a key.
Times are aware datetimes. Fields that a host derives (counts, positions, node ids) are not stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Literal

from pullbridge.testing.diffs import Side

if TYPE_CHECKING:
    from pullbridge.testing.git import Git


class Role(IntEnum):
    """What a user may do in a repository; the higher includes the lower."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5


class UserKind(Enum):
    """Who is behind an account."""

    USER = "User"
    BOT = "Bot"
    ORGANIZATION = "Organization"


@dataclass(eq=False, kw_only=True)
class User:
    """An account. A deleted one stays referenced by what it wrote; `deleted` tells hosts to show a ghost."""

    id: int
    handle: str
    kind: UserKind
    name: str
    email: str
    created_at: datetime
    deleted: bool = False


@dataclass(eq=False, kw_only=True)
class Team:
    """A team of an organization, known by its slug."""

    id: int
    organization: str
    slug: str
    members: list[User] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Token:
    """A credential. `scopes` is `None` unless it is limited by scopes, `permissions` unless it is limited by those.

    With neither it may do all that its user may. `repositories` are the ids of those that it is for, `None` for all.
    `sso_url` is where it must be authorized before anything else. `kind` is a word of the host's. One with `expires_at`
    expires then.
    """

    id: int
    value: str = field(repr=False)
    user: User
    created_at: datetime
    kind: str = ""
    scopes: tuple[str, ...] | None = None
    permissions: dict[str, str] | None = None
    repositories: frozenset[int] | None = None
    expired: bool = False
    expires_at: datetime | None = None
    revoked: bool = False
    sso_url: str | None = None


@dataclass(eq=False, kw_only=True)
class Label:
    """A label of a repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(eq=False, kw_only=True)
class Milestone:
    """A milestone of a repository."""

    id: int
    number: int
    title: str
    creator: User
    created_at: datetime
    state: Literal["open", "closed"] = "open"
    description: str | None = None
    due_on: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Protection:
    """What a branch asks for before a merge: approvals, checks by name, and (`strict`) the base's newest commit.

    With `queue`, merges go through a merge queue.
    """

    reviews: int = 0
    checks: tuple[str, ...] = ()
    strict: bool = False
    queue: bool = False


@dataclass(eq=False, kw_only=True)
class Repository:
    """A repository. `members` is `None` when every user may write; `parent` is what a fork was made from."""

    id: int
    owner: User
    name: str
    git: Git
    created_at: datetime
    private: bool = False
    members: dict[str, Role] | None = None
    parent: Repository | None = None
    default_branch: str = "main"
    description: str | None = None
    pushed_at: datetime | None = None
    deleted: bool = False
    archived: bool = False
    allow_merge: bool = True
    allow_squash: bool = True
    allow_rebase: bool = True
    allow_auto_merge: bool = True
    delete_branch_on_merge: bool = False
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    protections: dict[str, Protection] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    statuses: dict[str, list[Status]] = field(default_factory=dict)
    check_runs: dict[str, list[CheckRun]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """`owner/name`."""
        return f"{self.owner.handle}/{self.name}"


@dataclass(eq=False, kw_only=True)
class Reaction:
    """One user's reaction to something. `content` is a neutral word: `+1 -1 laugh confused heart hooray rocket eyes`."""

    id: int
    user: User
    content: str
    created_at: datetime


@dataclass(eq=False, kw_only=True)
class AutoMerge:
    """A merge that waits until nothing blocks it; one that `awaits_checks` until those succeeded that block nothing, too.

    The rest is what `Merging.merge` will be told.
    """

    user: User
    method: MergeMethod
    enabled_at: datetime
    title: str | None = None
    message: str | None = None
    squash: bool = False
    squash_message: str | None = None
    delete_source: bool | None = None
    awaits_checks: bool = False


@dataclass(eq=False, kw_only=True)
class QueueEntry:
    """A place in a merge queue. It is void once the pull request is closed or has another `head`."""

    id: int
    user: User
    head: str
    enqueued_at: datetime
    jump: bool = False


@dataclass(eq=False, kw_only=True)
class Event:
    """Something that happened to a pull request. `data` depends on `kind` (see `store.pulls`)."""

    id: int
    kind: str
    actor: User
    created_at: datetime
    data: dict[str, Any] = field(default_factory=dict)


#: `rebase` makes every commit anew on top of the target, `rebase_merge` merges what that gave; `fast_forward` moves the
#: target to the source's own commits.
MergeMethod = Literal["merge", "squash", "rebase", "rebase_merge", "fast_forward"]


@dataclass(frozen=True, eq=False, kw_only=True)
class DiffVersion:
    """What a pull request's diff once was: from `merge_base`, where the source left `base` (the target's tip), to `head`."""

    id: int
    head: str
    base: str
    merge_base: str
    actor: User
    created_at: datetime


@dataclass(eq=False, kw_only=True)
class PullRequest:
    """A pull request.

    `source` is `None` only when it was never known; a deleted fork has `source.deleted`. `head` is the source's newest
    commit, `base` the target's tip when the head or the target branch last moved, `merge_base` what the diff starts at.
    `squash_commit` is what a merge made of all commits, before it merged that.
    `checks_left` counts the reads until mergeability is known.
    """

    id: int
    number: int
    repository: Repository
    title: str
    body: str | None
    author: User
    source: Repository
    source_branch: str
    target_branch: str
    head: str
    base: str
    merge_base: str
    created_at: datetime
    updated_at: datetime
    state: Literal["open", "closed", "merged"] = "open"
    draft: bool = False
    closed_at: datetime | None = None
    closed_by: User | None = None
    merged_at: datetime | None = None
    merged_by: User | None = None
    merge_commit: str | None = None
    squash_commit: str | None = None
    maintainer_can_modify: bool = True
    locked: bool = False
    lock_reason: str | None = None
    milestone: Milestone | None = None
    auto_merge: AutoMerge | None = None
    queued: QueueEntry | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    requested_reviewers: list[User] = field(default_factory=list)
    requested_teams: list[Team] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    versions: list[DiffVersion] = field(default_factory=list)
    viewed: dict[User, dict[str, str]] = field(default_factory=dict)
    subscriptions: dict[User, str] = field(default_factory=dict)
    checks_left: int = 0

    @property
    def cross_repository(self) -> bool:
        """Whether it comes from a fork."""
        return self.source is not self.repository


ReviewState = Literal["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"]


@dataclass(eq=False, kw_only=True)
class Review:
    """A review. While `PENDING` only its author sees it, and its comments."""

    id: int
    pull: PullRequest
    author: User
    state: ReviewState
    commit: str
    created_at: datetime
    updated_at: datetime
    body: str = ""
    submitted_at: datetime | None = None
    reactions: list[Reaction] = field(default_factory=list)

    @property
    def pending(self) -> bool:
        """Whether it waits to be submitted."""
        return self.state == "PENDING"

    @property
    def comments(self) -> list[ReviewComment]:
        """Its inline comments, oldest first."""
        every = [comment for thread in self.pull.threads for comment in thread.comments]
        return sorted((comment for comment in every if comment.review is self), key=lambda comment: comment.id)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a thread hangs. A file's has no lines; a single line has no `start_line`. 1-based, inclusive."""

    path: str
    side: Side = "RIGHT"
    line: int | None = None
    start_side: Side | None = None
    start_line: int | None = None

    @property
    def of_file(self) -> bool:
        """Whether it is about the file as a whole."""
        return self.line is None


@dataclass(eq=False, kw_only=True)
class Thread:
    """An inline conversation.

    `original` is the place as written, counted in `original_commit` (RIGHT) or `original_base` (LEFT). `current` is
    where it is in the pull request's diff now: `None` when outdated. `commit` is the head that `current` was counted in.
    `pending` while its first comment belongs to a pending review.
    """

    id: int
    pull: PullRequest
    original: Place
    original_commit: str
    original_base: str
    hunk: str
    original_position: int | None
    commit: str
    current: Place | None
    resolved: bool = False
    resolved_by: User | None = None
    comments: list[ReviewComment] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The file, by its newest name."""
        return (self.current or self.original).path

    @property
    def outdated(self) -> bool:
        """Whether its lines are no longer in the diff."""
        return self.current is None

    @property
    def pending(self) -> bool:
        """Whether it is not published yet."""
        return bool(self.comments) and self.comments[0].review.pending


@dataclass(eq=False, kw_only=True)
class ReviewComment:
    """One comment of a thread. The first is the root; the others answer it."""

    id: int
    thread: Thread
    author: User
    body: str
    review: Review
    commit: str
    created_at: datetime
    updated_at: datetime
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None

    @property
    def root(self) -> ReviewComment:
        """The thread's first comment."""
        return self.thread.comments[0]

    @property
    def pending(self) -> bool:
        """Whether its review is not submitted yet."""
        return self.review.pending


@dataclass(eq=False, kw_only=True)
class Comment:
    """A comment on the pull request as a whole."""

    id: int
    pull: PullRequest
    author: User
    body: str
    created_at: datetime
    updated_at: datetime
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None


@dataclass(eq=False, kw_only=True)
class Status:
    """A commit status: the older of the two kinds of checks."""

    id: int
    sha: str
    context: str
    state: Literal["error", "failure", "pending", "success"]
    creator: User
    created_at: datetime
    description: str | None = None
    target_url: str | None = None


@dataclass(eq=False, kw_only=True)
class CheckRun:
    """A check run. `conclusion` is `None` until `status` is `completed`. An `optional` one may fail."""

    id: int
    suite_id: int
    sha: str
    name: str
    status: str
    conclusion: str | None
    app: str
    started_at: datetime | None = None
    completed_at: datetime | None = None
    details_url: str | None = None
    external_id: str | None = None
    title: str | None = None
    summary: str | None = None
    stage: str = "test"
    optional: bool = False


Reactable = PullRequest | Comment | ReviewComment | Review
