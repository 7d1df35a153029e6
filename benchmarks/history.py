"""A repository's history, and what git says of each line that a commit left, edited or moved."""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pullbridge.anchoring import LineMap, parse_diff
from pullbridge.model.anchor import Side

#: Where git says a line went: numbers of the new text, by a number of the old one.
Went = Mapping[int, frozenset[int]]
#: Nothing of the user's, and nothing that asks.
_QUIET = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
_BLAMED = re.compile(rb"([0-9a-f]{40,64}) (\d+) (\d+) (\d+)$")
_WAYS = tuple(
    (f"--diff-algorithm={algorithm}", f"--{slide}indent-heuristic")
    for algorithm in ("myers", "minimal", "patience", "histogram")
    for slide in ("", "no-")
)


@dataclass(frozen=True)
class History:
    """A repository, and the commit up to which it is looked at."""

    folder: Path
    head: str

    @classmethod
    def at(cls, folder: Path, revision: str = "HEAD") -> History:
        """Look at a repository where it stands."""
        return cls(folder, _git(folder, "rev-parse", f"{revision}^{{commit}}").decode().strip())

    @property
    def name(self) -> str:
        """What its remote calls it, else its folder."""
        said = subprocess.run(
            ["git", "-C", self.folder, "config", "remote.origin.url"], capture_output=True, text=True, check=False
        )
        parts = said.stdout.strip().removesuffix(".git").replace(":", "/").split("/")
        return "/".join(parts[-2:]) if len(parts) > 1 else self.folder.resolve().name

    def changes(self, most: int) -> Iterator[Change]:
        """The newest changes of files, one commit at a time, renames followed; merges are left out."""
        said = _git(
            self.folder, "log", "--no-merges", "-M", "--diff-filter=MR", "--raw", "--no-abbrev", "-z",
            "--format=%x01%H %P", self.head,
        )  # fmt: skip
        found = 0
        for commit in said.decode("utf-8", "surrogateescape").split("\x01")[1:]:
            ids, *fields = commit.split("\0")
            child, *parents = ids.split()
            words = iter([field.lstrip("\n") for field in fields if field.strip()])
            for row in words:
                path = next(words)
                new_path = next(words) if row.split(" ")[4].startswith("R") else path
                if len(parents) == 1 and row.split(" ")[1].startswith("100"):
                    yield Change(self.folder, parents[0], child, path, new_path)
                    found += 1
                if found == most:
                    return


@dataclass(frozen=True, eq=False)
class Change:
    """A file before and after a commit."""

    folder: Path
    parent: str
    child: str
    old_path: str
    path: str

    @cached_property
    def texts(self) -> tuple[bytes, bytes]:
        """What it was, and what it became."""
        return (
            _git(self.folder, "cat-file", "blob", f"{self.parent}:{self.old_path}"),
            _git(self.folder, "cat-file", "blob", f"{self.child}:{self.path}"),
        )

    @cached_property
    def kept(self) -> Went:
        """The lines that blame gives to the parent, letter by letter."""
        return self._blamed()

    @cached_property
    def altered(self) -> Went:
        """Those that blame gives to it besides: moved within the file (`-M`), indented (`-w`), or likely edited.

        The last is what `--ignore-rev` is for: https://git-scm.com/docs/git-blame#Documentation/git-blame.txt---ignore-revltrevgt
        """
        found: defaultdict[int, set[int]] = defaultdict(set)
        for said in (self._blamed("-w", "-M"), self._blamed("--ignore-rev", self.child)):
            for old, places in said.items():
                if old not in self.kept:
                    found[old] |= places
        return {old: frozenset(places) for old, places in found.items()}

    @cached_property
    def compared(self) -> Went:
        """Where git's eight ways to compare put each line, 0 where one has it removed: they differ where lines repeat.

        With the context that people see. Without any, as blame compares, the end that both files share is cut off
        before, and then the lower one of equal lines may be the one that stays:
        https://github.com/git/git/blob/master/xdiff-interface.c (`trim_common_tail`)
        """
        found: defaultdict[int, set[int]] = defaultdict(set)
        count = self.texts[0].count(b"\n") + 1
        for way in _WAYS:
            said = _git(
                self.folder, "diff", "-U3", "--no-ext-diff", "--no-textconv", "--text", *way,
                f"{self.parent}:{self.old_path}", f"{self.child}:{self.path}",
            )  # fmt: skip
            lines = LineMap(parse_diff(said)[0].hunks)
            for old in range(1, count + 1):
                new = lines.pair(Side.OLD, old)[1]
                found[old].add(new or 0)
        return {old: frozenset(places) for old, places in found.items()}

    def _blamed(self, *options: str) -> Went:
        span = f"{self.parent}..{self.child}"
        said = _git(self.folder, "blame", "--incremental", *options, span, "--", self.path)
        found: defaultdict[int, set[int]] = defaultdict(set)
        for row in said.split(b"\n"):
            header = _BLAMED.match(row)
            if header and header[1].decode() == self.parent:
                old, new, count = (int(each) for each in header.groups()[1:])
                for step in range(count):
                    found[old + step].add(new + step)
        return {old: frozenset(places) for old, places in found.items()}


def _git(folder: Path, *words: str) -> bytes:
    command = ["git", "-C", str(folder), "--no-pager", "-c", "core.attributesFile=", *words]
    return subprocess.run(command, env=_QUIET, check=True, capture_output=True).stdout
