"""What is said in a pull request: comments, which may answer each other to any depth, and tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pullbridge.testing.diffs import FileDiff
from pullbridge.testing.store import PullRequest, Store, User


@dataclass(frozen=True, kw_only=True)
class Inline:
    """Where a comment was put: lines of the new side (`to`) or the old one (`from`), a file without any.

    They are counted in the diff from `base` to `head`.
    """

    path: str
    to: int | None = None
    before: int | None = None
    start_to: int | None = None
    start_before: int | None = None
    head: str
    base: str


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where it is now. What is `outdated` keeps the numbers that it had."""

    path: str
    to: int | None
    before: int | None
    start_to: int | None
    start_before: int | None
    outdated: bool


@dataclass(eq=False, kw_only=True)
class Remark:
    """One comment. A deleted one stays, without its text."""

    id: int
    pull: PullRequest
    author: User
    body: str
    created_at: datetime
    updated_at: datetime
    parent: Remark | None = None
    inline: Inline | None = None
    deleted: bool = False
    pending: bool = False
    resolved_by: User | None = None
    resolved_at: datetime | None = None

    @property
    def root(self) -> Remark:
        """What it answers in the end; itself when it answers nothing."""
        found = self
        while found.parent is not None:
            found = found.parent
        return found


@dataclass(eq=False, kw_only=True)
class Task:
    """Something to do, on its own or under a comment."""

    id: int
    pull: PullRequest
    author: User
    body: str
    created_at: datetime
    updated_at: datetime
    remark: Remark | None = None
    pending: bool = False
    resolved_by: User | None = None
    resolved_at: datetime | None = None


@dataclass
class Placing:
    """Finds places anew in the diff of today; remembers what it found."""

    store: Store
    _known: dict[tuple[Inline, str, str], Placed] = field(default_factory=dict)

    def now(self, pull: PullRequest, inline: Inline) -> Placed:
        """Where a comment is in the pull request as it is now."""
        key = (inline, pull.head, pull.merge_base)
        if key not in self._known:
            self._known[key] = self._find(pull, inline)
        return self._known[key]

    def _find(self, pull: PullRequest, inline: Inline) -> Placed:
        by_path = self.store.threads.by_path
        numbers = (inline.to, inline.before, inline.start_to, inline.start_before)
        if (inline.head, inline.base) == (pull.head, pull.merge_base):
            return _placed(inline.path, numbers, False)
        changed = {} if inline.head == pull.head else by_path(pull.repository, inline.head, pull.head, old=True)
        file = changed.get(inline.path)
        path = inline.path if file is None else file.path
        if path not in by_path(pull.repository, pull.merge_base, pull.head) or (file and file.status == "removed"):
            return _placed(inline.path, numbers, True)
        old = self._old_side(pull, inline)
        new = [_carried(file, line) for line in (inline.to, inline.start_to)]
        before = [_carried(old, line) for line in (inline.before, inline.start_before)]
        found = (new[0], before[0], new[1], before[1])
        lost = any(was is not None and now is None for was, now in zip(numbers, found, strict=True))
        return _placed(inline.path if lost else path, numbers if lost else found, lost)

    def _old_side(self, pull: PullRequest, inline: Inline) -> FileDiff | None:
        """What became of the old side, when the merge base moved."""
        if inline.base == pull.merge_base or inline.before is None:
            return None
        then = self.store.threads.by_path(pull.repository, inline.base, inline.head).get(inline.path)
        path = inline.path if then is None else then.old_path
        return self.store.threads.by_path(pull.repository, inline.base, pull.merge_base, old=True).get(path)


def _placed(path: str, numbers: tuple[int | None, int | None, int | None, int | None], outdated: bool) -> Placed:
    to, before, start_to, start_before = numbers
    return Placed(path=path, to=to, before=before, start_to=start_to, start_before=start_before, outdated=outdated)


def _carried(file: FileDiff | None, line: int | None) -> int | None:
    return line if file is None or line is None else file.carry(line)
