"""Files, commits and comparisons: what is listed of each file, with its hunks out of the one diff of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pullbridge.anchoring.diffs import FileDiff, parse_diff
from pullbridge.errors import BadAnswer
from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.wire.people import known
from pullbridge.hosts.moments import moment
from pullbridge.model.diff import ChangeKind, Commit, FileChange

#: The bytes of a diff that are read for hunks; files behind them are listed without.
MOST = 16 * 1024 * 1024
_FILE = b"\ndiff --git "
_KINDS = {
    "added": ChangeKind.ADDED,
    "removed": ChangeKind.REMOVED,
    "modified": ChangeKind.MODIFIED,
    "renamed": ChangeKind.RENAMED,
}
_RAW = re.compile(r"(?P<name>[^<]*?)\s*<(?P<email>[^<>]*)>\s*")


def shown(diff: bytes) -> dict[str, FileDiff]:
    """The files of a raw diff by their paths, as far as it is read. One that cannot be read is left out."""
    if len(diff) > MOST:
        diff = diff[: max(diff.rfind(_FILE, 0, MOST), 0)]
    try:
        return _by_path(parse_diff(diff))
    except BadAnswer:
        return _one_by_one(diff)


def _one_by_one(diff: bytes) -> dict[str, FileDiff]:
    found: dict[str, FileDiff] = {}
    for part in f"\n{diff.decode('utf-8', 'surrogateescape')}".split(_FILE.decode())[1:]:
        try:
            found |= _by_path(parse_diff(f"{_FILE.decode()[1:]}{part}"))
        except BadAnswer:
            continue
    return found


def _by_path(files: Iterable[FileDiff]) -> dict[str, FileDiff]:
    return {each.path: each for each in files}


def file_changes(rows: Iterable[payloads.DiffStat] | None, diff: bytes | None) -> tuple[FileChange, ...]:
    """Changed files, each with its hunks. Without `rows` the diff alone tells of them, without `diff` none has hunks."""
    files = shown(diff) if diff is not None else {}
    if rows is None:
        return tuple(each.as_change() for each in files.values())
    return tuple(file_change(row, files) for row in rows)


def file_change(row: payloads.DiffStat, files: Mapping[str, FileDiff]) -> FileChange:
    """A changed file. One whose lines are counted and not shown, as a whole or in part, is `truncated`."""
    old, new = row.old or payloads.CommitFile(), row.new or payloads.CommitFile()
    path = new.path or old.path
    hunks = files.get(path) or files.get(new.escaped_path or old.escaped_path or path)
    binary = new.is_binary or old.is_binary or (hunks is not None and hunks.binary)
    change = hunks.as_change() if hunks is not None else None
    patch = change.patch if change is not None else None
    added, removed = row.lines_added, row.lines_removed
    shown_lines = (change.additions or 0, change.deletions or 0) if change is not None else (0, 0)
    return FileChange(
        path=path,
        old_path=old.path if new.path and old.path and new.path != old.path else None,
        kind=_kind(row, change),
        additions=added,
        deletions=removed,
        patch=patch,
        binary=True if binary else False if patch is not None or (added or 0) + (removed or 0) > 0 else None,
        truncated=not binary and (shown_lines[0] < (added or 0) or shown_lines[1] < (removed or 0)),
    )


def _kind(row: payloads.DiffStat, change: FileChange | None) -> ChangeKind:
    """What happened to a file; of a conflict, which has its own words, by the sides that there are."""
    if change is not None and change.kind in {ChangeKind.CHANGED, ChangeKind.COPIED}:
        return change.kind
    if row.status in _KINDS:
        return _KINDS[row.status]
    if row.old is None or row.new is None:
        return ChangeKind.UNKNOWN if row.old is row.new else ChangeKind.ADDED if row.old is None else ChangeKind.REMOVED
    return ChangeKind.RENAMED if row.old.path != row.new.path else ChangeKind.MODIFIED


def commit(row: payloads.Commit) -> Commit:
    """A commit. Bitbucket tells one time of it, and its author as git has it."""
    message = (row.message or "").removesuffix("\n")
    author = row.author or payloads.CommitAuthor()
    named = _RAW.fullmatch(author.raw or "")
    links = row.links or payloads.Links()
    return Commit(
        id=row.hash,
        title=message.partition("\n")[0],
        message=message,
        author=known(author.user),
        author_name=named["name"] if named else author.raw,
        author_email=named["email"] if named else None,
        authored_at=moment(row.date),
        parents=tuple(each.hash for each in row.parents or ()),
        url=links.html.href if links.html else None,
    )
