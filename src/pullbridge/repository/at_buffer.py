"""Lines that somebody marks in an editor, taken to the version of the file that is commented on.

Only lines that are there as they are in the editor, together and in their place, are taken: whoever reads the comment on
the host sees what its author saw. What was only re-indented is the same code.
"""

from __future__ import annotations

from pullbridge.anchoring.carry import carry
from pullbridge.anchoring.texts import NoText, lines_of
from pullbridge.errors import Rejected, Unplaceable
from pullbridge.model.anchor import Anchor, Placement, PlacementReason
from pullbridge.model.diff import ChangeKind
from pullbridge.model.orders import Changes
from pullbridge.model.places import Place, PlaceStatus
from pullbridge.repository import placing
from pullbridge.repository.verb import Session
from pullbridge.repository.versions import Version


def marked(path: str, text: str | bytes, start: int, end: int) -> Anchor:
    """The lines as they were marked. Raises `Rejected` where the text has no such lines."""
    try:
        size = len(lines_of(text))
    except NoText as error:
        raise Rejected(f"{path} has no lines to comment on: {error}.", problems=(str(error),)) from error
    if not 1 <= start <= end <= size:
        problem = f"the text has lines 1 to {size}, and {start} to {end} were given"
        step = "Lines are counted from 1, and the last one belongs to the range."
        raise Rejected(f"{path} has no such lines: {problem}.", problems=(problem,), next_step=step)
    return Anchor.lines(path, start, end)


def at_head(session: Session, number: int, wanted: Anchor, text: str | bytes) -> Anchor:
    """The marked lines in the head that was last seen, or in the newest where they are not in that one.

    Raises `Unplaceable` with the nearest place. Reads alone.
    """
    seen = placing.changes(session, number)
    try:
        return _in_version(session, seen, wanted, text)
    except Unplaceable:
        # Somebody may have pushed, and the editor may have what was pushed.
        session.memory.saw(number, pull=session.port.pulls.get(number))
        newest = placing.changes(session, number)
        if newest is seen:
            raise
    return _in_version(session, newest, wanted, text)


def _in_version(session: Session, shown: Changes, wanted: Anchor, text: str | bytes) -> Anchor:
    path = _name_in(shown, wanted.path)
    begun = Anchor.lines(path, wanted.start or 1, wanted.end or 1, commit=shown.head)
    content = session.versions.read(session.port, Version(shown.head or "", path)) if _may_have(shown, path) else None
    if content is None:
        # It is not among the changes, or was taken out by them: what is said of any other anchor is true of this one.
        placing.placeable(placing.place_in(session, begun, shown))
        raise _not_there(wanted, _near(session, begun, Place(status=PlaceStatus.DELETED), shown))
    (place,) = carry([wanted], text, content)
    if not _same(place):
        raise _not_there(wanted, _near(session, begun, place, shown), place.reason)
    at = Anchor.lines(path, place.start or 1, place.end or 1, commit=shown.head)
    return placing.placeable(placing.place_in(session, at, shown))


def _same(place: Place) -> bool:
    changed = place.status is PlaceStatus.CHANGED and place.whitespace_only
    return place.status is PlaceStatus.EXACT or changed


def _name_in(shown: Changes, path: str) -> str:
    """What the file is called in the head: an editor on another branch may have it by its former name."""
    if any(file.path == path for file in shown.files):
        return path
    renamed = (file for file in shown.files if file.old_path == path and file.kind is not ChangeKind.COPIED)
    return next((file.path for file in renamed), path)


def _may_have(shown: Changes, path: str) -> bool:
    return bool(shown.stopped) or any(file.path == path for file in shown.files)


def _near(session: Session, begun: Anchor, place: Place, shown: Changes) -> Placement:
    """The place that is next to where the lines would be."""
    start = place.start or place.nearest
    if start is None:
        return placing.place_in(session, Anchor.file(begun.path, commit=begun.commit), shown)
    at = Anchor.lines(begun.path, start, place.end or start, commit=begun.commit)
    return placing.place_in(session, at, shown)


def _not_there(wanted: Anchor, near: Placement, why: str | None = None) -> Unplaceable:
    nearest = near.anchor if near.ok else near.nearest
    said = f" The nearest place is {nearest}." if nearest is not None else ""
    reason = PlacementReason.NOT_IN_HEAD
    text = f"{wanted} cannot be commented on: {why or reason.value}.{said}"
    step = "Push what you have written, or comment on the nearest place."
    return Unplaceable(text, anchor=wanted, reason=reason, nearest=nearest, next_step=step)
