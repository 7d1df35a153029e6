"""Reviews, requests for them, and what they come to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pullbridge.testing.github.graphql.comments import Hideable
from pullbridge.testing.github.graphql.commits import Commit
from pullbridge.testing.github.graphql.nodes import composed_id, view_of
from pullbridge.testing.github.graphql.people import Account, Team, actor
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.github.graphql.threads import PullRequestReviewComment
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest

OPINIONS = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")


@view
class PullRequestReview(Hideable):
    """A review. While pending, only its author is shown it."""

    record: records.Review

    @property
    def pull(self) -> records.PullRequest:
        return self.record.pull

    @property
    def state(self) -> str:
        return self.record.state

    @property
    def submitted_at(self) -> datetime | None:
        return self.record.submitted_at

    @property
    def published_at(self) -> datetime | None:
        return self.record.submitted_at

    @property
    def commit(self) -> Commit:
        return Commit(self.ask, self.pull.repository, self.record.commit)

    @property
    def author_can_push_to_repository(self) -> bool:
        return self.ask.store.people.role(self.record.author, self.pull.repository) >= records.Role.WRITE

    def comments(self) -> list[PullRequestReviewComment]:
        """Its inline comments, oldest first."""
        return [PullRequestReviewComment(self.ask, comment) for comment in self.record.comments]

    def on_behalf_of(self) -> list[Team]:
        """The teams for which it was given: the forge keeps none."""
        return []

    @property
    def resource_path(self) -> str:
        return f"/{self.pull.repository.path}/pull/{self.pull.number}#pullrequestreview-{self.record.id}"


@view
class ReviewRequest:
    """That somebody was asked to review."""

    def __init__(self, ask: Asking, pull: records.PullRequest, asked: records.User | records.Team) -> None:
        self.ask = ask
        self._pull = pull
        self._asked = asked
        self.database_id: int = asked.id
        self.as_code_owner = False

    @property
    def id(self) -> str:
        return composed_id("RRQ", self._pull.id, self._asked.id)

    @property
    def pull_request(self) -> PullRequest:
        return view_of(self.ask, self._pull)

    @property
    def requested_reviewer(self) -> Account | Team | None:
        return requested(self.ask, self._asked)


def requested(ask: Asking, asked: records.User | records.Team) -> Account | Team | None:
    """The view of who was asked."""
    return Team(ask, asked) if isinstance(asked, records.Team) else actor(ask, asked)


def latest(reviews: list[records.Review], states: tuple[str, ...]) -> list[records.Review]:
    """Each author's newest review in one of those states, in the order of submission."""
    newest: dict[Any, records.Review] = {}
    for review in reviews:
        if review.state in states:
            newest.pop(review.author, None)
            newest[review.author] = review
    return list(newest.values())
