"""What git's diff says, read once: changed files, their hunks, and where a line is on the other side (pure)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Side = Literal["LEFT", "RIGHT"]
Status = Literal["added", "removed", "modified", "renamed", "copied", "changed"]

_STATUS: dict[str, Status] = {
    "A": "added",
    "D": "removed",
    "M": "modified",
    "R": "renamed",
    "C": "copied",
    "T": "changed",
}
_HEADER = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
ABSENT = "0" * 40


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk. `lines` are the diff's own, with their sign; `position` is that of the header below the first one."""

    header: bytes
    old_start: int
    old_count: int
    new_start: int
    new_count: int
    lines: tuple[bytes, ...]
    position: int


@dataclass(frozen=True)
class FileDiff:
    """One changed file. `text` is its whole section of the diff; `sha` the blob's id (the old one's, when removed)."""

    status: Status
    path: str
    old_path: str
    sha: str
    old_sha: str
    text: bytes

    @cached_property
    def patch(self) -> bytes:
        """The hunks alone, without the file's header and without the last newline. Empty for binary files."""
        start = 0 if self.text.startswith(b"@@ ") else self.text.find(b"\n@@ ") + 1
        return self.text[start:].removesuffix(b"\n") if start or self.text.startswith(b"@@ ") else b""

    @cached_property
    def binary(self) -> bool:
        """Whether git sees it as binary."""
        return not self.patch and b"\nBinary files " in self.text

    @cached_property
    def additions(self) -> int:
        """Added lines."""
        return sum(line.startswith(b"+") for line in self.patch.split(b"\n"))

    @cached_property
    def deletions(self) -> int:
        """Removed lines."""
        return sum(line.startswith(b"-") for line in self.patch.split(b"\n"))

    @cached_property
    def hunks(self) -> tuple[Hunk, ...]:
        """The hunks, in order."""
        return tuple(_hunks(self.patch))

    @cached_property
    def positions(self) -> dict[tuple[Side, int], int]:
        """Where each line is in the diff: (side, line number) to lines below the first `@@`. Unchanged lines have both.

        https://docs.github.com/en/rest/pulls/comments#create-a-review-comment-for-a-pull-request (`position`)
        """
        found: dict[tuple[Side, int], int] = {}
        for hunk in self.hunks:
            old, new, position = hunk.old_start, hunk.new_start, hunk.position
            for line in hunk.lines:
                position += 1
                sign = line[:1]
                if sign == b"\\":
                    continue
                if sign != b"+":
                    found["LEFT", old] = position
                    old += 1
                if sign != b"-":
                    found["RIGHT", new] = position
                    new += 1
        return found

    def carry(self, line: int) -> int | None:
        """Where an old line is in the new file: its number, or `None` when it is gone or changed."""
        index = bisect_right([hunk.old_start for hunk in self.hunks], line) - 1
        if index < 0:
            return line
        hunk = self.hunks[index]
        behind = hunk.old_start + hunk.old_count
        if line >= behind:
            return line + hunk.new_start + hunk.new_count - behind
        return self._inside(hunk, line)

    @staticmethod
    def _inside(hunk: Hunk, line: int) -> int | None:
        old, new = hunk.old_start, hunk.new_start
        for text in hunk.lines:
            sign = text[:1]
            if sign == b"\\":
                continue
            if sign != b"+" and old == line:
                return new if sign == b" " else None
            old += sign != b"+"
            new += sign != b"-"
        return None

    def hunk_until(self, side: Side, line: int) -> str:
        """The part of the diff that a host keeps beside a comment: the hunk's header down to the commented line."""
        position = self.positions.get((side, line))
        for hunk in self.hunks:
            if position is not None and hunk.position < position <= hunk.position + len(hunk.lines):
                kept = (hunk.header, *hunk.lines[: position - hunk.position])
                return b"\n".join(kept).decode(errors="replace")
        return self.patch.split(b"\n@@ ", 1)[0].decode(errors="replace")


def _hunks(patch: bytes) -> list[Hunk]:
    found: list[Hunk] = []
    if not patch:
        return found
    lines = patch.split(b"\n")
    starts = [index for index, line in enumerate(lines) if line.startswith(b"@@ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = _HEADER.match(lines[start])
        if match is None:
            continue
        old, old_count, new, new_count = (int(number) if number is not None else 1 for number in match.groups())
        found.append(Hunk(lines[start], old, old_count, new, new_count, tuple(lines[start + 1 : end]), start))
    return found


def parse_diff(output: bytes) -> tuple[FileDiff, ...]:
    """Read `git diff-tree --raw -p -z --full-index`: the raw records, an empty one, then the patches in the same order."""
    fields = output.split(b"\0")
    entries: list[tuple[Status, str, str, str, str]] = []
    index = 0
    while index < len(fields) and fields[index].startswith(b":"):
        _, _, old_sha, new_sha, letter = fields[index].decode().split()
        moved = letter[0] in "RC"
        names = [name.decode(errors="surrogateescape") for name in fields[index + 1 : index + (3 if moved else 2)]]
        entries.append((_STATUS.get(letter[0], "changed"), names[-1], names[0], new_sha, old_sha))
        index += 3 if moved else 2
    sections = _sections(b"\0".join(fields[index:]).lstrip(b"\0"))
    return tuple(
        FileDiff(status, path, old_path, old_sha if status == "removed" else new_sha, old_sha, text)
        for (status, path, old_path, new_sha, old_sha), text in zip(entries, sections, strict=True)
    )


def _sections(patches: bytes) -> list[bytes]:
    """Cut the patches into files. Lines of content begin with a sign, so a header cannot be taken for content."""
    if not patches:
        return []
    first, *rest = patches.split(b"\ndiff --git ")
    sections = [first, *(b"diff --git " + part for part in rest)]
    return [section + b"\n" for section in sections[:-1]] + sections[-1:]
