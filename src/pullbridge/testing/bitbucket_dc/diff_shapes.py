"""Diffs and changes as Data Center's JSON."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pullbridge.testing.bitbucket_dc.diffs import CONTEXT, Line, between, find, numbered
from pullbridge.testing.bitbucket_dc.records import Anchor
from pullbridge.testing.bitbucket_dc.shapes import path_object
from pullbridge.testing.diffs import ABSENT, FileDiff, Hunk
from pullbridge.testing.git import GitError

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.asking import Ask

Json = dict[str, Any]

TYPES = {"added": "ADD", "removed": "DELETE", "modified": "MODIFY", "renamed": "MOVE", "copied": "COPY"}
_SIMILAR = re.compile(rb"^similarity index (\d+)%$", re.MULTILINE)
_MODES = re.compile(rb"^(?:old|deleted file) mode (\d+)$|^(?:new|new file) mode (\d+)$", re.MULTILINE)


def change(file: FileDiff, *, conflict: Json | None = None) -> Json:
    """A changed file."""
    kind = TYPES.get(file.status, "UNKNOWN")
    similar = _SIMILAR.search(file.text)
    modes = [mode for pair in _MODES.findall(file.text) for mode in pair if mode]
    executable = b"100755" in modes[-1:]
    shown: Json = {
        "contentId": ABSENT if file.status == "removed" else file.sha,
        "fromContentId": ABSENT if file.status == "added" else file.old_sha,
        "path": path_object(file.path),
    }
    if file.status != "removed":
        shown["executable"] = executable
    shown |= {"percentUnchanged": int(similar[1]) if similar else -1, "type": kind, "nodeType": "FILE"}
    if file.old_path != file.path:
        shown["srcPath"] = path_object(file.old_path)
    if file.status != "added":
        shown["srcExecutable"] = executable
    if conflict is not None:
        shown["conflict"] = conflict
    return shown | {"links": {"self": [None]}, "properties": {"gitChangeType": _git_type(kind)}}


def _git_type(kind: str) -> str:
    return {"MOVE": "RENAME"}.get(kind, kind)


def conflict_of(file: FileDiff) -> Json:
    """Both sides changed it."""
    path = path_object(file.path)
    return {"ourChange": {"path": path, "type": "MODIFY"}, "theirChange": {"path": path, "type": TYPES[file.status]}}


class Cutter:
    """Cuts a diff after so many lines, and says where."""

    def __init__(self, most: int) -> None:
        self._left = most
        self.cut: bool = False

    def take(self, lines: list[Line]) -> list[Line]:
        """As many of them as are left."""
        taken = lines[: self._left]
        self._left -= len(taken)
        self.cut = self.cut or len(taken) < len(lines)
        return taken


def file_diff(file: FileDiff, cutter: Cutter) -> Json:
    """A file's diff."""
    shown: Json = {
        "source": None if file.status == "added" else path_object(file.old_path),
        "destination": None if file.status == "removed" else path_object(file.path),
    }
    if file.binary:
        return shown | {"binary": True}
    hunks = [hunk_shape(hunk, cutter) for hunk in file.hunks if not cutter.cut]
    return shown | {"hunks": hunks, "truncated": cutter.cut}


def hunk_shape(hunk: Hunk, cutter: Cutter) -> Json:
    """A hunk: runs of lines of one type."""
    context = hunk.header.decode(errors="replace").split("@@", 2)[-1].strip()
    shown: Json = {"context": context} if context else {}
    return shown | {
        "sourceLine": hunk.old_start,
        "sourceSpan": hunk.old_count,
        "destinationLine": hunk.new_start,
        "destinationSpan": hunk.new_count,
        **_hunk(list(numbered(hunk)), cutter),
    }


def _hunk(lines: list[Line], cutter: Cutter) -> Json:
    runs = groupby(cutter.take(lines), key=lambda line: line.kind)
    return {"segments": [_segment(kind, run, cutter) for kind, run in runs], "truncated": cutter.cut}


def _segment(kind: str, lines: Iterable[Line], cutter: Cutter) -> Json:
    shown = [
        {
            "source": line.source,
            "destination": line.destination,
            "line": line.text.decode(errors="replace"),
            "truncated": False,
        }
        for line in lines
    ]
    return {"type": kind, "lines": shown, "truncated": cutter.cut}


def around(ask: Ask, anchor: Anchor) -> Json | None:
    """The lines around an anchor, as an activity shows them; `None` for a whole file."""
    if anchor.line is None:
        return None
    base = ask.pull.merge_base if anchor.from_hash == ask.state.target else anchor.from_hash
    try:
        file = find(between(ask.repository.git, base, anchor.to_hash), anchor.path)
    except GitError:
        return None
    if file is None:
        return None
    hunk = next((hunk for hunk in file.hunks if _has(hunk, anchor)), None)
    return {
        "source": None if file.status == "added" else path_object(file.old_path),
        "destination": None if file.status == "removed" else path_object(file.path),
        "hunks": [] if hunk is None else [_part(hunk, anchor)],
        "truncated": False,
        "properties": {"toHash": anchor.to_hash, "current": anchor.to_hash == ask.pull.head, "fromHash": base},
    }


def _has(hunk: Hunk, anchor: Anchor) -> bool:
    old = anchor.file_type == "FROM"
    start, count = (hunk.old_start, hunk.old_count) if old else (hunk.new_start, hunk.new_count)
    return start <= (anchor.line or 0) < start + count


def _part(hunk: Hunk, anchor: Anchor) -> Json:
    """So much of a hunk as is near the line, as a hunk of its own."""
    lines = numbered(hunk)
    old = anchor.file_type == "FROM"
    middle = bisect_left(lines, anchor.line or 0, key=lambda line: line.side(old=old))
    while middle < len(lines) - 1 and lines[middle].kind == ("ADDED" if old else "REMOVED"):
        middle += 1  # lines of the other side that bear the next number of this one
    chosen = lines[max(0, middle - CONTEXT) : middle + CONTEXT + 1]
    shown = _hunk(list(chosen), Cutter(len(chosen)))
    return {
        "sourceLine": chosen[0].source,
        "sourceSpan": sum(line.kind != "ADDED" for line in chosen),
        "destinationLine": chosen[0].destination,
        "destinationSpan": sum(line.kind != "REMOVED" for line in chosen),
        **shown,
    }


def envelope(base: str, head: str, files: Iterable[FileDiff], *, context: int | None, most: int) -> Json:
    """Diffs as the whole answer: what the specification calls a `RestDiff` is one of `diffs`."""
    cutter = Cutter(most)
    shown = [file_diff(file, cutter) for file in files if not cutter.cut]
    lines = CONTEXT if context is None else context
    return {
        "fromHash": base,
        "toHash": head,
        "contextLines": lines,
        "whitespace": "SHOW",
        "diffs": shown,
        "truncated": cutter.cut,
    }
