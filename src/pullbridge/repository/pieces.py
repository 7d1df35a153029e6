"""A review on a host that takes it piece by piece: the comments and the text all at once, and then the verdict.

Each piece is confirmed by itself, so that whatever breaks in between, the receipt says which of them are up.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import partial

from pullbridge.errors import BridgeError, Cancelled, RateLimited
from pullbridge.model.orders import ReviewOrder
from pullbridge.model.reviews import DraftComment, Outcome, OutcomeStatus, Review, ReviewState, Verdict
from pullbridge.model.threads import Comment, Thread
from pullbridge.repository.confirm import UNSURE, Since, Unsure, confirmed, matching, one_of, settled
from pullbridge.repository.newest import Watch
from pullbridge.repository.submission import Item, Submission
from pullbridge.repository.threads import is_there
from pullbridge.repository.verb import Session
from pullbridge.transport.fanout import kept

_STATES = {Verdict.APPROVE: ReviewState.APPROVED, Verdict.REQUEST_CHANGES: ReviewState.CHANGES_REQUESTED}


def post(session: Session, sub: Submission, commit: str | None, *, include_pending: bool) -> None:
    """Post what is not up yet. `commit` is what the verdict is about, where it is known.

    The verdict stays away when a comment could not be tried, so that whoever goes on later gives it with all of them.
    Raises what kept a piece from being tried.
    """
    if include_pending:
        _publish(session, sub, commit)
    _together(session, sub)
    left = (item.outcome.error for item in sub.items if item.outcome is not None)
    for error in left:
        if error is not None and (error.retryable or isinstance(error, Cancelled)):
            raise error
    if sub.verdict is Verdict.COMMENT:
        sub.settle_without_words()
    elif not sub.decided:
        _judge(session, sub, commit)


def post_one(session: Session, number: int, draft: DraftComment) -> Comment:
    """Post one comment, or answer; raises as `confirmed` does."""
    comment = confirmed(
        lambda: _send(session, number, draft),
        lambda since: _look(session, number, draft, since),
        host_now=session.port.host_now,
        operation="the comment",
        payload=draft.body,
    )
    session.memory.wrote(number, comment.id)
    return comment


def _publish(session: Session, sub: Submission, commit: str | None) -> None:
    """My pending drafts and these comments, published together; with the text and the verdict, where the host can."""
    open_ = sub.open
    order = ReviewOrder(
        verdict=Verdict.COMMENT if sub.decided else sub.verdict,
        body="" if sub.said or sub.decided else sub.body,
        comments=tuple(item.ready or item.draft for item in open_),
        commit=commit,
        include_pending=True,
    )
    posted = session.port.reviews.submit(sub.pull.number, order)
    for item, result in zip(open_, posted.comments, strict=True):
        item.take(result)
        if isinstance(result, Comment):
            session.memory.wrote(sub.pull.number, result.id)
    silent = sub.verdict is Verdict.COMMENT and not sub.body.strip()
    if silent or (posted.whole and not sub.decided):
        sub.review, sub.judged = posted.review, Outcome(draft=None, status=OutcomeStatus.POSTED)
        sub.commit = sub.commit or posted.head
    sub.said = sub.said or posted.whole
    sub.tell()


def _together(session: Session, sub: Submission) -> None:
    """The comments and the text, all in flight at once; those whose answer was lost are looked up afterwards.

    Once the host says that it has had enough, what is not in flight yet stays here.
    """
    number, open_ = sub.pull.number, sub.open
    since = Since.now(session.port.host_now)
    text = sub.body.strip() and not sub.said and not sub.decided
    limits: list[RateLimited] = []
    thunks: list[Callable[[], Comment | Review | BridgeError]] = [
        _told(partial(_send, session, number, item.ready or item.draft), limits) for item in open_
    ]
    thunks += [_told(lambda: _say(session, sub), limits)] if text else []
    watch = Watch(session, number, [(item.ready or item.draft).at for item in open_])
    results = kept(lambda *each: watch.beside(each), thunks) if thunks else []
    for result in results:
        if isinstance(result, (Comment, Review)):
            session.memory.wrote(number, result.id)
    for item, result in zip(open_, results, strict=False):
        _settle(session, number, item, result, since)
        _keep(session, number, item, watch)
    if text:
        _settle_text(session, sub, results[-1], since)
    sub.tell()


def _told(
    send: Callable[[], Comment | Review], limits: list[RateLimited]
) -> Callable[[], Comment | Review | BridgeError]:
    """An error as a result, so that it does not keep the others from being sent; only a limit is theirs, too."""

    def attempt() -> Comment | Review | BridgeError:
        if limits:
            return copy(limits[0])
        try:
            return send()
        except RateLimited as limit:
            limits.append(limit)
            return limit
        except BridgeError as error:
            return error

    return attempt


def _settle(session: Session, number: int, item: Item, result: Comment | Review | BridgeError, since: Since) -> None:
    draft = item.ready or item.draft
    try:
        if isinstance(result, BridgeError):
            result = settled(
                result,
                lambda: _send(session, number, draft),
                lambda since: _look(session, number, draft, since),
                since,
                operation="the comment",
                payload=draft.body,
            )
            session.memory.wrote(number, result.id)
    except BridgeError as error:
        item.take(error)
    else:
        if isinstance(result, Comment):
            item.take(result)


def _keep(session: Session, number: int, item: Item, watch: Watch) -> None:
    """What hangs on other lines than it was meant for, because somebody pushed meanwhile, goes where these are now."""
    draft, comment = item.ready or item.draft, item.outcome.comment if item.outcome is not None else None
    if draft.at is None or comment is None:
        return
    try:
        moved = watch.kept(draft.at, comment.id, lambda at: post_one(session, number, replace(draft, at=at)))
    except BridgeError as error:
        item.take(error)
        return
    if moved is not None:
        item.carried = True
        item.take(moved.comments[0] if isinstance(moved, Thread) else moved)


def _settle_text(session: Session, sub: Submission, result: Comment | Review | BridgeError, since: Since) -> None:
    """The text is up, or the verdict ends with what kept it from being so."""
    try:
        if isinstance(result, BridgeError):
            result = settled(
                result,
                lambda: _say(session, sub),
                lambda since: _look_for_text(session, sub, since),
                since,
                operation="the review's text",
                payload=sub.body,
            )
            session.memory.wrote(sub.pull.number, result.id)
    except BridgeError as error:
        if not sub.anything_up or error.retryable or isinstance(error, Cancelled):
            raise
        sub.judge(error)
    else:
        sub.said = sub.told = True
        if sub.verdict is Verdict.COMMENT and isinstance(result, Review):
            sub.review, sub.judged = result, Outcome(draft=None, status=OutcomeStatus.POSTED)


def _send(session: Session, number: int, draft: DraftComment) -> Comment:
    if draft.reply_to is not None:
        return session.port.threads.reply(number, draft.reply_to, draft.body)
    return session.port.threads.start(number, draft.body, draft.at).comments[0]


def _look(session: Session, number: int, draft: DraftComment, since: Since) -> Comment | Unsure | None:
    said = [c for t in session.port.threads.list(number) for c in t.comments if is_there(draft, t, c)]
    known = session.memory.of(number).comments
    return one_of(matching([(c, c.mine, c.created_at, c.id) for c in said], since, known))


def _say(session: Session, sub: Submission) -> Review:
    """The text as a review of its own."""
    order = ReviewOrder(verdict=Verdict.COMMENT, body=sub.body)
    review = session.port.reviews.submit(sub.pull.number, order).review
    if review is None:
        raise LookupError("a review of a text alone is a review")
    return review


def _look_for_text(session: Session, sub: Submission, since: Since) -> Review | Unsure | None:
    """The text where such hosts keep it: as a comment on the whole, which has the review's id."""
    found = _look(session, sub.pull.number, DraftComment(sub.body), since)
    if not isinstance(found, Comment):
        return found
    return Review(
        id=found.id,
        author=found.author,
        state=ReviewState.COMMENTED,
        body=found.body,
        submitted_at=found.created_at,
        url=found.url,
        mine=found.mine,
    )


