"""Pull requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from pullbridge.testing.github.graphql.changes import PullRequestChangedFile, PullRequestCommit
from pullbridge.testing.github.graphql.checks import StatusCheckRollup
from pullbridge.testing.github.graphql.comments import IssueComment
from pullbridge.testing.github.graphql.commits import Ref
from pullbridge.testing.github.graphql.listing import in_order
from pullbridge.testing.github.graphql.people import Account, User, actor, person
from pullbridge.testing.github.graphql.repositories import Label, Milestone, Repository
from pullbridge.testing.github.graphql.reviews import OPINIONS, PullRequestReview, ReviewRequest, latest
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.github.graphql.standing import Standing
from pullbridge.testing.github.graphql.threads import PullRequestReviewThread
from pullbridge.testing.github.graphql.timeline import timeline_of
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.diffs import FileDiff


@view
class PullRequest(Standing):
    """A pull request."""

    @property
    def number(self) -> int:
        return self.record.number

    @property
    def title(self) -> str:
        return self.record.title

    @property
    def title_html(self) -> str:
        return escape(self.record.title)

    @property
    def resource_path(self) -> str:
        return f"/{self.record.repository.path}/pull/{self.record.number}"

    @property
    def permalink(self) -> str:
        return self.url

    @property
    def checks_resource_path(self) -> str:
        return f"{self.resource_path}/checks"

    @property
    def checks_url(self) -> str:
        return f"{self.url}/checks"

    @property
    def is_draft(self) -> bool:
        return self.record.draft

    @property
    def is_read_by_viewer(self) -> bool:
        return True

    @property
    def locked(self) -> bool:
        return self.record.locked

    @property
    def active_lock_reason(self) -> str | None:
        """Why it is locked. The store has REST's words, as in `too heated`."""
        reason = self.record.lock_reason
        return reason.upper().replace(" ", "_").replace("-", "_") if reason else None

    # -- branches ------------------------------------------------------------------------------------------------------

    @property
    def is_cross_repository(self) -> bool:
        return self.record.cross_repository

    @property
    def maintainer_can_modify(self) -> bool:
        return self.record.cross_repository and self.record.maintainer_can_modify

    @property
    def base_ref_name(self) -> str:
        return self.record.target_branch

    @property
    def base_ref_oid(self) -> str:
        return self.record.base

    @property
    def base_ref(self) -> Ref | None:
        return self.base_repository.ref(f"refs/heads/{self.record.target_branch}")

    @property
    def base_repository(self) -> Repository:
        return Repository(self.ask, self.record.repository)

    @property
    def head_ref_name(self) -> str:
        return self.record.source_branch

    @property
    def head_ref_oid(self) -> str:
        return self.record.head

    @property
    def head_repository(self) -> Repository | None:
        return Repository(self.ask, self.record.source) if self.ask.sees(self.record.source) else None

    @property
    def head_repository_owner(self) -> Account | None:
        return None if self.record.source.deleted else actor(self.ask, self.record.source.owner)

    @property
    def head_ref(self) -> Ref | None:
        home = self.head_repository
        return home.ref(f"refs/heads/{self.record.source_branch}") if home else None

    # -- what it changes -----------------------------------------------------------------------------------------------

    @property
    def _files(self) -> Sequence[FileDiff]:
        return self.ask.store.pulls.files(self.record)

    @property
    def additions(self) -> int:
        return sum(file.additions for file in self._files)

    @property
    def deletions(self) -> int:
        return sum(file.deletions for file in self._files)

    @property
    def changed_files(self) -> int:
        return len(self._files)

    def files(self) -> list[PullRequestChangedFile]:
        """The changed files, in the order of their paths."""
        return [PullRequestChangedFile(self.ask, self.record, file) for file in self._files]

    def commits(self) -> list[PullRequestCommit]:
        """The commits, oldest first."""
        commits = self.ask.store.pulls.commits(self.record)
        return [PullRequestCommit(self.ask, self.record, commit) for commit in commits]

    @property
    def status_check_rollup(self) -> StatusCheckRollup | None:
        return StatusCheckRollup.of(self.ask, self.record.repository, self.record.head)

    # -- people, labels ------------------------------------------------------------------------------------------------

    def assignees(self) -> list[User]:
        """Who is assigned; bots are no `User`s."""
        return [found for user in self.record.assignees if (found := person(self.ask, user))]

    def participants(self) -> list[User]:
        """Who took part."""
        everyone = self.ask.store.pulls.participants(self.record)
        return [found for user in everyone if (found := person(self.ask, user))]

    def labels(self, order_by: dict[str, str] | None = None) -> list[Label]:
        """Its labels."""
        return [Label(self.ask, self.record.repository, label) for label in in_order(self.record.labels, order_by)]

    @property
    def milestone(self) -> Milestone | None:
        found = self.record.milestone
        return Milestone(self.ask, self.record.repository, found) if found else None

    # -- conversation --------------------------------------------------------------------------------------------------

    @property
    def _reviews(self) -> list[records.Review]:
        return self.ask.store.reviews.visible(self.record, self.ask.viewer)

    @property
    def _threads(self) -> list[records.Thread]:
        return self.ask.store.threads.visible(self.record, self.ask.viewer)

    def comments(self, order_by: dict[str, str] | None = None) -> list[IssueComment]:
        """The comments on the whole, oldest first unless ordered otherwise."""
        return [IssueComment(self.ask, comment) for comment in in_order(self.record.comments, order_by)]

    def review_threads(self) -> list[PullRequestReviewThread]:
        """The inline threads that the viewer sees, oldest first."""
        return [PullRequestReviewThread(self.ask, thread) for thread in self._threads]

    @property
    def total_comments_count(self) -> int:
        inline = sum(len(self.ask.visible_comments(thread)) for thread in self._threads)
        return len(self.record.comments) + inline

    def reviews(self, states: list[str] | None = None, author: str | None = None) -> list[PullRequestReview]:
        """The reviews that the viewer sees, oldest first."""
        chosen = [
            review
            for review in self._reviews
            if (not states or review.state in states)
            and (author is None or review.author.handle.lower() == author.lower())
        ]
        return [PullRequestReview(self.ask, review) for review in chosen]

    def latest_reviews(self) -> list[PullRequestReview]:
        """Each person's newest review, without those of people who are asked again."""
        newest = latest(self._reviews, (*OPINIONS, "COMMENTED"))
        return [PullRequestReview(self.ask, r) for r in newest if r.author not in self.record.requested_reviewers]

    def latest_opinionated_reviews(self, writers_only: bool | None = None) -> list[PullRequestReview]:
        """Each person's newest verdict: comments neither count nor clear one."""
        least = records.Role.WRITE if writers_only else records.Role.NONE
        role = self.ask.store.people.role
        chosen = [r for r in latest(self._reviews, OPINIONS) if role(r.author, self.record.repository) >= least]
        return [PullRequestReview(self.ask, review) for review in chosen]

    @property
    def viewer_latest_review(self) -> PullRequestReview | None:
        mine = [review for review in self._reviews if review.author is self.ask.viewer]
        return PullRequestReview(self.ask, mine[-1]) if mine else None

    @property
    def viewer_latest_review_request(self) -> ReviewRequest | None:
        asked = self.ask.viewer in self.record.requested_reviewers
        return ReviewRequest(self.ask, self.record, self.ask.viewer) if asked else None

    def review_requests(self) -> list[ReviewRequest]:
        """Who is asked for a review and has not given one since."""
        asked: list[records.User | records.Team] = [*self.record.requested_reviewers, *self.record.requested_teams]
        return [ReviewRequest(self.ask, self.record, who) for who in asked]

    def timeline_items(
        self,
        item_types: list[str] | None = None,
        since: str | None = None,
        skip: int | None = None,
    ) -> Sequence[Any]:
        """What happened, oldest first."""
        return timeline_of(self, item_types, datetime.fromisoformat(since) if since else None)[skip or 0 :]
