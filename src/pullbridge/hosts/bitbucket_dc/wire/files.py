"""Files, commits and comparisons.

The list of changes has no hunks, and the diff no list: each file's hunks are cut out of the diff as git wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pullbridge.anchoring.diffs import FileDiff, parse_diff
from pullbridge.errors import BadAnswer
from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire.people import known
from pullbridge.hosts.bitbucket_dc.wire.places import path_of
from pullbridge.hosts.bitbucket_dc.wire.times import moment
from pullbridge.model.diff import ChangeKind, Commit, FileChange

_KINDS = {
    "ADD": ChangeKind.ADDED,
    "COPY": ChangeKind.COPIED,
    "DELETE": ChangeKind.REMOVED,
    "MODIFY": ChangeKind.MODIFIED,
    "MOVE": ChangeKind.RENAMED,
}
_ELSEWHERE = frozenset({ChangeKind.RENAMED, ChangeKind.COPIED})
_BETWEEN = b"\ndiff --git "
_FIRST_HUNK = b"\n@@ "
#: Data Center's own names for the two sides, where git has `a/` and `b/`.
_OURS = re.compile(rb'^(diff --git |--- |\+\+\+ |Binary files )("?)(src|dst)://|( |" )("?)dst://', re.MULTILINE)
#: Bytes of a diff that are cut into files. What comes behind is left out, and those files are said to be truncated.
LARGEST = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A diff, file by file. `whole` is false where it was too large to be read to its end."""

    files: tuple[FileDiff, ...]
    whole: bool = True


def git_diff(body: bytes) -> bytes:
    """The diff with git's usual prefixes, which `git apply` and every reader of diffs know."""
    return b"".join(_usual(each) for each in _sections(body))


def cut(body: bytes, largest: int = LARGEST) -> Cut:
    """The files of a diff. A part that cannot be read is left out: its file is told as truncated then."""
    found: list[FileDiff] = []
    read = 0
    for section in _sections(body):
        read += len(section)
        if read > largest:
            return Cut(files=tuple(found), whole=False)
        found += _read(section)
    return Cut(files=tuple(found))


def _sections(body: bytes) -> Iterator[bytes]:
    """Each file's part, one after the other; no line of a file's content begins so."""
    start = 0
    while start < len(body):
        end = body.find(_BETWEEN, start)
        end = len(body) if end < 0 else end + 1
        yield body[start:end]
        start = end


def _usual(section: bytes) -> bytes:
    end = section.find(_FIRST_HUNK)
    end = len(section) if end < 0 else end + 1
    return _OURS.sub(_prefix, section[:end]) + section[end:]


def _prefix(found: re.Match[bytes]) -> bytes:
    if found[1] is None:
        return found[4] + found[5] + b"b/"
    return found[1] + found[2] + (b"a/" if found[3] == b"src" else b"b/")


def _read(section: bytes) -> tuple[FileDiff, ...]:
    try:
        return parse_diff(_usual(section))
    except BadAnswer:
        return ()


def file_changes(rows: Sequence[payloads.Change], diff: Cut) -> tuple[FileChange, ...]:
    """The changed files in the list's order, then those that the list left out and the diff has."""
    by_path = {each.path: each for each in diff.files}
    listed = [file_change(row, by_path) for row in rows]
    named = {path for each in listed for path in (each.path, each.old_path)}
    return (*listed, *(each.as_change() for each in diff.files if each.path not in named))


def file_change(row: payloads.Change, diffs: Mapping[str, FileDiff]) -> FileChange:
    """A changed file; without its part of the diff it is `truncated`."""
    path = path_of(row.path) or "?"
    kind = _KINDS.get(row.type or "", ChangeKind.UNKNOWN)
    old_path = path_of(row.src_path) if kind in _ELSEWHERE else None
    shown = diffs.get(path)
    if shown is None:
        return FileChange(path=path, kind=kind, old_path=old_path, truncated=True)
    told = shown.as_change()
    kind = told.kind if kind is ChangeKind.UNKNOWN or told.kind is ChangeKind.CHANGED else kind
    return replace(told, path=path, kind=kind, old_path=old_path if old_path != path else None)


def disagrees(rows: Sequence[payloads.Change], diff: Cut) -> bool:
    """Whether the list and the diff cannot be of the same moment: somebody pushed between the two answers."""
    shown = {each.path for each in diff.files}
    listed = {path_of(row.path) for row in rows}
    return diff.whole and not listed <= shown


def commit(payload: payloads.Commit) -> Commit:
    """A commit; its author is an account where Bitbucket knows one by that address."""
    message = payload.message or ""
    author = payload.author
    return Commit(
        id=payload.id,
        title=message.partition("\n")[0],
        message=message.removesuffix("\n"),
        author=known(author.user) if author is not None else None,
        author_name=(author.display_name or author.name) if author is not None else None,
        author_email=author.email_address if author is not None else None,
        authored_at=moment(payload.author_timestamp),
        committed_at=moment(payload.committer_timestamp),
        parents=tuple(each.id for each in payload.parents or ()),
    )


def parted_at(commits: Iterable[payloads.Commit]) -> frozenset[str]:
    """Where these commits, all that one side has and the other has not, touch what both have.

    One such commit is where the two parted. Of several, which a merge of the other side makes, none can be told to be it.
    """
    rows = list(commits)
    own = {each.id for each in rows}
    return frozenset(parent.id for each in rows for parent in each.parents or () if parent.id not in own)
