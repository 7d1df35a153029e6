"""Anchors of an older head, taken to the newest: by what the file held then and holds now, else by the host's comparison."""

from __future__ import annotations

from dataclasses import replace

from pullbridge.anchoring.carry import carry
from pullbridge.anchoring.hunks import LineMap, parse_patch
from pullbridge.anchoring.texts import lines_of
from pullbridge.errors import NotThere, Unplaceable
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.diff import ChangeKind, Comparison, FileChange
from pullbridge.model.orders import Changes
from pullbridge.model.places import Place, PlaceStatus
from pullbridge.model.refs import same_commit
from pullbridge.repository.verb import Session
from pullbridge.repository.versions import Version


def carried(session: Session, anchor: Anchor, current: Changes) -> Anchor:
    """The same lines in the head's version of the file, where every one of them is still there, together and as it was.

    They may be elsewhere, where they stand once, and they may be indented otherwise in their place. Raises `Unplaceable`
    for all else: a comment is not put on lines that only look alike.
    """
    head, commit = current.head, anchor.commit
    if anchor.side is Side.OLD or anchor.start_side is not None or head is None or commit is None:
        raise _gone(anchor, "lines of the old side belong to the older comparison")
    since = _since(session, commit, head)
    moved = _file_in(since.files, anchor.path) if since is not None else _file_in(current.files, anchor.path)
    path = moved.path if moved is not None else anchor.path
    if anchor.start is None or anchor.end is None:
        return _by_comparison(anchor, head, since)
    versions, port = session.versions, session.port
    old, new = versions.read(port, Version(commit, anchor.path)), versions.read(port, Version(head, path))
    if old is None or new is None:
        return _by_comparison(anchor, head, since)
    (place,) = carry([anchor], old, new)
    if place.status is PlaceStatus.UNKNOWN:
        raise _gone(anchor, place.reason or "nothing can be told of it")
    if not _is_kept(anchor, place, old, new):
        raise _gone(anchor, "its lines have changed", _at(anchor, place, head, path))
    return replace(anchor, commit=head, path=path, start=place.start, end=place.end)


def _since(session: Session, commit: str, head: str) -> Comparison | None:
    """What happened since; `None` where the branch was rewritten, or nobody has that commit any more."""
    try:
        found = session.port.files.compare(commit, head)
    except NotThere:
        return None
    # Hosts compare with where the two parted, whose lines are others than those that were looked at.
    parted = found.merge_base is not None and not same_commit(found.merge_base, commit)
    return None if parted else found


def _file_in(files: tuple[FileChange, ...], path: str) -> FileChange | None:
    same = next((file for file in files if file.path == path), None)
    renamed = (file for file in files if file.old_path == path and file.kind is not ChangeKind.COPIED)
    if same is not None and same.old_path in {None, path}:
        return same
    return next(renamed, same)


def _is_kept(anchor: Anchor, place: Place, old: bytes, new: bytes) -> bool:
    """Whether these are the lines, and no others."""
    if place.status is PlaceStatus.MOVED and anchor.start is not None and anchor.end is not None:
        block, text = lines_of(old)[anchor.start - 1 : anchor.end], lines_of(new)
        starts = [at for at in range(len(text) - len(block) + 1) if text[at : at + len(block)] == block]
        return [at + 1 for at in starts] == [place.start]
    changed = place.status is PlaceStatus.CHANGED and place.whitespace_only
    return place.status is PlaceStatus.EXACT or changed


def _at(anchor: Anchor, place: Place, head: str, path: str) -> Anchor | None:
    """Where they may be meant to be now."""
    if place.start is None:
        return None
    return replace(anchor, commit=head, path=path, start=place.start, end=place.end, ends=None)


def _by_comparison(anchor: Anchor, head: str, since: Comparison | None) -> Anchor:
    """By the host's hunks alone."""
    if since is None:
        raise _gone(anchor, "the branch was rewritten since")
    moved = _file_in(since.files, anchor.path)
    if moved is None and not since.complete:
        raise _gone(anchor, "the host does not show what happened to its file")
    if moved is None or anchor.start is None or anchor.end is None:
        return replace(anchor, commit=head, path=moved.path if moved else anchor.path)
    if moved.truncated or moved.patch is None:
        raise _gone(anchor, "the host does not show what happened to its file")
    lines = LineMap(parse_patch(moved.patch))
    pairs = [lines.pair(Side.OLD, line)[1] for line in range(anchor.start, anchor.end + 1)]
    start, end = pairs[0], pairs[-1]
    if start is None or end is None or None in pairs or end - start != anchor.end - anchor.start:
        raise _gone(anchor, "its lines have changed")
    return replace(anchor, commit=head, path=moved.path, start=start, end=end)


def _gone(anchor: Anchor, why: str, nearest: Anchor | None = None) -> Unplaceable:
    near = f" They may be what is {nearest} now." if nearest is not None else ""
    text = f"{anchor} cannot be carried to the head: {why}.{near}"
    step = "Look at the new version, and comment there."
    return Unplaceable(text, anchor=anchor, next_step=step)
