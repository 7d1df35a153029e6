"""`repo.reviews`: a verdict and its comments, posted together where the host can, with an outcome for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pullbridge.capabilities import AnswerState, Can
from pullbridge.errors import BridgeError, Cancelled, Rejected, Stale, Unconfirmed
from pullbridge.model.orders import PostedReview, ReviewOrder
from pullbridge.model.people import Person
from pullbridge.model.refs import PullRef, same_commit
from pullbridge.model.reviews import (
    DONE,
    DraftComment,
    OnMoved,
    Outcome,
    OutcomeStatus,
    Review,
    ReviewReceipt,
    ReviewState,
    Verdict,
)
from pullbridge.model.threads import Comment, CommentState, Thread
from pullbridge.repository import pieces, placing
from pullbridge.repository.confirm import UNSURE, Since, Unsure, confirmed, matching, one_of
from pullbridge.repository.drafts import Drafts
from pullbridge.repository.submission import Item, Progress, Submission, refused
from pullbridge.repository.threads import finer, is_there, same_text, seen_threads
from pullbridge.repository.verb import PullLike, reads, writes

_STATES = {
    Verdict.APPROVE: ReviewState.APPROVED,
    Verdict.REQUEST_CHANGES: ReviewState.CHANGES_REQUESTED,
    Verdict.COMMENT: ReviewState.COMMENTED,
}
_OPINIONS = frozenset({ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED})
_NEEDS = {Verdict.APPROVE: Can.APPROVE, Verdict.REQUEST_CHANGES: Can.REQUEST_CHANGES, Verdict.COMMENT: Can.COMMENT}


Mine = dict[str, tuple[Thread, Comment]]


class Reviews(Drafts):
    """Verdicts with their comments. A pull request is given as its number, its `Pull` or its `PullRef`."""

    __slots__ = ()

    @reads(Can.READ)
    def list(self, n: PullLike) -> tuple[Review, ...]:
        """List all reviews, oldest first, my own pending one with them."""
        number = self._session.number(n)
        found = self._port.reviews.list(number)
        return (*found, self._begun_here()) if self._session.held.of(number) else found

    def _begun_here(self) -> Review:
        """The review that my drafts make up which wait in this process."""
        try:
            me = self._session.connection.host().viewer()
        except BridgeError:
            me = Person(id="", handle="")  # this credential is not told whose it is
        return Review(id="held", author=me, state=ReviewState.STARTED, mine=True)

    @writes()  # what it needs is asked for below, where the receipt is at hand that keeps every text
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
        `skip_existing` makes a re-run safe. What is pending is only published with `include_pending`; drafts that wait in
        this process have their outcomes behind those of `comments`, and wait on where they are not up.

        Returns once anything was posted; raises only when nothing was, with all texts in the error's `receipt`: `Rejected`
        for a review that says nothing, `Stale`, `Unconfirmed`, and what any write raises.
        """
        sub = self._begun(n, verdict, body, comments, on_progress)
        try:
            self._checked(sub, include_pending)
            moved = _on_moved(on_moved)
            if include_pending:
                self._with_held(sub)
            self._guarded(sub, expect_head)
            self._placed(sub, moved)
            if skip_existing:
                self._skipped(sub)
            else:
                self._looked_for(sub)
            self._posted(sub, include_pending and not self._waits_here)
        except BridgeError as error:
            if not sub.anything_up:
                failed = sub.fail(error)
                raise failed from failed.__cause__
            sub.note(error)
        finally:
            self._let_go(sub)
        sub.tell()
        return sub.returned()

    @writes(Can.COMMENT)
    def resume(self, receipt: ReviewReceipt) -> ReviewReceipt:
        """Go on where a receipt left off: post what is not up, and nothing twice. Outcomes stay in their order."""
        left = [outcome for outcome in receipt.outcomes if outcome.status not in DONE]
        drafts = [outcome.draft for outcome in left if outcome.draft is not None]
        judged = receipt.verdict.status in DONE
        if judged and not drafts:
            return receipt
        try:
            again = self.submit(
                receipt.pull,
                Verdict.COMMENT if judged else receipt.wanted,
                body="" if judged else receipt.body,
                comments=drafts,
                expect_head=None if judged else receipt.commit,
                skip_existing=True,
            )
        except BridgeError as error:
            error.receipt = _joined(receipt, error.receipt) if error.receipt is not None else receipt
            raise
        return _joined(receipt, again)

    def _begun(
        self, n: PullLike, verdict: Verdict, body: str, comments: Sequence[DraftComment], progress: Progress | None
    ) -> Submission:
        ref = PullRef(repository=self._session.ref, number=self._session.number(n))
        if not isinstance(verdict, Verdict):
            raise Rejected(f"{verdict!r} is no verdict.", problems=("not a Verdict",), next_step="Give a `Verdict`.")
        items = [Item(each) for each in comments]
        return Submission(pull=ref, verdict=verdict, body=body, items=items, progress=progress)

    def _checked(self, sub: Submission, include_pending: bool) -> None:
        """Refuse what every host refuses, before anything is sent."""
        self._session.require(Can.COMMENT, _NEEDS[sub.verdict], *((Can.PENDING_REVIEW,) if include_pending else ()))
        for number, item in enumerate(sub.items, 1):
            if not item.draft.body.strip():
                text = f"Comment {number} of {len(sub.items)} has no text."
                raise Rejected(text, problems=("the text is empty",), next_step="Give it one, or leave it out.")
        if sub.verdict is Verdict.REQUEST_CHANGES and not sub.body.strip():
            text, step = "A request for changes needs a text that says which.", "Give it a `body`."
            raise Rejected(text, problems=("the body is empty",), next_step=step)
        if sub.verdict is Verdict.COMMENT and not (sub.body.strip() or sub.items or include_pending):
            text, step = "A review that only comments needs a text or a comment.", "Give it a `body` or `comments`."
            raise Rejected(text, problems=("there is no text",), next_step=step)

    def _with_held(self, sub: Submission) -> None:
        """With the drafts that wait here; those among the comments are there already."""
        given = {item.draft.id for item in sub.items}
        sub.items += [Item(each) for each in self._session.held.of(sub.pull.number) if each.id not in given]

    def _looked_for(self, sub: Submission) -> None:
        """Drafts that waited here and may be up since they were last submitted are not posted again where they are."""
        doubtful = self._session.held.doubtful(sub.pull.number)
        again = [item for item in sub.open if item.draft.id in doubtful]
        if again:
            _settle_existing(again, self._mine(sub.pull.number))
            if sub.verdict is Verdict.COMMENT and not sub.body.strip() and not sub.open:
                sub.judged = Outcome(draft=None, status=OutcomeStatus.ALREADY_THERE)

    def _let_go(self, sub: Submission) -> None:
        """What is up waits here no more; what may be is looked for before it is posted again."""
        number, held = sub.pull.number, self._session.held
        ids = {item.draft.id: item.outcome.status for item in sub.items if item.draft.id and item.outcome is not None}
        held.drop(number, [identity for identity, status in ids.items() if status in DONE])
        held.doubt(number, [identity for identity, status in ids.items() if status is OutcomeStatus.UNCONFIRMED])

    def _guarded(self, sub: Submission, expect_head: str | None) -> None:
        """Read the head once, where the caller says which one was looked at. The review is bound to that commit."""
        if expect_head is None:
            return
        pull = self._port.pulls.get(sub.pull.number)
        self._session.memory.saw(sub.pull.number, pull=pull)
        if not same_commit(pull.source.commit, expect_head):
            text = "The source branch has moved since you looked."
            raise Stale(text, expected=expect_head, found=pull.source.commit, host=self._session.ref.host)
        sub.commit = pull.source.commit

    def _placed(self, sub: Submission, on_moved: OnMoved | None) -> None:
        if sub.commit is None:
            placing.catch_up(self._session, sub.pull.number, [item.draft.at for item in sub.open], on_moved)
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
                if error.retryable or isinstance(error, Cancelled):
                    raise
                item.settle(refused(error), error=error)

    def _skipped(self, sub: Submission) -> None:
        mine = self._mine(sub.pull.number)
        _settle_existing(sub.open, mine)
        general = [(t, c) for t, c in mine.values() if t.anchor is None and c is t.comments[0]]
        sub.said = self._in_pieces and bool(sub.body.strip()) and any(same_text(c.body, sub.body) for _, c in general)
        remark = sub.verdict is Verdict.COMMENT and sub.said
        silent = sub.verdict is Verdict.COMMENT and not sub.body.strip() and not sub.open and bool(sub.items)
        earlier = None if silent or remark else self._earlier(sub)
        if silent or remark or earlier is not None:
            sub.review = earlier
            sub.judged = Outcome(draft=None, status=OutcomeStatus.ALREADY_THERE)

    def _mine(self, number: int) -> Mine:
        """My comments that everybody sees, by their ids; and those that may be mine, where nobody knows who I am.

        Some access tokens are of no person: a run that is repeated with one must post nothing twice all the same.
        """
        shown = [(t, c) for t in seen_threads(self._session, number) for c in t.comments if c.mine is not False]
        return {c.id: (t, c) for t, c in shown if c.state is CommentState.PUBLISHED}

    def _earlier(self, sub: Submission) -> Review | None:
        """My standing review with the same verdict and text, of the commit to review, when nothing is left to post."""
        if sub.open:
            return None
        mine = [review for review in self._port.reviews.list(sub.pull.number) if review.mine]
        if sub.verdict is not Verdict.COMMENT:
            verdicts = [review for review in mine if review.state in _OPINIONS]
            mine = verdicts[-1:]
        alike = [r for r in mine if r.state is _STATES[sub.verdict] and (sub.said or same_text(r.body, sub.body))]
        if not alike:
            return None
        if self._in_pieces and alike[-1].commit is None:
            return alike[-1]  # such a host lets a verdict stand for as long as it counts
        commit = sub.commit or self._port.pulls.get(sub.pull.number).source.commit
        return next((review for review in alike if same_commit(review.commit, commit)), None)

    @property
    def _in_pieces(self) -> bool:
        return self._port.can[Can.BATCH_REVIEW].state is AnswerState.NO

    def _posted(self, sub: Submission, include_pending: bool) -> None:
        """The review with what belongs to its commit in one write, then what hangs elsewhere, one by one.

        Where the host has no such write, all of it goes up piece by piece.
        """
        commit = sub.commit or _commit_of(sub)
        if self._in_pieces:
            sub.tell()
            pieces.post(self._session, sub, commit, include_pending=include_pending)
            return
        if sub.decided:
            return
        inside = [item for item in sub.open if item.ready is not None and _goes_along(item.ready, commit)]
        outside = [item for item in sub.open if not any(item is each for each in inside)]
        if inside or include_pending or sub.body.strip() or sub.verdict is not Verdict.COMMENT:
            sub.tell()
            self._post_review(sub, inside, commit, include_pending)
        for item in outside:
            sub.tell()
            self._post_apart(sub, item)
        if sub.verdict is Verdict.COMMENT and not sub.body.strip() and not include_pending:
            sub.settle_without_words()

    def _post_review(self, sub: Submission, inside: Sequence[Item], commit: str | None, include_pending: bool) -> None:
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
        for item, result in zip(inside, posted.comments, strict=True):
            item.take(result)
        if posted.review is None:
            return
        sub.review, sub.commit = posted.review, commit or posted.head
        sub.judged = Outcome(draft=None, status=OutcomeStatus.POSTED)
        up = (done.id for done in posted.comments if isinstance(done, Comment))
        self._session.memory.wrote(number, posted.review.id, *up)

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
            hit = next((pair for pair in left if is_there(draft, *pair)), None)
            if hit is not None:
                left.remove(hit)
            results.append(hit[1] if hit is not None else _not_seen(draft))
        said = order.body.strip() or not order.comments or any(isinstance(each, Comment) for each in results)
        # A review without a text is known by its comments alone.
        return PostedReview(review=review, comments=tuple(results)) if said else UNSURE

    def _post_apart(self, sub: Submission, item: Item) -> None:
        """A comment that cannot ride in the review: on another commit, or about the whole pull request."""
        try:
            item.take(pieces.post_one(self._session, sub.pull.number, item.ready or item.draft))
        except BridgeError as error:
            item.take(error)


