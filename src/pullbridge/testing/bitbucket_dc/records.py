"""Comments as Data Center keeps them: trees with a version, anchored to a diff; tasks are comments that block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pullbridge.testing.store import PullRequest, Reaction, User

LineType = Literal["ADDED", "REMOVED", "CONTEXT"]
FileType = Literal["FROM", "TO"]
DiffType = Literal["EFFECTIVE", "RANGE", "COMMIT"]
Severity = Literal["NORMAL", "BLOCKER"]
CommentState = Literal["OPEN", "RESOLVED", "PENDING"]


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Where a thread hangs: a file of the diff from `from_hash` to `to_hash`, and a line of it or none.

    A range ends at `line` and begins at `start_line`, which is of its own type. `orphaned` when the line left the diff.
    """

    path: str
    from_hash: str
    to_hash: str
    diff_type: DiffType = "EFFECTIVE"
    src_path: str | None = None
    line: int | None = None
    line_type: LineType | None = None
    file_type: FileType | None = None
    start_line: int | None = None
    start_line_type: LineType | None = None
    orphaned: bool = False


@dataclass(eq=False, kw_only=True)
class Comment:
    """One comment. The root of a tree is the thread: it has the anchor, and whether all of it is resolved."""

    id: int
    pull: PullRequest
    author: User
    text: str
    created_at: datetime
    updated_at: datetime
    version: int = 0
    parent: Comment | None = None
    replies: list[Comment] = field(default_factory=list)
    severity: Severity = "NORMAL"
    state: CommentState = "OPEN"
    resolved_at: datetime | None = None
    resolver: User | None = None
    anchor: Anchor | None = None
    thread_resolved: bool = False
    thread_resolved_at: datetime | None = None
    thread_resolver: User | None = None
    reactions: list[Reaction] = field(default_factory=list)

    @property
    def root(self) -> Comment:
        """The comment that began the thread."""
        comment = self
        while comment.parent is not None:
            comment = comment.parent
        return comment

    @property
    def pending(self) -> bool:
        """Whether it waits for its author's review to be finished."""
        return self.state == "PENDING"

    def tree(self) -> Iterator[Comment]:
        """It and everything below it."""
        yield self
        for reply in self.replies:
            yield from reply.tree()
