"""What is pending, published: GitLab does not say what became of each draft, so the discussions are read afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pullbridge import errors
from pullbridge.errors import BridgeError
from pullbridge.hosts.gitlab import payloads, pending, threads, whoami, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about
from pullbridge.model.orders import PostedReview
from pullbridge.model.reviews import DraftComment
from pullbridge.model.threads import Comment, Thread
from pullbridge.transport.fanout import kept

#: The numbers of notes only grow: what was there before a publication has smaller ones than what it made.
Said = tuple[Thread, Comment]


def publish(api: RepositoryApi, number: int, comments: Sequence[DraftComment]) -> PostedReview:
    """Publish all my drafts, and these comments with them; those that are among the drafts are not added twice.

    Until they are published nobody else sees them; when that fails the drafts stay, and the error says so.
    """
    before = pending.mine(api, number)
    there = _among(api, number, comments, before)
    results: list[payloads.DraftNote | BridgeError] = _added(api, number, comments, there)
    try:
        newest = _newest(api, number) if comments else 0
        pending.publish(api, number)
    except BridgeError as error:
        error.remedy = f"{error.remedy} Your drafts are still there, unpublished: `reviews.pending(n)` lists them."
        raise
    taken = [draft for draft, result in zip(comments, results, strict=True) if not isinstance(result, BridgeError)]
    found = iter(_found(api, number, taken, newest))
    return PostedReview(
        review=None, comments=tuple(each if isinstance(each, BridgeError) else next(found) for each in results)
    )


def _added(
    api: RepositoryApi, number: int, comments: Sequence[DraftComment], there: Sequence[payloads.DraftNote | None]
) -> list[payloads.DraftNote | BridgeError]:
    """The drafts that are missing, all at once; for each what GitLab keeps, or why it does not."""

    def add(draft: DraftComment, known: payloads.DraftNote | None) -> payloads.DraftNote | BridgeError:
        if known is not None:
            return known
        try:
            return pending.add(api, number, draft)
        except BridgeError as error:
            return error

    pairs = zip(comments, there, strict=True)
    return kept(api.api.gather, [partial(add, draft, known) for draft, known in pairs])


def _among(
    api: RepositoryApi, number: int, comments: Sequence[DraftComment], drafts: Sequence[payloads.DraftNote]
) -> list[payloads.DraftNote | None]:
    """Each comment with the draft of mine that it is, where it has been begun before."""
    reader = threads.reader(api, number, whoami.me(api.api))
    left = [(each, wire.draft_thread(each, reader)) for each in drafts]
    found: list[payloads.DraftNote | None] = []
    for comment in comments:
        hit = next((pair for pair in left if _is(comment, *pair)), None)
        if hit is not None:
            left.remove(hit)
        found.append(hit[0] if hit is not None else None)
    return found


def _is(comment: DraftComment, draft: payloads.DraftNote, begun: Thread) -> bool:
    if draft.discussion_id != comment.reply_to or not _same(begun.comments[0].body, comment.body):
        return False
    return comment.reply_to is not None or _place(begun, comment)


def _found(api: RepositoryApi, number: int, taken: Sequence[DraftComment], newest: int) -> list[Comment | BridgeError]:
    """Each comment as it stands now. What cannot be read is reported as unconfirmed: it was published."""
    if not taken:
        return []
    try:
        me, rows = whoami.me(api.api), threads.discussions(api, number)
    except BridgeError as lost:
        return [_unseen(draft, lost) for draft in taken]
    read = wire.threads(rows, (), threads.reader(api, number, me))
    left = [(t, c) for t in read for c in t.comments if c.mine is not False and int(c.id) > newest]
    outcomes: list[Comment | BridgeError] = []
    for draft in taken:
        hit = next((pair for pair in left if _stands(draft, *pair)), None)
        if hit is not None:
            left.remove(hit)
        outcomes.append(hit[1] if hit is not None else _dropped(draft, api.api.host))
    return outcomes


def _stands(draft: DraftComment, thread: Thread, comment: Comment) -> bool:
    if not _same(draft.body, comment.body):
        return False
    if draft.reply_to is not None:
        return thread.id == draft.reply_to
    return comment is thread.comments[0] and _place(thread, draft)


def _place(thread: Thread, draft: DraftComment) -> bool:
    """The same file, or none: GitLab may have moved the lines along, and the text tells the rest."""
    at = thread.anchor
    return (at.path if at else None) == (draft.at.path if draft.at else None)


def _newest(api: RepositoryApi, number: int) -> int:
    """The number of the newest note."""
    asked, params = about(number), {"per_page": 1, "sort": "desc", "order_by": "created_at"}
    rows = api.api.get(api.pull(number, "notes"), list[payloads.Note], asked, params=params)
    return max((row.id or 0 for row in rows), default=0)


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _dropped(draft: DraftComment, host: str) -> errors.Unplaceable:
    text = f"GitLab published the review without this comment: it found no place for it at {draft.at or 'its thread'}."
    error = errors.Unplaceable(text, anchor=draft.at, host=host)
    error.text = draft.body
    return error


def _unseen(draft: DraftComment, lost: BridgeError) -> errors.Unconfirmed:
    text = f"The review is published, and nobody can say whether this comment is in it: {lost.summary}"
    error = errors.Unconfirmed(text, operation="the comment", payload=draft.body, host=lost.host, status=lost.status)
    error.text = draft.body
    return error
