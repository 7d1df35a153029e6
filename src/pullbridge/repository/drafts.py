"""The verbs of `repo.reviews` for a review that is built up over an hour, and for verdicts taken back."""

from __future__ import annotations

from dataclasses import replace

from pullbridge.capabilities import Can
from pullbridge.errors import Rejected
from pullbridge.model.reviews import DraftComment, Review
from pullbridge.model.threads import CommentState
from pullbridge.repository import placing
from pullbridge.repository.threads import finer, written
from pullbridge.repository.verb import Noun, PullLike, reads, writes


class Drafts(Noun):
    """What `Reviews` has beside submitting at once."""

    __slots__ = ()

    @reads(Can.PENDING_REVIEW)
    def pending(self, n: PullLike) -> tuple[DraftComment, ...]:
        """List my drafts that the host keeps and only I see, wherever they were begun; each has its `id`."""
        found: list[DraftComment] = []
        for thread in self._port.threads.list(self._session.number(n)):
            for index, comment in enumerate(thread.comments):
                if comment.state is CommentState.PENDING and comment.mine:
                    first = index == 0
                    place = {"at": thread.anchor} if first else {"reply_to": thread.id}
                    found.append(replace(DraftComment(comment.body, id=comment.id), **place))
        return tuple(found)

    @writes(Can.PENDING_REVIEW)
    def draft(self, n: PullLike, comment: DraftComment) -> DraftComment:
        """Add a draft that the host keeps until `submit(…, include_pending=True)`; gives it back with its `id`.

        Raises `Unplaceable` before anything is sent, as `threads.start` does.
        """
        written(comment.body)
        number = self._session.number(n)
        if comment.at is None and comment.reply_to is None:
            raise Rejected("A draft hangs on a line, a file or a thread.", problems=("it has no place",))
        ready = comment
        if comment.at is not None:
            self._session.require(Can.COMMENT_INLINE, *finer(comment.at))
            ready = replace(comment, at=placing.placed(self._session, number, comment.at, None).anchor)
        return replace(ready, id=self._port.reviews.draft(number, ready))

    @writes(Can.PENDING_REVIEW)
    def edit_draft(self, n: PullLike, draft: DraftComment | str, body: str) -> DraftComment:
        """Replace a draft's text; safe to repeat."""
        identity = _id(draft)
        self._port.threads.edit(self._session.number(n), identity, written(body))
        known = draft if isinstance(draft, DraftComment) else DraftComment(body, id=identity)
        return replace(known, body=body)

    @writes(Can.PENDING_REVIEW)
    def drop_draft(self, n: PullLike, draft: DraftComment | str) -> None:
        """Throw one draft away. Raises `NotThere` when it is gone already."""
        self._port.threads.delete(self._session.number(n), _id(draft))

    @writes(Can.PENDING_REVIEW)
    def discard_pending(self, n: PullLike) -> bool:
        """Throw all my drafts away; tells whether there were any."""
        return self._port.reviews.discard_pending(self._session.number(n))

    @writes(Can.WITHDRAW)
    def withdraw(self, n: PullLike) -> Review:
        """Take back my own verdict. Raises `NotThere` when I have given none."""
        return self._port.reviews.withdraw(self._session.number(n))

    @writes(Can.DISMISS)
    def dismiss(self, n: PullLike, review: Review | str, reason: str) -> Review:
        """Take somebody's verdict off the count, with a reason that everybody sees."""
        if not reason.strip():
            raise Rejected("Dismissing a review needs a reason.", problems=("the reason is empty",))
        identity = review if isinstance(review, str) else review.id
        return self._port.reviews.dismiss(self._session.number(n), identity, reason)


def _id(draft: DraftComment | str) -> str:
    identity = draft if isinstance(draft, str) else draft.id
    if not identity:
        raise Rejected("This draft is not on the host: `pending(n)` lists those that are, with their ids.")
    return identity
