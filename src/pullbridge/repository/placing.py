"""From the anchor that a caller gives to the one that the host gets: bound to a commit, placed in its diff, or carried."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TypeVar

from pullbridge.anchoring.placement import place
from pullbridge.capabilities import AnswerState, Can
from pullbridge.errors import HostDown, Stale, Unplaceable
from pullbridge.model.anchor import Anchor, Placement, PlacementReason
from pullbridge.model.orders import Changes
from pullbridge.model.refs import same_commit
from pullbridge.model.reviews import OnMoved
from pullbridge.repository.carrying import carried
from pullbridge.repository.verb import Session
from pullbridge.transport.call import sleep, time_left

T = TypeVar("T")

#: Seconds between two looks at a diff that the host is still making, and for how long in all.
_WAITS = (0.5, 1.0, 2.0, 4.0)
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An anchor that the host takes, at `anchor.commit`; `carried` when it is not where the caller put it."""

    anchor: Anchor
    carried: bool = False


def when_ready(read: Callable[[], T], ready: Callable[[T], bool]) -> T:
    """Read until the host has made the diff, for half a minute or until the deadline; then what there is."""
    found, spent = read(), 0.0
    for pause in chain(_WAITS, repeat(_WAITS[-1])):
        left = time_left()
        if ready(found) or spent + pause > _PATIENCE or (left is not None and left <= pause):
            return found
        sleep(pause)
        spent += pause
        found = read()
    return found


def changes(session: Session, number: int) -> Changes:
    """The changes as last seen, or as they are now."""
    seen = session.memory.of(number)
    if seen.changes is not None and seen.changes.head is not None:
        return seen.changes
    return fresh_changes(session, number)


def fresh_changes(session: Session, number: int) -> Changes:
    """The changes as they are now, once the host has made the diff of what was pushed last.

    Raises `HostDown` where it has not within half a minute.
    """
    count = session.memory.of(number).file_count
    found = when_ready(lambda: session.port.files.changes(number, count), lambda changes: changes.ready)
    if not found.ready:
        text, step = "The host is still making the diff of what was pushed last.", "Try again in a while."
        raise HostDown(text, host=session.ref.host, next_step=step)
    if found.head is None:
        found = replace(found, head=session.port.pulls.get(number).source.commit)
    session.memory.saw(number, changes=found)
    return found


def only_newest(session: Session) -> bool:
    """Whether the host hangs every comment on the newest diff, whichever commit was looked at."""
    return session.port.can[Can.COMMENT_OLD_COMMIT].state is AnswerState.NO


def catch_up(session: Session, number: int, anchors: Iterable[Anchor | None], on_moved: OnMoved | None = None) -> None:
    """Look at the head anew, where what was seen before may not be the head any more, and that matters.

    It does for `refuse` and `carry`, and where an anchor of another commit has to be carried, which may be a newer one.
    """
    placed, head = [each for each in anchors if each is not None], session.memory.of(number).head
    others = any(each.commit is not None and not same_commit(each.commit, head) for each in placed)
    if placed and (
        on_moved in {OnMoved.REFUSE, OnMoved.CARRY} or (head is not None and others and only_newest(session))
    ):
        session.memory.saw(number, pull=session.port.pulls.get(number))


def placement(session: Session, number: int, anchor: Anchor) -> Placement:
    """Where this anchor stands in the diff of its own commit."""
    current = changes(session, number)
    commit = anchor.commit or current.head
    shown = current if same_commit(commit, current.head) else _changes_at(session, number, commit or "")
    return place_in(session, replace(anchor, commit=commit), shown)


def placed(session: Session, number: int, anchor: Anchor, on_moved: OnMoved | None) -> Placed:
    """The anchor to send. Raises `Unplaceable`, or `Stale` when its commit is not the head and `on_moved` refuses that."""
    current = changes(session, number)
    if anchor.commit is None or same_commit(anchor.commit, current.head):
        return Placed(anchor=placeable(place_in(session, replace(anchor, commit=current.head), current)))
    if on_moved is OnMoved.REFUSE:
        text = f"The source branch has moved since {anchor} was made."
        raise Stale(text, expected=anchor.commit, found=current.head, host=session.ref.host)
    there_first = on_moved is not OnMoved.CARRY and not only_newest(session)
    if there_first or on_moved is OnMoved.THERE:
        session.require(Can.COMMENT_OLD_COMMIT)
        answer = place_in(session, anchor, _changes_at(session, number, anchor.commit))
        if answer.ok is not False or on_moved is OnMoved.THERE:
            return Placed(anchor=placeable(answer))
    now = carried(session, anchor, current)
    return Placed(anchor=placeable(place_in(session, now, current)), carried=True)


def place_in(session: Session, anchor: Anchor, shown: Changes) -> Placement:
    """Where an anchor stands in these changes, by the rules of this host."""
    elsewhere = session.port.can[Can.COMMENT_OUTSIDE_HUNKS]
    answer = place(anchor, shown.files, outside_hunks=elsewhere.state is not AnswerState.NO)
    if elsewhere.state is AnswerState.UNKNOWN and elsewhere.reason != session.port.can[Can.COMMENT_INLINE].reason:
        # It is the place of which nobody knows whether it is taken, and not what this credential may do.
        inside = place(anchor, shown.files)
        if answer.ok and not inside.ok:
            return replace(answer, ok=None, reason=inside.reason, nearest=inside.nearest)
    if shown.stopped and answer.reason is PlacementReason.FILE_NOT_CHANGED:
        # It may be one of the files that the host left out.
        return replace(answer, ok=None, reason=PlacementReason.TRUNCATED)
    return answer


def placeable(answer: Placement) -> Anchor:
    """The anchor, unless it is known to have no place. Where nothing is known, the host decides."""
    if answer.ok is False and answer.reason is not None:
        near = f" The nearest place is {answer.nearest}." if answer.nearest is not None else ""
        text = f"{answer.anchor} cannot be commented on: {answer.reason.value}.{near}"
        step = None if answer.nearest is not None else "Leave the anchor out, to comment on the whole pull request."
        raise Unplaceable(text, anchor=answer.anchor, reason=answer.reason, nearest=answer.nearest, next_step=step)
    return answer.anchor


def _changes_at(session: Session, number: int, commit: str) -> Changes:
    """The diff as it was at an older head: from where that one left the target."""
    seen = session.memory.of(number)
    pull = seen.pull or session.port.pulls.get(number)
    session.memory.saw(number, pull=pull)
    found = session.port.files.compare(pull.target.commit or pull.target.name, commit)
    return Changes(head=commit, files=found.files, stopped=None if found.complete else "the host compares only so much")
