"""Where a note's place goes when the diff changes.

`lib/gitlab/diff/position_tracer/` of https://gitlab.com/gitlab-org/gitlab, whose letters are kept: the old diff is from
A to B, the new one from C to D. Only the note's own paths are looked at, so a rename in a push loses the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pullbridge.testing.diffs import FileDiff
from pullbridge.testing.git import EMPTY_TREE, Git, GitError
from pullbridge.testing.gitlab.positions import DiffLine, Position, Refs, line_at, line_code, line_of_code, lines


@dataclass(frozen=True)
class Traced:
    """Where it is now; when outdated, where it was lost (`None` when that cannot be said)."""

    position: Position | None
    outdated: bool


class Diffs:
    """The diffs that positions are counted in."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def compare(self, refs: Refs, *paths: str) -> tuple[FileDiff, ...] | None:
        """The changed files of a diff, or of the paths in it; `None` when one of its commits is unknown."""
        if not refs.complete or refs.start is None or refs.head is None:
            return None
        if not self.known(refs):
            return None
        start: str | None = refs.start
        if refs.base != refs.start:  # else the comparison is meant as it is written
            start = self._git.merge_base(refs.start, refs.head)
        return self._git.diff(start or EMPTY_TREE, refs.head, *paths)

    def straight(self, old: str | None, new: str | None, paths: tuple[str, ...]) -> tuple[FileDiff, ...]:
        """What changed in the paths from one commit to another."""
        return () if old is None or new is None else self._git.diff(old, new, *paths)

    def known(self, refs: Refs) -> bool:
        """Whether it is complete, and all of its commits are there."""
        try:
            for sha in refs:
                self._git.commit(sha or "")
        except GitError:
            return False
        return refs.complete

    def file(self, position: Position) -> FileDiff | None:
        """The changed file that a position is in: of the diff of its own commits, limited to its own paths."""
        files = self.compare(position.refs, *position.paths)
        return files[0] if files and position.paths else None

    def old_lines(self, position: Position, file: FileDiff) -> int:
        """How many lines the old file has."""
        start = position.start_sha if position.base_sha == position.start_sha else None
        base = start or self._git.merge_base(position.start_sha or "", position.head_sha or "")
        return len(lines_of(self._git.blob(base, file.old_path) if base else None))

    def line(self, position: Position) -> DiffLine | None:
        """The line of the diff that a position is about."""
        file = self.file(position)
        if file is None:
            return None
        return line_at(file, position.old_line, position.new_line, old_lines=self.old_lines(position, file))

    def line_code(self, position: Position) -> str | None:
        """Its code."""
        line = self.line(position)
        return None if line is None else line_code(position.path or "", line)

    def range_problem(self, position: Position) -> bool:
        """Whether the codes of a range are not those of lines of the diff, the last of them the commented one."""
        file = self.file(position)
        ends = position.line_range or {}
        if file is None or not ends:
            return False
        count, found = self.old_lines(position, file), []
        for name in ("start", "end"):
            end = ends.get(name)
            if not isinstance(end, dict):
                return True
            code = end.get("line_code")
            line = line_of_code(position.path or "", code, file, old_lines=count)
            if line is None or not _typed(line, end.get("type")):
                return True
            found.append(line)
        start, end_line = found
        return (end_line.old_line, end_line.new_line) != (position.old_line, position.new_line) or _after(
            start, end_line
        )


def _typed(line: DiffLine, kind: object) -> bool:
    return kind == line.kind if line.kind else kind in {None, "old", ""}


def _after(start: DiffLine, end: DiffLine) -> bool:
    return (start.new, start.old) > (end.new, end.old)


def lines_of(blob: bytes | None) -> list[bytes]:
    """A file's lines, with their endings."""
    parts = (blob or b"").split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def old_to_new(file: FileDiff | None, line: int) -> int | None:
    """Where an old line is in the new file; `None` when it is gone."""
    if file is None:
        return line
    return None if file.status == "removed" else file.carry(line)


def new_to_old(file: FileDiff | None, line: int) -> int | None:
    """Where a new line was in the old file; `None` when it was not there."""
    if file is None:
        return line
    offset = 0
    for hunk in file.hunks:
        if line < hunk.new_start:
            break
        if line < hunk.new_start + hunk.new_count:
            return _inside(file, line)
        offset = hunk.old_start + hunk.old_count - hunk.new_start - hunk.new_count
    return line + offset


def _inside(file: FileDiff, line: int) -> int | None:
    return next((found.old_line for found in lines(file) if found.new_line == line), None)


