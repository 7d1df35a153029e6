"""`repo.reviews`: a verdict and its comments, posted together where the host can, with an outcome for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pullbridge.capabilities import Can
from pullbridge.errors import BridgeError, Rejected, Stale, Unconfirmed, Unplaceable
from pullbridge.model.refs import PullRef, same_commit
from pullbridge.model.reviews import (
    DONE,
    DraftComment,
    Outcome,
    OutcomeStatus,
    Review,
    ReviewReceipt,
    ReviewState,
    Verdict,
)
from pullbridge.model.threads import Comment, CommentState, Thread
from pullbridge.ports import PostedReview, ReviewOrder
from pullbridge.repository import placing
from pullbridge.repository.confirm import UNSURE, Since, Unsure, confirmed, matching, one_of
from pullbridge.repository.drafts import Drafts
from pullbridge.repository.placing import OnMoved
from pullbridge.repository.threads import finer, is_same, same_text, seen_threads, written
from pullbridge.repository.verb import PullLike, reads, writes

#: Called with how many drafts are settled, and how many there are.
Progress = Callable[[int, int], None]

_STATES = {
    Verdict.APPROVE: ReviewState.APPROVED,
    Verdict.REQUEST_CHANGES: ReviewState.CHANGES_REQUESTED,
    Verdict.COMMENT: ReviewState.COMMENTED,
}
_NEEDS = {Verdict.APPROVE: Can.APPROVE, Verdict.REQUEST_CHANGES: Can.REQUEST_CHANGES, Verdict.COMMENT: Can.COMMENT}


@dataclass(slots=True)
class _Item:
    """A draft on its way: where it will go, and what has become of it."""

    draft: DraftComment
    ready: DraftComment | None = None
    carried: bool = False
    outcome: Outcome | None = None

    def settle(self, status: OutcomeStatus, comment: Comment | None = None, error: BridgeError | None = None) -> None:
        if error is not None:
            error.text = error.text or self.draft.body
        self.outcome = Outcome(draft=self.draft, status=status, comment=comment, error=error)

    def take(self, result: Comment | BridgeError) -> None:
        if isinstance(result, BridgeError):
            self.settle(_refused(result), error=result)
        else:
            self.settle(OutcomeStatus.CARRIED if self.carried else OutcomeStatus.POSTED, comment=result)


@dataclass(slots=True)
class _Submission:
    """One review on its way."""

    pull: PullRef
    verdict: Verdict
    body: str
    items: list[_Item] = field(default_factory=list)
    commit: str | None = None
    review: Review | None = None
    judged: Outcome = field(default_factory=lambda: Outcome(draft=None, status=OutcomeStatus.NOT_TRIED))

    @property
    def open(self) -> list[_Item]:
        return [item for item in self.items if item.outcome is None]

    def receipt(self) -> ReviewReceipt:
        outcomes = tuple(
            item.outcome or Outcome(draft=item.draft, status=OutcomeStatus.NOT_TRIED) for item in self.items
        )
        return ReviewReceipt(
            pull=self.pull,
            wanted=self.verdict,
            body=self.body,
            outcomes=outcomes,
            verdict=self.judged,
            review=self.review,
            commit=self.commit,
        )

    def fail(self, error: BridgeError) -> BridgeError:
        """Nothing is up: the error carries the texts."""
        error.text = error.text or self.body or next((item.draft.body for item in self.items), None)
        error.receipt = self.receipt()
        return error


class Reviews(Drafts):
    """Verdicts with their comments. A pull request is given as its number, its `Pull` or its `PullRef`."""

    __slots__ = ()

    @reads(Can.READ)
    def list(self, n: PullLike) -> tuple[Review, ...]:
        """List all reviews, oldest first, my own pending one with them."""
        return self._port.reviews.list(self._session.number(n))

    @writes(Can.COMMENT)
    def submit(
        self,
        n: PullLike,
        verdict: Verdict,
        body: str = "",
        comments: Sequence[DraftComment] = (),
        expect_head: str | None = None,
        on_moved: str | OnMoved | None = None,
        include_pending: bool = False,
        skip_existing: bool = False,
        on_progress: Progress | None = None,
    ) -> ReviewReceipt:
        """Post a verdict with its comments; the receipt has one outcome for each, in order.

        `expect_head` is the commit that was looked at: the review is refused (`Stale`) when the head is another one.
        `on_moved` says what becomes of anchors made at an older head: `"there"`, `"carry"`, `"refuse"`; by default there,
        else carried. A comment that has no place in the diff is `UNPLACEABLE` and does not keep the others back.
        `skip_existing` makes a re-run safe. Drafts pending elsewhere are only published with `include_pending`.

        Returns once anything was posted; raises only when nothing was, with all texts in the error's `receipt`: `Rejected`
        for a review that says nothing, `Stale`, `Unconfirmed`, and what any write raises.
        """
        sub = self._begun(n, verdict, body, comments)
        try:
            self._checked(sub, include_pending)
            self._guarded(sub, expect_head)
            self._placed(sub, OnMoved(on_moved) if on_moved is not None else None)
            if skip_existing:
                self._skipped(sub)
            self._posted(sub, include_pending)
        except BridgeError as error:
            if not _anything_up(sub):
                raise sub.fail(error) from error.__cause__
            _note(sub, error)
        if on_progress is not None:
            on_progress(len(sub.items), len(sub.items))
        return _returned(sub)

    @writes(Can.COMMENT)
    def resume(self, receipt: ReviewReceipt) -> ReviewReceipt:
        """Go on where a receipt left off: post what is not up, and nothing twice. Outcomes stay in their order."""
        left = [outcome for outcome in receipt.outcomes if outcome.status not in DONE]
        drafts = [outcome.draft for outcome in left if outcome.draft is not None]
        judged = receipt.verdict.status in DONE
        if judged and not drafts:
            return receipt
        again = self.submit(
            receipt.pull,
            Verdict.COMMENT if judged else receipt.wanted,
            body="" if judged else receipt.body,
            comments=drafts,
            expect_head=None if judged else receipt.commit,
            skip_existing=True,
        )
        fresh = iter(again.outcomes)
        outcomes = tuple(old if old.status in DONE else next(fresh) for old in receipt.outcomes)
        verdict = receipt.verdict if judged else again.verdict
        return replace(again, wanted=receipt.wanted, body=receipt.body, outcomes=outcomes, verdict=verdict)

    def _begun(self, n: PullLike, verdict: Verdict, body: str, comments: Sequence[DraftComment]) -> _Submission:
        ref = PullRef(repository=self._session.ref, number=self._session.number(n))
        return _Submission(pull=ref, verdict=Verdict(verdict), body=body, items=[_Item(each) for each in comments])

    def _checked(self, sub: _Submission, include_pending: bool) -> None:
        """Refuse what every host refuses, before anything is sent."""
        self._session.require(_NEEDS[sub.verdict], *((Can.PENDING_REVIEW,) if include_pending else ()))
        for item in sub.items:
            written(item.draft.body)
        if sub.verdict is Verdict.REQUEST_CHANGES and not sub.body.strip():
            raise Rejected("A request for changes needs a text that says which.", problems=("the body is empty",))
        if sub.verdict is Verdict.COMMENT and not (sub.body.strip() or sub.items or include_pending):
            raise Rejected("A review that only comments needs a text or a comment.", problems=("there is no text",))

    def _guarded(self, sub: _Submission, expect_head: str | None) -> None:
        """Read the head once, where the caller says which one was looked at. The review is bound to that commit."""
        if expect_head is None:
            return
        pull = self._port.pulls.get(sub.pull.number)
        self._session.memory.saw(sub.pull.number, pull=pull)
        if not same_commit(pull.source.commit, expect_head):
            text = "The source branch has moved since you looked."
            raise Stale(text, expected=expect_head, found=pull.source.commit, host=self._session.ref.host)
        sub.commit = pull.source.commit

    def _placed(self, sub: _Submission, on_moved: OnMoved | None) -> None:
        for item in sub.open:
            at = item.draft.at
            try:
                if at is None:
                    item.ready = item.draft
                    continue
                self._session.require(Can.COMMENT_INLINE, *finer(at))
                placed = placing.placed(self._session, sub.pull.number, at, on_moved)
                item.ready, item.carried = replace(item.draft, at=placed.anchor), placed.carried
            except Stale:
                raise
            except BridgeError as error:
                if error.retryable:
                    raise
                item.settle(_refused(error), error=error)

    def _skipped(self, sub: _Submission) -> None:
        threads = seen_threads(self._session, sub.pull.number)
        mine = {c.id: (t, c) for t in threads for c in t.comments if c.mine and c.state is CommentState.PUBLISHED}
        for item in sub.open:
            hit = next((key for key, (t, c) in mine.items() if _is_there(item.ready or item.draft, t, c)), None)
            if hit is not None:
                item.settle(OutcomeStatus.ALREADY_THERE, comment=mine.pop(hit)[1])
        silent = sub.verdict is Verdict.COMMENT and not sub.body.strip() and not sub.open and bool(sub.items)
        earlier = None if silent else self._earlier(sub)
        if silent or earlier is not None:
            sub.review = earlier
            sub.judged = Outcome(draft=None, status=OutcomeStatus.ALREADY_THERE)

    def _earlier(self, sub: _Submission) -> Review | None:
        """My review with the same verdict and text, of this commit, when nothing is left to post with it."""
        if sub.open:
            return None
        said = (review for review in self._port.reviews.list(sub.pull.number) if review.mine)
        commit = sub.commit
        return next(
            (
                review
                for review in said
                if review.state is _STATES[sub.verdict]
                and same_text(review.body, sub.body)
                and (commit is None or same_commit(review.commit, commit))
            ),
            None,
        )

    def _posted(self, sub: _Submission, include_pending: bool) -> None:
        """The review with what belongs to its commit in one write, then what hangs elsewhere, one by one."""
        if sub.judged.status is not OutcomeStatus.NOT_TRIED:
            return
        commit = sub.commit or _commit_of(sub)
        inside = [item for item in sub.open if item.ready and _goes_along(item.ready, commit)]
        outside = [item for item in sub.open if item not in inside]
        if inside or include_pending or sub.body.strip() or sub.verdict is not Verdict.COMMENT:
            self._post_review(sub, inside, commit, include_pending)
        elif outside:
            # There is no verdict and no text: the comments are all there is.
            sub.judged = Outcome(draft=None, status=OutcomeStatus.POSTED)
        for item in outside:
            self._post_apart(sub, item)

    def _post_review(
        self, sub: _Submission, inside: Sequence[_Item], commit: str | None, include_pending: bool
    ) -> None:
        number, drafts = sub.pull.number, tuple(item.ready for item in inside if item.ready is not None)
        order = ReviewOrder(
            verdict=sub.verdict, body=sub.body, comments=drafts, commit=commit, include_pending=include_pending
        )
        known = self._session.memory.of(number).comments
        posted = confirmed(
            lambda: self._port.reviews.submit(number, order),
            lambda since: self._found(number, order, since, known),
            host_now=self._port.host_now,
            operation="the review",
            payload=sub.receipt(),
        )
        sub.review, sub.commit = posted.review, commit or posted.head
        sub.judged = Outcome(draft=None, status=OutcomeStatus.POSTED)
        for item, result in zip(inside, posted.comments, strict=True):
            item.take(result)
        self._session.memory.wrote(number, *(done.id for done in posted.comments if isinstance(done, Comment)))

    def _found(
        self, number: int, order: ReviewOrder, since: Since, known: frozenset[str] | None
    ) -> PostedReview | Unsure | None:
        """The review that a write with a lost answer made, with its comments."""
        alike = [
            review
            for review in self._port.reviews.list(number)
            if review.state is _STATES[order.verdict] and same_text(review.body, order.body)
        ]
        review = one_of(matching([(r, r.mine, r.submitted_at, r.id) for r in alike], since, known))
        if review is None or isinstance(review, Unsure):
            return review
        threads = self._port.threads.list(number)
        left = [(t, c) for t in threads for c in t.comments if c.review_id == review.id]
        results: list[Comment | BridgeError] = []
        for draft in order.comments:
            hit = next((pair for pair in left if _is_there(draft, *pair)), None)
            if hit is None:
                return UNSURE
            left.remove(hit)
            results.append(hit[1])
        return PostedReview(review=review, comments=tuple(results))

    def _post_apart(self, sub: _Submission, item: _Item) -> None:
        """A comment that cannot ride in the review: on another commit, or about the whole pull request."""
        draft = item.ready or item.draft
        try:
            thread = confirmed(
                lambda: self._port.threads.start(sub.pull.number, draft.body, draft.at),
                lambda since: one_of(
                    matching(
                        [
                            (t, t.comments[0].mine, t.comments[0].created_at, t.comments[0].id)
                            for t in self._port.threads.list(sub.pull.number)
                            if is_same(t, draft.body, draft.at)
                        ],
                        since,
                        self._session.memory.of(sub.pull.number).comments,
                    )
                ),
                host_now=self._port.host_now,
                operation="the comment",
                payload=draft.body,
            )
        except BridgeError as error:
            item.settle(_refused(error), error=error)
        else:
            self._session.memory.wrote(sub.pull.number, thread.comments[0].id)
            item.take(thread.comments[0])


def _commit_of(sub: _Submission) -> str | None:
    """The commit to review at: the one that most anchors name."""
    commits = [item.ready.at.commit for item in sub.open if item.ready and item.ready.at and item.ready.at.commit]
    return max(commits, key=commits.count) if commits else None


def _goes_along(draft: DraftComment, commit: str | None) -> bool:
    if draft.reply_to is not None:
        return True
    return draft.at is not None and (draft.at.commit is None or same_commit(draft.at.commit, commit))


def _is_there(draft: DraftComment, thread: Thread, comment: Comment) -> bool:
    """Whether this comment is that draft."""
    if not same_text(draft.body, comment.body):
        return False
    if draft.reply_to is not None:
        return thread.id == draft.reply_to
    return comment is thread.comments[0] and is_same(thread, draft.body, draft.at)


def _anything_up(sub: _Submission) -> bool:
    outcomes = [sub.judged, *(item.outcome for item in sub.items if item.outcome)]
    return any(outcome.status is OutcomeStatus.POSTED for outcome in outcomes)


def _note(sub: _Submission, error: BridgeError) -> None:
    """Something is up and the rest failed: every open draft gets the error as its outcome."""
    for item in sub.open:
        item.settle(_refused(error), error=error)
    if sub.judged.status is OutcomeStatus.NOT_TRIED:
        sub.judged = Outcome(draft=None, status=_refused(error), error=error)


def _returned(sub: _Submission) -> ReviewReceipt:
    """The receipt, unless nothing is up and nothing was there before: then the first refusal is raised."""
    receipt = sub.receipt()
    if any(outcome.status in DONE for outcome in (receipt.verdict, *receipt.outcomes)):
        return receipt
    refused = next((outcome.error for outcome in receipt.outcomes if outcome.error is not None), None)
    raise sub.fail(refused or Rejected("There was nothing to post."))


def _refused(error: BridgeError) -> OutcomeStatus:
    if isinstance(error, Unplaceable):
        return OutcomeStatus.UNPLACEABLE
    if isinstance(error, Unconfirmed) or error.maybe_done:
        return OutcomeStatus.UNCONFIRMED
    return OutcomeStatus.NOT_TRIED if error.retryable else OutcomeStatus.REJECTED
