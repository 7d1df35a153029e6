"""The verbs of `repo.reviews` for a review that is built up over an hour, and for verdicts taken back.

A host that keeps drafts keeps them. For one that keeps none (`limits.drafts` is 0) they wait in this process, by the same
verbs; `save_pending` gives them as a value that outlives it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from pullbridge.capabilities import Can
from pullbridge.errors import NotThere, Rejected
from pullbridge.model.refs import PullRef
from pullbridge.model.reviews import DraftComment, PendingReview, Review
from pullbridge.model.threads import CommentState
from pullbridge.repository import placing
from pullbridge.repository.threads import finer, same_place, same_text, written
from pullbridge.repository.verb import Noun, PullLike, reads, writes


class Drafts(Noun):
    """What `Reviews` has beside submitting at once."""

    __slots__ = ()

    @reads(Can.PENDING_REVIEW)
    def pending(self, n: PullLike) -> tuple[DraftComment, ...]:
        """List my drafts that only I see, wherever they were begun; each has its `id`.

        For a host that keeps none it is those that were begun, or taken up again, by this very `Repository`.
        """
        number = self._session.number(n)
        return self._session.held.of(number) if self._waits_here else self._kept(number)

    @writes(Can.PENDING_REVIEW)
    def draft(self, n: PullLike, comment: DraftComment) -> DraftComment:
        """Add a draft that is kept until `submit(…, include_pending=True)`; gives it back with its `id`.

        The host keeps it; for one that keeps none this process does (see `save_pending`). Raises `Unplaceable` before
        anything is sent, as `threads.start` does.
        """
        written(comment.body)
        number = self._session.number(n)
        if comment.at is None and comment.reply_to is None:
            raise Rejected("A draft hangs on a line, a file or a thread.", problems=("it has no place",))
        ready = comment
        if comment.at is not None:
            self._session.require(Can.COMMENT_INLINE, *finer(comment.at))
            placing.catch_up(self._session, number, [comment.at])
            ready = replace(comment, at=placing.placed(self._session, number, comment.at, None).anchor)
        if self._waits_here:
            return self._session.held.add(number, replace(ready, id=None))
        return replace(ready, id=self._port.reviews.draft(number, ready))

    @writes(Can.PENDING_REVIEW)
    def edit_draft(self, n: PullLike, draft: DraftComment | str, body: str) -> DraftComment:
        """Replace a draft's text; safe to repeat."""
        identity, number = _id(draft), self._session.number(n)
        if self._waits_here:
            return self._session.held.edit(number, identity, written(body)) or _raise_gone()
        self._port.threads.edit(number, identity, written(body))
        known = draft if isinstance(draft, DraftComment) else DraftComment(body, id=identity)
        return replace(known, body=body)

    @writes(Can.PENDING_REVIEW)
    def drop_draft(self, n: PullLike, draft: DraftComment | str) -> None:
        """Throw one draft away. Raises `NotThere` when it is gone already."""
        identity, number = _id(draft), self._session.number(n)
        if not self._waits_here:
            self._port.threads.delete(number, identity)
        elif not self._session.held.drop(number, (identity,)):
            _raise_gone()

    @writes(Can.PENDING_REVIEW)
    def discard_pending(self, n: PullLike) -> bool:
        """Throw all my drafts away; tells whether there were any."""
        number = self._session.number(n)
        if self._waits_here:
            return self._session.held.drop(number, [str(each.id) for each in self._session.held.of(number)])
        return self._port.reviews.discard_pending(number)

    @reads(Can.PENDING_REVIEW)
    def save_pending(self, n: PullLike) -> PendingReview:
        """Give the drafts that would be lost with this process, as a value to keep (`to_json`); sends nothing.

        There are none where the host keeps them. `restore_pending` takes them up again, here or elsewhere.
        """
        number = self._session.number(n)
        return PendingReview(
            pull=PullRef(repository=self._session.ref, number=number),
            drafts=self._session.held.of(number),
            unconfirmed=tuple(sorted(self._session.held.doubtful(number))),
        )

    @writes(Can.PENDING_REVIEW)
    def restore_pending(self, saved: PendingReview) -> tuple[DraftComment, ...]:
        """Take saved drafts up again; gives what is pending then. Safe to repeat: none becomes two.

        Where the host has come to keep drafts, they are begun there. Raises `Rejected` for those of another repository.
        """
        number = self._session.number(saved.pull)
        if self._waits_here:
            for each in saved.drafts:
                self._session.held.add(number, each)
            self._session.held.doubt(number, saved.unconfirmed)
            return self._session.held.of(number)
        there = self._kept(number)
        for each in saved.drafts:
            if not any(_is_same(each, other) for other in there):
                self.draft(number, each)
        return self._kept(number)

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

    @property
    def _waits_here(self) -> bool:
        """Whether the host keeps no drafts, so that they wait in this process."""
        return self._port.limits.drafts == 0

    def _kept(self, number: int) -> tuple[DraftComment, ...]:
        """The drafts of mine that the host keeps."""
        found: list[DraftComment] = []
        for thread in self._port.threads.list(number):
            for index, comment in enumerate(thread.comments):
                if comment.state is CommentState.PENDING and comment.mine:
                    first = index == 0
                    place = {"at": thread.anchor} if first else {"reply_to": thread.id}
                    found.append(replace(DraftComment(comment.body, id=comment.id), **place))
        return tuple(found)


def _is_same(one: DraftComment, other: DraftComment) -> bool:
    return one.reply_to == other.reply_to and same_place(one.at, other.at) and same_text(one.body, other.body)


def _raise_gone() -> NoReturn:
    raise NotThere("This draft is gone: it was submitted, or thrown away.", what="draft")


def _id(draft: DraftComment | str) -> str:
    identity = draft if isinstance(draft, str) else draft.id
    if not identity:
        raise Rejected("This draft is not pending: `pending(n)` lists those that are, with their ids.")
    return identity