def _settle_existing(items: Sequence[Item], mine: Mine) -> None:
    """Say of those that are there already that they are; each of my comments is one of them at most."""
    for item in items:
        hit = next((key for key, (t, c) in mine.items() if is_there(item.ready or item.draft, t, c)), None)
        if hit is not None:
            item.settle(OutcomeStatus.ALREADY_THERE, comment=mine.pop(hit)[1])


def _commit_of(sub: Submission) -> str | None:
    """The commit to review at: the one that most anchors name."""
    commits = [item.ready.at.commit for item in sub.open if item.ready and item.ready.at and item.ready.at.commit]
    return max(commits, key=commits.count) if commits else None


def _goes_along(draft: DraftComment, commit: str | None) -> bool:
    if draft.reply_to is not None:
        return True
    return draft.at is not None and (draft.at.commit is None or same_commit(draft.at.commit, commit))


def _on_moved(chosen: str | OnMoved | None) -> OnMoved | None:
    try:
        return None if chosen is None else OnMoved(chosen)
    except ValueError:
        known = ", ".join(each.value for each in OnMoved)
        text, step = f"{chosen!r} is no way to treat anchors on an older head.", f"Choose one of {known}."
        raise Rejected(text, problems=(f"on_moved is one of {known}",), next_step=step) from None


def _not_seen(draft: DraftComment) -> Unconfirmed:
    """The review was found and this comment was not in it: dropped by the host, or not shown yet."""
    text = "The answer to the review was lost; it is up, but this comment was not found in it."
    error = Unconfirmed(text, operation="the comment", payload=draft.body)
    error.text = draft.body
    return error


def _joined(before: ReviewReceipt, again: ReviewReceipt) -> ReviewReceipt:
    """What was done before and what was done now, in the first order."""
    fresh = iter(again.outcomes)
    outcomes = tuple(old if old.status in DONE else next(fresh) for old in before.outcomes)
    if before.verdict.status in DONE:
        return replace(before, outcomes=outcomes)
    return replace(again, wanted=before.wanted, body=before.body, outcomes=outcomes)