def _judge(session: Session, sub: Submission, commit: str | None) -> None:
    """The verdict alone. It is a state: that it stands is all there is to find out, and to set it again does no harm."""
    order = ReviewOrder(verdict=sub.verdict, commit=commit)
    try:
        review, head = confirmed(
            lambda: _given(session, sub.pull.number, order),
            lambda _: _stands(session, sub.pull.number, _STATES[sub.verdict]),
            host_now=session.port.host_now,
            operation="the verdict",
            payload=sub.verdict.value,
        )
    except BridgeError as error:
        if not sub.anything_up:
            raise
        sub.judge(error)
        return
    sub.review, sub.commit = replace(review, body=review.body or sub.body), commit or head
    sub.judged = Outcome(draft=None, status=OutcomeStatus.POSTED)


def _given(session: Session, number: int, order: ReviewOrder) -> tuple[Review, str | None]:
    posted = session.port.reviews.submit(number, order)
    if posted.review is None:
        raise LookupError("a verdict is a review")
    return posted.review, posted.head


def _stands(session: Session, number: int, state: ReviewState) -> tuple[Review, str | None] | Unsure | None:
    alike = [review for review in session.port.reviews.list(number) if review.state is state]
    mine = [review for review in alike if review.mine]
    if mine:
        return mine[-1], mine[-1].commit
    return UNSURE if any(review.mine is None for review in alike) else None
