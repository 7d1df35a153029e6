"""Changed files, and the comparison of two commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pullbridge.model.people import Person


class ChangeKind(Enum):
    """What happened to a file. `CHANGED` is a change of type or mode; `UNKNOWN` a word this library has not met."""

    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"
    RENAMED = "renamed"
    COPIED = "copied"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One changed file.

    `patch` holds the hunks (`@@ …`) without file headers. `truncated` is true when the file changed and the host left
    out its hunks, or part of them; `binary` is `None` when the host did not say.
    """

    path: str
    kind: ChangeKind
    old_path: str | None = None
    additions: int | None = None
    deletions: int | None = None
    patch: str | None = None
    binary: bool | None = None
    truncated: bool = False
    viewed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit; `author` is the account behind it where the host knows one."""

    id: str
    title: str
    message: str
    author: Person | None = None
    author_name: str | None = None
    author_email: str | None = None
    authored_at: datetime | None = None
    committed_at: datetime | None = None
    parents: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What `head` has that `base` has not (three-dot, from the merge base)."""

    base: str
    head: str
    merge_base: str | None
    commits: tuple[Commit, ...]
    files: tuple[FileChange, ...]
    ahead_by: int | None = None
    behind_by: int | None = None
    complete: bool = True
    url: str | None = None
