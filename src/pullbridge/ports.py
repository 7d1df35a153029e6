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
from pullbridge.model.anchor import Anchor
from pullbridge.model.checks import Check, CheckState
from pullbridge.model.credentials import Basic, Token
from pullbridge.model.diff import Commit, Comparison
from pullbridge.model.listing import Page
from pullbridge.model.merge import Mergeability, MergeMethod, MergeReceipt
from pullbridge.model.oauth import OAuth
from pullbridge.model.orders import Changes, MergeOrder, NewPull, PostedReview, PullChanges, PullQuery, ReviewOrder
from pullbridge.model.panel import Panel
from pullbridge.model.people import Person
from pullbridge.model.pulls import Branch, Pull, Role
from pullbridge.model.refs import RepoRef
from pullbridge.model.reviews import DraftComment, Review, Reviewer
from pullbridge.model.settings import Settings
from pullbridge.model.threads import Comment, Task, Thread
from pullbridge.model.timeline import Template, TimelineItem

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


class PullsPort(Protocol):
    """Pull requests."""

    def list(self, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
        """A stretch of the list. `limit` is how many rows are wanted in all, so that pages can go out together."""
        ...

    def get(self, number: int) -> Pull:
        """One pull request, with full commit ids; `NotThere`."""
        ...

    def create(self, new: NewPull) -> Pull:
        """Open one. `AlreadyThere` when its branches have an open one, `Rejected` with the host's reasons."""
        ...

    def edit(self, number: int, changes: PullChanges) -> Pull:
        """Write what `changes` names and leave the rest; give what it is then."""
        ...

    def set_open(self, number: int, open_: bool) -> Pull:
        """Open it again, or close it without merging."""
        ...

    def set_draft(self, number: int, draft: bool) -> Pull:
        """Make it a draft, or ready for review."""
        ...

    def mergeability(self, number: int) -> Mergeability:
        """Whether it can be merged now; `CHECKING` while the host computes that. Waiting is not done here."""
        ...

    def merge(self, number: int, order: MergeOrder) -> MergeReceipt:
        """Merge now, guarded by `order.expect_head` where the host can; `Stale` when it moved, `NotMergeable` when not.

        Of a host that does not delete the source branch itself, the receipt leaves `branch_deleted` as `None`, and the
        branch is deleted above.
        """
        ...

    def commits(self, number: int) -> tuple[Commit, ...]:
        """All of them, oldest first."""
        ...

    def containing(self, commit: str) -> tuple[Pull, ...]:
        """The pull requests that a commit is part of, or was merged by; `NotThere` for no such commit."""
        ...

    def timeline(self, number: int, cursor: str | None) -> Page[TimelineItem]:
        """A stretch of what happened, oldest first."""
        ...

    def templates(self) -> tuple[Template, ...]:
        """The texts that the repository offers for new pull requests."""
        ...

    def delete(self, number: int) -> None:
        """Delete it for good; `Unsupported` where the host never does."""
        ...

    def set_locked(self, number: int, locked: bool, reason: str | None) -> None:
        """Keep those without a role from commenting, or let them; `reason` is one of the host's words."""
        ...

    def set_subscribed(self, number: int, subscribed: bool) -> None:
        """Send me what happens, or only what names me."""
        ...

    def merge_when_ready(self, number: int, order: MergeOrder) -> MergeReceipt:
        """Merge as soon as the target's rules are met, or by its merge queue.

        `branch_deleted` is `False` where the host will not delete the source branch then, and `None` where it will.
        """
        ...

    def cancel_auto_merge(self, number: int) -> None:
        """Stop waiting to merge and leave the merge queue; nothing to stop is no error."""
        ...

    def update_branch(self, number: int, method: MergeMethod | None, head: str | None) -> Pull:
        """Bring the target into the source, guarded by `head`; without a method in the host's own way."""
        ...

    def panel(self, number: int, file_count: int | None) -> tuple[Panel, Changes]:
        """All of one pull request at once. `file_count` is what was last known, so that no round trip learns it."""
        ...


class FilesPort(Protocol):
    """Changed files and their contents."""

    def changes(self, number: int, file_count: int | None) -> Changes:
        """All changed files with their hunks. `file_count` is what was last known, so that pages can go out together."""
        ...

    def diff(self, number: int) -> str:
        """The whole unified diff; bytes that are not UTF-8 as lone surrogates (`surrogateescape`)."""
        ...

    def content(self, path: str, at: str) -> bytes:
        """A file's bytes at a commit, branch or tag; `NotThere`."""
        ...

    def compare(self, base: str, head: str) -> Comparison:
        """What `head` has that `base` has not, since they parted (three-dot)."""
        ...

    def viewed(self, number: int) -> frozenset[str]:
        """The paths that I have marked and that have not changed since."""
        ...

    def set_viewed(self, number: int, path: str, viewed: bool) -> None:
        """Mark a changed file as viewed, or take the mark away."""
        ...

    def commit(self, branch: Branch, path: str, content: bytes, message: str) -> Commit:
        """Write one file to a branch whose tip is `branch.commit`; `Stale` when it is another one."""
        ...


class ThreadsPort(Protocol):
    """Conversations. Ids are the host's, opaque above it."""

    def list(self, number: int) -> tuple[Thread, ...]:
        """All conversations with all comments, my pending ones too: those on the whole pull request come first."""
        ...

    def start(self, number: int, body: str, anchor: Anchor | None) -> Thread:
        """Begin one; the anchor has been placed: it carries its commit, and what its diff says of its ends (`Anchor.ends`)."""
        ...

    def reply(self, number: int, thread: str, body: str) -> Comment:
        """Answer in a conversation; `Unsupported` where it takes no answers."""
        ...

    def edit(self, number: int, comment: str, body: str) -> Comment:
        """Replace the text of a comment or of a pending draft."""
        ...

    def delete(self, number: int, comment: str) -> None:
        """Delete a comment or a pending draft; `NotThere` when it is gone."""
        ...

    def set_resolved(self, number: int, thread: str, resolved: bool) -> Thread:
        """Settle a conversation, or open it again; give it as it is then."""
        ...

    def set_reaction(self, number: int, comment: str, reaction: str, on: bool) -> None:
        """React with one of the host's words or its usual sign, or take that back."""
        ...

    def apply_suggestions(self, number: int, chosen: Sequence[str], message: str | None) -> Commit | None:
        """Commit suggestions in one commit, the host's own way; `None` where it has none, and nothing was done."""
        ...


class ReviewsPort(Protocol):
    """Reviews."""

    def list(self, number: int) -> tuple[Review, ...]:
        """All reviews, oldest first, my pending one with them."""
        ...

    def submit(self, number: int, order: ReviewOrder) -> PostedReview:
        """Post it. What the host refused of it stands in the answer; after an error nothing is up, unless `maybe_done`.

        Where `Can.BATCH_REVIEW` is no, one thing is asked for at a time: pending drafts with comments beside them (a host
        that takes the text and the verdict with these says so: `PostedReview.whole`); a text alone, whose review has the id
        of the comment that it becomes; or a verdict alone, which is a state to set.
        """
        ...

    def draft(self, number: int, draft: DraftComment) -> str:
        """Keep a placed draft on the host, for me alone; gives the comment's id."""
        ...

    def discard_pending(self, number: int) -> bool:
        """Throw all my drafts away; whether there were any."""
        ...

    def withdraw(self, number: int) -> Review:
        """Take back my own verdict; `NotThere` when I have given none."""
        ...

    def dismiss(self, number: int, review: str, reason: str) -> Review:
        """Take somebody's verdict off the count, with a reason that everybody sees."""
        ...


class ReviewersPort(Protocol):
    """Who was asked, and where they stand."""

    def list(self, number: int) -> tuple[Reviewer, ...]:
        """Who was asked and who has reviewed, each with their standing."""
        ...

    def request(self, number: int, people: Sequence[str]) -> None:
        """Ask for reviews, beside those already asked. People are given by handle (or id: `Limits`), a team as `org/team`."""
        ...

    def remove(self, number: int, people: Sequence[str]) -> None:
        """Take requests back."""
        ...

    def candidates(self, query: str, cursor: str | None) -> Page[Person]:
        """A stretch of those who can be asked, narrowed by a part of the handle or name."""
        ...


class ChecksPort(Protocol):
    """What machines say."""

    def list(self, number: int) -> tuple[Check, ...]:
        """The checks of the head; of several runs under one name, the newest."""
        ...

    def report(self, commit: str, name: str, state: CheckState, url: str | None, description: str) -> Check:
        """Report on a commit; the newest report under a name counts."""
        ...


class BranchesPort(Protocol):
    """Branches of the repository."""

    def get(self, name: str) -> Branch:
        """A branch with its tip; `NotThere`."""
        ...

    def default(self) -> Branch:
        """The default branch with its tip."""
        ...

    def list(self, prefix: str, cursor: str | None) -> Page[Branch]:
        """A stretch of those whose names begin with `prefix`, with their tips."""
        ...

    def create(self, name: str, commit: str) -> Branch:
        """Create one at a commit; `AlreadyThere`, and `NotThere` or `Rejected` for no such commit."""
        ...

    def delete(self, name: str) -> None:
        """Delete it, whatever its tip; `NotThere` when it is gone."""
        ...

    def forks(self, cursor: str | None) -> Page[RepoRef]:
        """A stretch of the forks of this repository."""
        ...

    def fork(self, into: str | None) -> RepoRef:
        """Fork into an organisation or my own account; one that is there already is given back."""
        ...


class TasksPort(Protocol):
    """What is to be done before the merge."""

    def list(self, number: int) -> tuple[Task, ...]:
        """All tasks, done and open."""
        ...

    def add(self, number: int, text: str, comment: str | None) -> Task:
        """Add one, about a comment or, without it, the whole pull request."""
        ...

    def set_done(self, number: int, task: str, done: bool) -> Task:
        """Mark it as done, or as open again."""
        ...


class RepositoryPort(Protocol):
    """One repository, over one open connection.

    Properties send nothing: `can`, `limits` and `budget` are what is known so far, `tasks` is `None` where the host has no
    such thing, and `native` is the SDK's live object over the same transport.
    """

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
    def probe(self, again: bool = False) -> Capabilities:
        """Learn what can be done here, in a request or two. What was learned is kept for the account, until `again`."""
        ...

    def host_now(self) -> datetime | None:
        """The host's clock, by its own answers; `None` before any."""
        ...

    def permalink(self, path: str, start: int | None, end: int | None, commit: str) -> str:
        """The web address of lines of a file at a commit; sends nothing."""
        ...

    def pull_ref(self, number: int) -> str | None:
        """The ref by which git fetches a pull request's head; `None` where the host has none. Sends nothing."""
        ...


class HostPort(Protocol):
    """One host, over one open connection. Properties send nothing, as those of `RepositoryPort`."""

    @property
    def can(self) -> Capabilities: ...
    @property
    def budget(self) -> Budget: ...
    @property
    def native(self) -> Any: ...
    def repository(self, ref: RepoRef) -> RepositoryPort:
        """One of its repositories; sends nothing."""
        ...

    def viewer(self) -> Person:
        """Who is signed in; `SignInNeeded` for nobody."""
        ...

    def version(self) -> str | None:
        """The product's version; `None` for a service that has none."""
        ...

    def probe(self, again: bool = False) -> Capabilities:
        """Learn what can be done here, in a request or two. What was learned is kept for the account, until `again`."""
        ...

    def inbox(self, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]:
        """A stretch of the open pull requests that wait for me in this role, newest change first."""
        ...

    def search(self, text: str, cursor: str | None, limit: int | None) -> Page[Pull]:
        """A stretch of what the host finds by its own search words."""
        ...

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        """Call all of them at once, on the connection's own threads; their results, in order."""
        ...

    def close(self) -> None:
        """Let go of sockets and threads; calls in flight end with `Cancelled`. To repeat it does nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a provider gets to open a host: where its web pages are, the credentials, and how to talk to it."""

    web: str
    credentials: Credentials
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How an anonymous probe tells the product: where to ask, and what the answer shows.

    `below`: a server of it may have its pages, and this, below a path of its origin.
    """

    path: str
    shows: Callable[[int, Mapping[str, str], bytes], bool]
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A host's entry in the registry. `owns` matches exact host names; `open` loads the SDK, everything else does not.

    `root` tells where a server's pages begin, from what was taken for it and the address of its API, where both have a
    path in common. `oauth` tells how a host signs people in, by the root of its pages; `None` where it does not.
    """

    kind: str
    name: str
    owns: Callable[[str], bool]
    open: Callable[[Opening], HostPort]
    ambient: Callable[[str, Mapping[str, str]], tuple[str, ...]]
    sign: Sign | None = None
    root: Callable[[str, str], str] | None = None
    oauth: Callable[[str, Settings], OAuth] | None = None
