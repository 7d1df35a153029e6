"""Where a comment hangs: a commit, a path, a side and lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Self


class Side(Enum):
    """Which version of the file the line numbers count: `OLD` at the merge base, `NEW` at the head."""

    OLD = "old"
    NEW = "new"


class LineNumbers(NamedTuple):
    """One line of a changed file as the diff has it, on both sides.

    `old` or `new` is `None` on the side where the line is not: an added line has no old number, a removed one no new.
    `counters` are (old, new) as a reader of the diff counts them: where the line is not, the number of the next one there.
    """

    old: int | None
    new: int | None
    counters: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A place in a changed file that a comment hangs on.

    `commit` is the head that was looked at. `NEW` lines are counted in the file at `commit`, `OLD` lines in the file at
    `base`, the merge base *then* (`None` when the caller leaves it out in a write). Lines are 1-based and inclusive; a
    file anchor has none. `start_side` differs from `side` only for a range that begins on the other side.
    `ends` is what the diff says of the first and the last line, once the anchor has been placed in it: some hosts want both
    numbers of a line. It is no part of the value: it is neither compared nor kept in JSON.

    Raises `ValueError` for lines that cannot be: `start` below 1, `end` before `start` on one side, or one without the
    other.
    """

    path: str
    side: Side = Side.NEW
    start: int | None = None
    end: int | None = None
    commit: str | None = None
    base: str | None = None
    old_path: str | None = None
    start_side: Side | None = None
    ends: tuple[LineNumbers, LineNumbers] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError("an anchor needs a path")
        if (self.start is None) != (self.end is None):
            raise ValueError("an anchor has both a start and an end line, or neither")
        if self.start_side is self.side:
            object.__setattr__(self, "start_side", None)
        if self.start is None or self.end is None:
            return
        if self.start < 1 or self.end < 1:
            raise ValueError(f"lines are counted from 1, not {min(self.start, self.end)}")
        if self.start_side is None and self.end < self.start:
            raise ValueError(f"a range cannot end (line {self.end}) before it starts (line {self.start})")

    @classmethod
    def line(
        cls,
        path: str,
        line: int,
        *,
        commit: str | None = None,
        side: Side = Side.NEW,
        base: str | None = None,
        old_path: str | None = None,
    ) -> Self:
        """Anchor on one line."""
        return cls(path=path, side=side, start=line, end=line, commit=commit, base=base, old_path=old_path)

    @classmethod
    def lines(
        cls,
        path: str,
        start: int,
        end: int,
        *,
        commit: str | None = None,
        side: Side = Side.NEW,
        start_side: Side | None = None,
        base: str | None = None,
        old_path: str | None = None,
    ) -> Self:
        """Anchor on the lines from `start` to `end`, both included."""
        return cls(
            path=path,
            side=side,
            start=start,
            end=end,
            commit=commit,
            base=base,
            old_path=old_path,
            start_side=start_side,
        )

    @classmethod
    def file(
        cls, path: str, *, commit: str | None = None, base: str | None = None, old_path: str | None = None
    ) -> Self:
        """Anchor on a whole file."""
        return cls(path=path, commit=commit, base=base, old_path=old_path)

    @property
    def is_file(self) -> bool:
        """Whether this anchor names a file as a whole."""
        return self.start is None

    def __str__(self) -> str:
        if self.start is None or self.end is None:
            return self.path
        mark = "-" if self.side is Side.OLD else ""
        if self.start == self.end and self.start_side is None:
            return f"{self.path}:{mark}{self.end}"
        first = "-" if (self.start_side or self.side) is Side.OLD else ""
        return f"{self.path}:{first}{self.start}..{mark}{self.end}"


class PlacementReason(Enum):
    """Why an anchor may not be commented on."""

    FILE_NOT_CHANGED = "the file is not part of this pull request's changes"
    OUTSIDE_HUNKS = "the line is outside the changed hunks"
    SPANS_HUNKS = "the range crosses from one hunk into another"
    BACKWARDS = "the range ends above its start"
    NO_RANGES = "the host takes a comment on one line only"
    NO_SUCH_SIDE = "the file does not exist on that side"
    BINARY = "the file is binary"
    NOT_IN_HEAD = "the newest version does not have these lines as they are here"
    TRUNCATED = "the host left out this file's diff, so its lines are not known here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """May this anchor be commented on? `ok` is `None` when nothing honest can be said (see `reason`).

    `anchor` is the anchor with what the diff adds to it (old path, base, the start's side); `nearest` is the closest
    place that may be commented on, `None` where there is none.
    """

    ok: bool | None
    anchor: Anchor
    reason: PlacementReason | None = None
    nearest: Anchor | None = None