class Tracer:
    """Follows positions from one diff to another."""

    def __init__(self, git: Git, old: Refs, new: Refs) -> None:
        self._diffs = Diffs(git)
        self._old, self._new = old, new

    def trace(self, position: Position) -> Traced | None:
        """Where it is in the new diff; `None` when a commit of either is unknown, or it is not of the old one."""
        whole = self._diffs.known(self._old) and self._diffs.known(self._new)
        if not whole or position.refs != self._old:
            return None
        follower = _Follower(self._diffs, self._old, self._new, position)
        if position.position_type != "text":
            return follower.whole_file()
        if position.old_line is None:
            return follower.added(position.new_line or 0)
        if position.new_line is None:
            return follower.removed(position.old_line)
        return follower.unchanged(position.old_line, position.new_line)


class _Follower:
    def __init__(self, diffs: Diffs, old: Refs, new: Refs, position: Position) -> None:
        self._diffs, self._position = diffs, position
        self._old, self._new = old, new

    @cached_property
    def _ac(self) -> tuple[FileDiff, ...]:
        old, new = self._old, self._new
        return self._diffs.straight(old.base or old.start, new.base or new.start, self._position.paths)

    @cached_property
    def _bd(self) -> tuple[FileDiff, ...]:
        return self._diffs.straight(self._old.head, self._new.head, self._position.paths)

    @cached_property
    def _cd(self) -> tuple[FileDiff, ...]:
        return self._diffs.compare(self._new, *self._position.paths) or ()

    def _at(self, file: FileDiff | None, old: int | None, new: int | None, refs: Refs | None = None) -> Position:
        return self._position.within(refs or self._new, file, old_line=old, new_line=new)

    @staticmethod
    def _lost(position: Position | None) -> Traced:
        return Traced(position, outdated=True)

    def added(self, line: int) -> Traced:
        """A line that the old diff adds."""
        bd = _from(self._bd, self._position.new_path)
        path = bd.path if bd else self._position.new_path
        now = old_to_new(bd, line)
        if now is None:
            return self._lost(self._at(bd, line, None, self._head_to_head))
        cd = _to(self._cd, path)
        before = new_to_old(cd, now)
        if before is None:
            return Traced(self._at(cd, None, now), outdated=False)
        still = self._at(cd, before, now)
        if self._diffs.line(still) is not None:
            return Traced(still, outdated=False)
        ac = _to(self._ac, cd.old_path if cd else path)
        return self._lost(self._at(ac, None, before, self._base_to_base))

    def removed(self, line: int) -> Traced:
        """A line that the old diff removes."""
        ac = _from(self._ac, self._position.old_path)
        path = ac.path if ac else self._position.old_path
        base_line = old_to_new(ac, line)
        if base_line is None:
            return self._lost(self._at(ac, line, None, self._base_to_base))
        cd = _from(self._cd, path)
        now = old_to_new(cd, base_line)
        if now is None:
            return Traced(self._at(cd, base_line, None), outdated=False)
        bd = _to(self._bd, cd.path if cd else path)
        return self._lost(self._at(bd, None, now, self._head_to_head))

    def unchanged(self, old: int, new: int) -> Traced:
        """A line that both files have."""
        ac = _from(self._ac, self._position.old_path)
        base_line = old_to_new(ac, old)
        bd = _from(self._bd, self._position.new_path)
        now = old_to_new(bd, new)
        cd = _from(self._cd, ac.path if ac else self._position.old_path)
        if now is None:
            return self._lost(self._at(bd, new, None, self._head_to_head))
        if base_line is None:
            return Traced(self._at(cd, None, now), outdated=False)
        still = self._at(cd, base_line, now)
        return Traced(still, outdated=False) if self._diffs.line(still) is not None else self._lost(None)

    def whole_file(self) -> Traced:
        """A file, or a spot of an image: any change to the file loses it."""
        bd = _from(self._bd, self._position.new_path)
        if bd is not None:
            return Traced(self._position.within(self._head_to_head, bd), outdated=True)
        cd = _to(self._cd, self._position.new_path)
        if cd is not None:
            return Traced(self._position.within(self._new, cd), outdated=False)
        ac = _from(self._ac, self._position.old_path)
        return Traced(self._position.within(self._base_to_base, ac) if ac else None, outdated=True)

    @property
    def _head_to_head(self) -> Refs:
        return Refs(self._old.head, self._old.head, self._new.head)

    @property
    def _base_to_base(self) -> Refs:
        old, new = self._old.base or self._old.start, self._new.base or self._new.start
        return Refs(old, old, new)


def _from(files: tuple[FileDiff, ...], path: str | None) -> FileDiff | None:
    return next((file for file in files if file.old_path == path and file.status != "added"), None)


def _to(files: tuple[FileDiff, ...], path: str | None) -> FileDiff | None:
    return next((file for file in files if file.path == path and file.status != "removed"), None)
