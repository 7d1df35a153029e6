"""Places in a diff: neutral anchors and GitLab's positions.

GitLab finds a line by its numbers: an added one by the new number, a removed one by the old, an unchanged one only by both.
Both paths are always there. https://docs.gitlab.com/api/discussions/#create-a-new-thread-in-the-merge-request-diff
"""

from __future__ import annotations

import hashlib
from typing import Any

from pullbridge.hosts.decoding import whole
from pullbridge.hosts.gitlab import payloads
from pullbridge.model.anchor import Anchor, LineNumbers, Side
from pullbridge.model.refs import same_commit


def line_code(path: str, old: int, new: int) -> str:
    """GitLab's name for a line of a diff, by the counters of both sides. https://docs.gitlab.com/api/discussions/#line-code"""
    digest = hashlib.sha1(path.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
    return f"{digest}_{old}_{new}"


def position(anchor: Anchor, refs: payloads.DiffRefs) -> dict[str, Any] | None:
    """The position of a placed anchor in the diff of these commits; `None` for lines that were not found in a diff.

    An unchanged line never goes out with one number alone: GitLab would not find it, or find another one.
    """
    where = {
        "base_sha": refs.base_sha,
        "start_sha": refs.start_sha,
        "head_sha": refs.head_sha,
        "old_path": anchor.old_path or anchor.path,
        "new_path": anchor.path,
    }
    if anchor.is_file:
        return {"position_type": "file", **where}
    if anchor.ends is None:
        return None
    start, end = anchor.ends
    lines: dict[str, Any] = {"position_type": "text", **where, **_numbers(end)}
    if anchor.start != anchor.end or anchor.start_side is not None:
        lines["line_range"] = {"start": _end(anchor.path, start), "end": _end(anchor.path, end)}
    return lines


def _numbers(line: LineNumbers) -> dict[str, int]:
    told = {"old_line": line.old, "new_line": line.new}
    return {name: number for name, number in told.items() if number is not None}


def _end(path: str, line: LineNumbers) -> dict[str, Any]:
    """One end of a range. An unchanged line is of neither type: with `old`, GitLab would show it as a removed one.

    See the example of a position in `lib/api/entities/draft_note.rb` of https://gitlab.com/gitlab-org/gitlab.
    """
    kind = {"type": "new"} if line.old is None else {"type": "old"} if line.new is None else {}
    return {"line_code": line_code(path, *line.counters), **kind, **_numbers(line)}


def anchor(place: payloads.Position | None) -> Anchor | None:
    """The place of a note; of an image it is the file. `None` for a note that has none."""
    path = place and (place.new_path or place.old_path)
    if place is None or not path:
        return None
    facts: dict[str, Any] = {
        "commit": place.head_sha,
        "base": place.base_sha,
        "old_path": place.old_path if place.old_path != path else None,
    }
    line = _line(place.old_line, place.new_line)
    if line is None:
        return Anchor.file(path, **facts)
    side, number = line
    start = _start(place.line_range, side, number)
    if start is None:
        return Anchor.line(path, number, side=side, **facts)
    return Anchor.lines(path, start[1], number, side=side, start_side=start[0], **facts)


def is_current(place: payloads.Position | None, newest: payloads.DiffRefs | None) -> bool | None:
    """Whether a note's place is in the newest diff: GitLab moves it along for as long as its line is there.

    `None` where the newest diff is not known, or is still being made.
    """
    if place is None or newest is None or place.head_sha is None or newest.head_sha is None:
        return None
    pairs = (
        (place.head_sha, newest.head_sha),
        (place.start_sha, newest.start_sha),
        (place.base_sha, newest.base_sha),
    )
    return all(one is None or other is None or same_commit(one, other) for one, other in pairs)


def _line(old: int | str | None, new: int | str | None) -> tuple[Side, int] | None:
    """The line by one number: by its new one, if it has one."""
    for side, told in ((Side.NEW, new), (Side.OLD, old)):
        number = whole(str(told))
        if number:
            return side, number
    return None


def _start(told: payloads.LineRange | None, side: Side, end: int) -> tuple[Side, int] | None:
    """Where a range begins; `None` for a single line, and for a range that GitLab has not moved along with its last line."""
    if told is None or told.start is None or told.end is None:
        return None
    if _counted(told.end, side) != end:
        return None
    start = _end_of(told.start, side)
    if start is None or start == (side, end) or (start[0] is side and start[1] > end):
        return None
    return start


def _counted(told: payloads.LineEnd, side: Side) -> int | None:
    """The number of one end on a side, by its numbers or else by the counters in its code."""
    number = told.new_line if side is Side.NEW else told.old_line
    if number is None and told.old_line is None and told.new_line is None:
        number = _counters(told)[side]
    found = _line(None, number)
    return found[1] if found is not None else None


def _end_of(told: payloads.LineEnd, side: Side) -> tuple[Side, int] | None:
    """Where a range begins, on the side of its end if it is there, too; by its numbers, or else by its code and type."""
    if told.old_line is None and told.new_line is None:
        counters = _counters(told)
        return _line(counters[Side.OLD], None) if told.type == "old" else _line(None, counters[Side.NEW])
    return (_line(told.old_line, None) if side is Side.OLD else None) or _line(told.old_line, told.new_line)


def _counters(told: payloads.LineEnd) -> dict[Side, str]:
    _, _, numbers = (told.line_code or "").partition("_")
    old, _, new = numbers.partition("_")
    return {Side.OLD: old, Side.NEW: new}
