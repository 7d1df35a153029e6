"""What is asked of a host, and what it gave: the values that the verbs and the hosts exchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pullbridge.errors import BridgeError
from pullbridge.model.diff import FileChange
from pullbridge.model.merge import MergeMethod
from pullbridge.model.pulls import Order, PullState
from pullbridge.model.reviews import DraftComment, Review, Verdict
from pullbridge.model.threads import Comment
from pullbridge.model.unset import UNSET, Unset


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
    """A pull request to be. `source_repository` is the fork's path when it is not the target's own.

    People (by handle), labels and the milestone go with the first write where the host takes them there; what does not
    stand in its answer is written afterwards.
    """

    title: str
    source: str
    target: str
    body: str = ""
    draft: bool = False
    source_repository: str | None = None
    delete_source_on_merge: bool | None = None
    squash_on_merge: bool | None = None
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    milestone: str | None = None


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
    """How to merge. `expect_head` is the full id of the commit that was looked at.

    `delete_source` is what is to become of the source branch. A host that does that itself is told; of one that does not,
    the branch is deleted after the merge.
    """

    method: MergeMethod | None = None
    message: str | None = None
    expect_head: str | None = None
    delete_source: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The changed files of a pull request at one head. `stopped` says why they are not all.

    `ready` is false while the host is still making the diff of that head, and these are none, or those of the head before.
    """

    head: str | None
    files: tuple[FileChange, ...]
    stopped: str | None = None
    ready: bool = True


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
    """What the host took: the review, and for each comment of the order the comment that is up or the host's refusal.

    `whole`: of an order that publishes what is pending, the text and the verdict went up with it.
    """

    review: Review | None
    comments: tuple[Comment | BridgeError, ...] = ()
    head: str | None = None
    whole: bool = False
