"""What happened to a pull request, in order: commits, comments, reviews and events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pullbridge.testing.github.graphql.commits import Commit
from pullbridge.testing.github.graphql.nodes import Node, view_of
from pullbridge.testing.github.graphql.paging import Page
from pullbridge.testing.github.graphql.people import Account, actor
from pullbridge.testing.github.graphql.reviews import requested
from pullbridge.testing.github.graphql.schema import VIEWS, snake, view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest


class TimelineEvent(Node[records.Event]):
    """What all events have. What one has besides is in the store's `data`."""

    def __init__(self, ask: Asking, pull: records.PullRequest, record: records.Event) -> None:
        super().__init__(ask, record)
        self.pull = pull

    @property
    def actor(self) -> Account | None:
        return actor(self.ask, self.record.actor)

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def pull_request(self) -> PullRequest:
        return view_of(self.ask, self.pull)

    @property
    def closable(self) -> PullRequest:
        return self.pull_request

    @property
    def labelable(self) -> PullRequest:
        return self.pull_request

    @property
    def assignable(self) -> PullRequest:
        return self.pull_request

    @property
    def lockable(self) -> PullRequest:
        return self.pull_request

    @property
    def subject(self) -> PullRequest:
        return self.pull_request

    @property
    def resource_path(self) -> str:
        return f"/{self.pull.repository.path}/pull/{self.pull.number}#event-{self.record.id}"

    @property
    def url(self) -> str:
        return self.ask.web + self.resource_path

    def _data(self, name: str) -> Any:
        return self.record.data.get(name)


@view
class ClosedEvent(TimelineEvent):
    """It was closed, by a merge or without."""


@view
class ReopenedEvent(TimelineEvent):
    """It was opened again."""


@view
class ReadyForReviewEvent(TimelineEvent):
    """It stopped being a draft."""


@view
class ConvertToDraftEvent(TimelineEvent):
    """It became a draft."""


@view
class UnlockedEvent(TimelineEvent):
    """The conversation was unlocked."""


@view
class MergedEvent(TimelineEvent):
    """It was merged."""

    @property
    def commit(self) -> Commit:
        return Commit(self.ask, self.pull.repository, self._data("commit"))

    @property
    def merge_ref_name(self) -> str:
        return self.pull.target_branch

    @property
    def merge_ref(self) -> Any:
        return self.pull_request.base_ref


class _Labelling(TimelineEvent):
    @property
    def label(self) -> Any:
        return VIEWS["Label"](self.ask, self.pull.repository, self._data("label"))


@view
class LabeledEvent(_Labelling):
    """It got a label."""


@view
class UnlabeledEvent(_Labelling):
    """It lost a label."""


class _Assigning(TimelineEvent):
    @property
    def assignee(self) -> Account | None:
        return actor(self.ask, self._data("user"))


@view
class AssignedEvent(_Assigning):
    """Somebody was assigned."""


@view
class UnassignedEvent(_Assigning):
    """Somebody was no longer assigned."""


class _Requesting(TimelineEvent):
    @property
    def requested_reviewer(self) -> Any:
        return requested(self.ask, self._data("user") or self._data("team"))


@view
class ReviewRequestedEvent(_Requesting):
    """Somebody was asked for a review."""


@view
class ReviewRequestRemovedEvent(_Requesting):
    """Somebody was asked no longer."""


@view
class RenamedTitleEvent(TimelineEvent):
    """It got another title."""

    @property
    def previous_title(self) -> str:
        return str(self._data("before"))

    @property
    def current_title(self) -> str:
        return str(self._data("after"))


@view
class BaseRefChangedEvent(TimelineEvent):
    """It got another target branch."""

    @property
    def previous_ref_name(self) -> str:
        return str(self._data("before"))

    @property
    def current_ref_name(self) -> str:
        return str(self._data("after"))


@view
class HeadRefForcePushedEvent(TimelineEvent):
    """The source branch was rewritten."""

    @property
    def before_commit(self) -> Commit:
        return Commit(self.ask, self.pull.repository, self._data("before"))

    @property
    def after_commit(self) -> Commit:
        return Commit(self.ask, self.pull.repository, self._data("after"))

    @property
    def ref(self) -> Any:
        return self.pull_request.head_ref


@view
class HeadRefDeletedEvent(TimelineEvent):
    """The source branch was deleted."""

    @property
    def head_ref_name(self) -> str:
        return self.pull.source_branch

    @property
    def head_ref(self) -> Any:
        return self.pull_request.head_ref


@view
class LockedEvent(TimelineEvent):
    """The conversation was locked."""

    @property
    def lock_reason(self) -> str | None:
        reason = self._data("reason")
        return str(reason).upper().replace(" ", "_").replace("-", "_") if reason else None


@view
class ReviewDismissedEvent(TimelineEvent):
    """A review lost its force."""

    @property
    def review(self) -> Any:
        return view_of(self.ask, self._data("review"))

    @property
    def previous_review_state(self) -> str:
        return str(self._data("before"))

    @property
    def dismissal_message(self) -> str | None:
        message = self._data("message")
        return None if message is None else str(message)


#: GraphQL's events by the store's kinds. A push without force has none of its own: its commits are in the timeline.
_EVENTS: dict[str, type[TimelineEvent]] = {
    "assigned": AssignedEvent,
    "branch_deleted": HeadRefDeletedEvent,
    "closed": ClosedEvent,
    "draft": ConvertToDraftEvent,
    "force_pushed": HeadRefForcePushedEvent,
    "labeled": LabeledEvent,
    "locked": LockedEvent,
    "merged": MergedEvent,
    "ready": ReadyForReviewEvent,
    "renamed": RenamedTitleEvent,
    "reopened": ReopenedEvent,
    "retargeted": BaseRefChangedEvent,
    "review_dismissed": ReviewDismissedEvent,
    "review_request_removed": ReviewRequestRemovedEvent,
    "review_requested": ReviewRequestedEvent,
    "unassigned": UnassignedEvent,
    "unlabeled": UnlabeledEvent,
    "unlocked": UnlockedEvent,
}


@view
class PullRequestTimelineItemsConnection(Page):
    """The timeline, filtered."""

    @property
    def filtered_count(self) -> int:
        return len(self.items)

    @property
    def page_count(self) -> int:
        return len(self.nodes)

    @property
    def updated_at(self) -> datetime:
        return max((_when(item) for item in self.items), default=datetime.fromtimestamp(0, UTC))


def _when(item: Any) -> datetime:
    return getattr(item, "submitted_at", None) or item.created_at  # type: ignore[no-any-return]


def timeline_of(pull: PullRequest, item_types: list[str] | None, since: datetime | None) -> list[Any]:
    """All that happened, oldest first; only the types and the time that are asked for."""
    events = [
        _EVENTS[event.kind](pull.ask, pull.record, event) for event in pull.record.events if event.kind in _EVENTS
    ]
    reviews = [review for review in pull.reviews() if review.submitted_at]
    items: list[Any] = [*pull.commits(), *pull.comments(), *reviews, *events]
    wanted = set(item_types or ())
    chosen = [
        item
        for item in items
        if (not wanted or snake(type(item).__name__).upper() in wanted) and (since is None or _when(item) >= since)
    ]
    return sorted(chosen, key=_when)
