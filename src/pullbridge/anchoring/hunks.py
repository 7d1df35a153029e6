"""The hunks of a unified diff, and the map between the lines of its two sides.

Pure: text in, values out. A hunk ends where the counts of its header say, so that a removed line `-- a/x` stays content
(https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html); a line ends at LF alone, so that a
carriage return, a form feed and U+2028 stay in their line; bytes that are not UTF-8 survive as surrogate escapes
(`text.encode("utf-8", "surrogateescape")` gives them back).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from pullbridge.errors import BadAnswer
from pullbridge.model.anchor import Side


class LineKind(Enum):
    """What a diff did to a line. An added line is on the new side only, a removed one on the old side only."""

    ADDED = "added"
    REMOVED = "removed"
    CONTEXT = "context"


# Some tools strip the blank that marks an empty context line; git reads that as context too.
# https://github.com/git/git/blob/master/apply.c (apply_one_fragment: "newer GNU diff, empty context line")
_KINDS = {"+": LineKind.ADDED, "-": LineKind.REMOVED, " ": LineKind.CONTEXT, "": LineKind.CONTEXT}


class Line(NamedTuple):
    """One line of a hunk, without its mark and its line feed (a carriage return stays).

    `old` and `new` are the counters of the two sides when the line is met: both its numbers if it is unchanged; for an
    added line `old` is the *next* old number, for a removed line `new` is the next new one. `ends_file` is true where
    the diff says that no line feed follows.
    """

    kind: LineKind
    old: int
    new: int
    text: str
    ends_file: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk: what its header says, and its lines as they stand in the diff (`body`, no final line feed).

    A side of no lines starts, as git writes it, at the line before the hunk, which is 0 in an empty file.
    """

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: str
    body: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines in order, with the counters of both sides."""
        return tuple(self._walk())

    def _walk(self) -> Iterator[Line]:
        old, new = (self.counter(side) for side in (Side.OLD, Side.NEW))
        rows = self.body.split("\n") if self.old_count or self.new_count else []
        for row, following in zip(rows, [*rows[1:], ""], strict=True):
            kind = _KINDS.get(row[:1])
            if kind is None:
                continue
            yield Line(kind, old, new, row[1:], following.startswith("\\"))
            old += kind is not LineKind.ADDED
            new += kind is not LineKind.REMOVED

    @property
    def additions(self) -> int:
        """How many lines it adds."""
        return f"\n{self.body}".count("\n+")

    @property
    def deletions(self) -> int:
        """How many lines it removes."""
        return f"\n{self.body}".count("\n-")

    def span(self, side: Side) -> range:
        """The lines it covers on one side, added or removed and context alike; empty where it has none there."""
        start, count = (self.old_start, self.old_count) if side is Side.OLD else (self.new_start, self.new_count)
        return range(start, start + count) if count else range(start + 1, start + 1)

    def counter(self, side: Side) -> int:
        """Where the counter of one side begins: at its first line there, or the next one; at 0 in an empty file."""
        start = self.old_start if side is Side.OLD else self.new_start
        return self.span(side).start if start else 0

    def __str__(self) -> str:
        header = f"@@ -{self.old_start},{self.old_count} +{self.new_start},{self.new_count} @@"
        return "\n".join(filter(None, (f"{header} {self.section}".rstrip(" "), self.body)))


class _Run(NamedTuple):
    """Lines that follow each other and fared alike."""

    kind: LineKind
    old: int
    new: int
    length: int


def _runs(hunk: Hunk) -> Iterator[_Run]:
    old, new = (hunk.counter(side) for side in (Side.OLD, Side.NEW))
    marks = (row[:1] for row in hunk.body.split("\n")) if hunk.old_count or hunk.new_count else ()
    for kind, same in groupby(_KINDS[mark] for mark in marks if mark != "\\"):
        length = sum(1 for _ in same)
        yield _Run(kind, old, new, length)
        old += length if kind is not LineKind.ADDED else 0
        new += length if kind is not LineKind.REMOVED else 0


class LineMap:
    """Which line of one side is which line of the other, from the hunks of one file.

    Lines outside the hunks are unchanged and differ by an offset. How long the file is, hunks do not tell: whoever asks
    vouches that the line exists.
    """

    __slots__ = ("_bounds", "_runs", "_starts", "hunks")

    def __init__(self, hunks: Iterable[Hunk]) -> None:
        """Map the lines by `hunks`, which are those of one file, in order, as `parse_patch` gives them."""
        self.hunks: tuple[Hunk, ...] = tuple(hunks)
        runs = [run for hunk in self.hunks for run in _runs(hunk)]
        self._runs = {
            Side.OLD: [run for run in runs if run.kind is not LineKind.ADDED],
            Side.NEW: [run for run in runs if run.kind is not LineKind.REMOVED],
        }
        self._starts = {
            Side.OLD: [run.old for run in self._runs[Side.OLD]],
            Side.NEW: [run.new for run in self._runs[Side.NEW]],
        }
        self._bounds = {side: [hunk.span(side).start for hunk in self.hunks] for side in Side}

    def kind_of(self, side: Side, line: int) -> LineKind | None:
        """What happened to a line; `None` when no hunk shows it."""
        run = self._run(side, line)
        return run and run.kind

    def hunk_at(self, side: Side, line: int) -> int | None:
        """The index of the hunk that shows a line."""
        index = bisect_right(self._bounds[side], line) - 1
        # A hunk without lines on this side begins where its neighbour does.
        while index >= 0 and self._bounds[side][index] == line and not self.hunks[index].span(side):
            index -= 1
        return index if index >= 0 and line in self.hunks[index].span(side) else None

    def pair(self, side: Side, line: int) -> tuple[int | None, int | None]:
        """The numbers (old, new) of a line, `None` on the side where it is not.

        Outside the hunks the offset decides. Where a diff left lines out (`--ignore-blank-lines`) the offset is not
        known, and the other side is `None` too.
        """
        run = self._run(side, line)
        if run is None:
            other = self._across(side, line)
            return (line, other) if side is Side.OLD else (other, line)
        if run.kind is not LineKind.CONTEXT:
            return (line, None) if side is Side.OLD else (None, line)
        return self.codes(side, line)

    def codes(self, side: Side, line: int) -> tuple[int, int]:
        """The counters (old, new) of a line as `Line` has them: GitLab builds its line codes from these.

        An added line has the next old number, which is 0 in a new file; a removed one the next new number.
        https://docs.gitlab.com/api/discussions/#line-code
        """
        run = self._run(side, line)
        if run is None:
            other = self._across(side, line)
            other = line if other is None else other
            return (line, other) if side is Side.OLD else (other, line)
        passed = line - (run.old if side is Side.OLD else run.new)
        return (
            run.old + (passed if run.kind is not LineKind.ADDED else 0),
            run.new + (passed if run.kind is not LineKind.REMOVED else 0),
        )

    def _run(self, side: Side, line: int) -> _Run | None:
        index = bisect_right(self._starts[side], line) - 1
        if index < 0:
            return None
        run = self._runs[side][index]
        return run if line < self._starts[side][index] + run.length else None

    def _across(self, side: Side, line: int) -> int | None:
        """The number on the other side of a line that no hunk shows."""
        other = Side.NEW if side is Side.OLD else Side.OLD
        after = bisect_right(self._bounds[side], line)
        before = self.hunks[after - 1] if after else None
        here, there = (before.span(side).stop, before.span(other).stop) if before else (1, 1)
        if after < len(self.hunks):
            following = self.hunks[after]
            if following.span(side).start - here != following.span(other).start - there:
                return None
        return line - here + there


def parse_patch(patch: str) -> tuple[Hunk, ...]:
    """The hunks of one file, from a text that starts with `@@` as a host's `patch` or `diff` field does.

    Old file headers (`---`, `+++`) before the first hunk are passed over; a text without hunks that says the files are
    binary, and an empty one, give none. Raises `BadAnswer` (`what="diff"`) for anything else: a hunk that is cut short
    or longer than its header says, hunks out of order, a merge's combined diff.
    """
    text = "\n" + patch.removesuffix("\n")
    refuse_combined(text)
    head, *pieces = text.split(BEFORE_HUNK)
    head = head.removeprefix("\n")
    if not pieces and head and not head.startswith(("Binary files ", "--- ")):
        raise malformed("a patch starts with a hunk header (@@ -1,2 +1,3 @@)")
    hunks: list[Hunk] = []
    for piece in pieces:
        hunk, rest = take_hunk(piece)
        if rest.strip("\n"):
            raise malformed(f"{_header_of(hunk)}: more lines than the header says")
        hunks.append(hunk)
    return in_order(hunks)


#: What a hunk header starts with. No line of content does: each has its mark before it.
BEFORE_HUNK = "\n@@ "


def refuse_combined(text: str) -> None:
    """Refuse the diff of a merge against more than one parent (`text` begins with a line feed)."""
    if "\n@@@" in text or "\ndiff --cc " in text or "\ndiff --combined " in text:
        raise malformed("a combined diff of a merge has more than two sides; ask for one parent's diff")


# Line numbers have at most ten digits, so that no header makes `int` work hard.
_HEADER = re.compile(r"-([0-9]{1,10})(?:,([0-9]{1,10}))? \+([0-9]{1,10})(?:,([0-9]{1,10}))? @@ ?([^\n]*)(?:\n|\Z)")


def take_hunk(piece: str) -> tuple[Hunk, str]:
    """Read one hunk from a text that begins behind `@@ `, and what is left behind it."""
    match = _HEADER.match(piece)
    if match is None:
        raise malformed(f"not a hunk header: @@ {piece.partition(chr(10))[0][:60]!r}")
    old_start, old_count, new_start, new_count, section = match.groups()
    old, new = 1 if old_count is None else int(old_count), 1 if new_count is None else int(new_count)
    body, rest = piece[match.end() :], ""
    if not _is_whole(body, old, new):
        body, rest = _cut(body, old, new)
    return Hunk(int(old_start), old, int(new_start), new, section, body), rest


def cut_hunks(text: str) -> tuple[Hunk, ...]:
    """Read hunks that may end before their headers say so, as a host keeps them beside a comment.

    Their counts are of the lines that are there. Raises `BadAnswer` as `parse_patch` does for what is no hunk.
    """
    head, *pieces = f"\n{text.removesuffix(chr(10))}".split(BEFORE_HUNK)
    if head.strip("\n") or not pieces:
        raise malformed("a piece of a diff starts with a hunk header (@@ -1,2 +1,3 @@)")
    hunks: list[Hunk] = []
    for piece in pieces:
        match = _HEADER.match(piece)
        if match is None:
            raise malformed(f"not a hunk header: @@ {piece.partition(chr(10))[0][:60]!r}")
        body = piece[match.end() :]
        marks = [row[:1] for row in body.split("\n")] if body else []
        if not set(marks) <= {*_KINDS, "\\"}:
            raise malformed("not a line of a hunk")
        same = marks.count(" ") + marks.count("")
        old, new = marks.count("-") + same, marks.count("+") + same
        hunks.append(Hunk(int(match[1]), old, int(match[3]), new, match[5], body))
    return tuple(hunks)


_first = itemgetter(slice(1))


def _is_whole(body: str, old: int, new: int) -> bool:
    """Tell, by the marks of its lines alone, whether a body has just the lines that its header says."""
    rows = body.split("\n")
    marks = "".join(map(_first, rows))
    added, removed, context = marks.count("+"), marks.count("-"), marks.count(" ")
    return (
        removed + context == old
        and added + context == new
        and added + removed + context + marks.count("\\") == len(rows)
    )


def _cut(body: str, old: int, new: int) -> tuple[str, str]:
    """Cut a text where the counts say that the hunk ends, line by line."""
    rows = body.split("\n") if body else []
    taken = 0
    while old or new:
        mark = rows[taken][:1] if taken < len(rows) else None
        if mark is None:
            raise malformed(f"a hunk is cut short: {old} old and {new} new lines are missing")
        if mark not in _KINDS and mark != "\\":
            raise malformed(f"not a line of a hunk: {rows[taken][:60]!r}")
        old -= mark in {"-", " ", ""}
        new -= mark in {"+", " ", ""}
        if old < 0 or new < 0:
            raise malformed("a hunk's lines do not agree with the counts of its header")
        taken += 1
    if taken < len(rows) and rows[taken].startswith("\\"):
        taken += 1
    return "\n".join(rows[:taken]), "\n".join(rows[taken:])


def in_order(hunks: list[Hunk]) -> tuple[Hunk, ...]:
    """Give the hunks of one file back, having checked that they follow each other on both sides."""
    for former, latter in pairwise(hunks):
        if (
            latter.old_start < former.old_start + former.old_count
            or latter.new_start < former.new_start + former.new_count
        ) and any(latter.span(side).start < former.span(side).stop for side in Side):
            raise malformed(f"{_header_of(latter)}: the hunk overlaps the one before")
    return tuple(hunks)


def _header_of(hunk: Hunk) -> str:
    return str(hunk).partition("\n")[0][:80]


def malformed(problem: str) -> BadAnswer:
    """Make the one error of this package."""
    return BadAnswer(f"This diff cannot be read: {problem}.", what="diff")
