"""Places in a diff: neutral anchors and Data Center's.

Data Center finds a line by its number on one side, and by what it is in the diff: added, removed, or unchanged nearby. A line
that is something else is refused. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (comments)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.model.anchor import Anchor, LineNumbers, Side
from pullbridge.model.refs import same_commit

#: The diff of a pull request as it is now, and one between any two commits.
EFFECTIVE, RANGE = "EFFECTIVE", "RANGE"
_FILES = {Side.OLD: "FROM", Side.NEW: "TO"}
_SIDES = {"REMOVED": Side.OLD, "ADDED": Side.NEW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The two commits that a diff is between, as Data Center names them: that of a pull request begins where it parted."""

    since: str | None
    until: str | None


def path_of(told: payloads.Path | None) -> str | None:
    """A path, from the object that the specification has, or from the text that answers have."""
    if told is None or isinstance(told, str):
        return told or None
    return "/".join(told.components or ()) or told.to_string or None


def written(at: Anchor, kind: str, ends: Ends) -> dict[str, Any] | None:
    """The anchor of a placed one in that diff; `None` for lines that were not found in a diff.

    What a line is in the diff is never guessed: with a wrong word the comment would be refused, or orphaned.
    """
    hashes = {"fromHash": ends.since, "toHash": ends.until} if ends.since and ends.until else {}
    where: dict[str, Any] = {"diffType": kind, **hashes, "path": at.path}
    if at.old_path is not None and at.old_path != at.path:
        where["srcPath"] = at.old_path
    if at.is_file:
        return where
    if at.ends is None:
        return None
    start, end = at.ends
    side, word = _kind(end, at.side)
    where |= {"line": _number(end, side), "lineType": word, "fileType": _FILES[side]}
    if at.start != at.end or at.start_side is not None:
        where |= _range(start, end, side)
    return where


def _kind(line: LineNumbers, side: Side) -> tuple[Side, str]:
    """The side that a line is on, and what it is. An unchanged one is on both, and stays on the one that was named."""
    if line.old is None:
        return Side.NEW, "ADDED"
    return (Side.OLD, "REMOVED") if line.new is None else (side, "CONTEXT")


def _number(line: LineNumbers, side: Side) -> int | None:
    return line.old if side is Side.OLD else line.new


def _range(start: LineNumbers, end: LineNumbers, side: Side) -> dict[str, Any]:
    """Where a range begins, and which lines it has on each side.

    The second is not in the specification, and without it a range is one line: see
    https://github.com/b1ff/atlassian-dc-mcp/pull/43 (found with 9.3.2).
    """
    from_side, word = _kind(start, side)
    span = {
        "srcSpanStart": start.counters[0],
        "srcSpanEnd": end.counters[0] - (end.old is None),
        "dstSpanStart": start.counters[1],
        "dstSpanEnd": end.counters[1] - (end.new is None),
    }
    sides = [name for name in ("src", "dst") if span[f"{name}SpanStart"] <= span[f"{name}SpanEnd"]]
    return {
        "multilineMarker": {"startLine": _number(start, from_side), "startLineType": word},
        "multilineSpan": {name: number for name, number in span.items() if name[:3] in sides},
    }


def anchor(place: payloads.DiffAnchor | None) -> Anchor | None:
    """The place of a conversation, as it is kept; `None` for one on the whole pull request."""
    path = path_of(place.path) if place is not None else None
    if place is None or path is None:
        return None
    old_path = path_of(place.src_path)
    facts: dict[str, Any] = {
        "commit": place.to_hash,
        "base": place.from_hash,
        "old_path": old_path if old_path != path else None,
    }
    if place.line is None or place.line < 1:
        return Anchor.file(path, **facts)
    side = Side.OLD if place.file_type == "FROM" or place.line_type == "REMOVED" else Side.NEW
    start = _start(place.multiline_marker, side)
    if start is None or start == (side, place.line) or (start[0] is side and start[1] > place.line):
        return Anchor.line(path, place.line, side=side, **facts)
    return Anchor.lines(path, start[1], place.line, side=side, start_side=start[0], **facts)


def _start(told: payloads.MultilineMarker | None, side: Side) -> tuple[Side, int] | None:
    """Where a range begins: an unchanged line is counted on the side of the last one."""
    if told is None or told.start_line is None or told.start_line < 1:
        return None
    return _SIDES.get(told.start_line_type or "", side), told.start_line


def current(
    place: payloads.DiffAnchor, head: Ends | None, seen: str | None = None
) -> tuple[Anchor | None, bool | None]:
    """Where a conversation is now, and whether it is outdated. `head` is the diff of now, where it is known.

    `seen` is the head that was told along with the place, if one was. Where the two differ somebody was pushing, and
    nobody knows which of them the line is counted in.

    Comments on the pull request's own diff move along with it, until their line leaves it: then they are orphaned. Those
    on other diffs stay. https://confluence.atlassian.com/bitbucketserverkb/how-does-comment-drift-work-779171742.html
    """
    at, until = anchor(place), head.until if head is not None else None
    if place.orphaned or at is None:
        return None, bool(place.orphaned)
    if place.diff_type == "COMMIT":
        return None, False
    if until is None:
        return (at, False) if place.diff_type != RANGE else (None, None)
    if place.diff_type != RANGE and seen is not None and not same_commit(seen, until):
        return replace(at, commit=None, base=None), False
    if same_commit(at.commit, until):
        return at, False
    if place.diff_type == RANGE:
        return None, True
    return replace(at, commit=until, base=head.since if head is not None else None), False
