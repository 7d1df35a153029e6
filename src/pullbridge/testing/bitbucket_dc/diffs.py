"""git's diffs as Data Center counts them: with as many lines around as are asked for, and what each line is.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-pullrequestid-diff-path-get
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pullbridge.testing.bitbucket_dc.records import FileType, LineType
from pullbridge.testing.diffs import FileDiff, Hunk, parse_diff
from pullbridge.testing.git import Git

#: Lines around a change in a diff that does not say how many, and how near a comment on an unchanged line must be.
CONTEXT = 10

_SIGNS: dict[bytes, LineType] = {b"+": "ADDED", b"-": "REMOVED", b" ": "CONTEXT"}
_COMMAND = (
    "diff-tree",
    "-r",
    "-M",
    "--raw",
    "-p",
    "-z",
    "--full-index",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a diff: its numbers on both sides (those of the next line where it is on one only), and its text."""

    source: int
    destination: int
    kind: LineType
    text: bytes

    def side(self, *, old: bool) -> int:
        """Its number on one side."""
        return self.source if old else self.destination


def between(
    git: Git, base: str, head: str, *, context: int = CONTEXT, blind: bool = False, renames: bool = True
) -> tuple[FileDiff, ...]:
    """The changed files between two commits or trees; remembered. `blind` to changes of white space alone."""
    key = ("dc-diff", base, head, context, blind, renames)
    known = git.shared.known.get(key)
    if not isinstance(known, tuple):
        options = [f"-U{context}", *(["-w"] if blind else []), *([] if renames else ["--no-renames"])]
        known = parse_diff(git.run(*_COMMAND, *options, base, head, "--"))
        git.shared.known[key] = known
    return known


@lru_cache(maxsize=256)
def numbered(hunk: Hunk) -> tuple[Line, ...]:
    """The lines of a hunk, numbered; remembered."""
    return tuple(_lines(hunk))


def _lines(hunk: Hunk) -> Iterator[Line]:
    source, destination = hunk.old_start, hunk.new_start
    for text in hunk.lines:
        kind = _SIGNS.get(text[:1])
        if kind is None:  # "\ No newline at end of file"
            continue
        yield Line(source, destination, kind, text[1:])
        source += kind != "ADDED"
        destination += kind != "REMOVED"


@lru_cache(maxsize=256)
def kinds_of(file: FileDiff) -> dict[tuple[FileType, int], tuple[LineType, int]]:
    """What each line of a diff is, and in which hunk it lies, by side and number; remembered. Unchanged ones have both."""
    found: dict[tuple[FileType, int], tuple[LineType, int]] = {}
    for index, hunk in enumerate(file.hunks):
        for line in numbered(hunk):
            if line.kind != "ADDED":
                found["FROM", line.source] = line.kind, index
            if line.kind != "REMOVED":
                found["TO", line.destination] = line.kind, index
    return found


def find(files: tuple[FileDiff, ...], path: str) -> FileDiff | None:
    """The changed file of that (new) path."""
    return next((file for file in files if file.path == path), None)
