"""Reviews that no single write takes: a pending one is begun (or taken up), added to, and submitted.

Until it is submitted nobody else sees it. Whatever goes wrong before, it is taken back, so that nothing is up; where even
that fails, the error says that something may be left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

from pullbridge.errors import AlreadyThere, BridgeError, Cancelled, DeadlineExceeded, NotThere, Rejected
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import drafting, payloads, queries, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.posted import nothing_posted, of_review, paired, posted
from pullbridge.model.orders import PostedReview, ReviewOrder
from pullbridge.model.reviews import DraftComment
from pullbridge.transport.call import apart, limits

#: Seconds that tidying up may take, whatever became of the caller's own time.
_TIDYING = 5.0
_LEFT = "A review of yours that nobody else sees may be left: `reviews.discard_pending(n)` throws it away."
_STILL_PENDING = (
    "Your pending review is still there, unpublished, and may hold some of these comments by now; "
    "submitting again with `include_pending=True` adds none of them twice."
)

Begin = Callable[[ReviewOrder], str]


def submit(api: RepositoryApi, number: int, order: ReviewOrder, begin: Begin, *, apart: bool = False) -> PostedReview:
    """Post it step by step; `begin` writes a pending review with comments on lines and gives its id.

    With `apart`, those on lines are added one by one as well, so that one which GitHub refuses takes no other with it.
    """

    def along(draft: DraftComment) -> bool:
        return drafting.on_lines(draft) and not apart

    taken_up = drafting.mine_pending(api, number) if order.include_pending else None
    if taken_up is not None:
        return _beside_what_is_pending(api, number, order, taken_up)
    lines = tuple(draft for draft in order.comments if along(draft))
    others = [draft for draft in order.comments if not along(draft)]
    review = _begun(api, number, replace(order, body="", comments=lines), begin)
    refusals: list[BridgeError | None] = []
    try:
        refused = iter(_build(api, review, others))
        refusals = [None if along(draft) else next(refused) for draft in order.comments]
        return _submitted(api, number, order, review, refusals)
    except BridgeError as error:
        taken_back = _taken_back(api, review, error)
        if isinstance(error, Rejected) and is_empty(error, order):
            return nothing_posted(order.comments, refusals)
        raise taken_back from error.__cause__


def is_empty(error: Rejected, order: ReviewOrder) -> bool:
    """Whether a review was refused for saying nothing. It was sent with texts, so that GitHub has dropped them all."""
    blank = any(re.search(r"(?i)\bbody\b.*\b(required|blank|empty|missing)", problem) for problem in error.problems)
    return blank and bool(order.comments) and not order.body.strip()


#: What GitHub says of a place that it does not take (unverified wording).
_PLACE = re.compile(r"(?i)review.thread|start line|part of the (diff|same hunk)|path is invalid|could not be resolved")


def names_a_line(error: Rejected) -> bool:
    """Whether a comment, or a whole review, was refused for the place of one comment."""
    return any(_PLACE.search(problem) for problem in error.problems)


def pending_elsewhere(error: BridgeError) -> AlreadyThere:
    """GitHub allows one pending review a person and pull request."""
    return AlreadyThere(
        "You have begun a review of this pull request and not submitted it; GitHub allows no second one beside it.",
        host=error.host,
        status=error.status,
        request_id=error.request_id,
        next_step="Submit with `include_pending=True` to publish what it holds together with this, or discard it.",
    )


def _begun(api: RepositoryApi, number: int, order: ReviewOrder, begin: Begin) -> str:
    """Begin one; when the answer is lost, what it made is found again, for it holds nothing but what was sent."""
    try:
        return begin(order)
    except (Cancelled, DeadlineExceeded) as error:
        if error.maybe_done:
            with suppress(Rejected, NotThere, AlreadyThere):  # there is none of ours
                _tidied(error, lambda: _discard_ours(api, number, order))
            error.maybe_done = False
        raise
    except BridgeError as error:
        found = _ours(api, number, order) if error.maybe_done else None
        if found is None:
            raise
        return found


def _ours(api: RepositoryApi, number: int, order: ReviewOrder) -> str | None:
    """My pending review, if all it holds is in the order. Raises `AlreadyThere` for one that was begun elsewhere."""
    review = drafting.mine_pending(api, number)
    if review is None:
        return None
    held = of_review(api, number, review)
    if len([pair for pair in paired(order.comments, held) if pair is not None]) == len(held):
        return review
    raise pending_elsewhere(AlreadyThere("", host=api.api.host))


def _discard_ours(api: RepositoryApi, number: int, order: ReviewOrder) -> None:
    found = _ours(api, number, order)
    if found is not None:
        drafting.discard(api, found)


def _taken_back(api: RepositoryApi, review: str, error: BridgeError) -> BridgeError:
    """The error, once the review is thrown away; `maybe_done` stays where it turns out to be submitted after all."""
    try:
        _tidied(error, lambda: drafting.discard(api, review))
    except (Rejected, NotThere):
        # Only a pending review is thrown away: this one was submitted, and its answer was lost.
        error.maybe_done = True
    return error


def _tidied(error: BridgeError, tidy: Callable[[], None]) -> None:
    """Tidy up, in a time of its own. What was cancelled or timed out is surely not done then."""
    try:
        with apart(), limits(deadline=_TIDYING):
            tidy()
    except (Rejected, NotThere, AlreadyThere):
        raise
    except BridgeError:
        error.maybe_done = False
        error.remedy = f"{error.remedy} {_LEFT}"
    else:
        error.maybe_done = error.maybe_done and not isinstance(error, (Cancelled, DeadlineExceeded))


def _beside_what_is_pending(api: RepositoryApi, number: int, order: ReviewOrder, review: str) -> PostedReview:
    """Add to a review that was begun elsewhere what it does not hold yet, and submit it. It is never thrown away."""
    held = paired(order.comments, of_review(api, number, review))
    missing = [draft for draft, pair in zip(order.comments, held, strict=True) if pair is None]
    try:
        refused = iter(_build(api, review, missing))
        refusals = [None if pair is not None else next(refused) for pair in held]
        return _submitted(api, number, order, review, refusals)
    except BridgeError as error:
        error.remedy = f"{error.remedy} {_STILL_PENDING}"
        raise


def _submitted(
    api: RepositoryApi, number: int, order: ReviewOrder, review: str, refusals: Sequence[BridgeError | None]
) -> PostedReview:
    asked = Asked(what=f"pull request #{number}", write=True, needs=drafting.WRITE)
    values = {"pullRequestReviewId": review, "event": wire.EVENTS[order.verdict], "body": order.body}
    written = api.api.mutate(queries.SUBMIT_REVIEW, values, payloads.GraphReviewWritten, asked).pull_request_review
    taken = [draft for draft, refusal in zip(order.comments, refusals, strict=True) if refusal is None]
    up = posted(api, number, written, taken)
    found = iter(up.comments)
    return replace(up, comments=tuple(refusal or next(found) for refusal in refusals))


def _build(api: RepositoryApi, review: str, drafts: Sequence[DraftComment]) -> list[BridgeError | None]:
    """Add drafts one by one in one request; for each why it was refused, or `None`."""
    if not drafts:
        return []
    replies = sum(draft.reply_to is not None for draft in drafts)
    threads, answers = (f"t{i}" for i in count()), (f"r{i}" for i in count())
    names = [next(threads if draft.reply_to is None else answers) for draft in drafts]
    variables = {name: _step(review, draft) for name, draft in zip(names, drafts, strict=True)}
    asked = Asked(what="such review", write=True, needs=drafting.WRITE)
    shape = dict[str, payloads.GraphBuilt | None]
    answer = api.api.partial(queries.build_review(len(drafts) - replies, replies), variables, shape, asked)
    if answer.data is None:
        raise api.api.graph_failure(answer.problems, asked, answer.reply)
    refusals: list[BridgeError | None] = []
    for name, draft in zip(names, drafts, strict=True):
        mine = [problem for problem in answer.problems if problem.path and problem.path[0] == name]
        built = answer.data.get(name)
        if mine:
            refusals.append(_placeless(api.api.graph_failure(mine, asked, answer.reply), draft))
        elif built is None or (built.thread is None and built.comment is None):
            refusals.append(drafting.dropped(draft))
        else:
            refusals.append(None)
    return refusals


def _placeless(error: BridgeError, draft: DraftComment) -> BridgeError:
    """The refusal of one draft; of its place, where that is what GitHub found fault with."""
    return drafting.displaced(error, draft) if isinstance(error, Rejected) and names_a_line(error) else error


def _step(review: str, draft: DraftComment) -> dict[str, Any]:
    if draft.reply_to is None:
        return {"pullRequestReviewId": review, **drafting.thread_input(draft)}
    return {"pullRequestReviewId": review, "pullRequestReviewThreadId": draft.reply_to, "body": draft.body}
