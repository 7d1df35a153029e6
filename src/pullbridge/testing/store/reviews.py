"""Reviews: pending, submitted, dismissed; and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pullbridge.testing.store.records import Place, PullRequest, Review, ReviewState, Role, User
from pullbridge.testing.store.refusals import Refused, Why

if TYPE_CHECKING:
    from pullbridge.testing.store import Store

#: What a review is submitted as, and the state it gets.
ReviewEvent = Literal["COMMENT", "APPROVE", "REQUEST_CHANGES"]
_STATE: dict[ReviewEvent, ReviewState] = {
    "COMMENT": "COMMENTED",
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
}
Decision = Literal["APPROVED", "CHANGES_REQUESTED", "REVIEW_REQUIRED"]


class Reviews:
    """All reviews of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pending(self, pull: PullRequest, user: User | None) -> Review | None:
        """A user's pending review of a pull request, or `None`. There is at most one."""
        return next((review for review in pull.reviews if review.pending and review.author is user), None)

    def visible(self, pull: PullRequest, viewer: User | None) -> list[Review]:
        """The reviews a viewer sees: all but other people's pending ones."""
        return [review for review in pull.reviews if not review.pending or review.author is viewer]

    def create(
        self,
        pull: PullRequest,
        author: User,
        *,
        event: ReviewEvent | None = None,
        body: str = "",
        commit: str | None = None,
        comments: Sequence[tuple[Place, str]] = (),
    ) -> Review:
        """Write a review with inline comments, pending without an `event`. All of it is checked first, or none is kept."""
        if self.pending(pull, author) is not None:
            raise Refused(Why.PENDING_EXISTS)
        if event is not None:
            self._may_submit(pull, author, event, body, bool(comments))
        for place, text in comments:
            if not text.strip():
                raise Refused(Why.BODY_MISSING)
            self._store.threads.check(pull, place, commit)
        review = self._make(pull, author, commit or pull.head, body)
        for place, text in comments:
            self._store.threads.start(pull, author, place, text, commit=commit, review=review)
        if event is not None:
            self._publish(review, event)
        return review

    def single(self, pull: PullRequest, author: User, commit: str) -> Review:
        """The review that a lone published comment gets; `Refused` while the author has a pending one."""
        if self.pending(pull, author) is not None:
            raise Refused(Why.PENDING_EXISTS)
        review = self._make(pull, author, commit, "")
        review.state, review.submitted_at = "COMMENTED", review.created_at
        return review

    def say(self, pull: PullRequest, author: User, verdict: ReviewState) -> Review:
        """Record a verdict as the author's newest, without any rule of who may; they stay a requested reviewer."""
        review = self._make(pull, author, pull.head, "")
        review.state, review.submitted_at = verdict, review.created_at
        self._store.pulls.touch(pull)
        self._store.merging.retry_auto_merge(pull)
        return review

    def _make(self, pull: PullRequest, author: User, commit: str, body: str) -> Review:
        now = self._store.now()
        review = Review(
            id=self._store.next_id(),
            pull=pull,
            author=author,
            state="PENDING",
            commit=commit,
            created_at=now,
            updated_at=now,
            body=body,
        )
        pull.reviews.append(self._store.keep(review))
        return review

    def submit(self, review: Review, event: ReviewEvent, body: str | None = None) -> None:
        """Publish a pending review, with its comments."""
        if not review.pending:
            raise Refused(Why.NOT_PENDING)
        text = review.body if body is None else body
        self._may_submit(review.pull, review.author, event, text, bool(review.comments))
        review.body = text
        self._publish(review, event)

    @staticmethod
    def _may_submit(pull: PullRequest, author: User, event: ReviewEvent, body: str, commented: bool) -> None:
        if event != "COMMENT" and pull.author is author:
            raise Refused(Why.OWN_PULL, event=event)
        if event != "APPROVE" and not body.strip() and not (commented and event == "COMMENT"):
            raise Refused(Why.BODY_MISSING, event=event)

    def _publish(self, review: Review, event: ReviewEvent) -> None:
        review.state, review.submitted_at = _STATE[event], self._store.now()
        review.updated_at = review.submitted_at
        pull = review.pull
        if review.author in pull.requested_reviewers:
            pull.requested_reviewers.remove(review.author)
        self._store.pulls.touch(pull)
        self._store.merging.retry_auto_merge(pull)

    def edit(self, review: Review, body: str) -> None:
        """Replace a review's own text."""
        review.body, review.updated_at = body, self._store.now()

    def delete(self, review: Review) -> None:
        """Discard a pending review with its comments."""
        if not review.pending:
            raise Refused(Why.NOT_PENDING)
        for comment in review.comments:
            self._store.threads.delete(comment)
        review.pull.reviews.remove(review)
        self._store.forget(review)

    def dismiss(self, review: Review, actor: User, message: str) -> None:
        """Take the force out of an approval or a request for changes."""
        if review.state not in {"APPROVED", "CHANGES_REQUESTED"}:
            raise Refused(Why.NOT_DISMISSABLE, state=review.state)
        before, review.state = review.state, "DISMISSED"
        pulls = self._store.pulls
        pulls.record(review.pull, "review_dismissed", actor, review=review, before=before, message=message)
        self._store.merging.retry_auto_merge(review.pull)

    def verdicts(self, pull: PullRequest) -> dict[User, Review]:
        """Each person's standing: their newest review that is more than a comment."""
        said = [review for review in pull.reviews if review.state in {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}]
        return {review.author: review for review in sorted(said, key=lambda review: (review.submitted_at, review.id))}

    def decision(self, pull: PullRequest) -> Decision | None:
        """What the target's rule makes of the verdicts; `None` without a rule. Only those who may write count."""
        protection = pull.repository.protections.get(pull.target_branch)
        if protection is None or not protection.reviews:
            return None
        role = self._store.people.role
        states = [r.state for user, r in self.verdicts(pull).items() if role(user, pull.repository) >= Role.WRITE]
        if "CHANGES_REQUESTED" in states:
            return "CHANGES_REQUESTED"
        return "APPROVED" if states.count("APPROVED") >= protection.reviews else "REVIEW_REQUIRED"
