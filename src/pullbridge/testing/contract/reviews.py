"""Reviews: a verdict with its comments, and who was asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import pullbridge
from pullbridge import Anchor, Can, DraftComment, OutcomeStatus, Pull, Repository, ReviewState, Verdict
from pullbridge.testing.contract.scene import EDGE, Scene, SceneContract, needs


class ReviewsContract(SceneContract):
    """Reviews and reviewers."""

    def test_a_review_has_an_outcome_for_each_comment(self, scene: Scene, grace: Repository, pull: Pull) -> None:
        """In order; one that has no place does not keep the others back."""
        needs(grace, Can.COMMENT_INLINE)
        here = Anchor.line(EDGE, 20, commit=scene.head)
        drafts = [
            DraftComment("one", at=here),
            DraftComment("two", at=Anchor.line("no/such", 1)),
            DraftComment("three"),
        ]
        receipt = grace.reviews.submit(pull, Verdict.COMMENT, "Three things.", drafts, expect_head=scene.head)
        assert [outcome.status for outcome in receipt.outcomes] == [
            OutcomeStatus.POSTED,
            OutcomeStatus.UNPLACEABLE,
            OutcomeStatus.POSTED,
        ]
        assert [outcome.draft for outcome in receipt.outcomes] == drafts
        assert receipt.verdict.status is OutcomeStatus.POSTED
        assert not receipt.complete
        with pytest.raises(pullbridge.Unplaceable):
            receipt.raise_if_incomplete()
        assert pullbridge.ReviewReceipt.from_json(receipt.to_json()).outcomes[0] == receipt.outcomes[0]
        posted = {comment.body for thread in grace.threads.list(pull) for comment in thread.comments}
        assert posted >= {"one", "three"}

    @pytest.mark.parametrize(
        ("verdict", "ability", "state"),
        [
            (Verdict.APPROVE, Can.APPROVE, ReviewState.APPROVED),
            (Verdict.REQUEST_CHANGES, Can.REQUEST_CHANGES, ReviewState.CHANGES_REQUESTED),
        ],
    )
    def test_a_verdict_is_seen(
        self, ada: Repository, grace: Repository, pull: Pull, verdict: Verdict, ability: Can, state: ReviewState
    ) -> None:
        """By the author, in the reviews and beside the reviewer's name."""
        needs(grace, ability)
        assert grace.reviews.submit(pull, verdict, "My verdict.").complete
        assert [(each.author.handle, each.state) for each in ada.reviews.list(pull)] == [("grace", state)]
        assert {(each.person.handle, each.state) for each in ada.reviewers.list(pull)} == {("grace", state)}

    def test_a_review_of_an_older_head_is_stale(self, scene: Scene, grace: Repository, pull: Pull) -> None:
        """Nothing of it is posted, and both commits are named."""
        seen = scene.head
        scene.app.commit("fix/edge", {"new.txt": "newer\n"})
        with pytest.raises(pullbridge.Stale) as caught:
            grace.reviews.submit(pull, Verdict.APPROVE, "Good.", expect_head=seen)
        assert (caught.value.expected, caught.value.found) == (seen, scene.head)
        assert caught.value.receipt is not None
        assert grace.reviews.list(pull) == ()

    def test_what_says_nothing_is_refused_before(self, scene: Scene, grace: Repository, pull: Pull) -> None:
        """An empty review, a request for changes without a text, an empty comment: no request is wasted on them."""
        grace.reviews.list(pull)
        calls: list[Callable[[], object]] = [
            lambda: grace.reviews.submit(pull, Verdict.COMMENT),
            lambda: grace.reviews.submit(pull, Verdict.REQUEST_CHANGES, " "),
            lambda: grace.threads.start(pull, " "),
        ]
        for call in calls:
            scene.refused(call, pullbridge.Rejected, pullbridge.Unsupported)

    def test_reviewers(self, ada: Repository, grace: Repository, pull: Pull) -> None:
        """Asked, and no longer asked; both may be repeated."""
        needs(ada, Can.REVIEWERS)
        assert grace.ref == ada.ref
        asked = [{each.person.handle for each in ada.reviewers.request(pull, ["grace"])} for _ in range(2)]
        assert asked == [{"grace"}, {"grace"}]
        assert ada.reviewers.list(pull)[0].state is ReviewState.REQUESTED
        assert [ada.reviewers.remove(pull, ["grace"]) for _ in range(2)] == [(), ()]
