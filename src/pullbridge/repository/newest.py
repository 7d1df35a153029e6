"""Comments on a host that hangs each on the newest diff, whichever commit was looked at: they stay on the lines they mean.

The head that was last seen need not be the head any more when a comment arrives. So it is looked at while the comment is on
its way, which takes no time of its own; and a comment that has come to hang on other lines is taken down, and put where its
lines are now, if they are still there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from pullbridge.errors import BridgeError, Unplaceable
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.pulls import Pull
from pullbridge.model.refs import same_commit
from pullbridge.model.reviews import OnMoved
from pullbridge.model.threads import Thread
from pullbridge.repository.confirm import gone
from pullbridge.repository.placing import only_newest, placed
from pullbridge.repository.verb import Session

T = TypeVar("T")


class Watch:
    """One look at the head, beside some comments on their way. Needless where the host takes the commit with a comment."""

    def __init__(self, session: Session, number: int, anchors: Iterable[Anchor | None]) -> None:
        self._session = session
        self._number = number
        self._needed = only_newest(session) and any(each is not None for each in anchors)
        self._pull: Pull | None = None

    def beside(self, thunks: Sequence[Callable[[], T]]) -> list[T]:
        """Call all of these at once, and look at the same time. Raises what they raise."""
        gather = self._session.connection.host().gather
        if not self._needed:
            return gather(*thunks)
        both: list[Callable[[], Any]] = [*thunks, self._look]
        *results, _ = gather(*both)
        return results

    def kept(self, at: Anchor, comment: str, post: Callable[[Anchor], T]) -> T | Thread | None:
        """See to a comment that was sent to be at `at`: `None` where it is there.

        Else the conversation that the host itself has taken along, or what `post` makes at the place where the lines are
        now. Raises `Unplaceable` where they are gone; the comment is taken down then.
        """
        if self._pull is None or same_commit(at.commit, self._pull.source.commit):
            return None
        thread = self._threads.get(comment)
        if thread is None or thread.outdated:
            return None  # it was there before the push
        try:
            meant = self._now(at)
        except Unplaceable:
            self._take_down(comment)
            raise
        if thread.current is not None and _place(meant) == _place(thread.current):
            return thread
        self._take_down(comment)
        return post(meant)

    def _look(self) -> None:
        """Where nobody can tell, the head that was seen counts."""
        try:
            self._pull = self._session.port.pulls.get(self._number)
        except BridgeError:
            return
        self._session.memory.saw(self._number, pull=self._pull)

    @cached_property
    def _threads(self) -> dict[str, Thread]:
        """By their first comments."""
        threads = self._session.port.threads.list(self._number)
        return {each.comments[0].id: each for each in threads if each.comments}

    def _now(self, at: Anchor) -> Anchor:
        """Where these lines are in the newest diff. Those of the old side stay while source and target part where they did."""
        if at.side is Side.OLD and at.start_side is None and len(self._bases(at)) == 1:
            return replace(at, commit=self._pull.source.commit if self._pull is not None else None)
        return placed(self._session, self._number, at, OnMoved.CARRY).anchor

    def _bases(self, at: Anchor) -> set[str | None]:
        pull, compare = self._pull, self._session.port.files.compare
        if pull is None or at.commit is None or pull.source.commit is None:
            return set()
        target = pull.target.commit or pull.target.name
        return {compare(target, each).merge_base for each in (at.commit, pull.source.commit)}

    def _take_down(self, comment: str) -> None:
        gone(lambda: self._session.port.threads.delete(self._number, comment), operation="the removal")


def _place(at: Anchor) -> tuple[object, ...]:
    return at.path, at.side, at.start, at.end
