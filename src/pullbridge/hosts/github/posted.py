"""What became of a review's drafts: each is matched with the comment that GitHub gives back, and never assumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pullbridge.errors import BridgeError, Unconfirmed
from pullbridge.hosts.github import drafting, payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.model.anchor import Anchor
from pullbridge.model.orders import PostedReview
from pullbridge.model.reviews import DraftComment
from pullbridge.model.threads import Comment

#: A comment with the thread that it is in.
Said = tuple[payloads.GraphThread, payloads.GraphComment]
#: The threads that `queries.ADD_REVIEW` and `queries.SUBMIT_REVIEW` give back at most, the newest.
_GIVEN_BACK = 100


def posted(
    api: RepositoryApi, number: int, written: payloads.GraphPostedReview, drafts: Sequence[DraftComment]
) -> PostedReview:
    """The review, and for each draft its comment, or why there is none. Raises nothing: the review is up."""
    try:
        found, lost = seen(api, number, written, drafts), None
    except BridgeError as error:
        found, lost = _recognised(drafts, _told(written)), error
    outcomes: list[Comment | BridgeError] = []
    for draft, hit in zip(drafts, found, strict=True):
        if hit is not None:
            outcomes.append(wire.comment(hit[1]))
        else:
            outcomes.append(drafting.dropped(draft) if lost is None else _unseen(draft, lost))
    head = written.pull_request.head_ref_oid if written.pull_request else None
    return PostedReview(review=wire.review(written), comments=tuple(outcomes), head=head)


def nothing_posted(drafts: Sequence[DraftComment], refusals: Sequence[BridgeError | None] = ()) -> PostedReview:
    """No review, because none of its comments has a place."""
    known = refusals or [None] * len(drafts)
    dropped = (refusal or drafting.dropped(draft) for draft, refusal in zip(drafts, known, strict=True))
    return PostedReview(review=None, comments=tuple(dropped))


def seen(
    api: RepositoryApi, number: int, written: payloads.GraphPostedReview, drafts: Sequence[DraftComment]
) -> list[Said | None]:
    """Each draft with its comment in what GitHub gave back; what that had no room for is read."""
    found = _recognised(drafts, _told(written))
    if None in found and not _is_whole(written):
        return _recognised(drafts, of_review(api, number, written.id))
    return found


def paired(drafts: Sequence[DraftComment], said: Sequence[Said]) -> list[Said | None]:
    """Each draft with a comment of the same text at the same place; equal drafts take one comment each."""
    left = list(said)
    return _filled([None] * len(drafts), drafts, left, _is_at)


def _recognised(drafts: Sequence[DraftComment], said: Sequence[Said]) -> list[Said | None]:
    """Each draft with its comment, of comments that are surely of these drafts.

    Whatever GitHub made of a place, one with that text in that file is the draft's; and where as many comments as drafts
    are left over, none was dropped, whatever it made of the texts. So what is up is not taken for dropped, and never
    posted twice.
    """
    left = list(said)
    found = _filled(_filled([None] * len(drafts), drafts, left, _is_at), drafts, left, _is_in)
    if len(left) != found.count(None):
        return found
    rest = iter(left)
    return [next(rest) if hit is None else hit for hit in found]


def _filled(
    found: list[Said | None], drafts: Sequence[DraftComment], left: list[Said], fits: Callable[..., bool]
) -> list[Said | None]:
    """Pair what is not paired yet; what is taken is taken out of `left`."""
    for index, draft in enumerate(drafts):
        hit = next((pair for pair in left if fits(draft, *pair)), None) if found[index] is None else None
        if hit is not None:
            left.remove(hit)
            found[index] = hit
    return found


def of_review(api: RepositoryApi, number: int, review: str) -> list[Said]:
    """All that a review says on the diff, wherever in it."""
    answer = api.api.graphql(queries.CONVERSATIONS, api.variables(number), reading.Partial, about(number))
    first = reading.only(answer, number).review_threads
    rows = reading.all_rows(api, queries.THREADS, number, "review_threads", first)
    return [pair for row in rows for pair in _said_in(reading.whole_thread(api, row), review)]


def _told(written: payloads.GraphPostedReview) -> list[Said]:
    threads = written.pull_request.review_threads if written.pull_request else None
    return [pair for thread in wire.rows(threads) for pair in _said_in(thread, written.id)]


def _said_in(thread: payloads.GraphThread, review: str) -> list[Said]:
    said = thread.comments.items
    return [(thread, each) for each in said if each.pull_request_review and each.pull_request_review.id == review]


def _is_whole(written: payloads.GraphPostedReview) -> bool:
    threads = wire.rows(written.pull_request.review_threads if written.pull_request else None)
    return len(threads) < _GIVEN_BACK and all(thread.comments.rest is None for thread in threads)


def _is_at(draft: DraftComment, thread: payloads.GraphThread, comment: payloads.GraphComment) -> bool:
    if draft.reply_to is not None or draft.at is None:
        return thread.id == draft.reply_to and same_text(draft.body, comment.body)
    place = wire.thread(thread).anchor
    return place is not None and same_place(draft.at, place) and same_text(draft.body, comment.body)


def _is_in(draft: DraftComment, thread: payloads.GraphThread, comment: payloads.GraphComment) -> bool:
    return draft.at is not None and thread.path == draft.at.path and same_text(draft.body, comment.body)


def same_text(one: str, other: str) -> bool:
    """GitHub keeps a text as it came, but for line ends and what surrounds it."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def same_place(one: Anchor, other: Anchor) -> bool:
    """The same path, side and lines, whatever the commit."""
    places = [(at.path, at.side, at.start, at.end, at.start_side) for at in (one, other)]
    return places[0] == places[1]


def _unseen(draft: DraftComment, lost: BridgeError) -> Unconfirmed:
    text = f"The review is up, and nobody can say whether this comment is in it: {lost.summary}"
    error = Unconfirmed(text, operation="the comment", payload=draft.body, host=lost.host, status=lost.status)
    error.text = draft.body
    return error
