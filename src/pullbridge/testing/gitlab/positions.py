"""Positions: where a note hangs in a diff, and the codes of a diff's lines (pure).

https://docs.gitlab.com/api/discussions/#create-a-new-thread-in-the-merge-request-diff; `lib/gitlab/diff/parser.rb`,
`position.rb` and `lines_unfolder.rb` of https://gitlab.com/gitlab-org/gitlab.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from pullbridge.testing.diffs import FileDiff

PositionType = Literal["text", "image", "file"]
Kind = Literal["new", "old"]
_KINDS: dict[bytes, Kind | None] = {b"+": "new", b"-": "old"}


class Refs(NamedTuple):
    """The three commits of a diff. `start` is the target's tip, `base` where the source left it."""

    base: str | None
    start: str | None
    head: str | None

    @property
    def complete(self) -> bool:
        """Whether a diff can be made of them."""
        return bool(self.start and self.head)


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff. `old` and `new` count on even where the line is not on that side."""

    old: int
    new: int
    kind: Kind | None

    @property
    def old_line(self) -> int | None:
        """Its number in the old file, if it is there."""
        return None if self.kind == "new" else self.old

    @property
    def new_line(self) -> int | None:
        """Its number in the new file, if it is there."""
        return None if self.kind == "old" else self.new


@dataclass(frozen=True, kw_only=True)
class Position:
    """A place in a diff: a line (added: `new_line`; removed: `old_line`; unchanged: both), a spot of an image, or a file."""

    base_sha: str | None = None
    start_sha: str | None = None
    head_sha: str | None = None
    old_path: str | None = None
    new_path: str | None = None
    position_type: PositionType = "text"
    old_line: int | None = None
    new_line: int | None = None
    line_range: Mapping[str, Any] | None = None
    width: int | None = None
    height: int | None = None
    x: float | None = None
    y: float | None = None

    @property
    def refs(self) -> Refs:
        """The diff it is counted in."""
        return Refs(self.base_sha, self.start_sha, self.head_sha)

    @property
    def path(self) -> str | None:
        """The file, by its new name."""
        return self.new_path or self.old_path

    @property
    def paths(self) -> tuple[str, ...]:
        """Both names, once each."""
        return tuple(dict.fromkeys(path for path in (self.old_path, self.new_path) if path is not None))

    @property
    def complete(self) -> bool:
        """Whether nothing is missing in it."""
        if not self.path or not self.refs.complete:
            return False
        if self.position_type == "text":
            return self.old_line is not None or self.new_line is not None
        if self.position_type == "image":
            return None not in {self.width, self.height, self.x, self.y}
        return True

    @property
    def unchanged(self) -> bool:
        """Whether it is about a line that both files have."""
        return self.position_type == "text" and self.old_line is not None and self.new_line is not None

    def within(self, refs: Refs, file: FileDiff | None, **more: Any) -> Position:
        """The same in another diff, with other lines."""
        names = {} if file is None else {"old_path": file.old_path, "new_path": file.path}
        return replace(self, base_sha=refs.base, start_sha=refs.start, head_sha=refs.head, **{**names, **more})


def shown(position: Position | None) -> dict[str, Any]:
    """A position as JSON. One that is not there is one of text, with nothing in it."""
    here = position or Position()
    common: dict[str, Any] = {
        "base_sha": here.base_sha,
        "start_sha": here.start_sha,
        "head_sha": here.head_sha,
        "old_path": here.old_path,
        "new_path": here.new_path,
        "position_type": here.position_type,
    }
    if here.position_type == "text":
        return {**common, "old_line": here.old_line, "new_line": here.new_line, "line_range": here.line_range}
    if here.position_type == "image":
        return {**common, "width": here.width, "height": here.height, "x": here.x, "y": here.y}
    return common


# -- lines -------------------------------------------------------------------------------------------------------------


def lines(file: FileDiff) -> list[DiffLine]:
    """The lines of a file's hunks, each with both counters as they stand before it."""
    found = []
    for hunk in file.hunks:
        old, new = hunk.old_start, hunk.new_start
        for text in hunk.lines:
            if text.startswith(b"\\"):
                continue
            kind = _KINDS.get(text[:1])
            found.append(DiffLine(old, new, kind))
            old += kind != "new"
            new += kind != "old"
    return found


def line_at(file: FileDiff, old: int | None, new: int | None, *, old_lines: int) -> DiffLine | None:
    """The line that has exactly these numbers: in a hunk, or between hunks as an unfolded diff shows it.

    `old_lines` is how many lines the old file has.
    """
    known = lines(file)
    for line in known:
        if (line.old_line, line.new_line) == (old, new):
            return line
    if not known or old is None or new is None or file.status in {"added", "removed"}:
        return None
    return _unfolded(file, known, old, new, old_lines)


def _unfolded(file: FileDiff, known: list[DiffLine], old: int, new: int, old_lines: int) -> DiffLine | None:
    if not 0 < old <= old_lines or any(line.old_line == old for line in known):
        return None
    later = [hunk for hunk in file.hunks if hunk.old_start > old]
    end = file.hunks[-1]
    offset = (
        later[0].new_start - later[0].old_start
        if later
        else end.new_start + end.new_count - end.old_start - end.old_count
    )
    return DiffLine(old, new, None) if new == old + offset else None


def line_code(path: str, line: DiffLine) -> str:
    """`<sha1 of the path>_<old>_<new>`, with the counters: https://docs.gitlab.com/api/discussions/#line-code"""
    digest = hashlib.sha1(path.encode(errors="surrogateescape"), usedforsecurity=False).hexdigest()
    return f"{digest}_{line.old}_{line.new}"


def line_of_code(path: str, code: object, file: FileDiff, *, old_lines: int) -> DiffLine | None:
    """The line a code names, if it is one of this file."""
    head, _, numbers = str(code).partition("_")
    old, _, new = numbers.partition("_")
    if not (old.isdecimal() and new.isdecimal()) or head != line_code(path, DiffLine(0, 0, None)).partition("_")[0]:
        return None
    for line in lines(file):
        if (line.old, line.new) == (int(old), int(new)):
            return line
    return line_at(file, int(old), int(new), old_lines=old_lines)
