"""What is pending, published: the drafts, the text and the verdict in one call, which is done as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec

from pullbridge import errors
from pullbridge.errors import BridgeError
from pullbridge.hosts.bitbucket_dc import drafting, payloads, pending, threads, verdicts, whoami, wire
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import writing
from pullbridge.model.orders import PostedReview, ReviewOrder
from pullbridge.model.people import Person
from pullbridge.model.reviews import DraftComment, Review, ReviewState, Verdict
from pullbridge.model.threads import Comment, Thread
from pullbridge.transport.call import Repeat
from pullbridge.transport.fanout import kept

Kept = payloads.Comment | BridgeError


def publish(api: RepositoryApi, number: int, order: ReviewOrder) -> PostedReview:
    """Publish all my drafts, and the order's comments with them; those that are among the drafts are not added twice.

    Until they are published nobody else sees them; when that fails the drafts stay, and the error says so. Where nothing
    is pending there is nothing to finish: the text and the verdict have gone nowhere then (`whole` is false).
    """
    both: list[Callable[[], Any]] = [lambda: pending.mine(api, number), lambda: whoami.me(api.api)]
    before, me = api.api.gather(*both)
    kept = _kept(api, number, order.comments, before, me)
    if not pending.drafts(before) and not any(isinstance(each, payloads.Comment) for each in kept):
        return PostedReview(review=None, comments=tuple(each for each in kept if isinstance(each, BridgeError)))
    _refuse_halves(api, number, before, kept)
    try:
        _finish(api, number, order)
    except BridgeError as error:
        error.remedy = f"{error.remedy} Your drafts are still there, unpublished: `reviews.pending(n)` lists them."
        raise
    results = tuple(_up(api, number, each, me) for each in kept)
    return PostedReview(review=_review(order, me), comments=results, head=order.commit, whole=True)


def _refuse_halves(api: RepositoryApi, number: int, before: Sequence[payloads.Comment], kept: Sequence[Kept]) -> None:
    """A comment could not be tried: the verdict waits for it, and so the drafts that were begun just now are taken back."""
    lost = next((each for each in kept if isinstance(each, BridgeError) and _again(each)), None)
    if lost is None:
        return
    known = {each.id for each in pending.drafts(before)}
    fresh = [each.id for each in kept if isinstance(each, payloads.Comment) and each.id not in known]
    api.api.gather(*(lambda i=identity: _taken_back(api, number, i) for identity in fresh))
    raise lost


def _again(error: BridgeError) -> bool:
    return error.retryable or isinstance(error, errors.Cancelled)


def _taken_back(api: RepositoryApi, number: int, identity: int) -> None:
    with suppress(BridgeError):
        drafting.removed(api, number, str(identity))


def _kept(
    api: RepositoryApi,
    number: int,
    comments: Sequence[DraftComment],
    before: Sequence[payloads.Comment],
    me: Person | None,
) -> list[Kept]:
    """For each comment the draft that it is, begun before or just now, or why there is none."""
    drafts = {each.id: each for each in pending.drafts(before)}
    read = wire.threads((), before, threads.reader(api, number, me))
    left = [(t, c) for t in read for c in t.comments if int(c.id) in drafts]

    def keep(draft: DraftComment, known: payloads.Comment | None) -> Kept:
        try:
            return pending.add(api, number, draft) if known is None else known
        except BridgeError as error:
            return error

    pairs: list[tuple[DraftComment, payloads.Comment | None]] = []
    for comment in comments:
        hit = next((pair for pair in left if _is(comment, *pair)), None)
        if hit is not None:
            left.remove(hit)
        pairs.append((comment, drafts[int(hit[1].id)] if hit is not None else None))
    return kept(api.api.gather, [partial(keep, draft, known) for draft, known in pairs])


def _is(comment: DraftComment, thread: Thread, draft: Comment) -> bool:
    if not _same(comment.body, draft.body):
        return False
    if comment.reply_to is not None:
        return thread.id == comment.reply_to
    return draft is thread.comments[0] and _place(thread) == _lines(comment)


def _place(thread: Thread) -> tuple[str, int | None] | None:
    return (thread.anchor.path, thread.anchor.end) if thread.anchor is not None else None


def _lines(comment: DraftComment) -> tuple[str, int | None] | None:
    return (comment.at.path, comment.at.end) if comment.at is not None else None


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _finish(api: RepositoryApi, number: int, order: ReviewOrder) -> None:
    """Once: a second time would say the text again. When nobody knows what became of it, what is still pending tells."""
    body = {
        **({"commentText": order.body} if order.body.strip() else {}),
        **verdicts.status(order.verdict, order.commit),
    }
    try:
        api.api.reply("PUT", api.pull(number, "review"), writing(number), body=body, repeat=Repeat.NEVER)
    except errors.Stale as error:
        raise verdicts.moved(error, order.commit) from error.__cause__
    except errors.Rejected as error:
        raise verdicts.own(error) from error.__cause__
    except BridgeError as error:
        if not error.maybe_done or isinstance(error, (errors.Cancelled, errors.DeadlineExceeded)):
            raise
        if pending.mine(api, number):
            error.maybe_done = False
            raise


def _up(api: RepositoryApi, number: int, kept: Kept, me: Person | None) -> Comment | BridgeError:
    """A draft as it stands now, published."""
    if isinstance(kept, BridgeError):
        return kept
    now = msgspec.structs.replace(kept, state="OPEN")
    return wire.comment(now, threads.reader(api, number, me), anchored=kept.anchor is not None)


def _review(order: ReviewOrder, me: Person | None) -> Review | None:
    """The verdict as it stands now; a review without one is its comments."""
    if order.verdict is Verdict.COMMENT or me is None:
        return None
    status = verdicts.STATUSES[order.verdict]
    state: ReviewState = wire.VERDICTS[status]
    return Review(id=me.id, author=me, state=state, raw_state=status, body=order.body, commit=order.commit, mine=True)
