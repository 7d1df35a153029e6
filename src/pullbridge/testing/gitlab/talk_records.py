"""What is said about a merge request, as GitLab keeps it: discussions of notes, drafts, suggestions, reviewers' states.

Plain mutable records. `Talk` is all of one merge request; see `talk` for what is done with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pullbridge.testing.gitlab.positions import Position
from pullbridge.testing.store import PullRequest, Reaction, User

#: What a note says it is; `None` for a comment that is no thread.
NoteType = Literal["DiffNote", "DiscussionNote"]
ReviewerState = Literal["unreviewed", "review_started", "reviewed", "requested_changes", "approved", "unapproved"]


@dataclass(eq=False, kw_only=True)
class Suggestion:
    """A proposed change in a note: lines `from_line` to `to_line` of the new file become `to_content`."""

    id: int
    note: Note
    from_line: int
    to_line: int
    from_content: str
    to_content: str
    applied: bool = False

    @property
    def single_line(self) -> bool:
        """Whether it changes no line but the commented one."""
        return self.from_line == self.to_line


@dataclass(eq=False, kw_only=True)
class Note:
    """One note. `system` ones tell what happened.

    `position` is where it is in the newest diff that still has its line, `original` where it was written, `changed`
    where its line was lost.
    """

    id: int
    discussion: Discussion
    author: User
    body: str
    created_at: datetime
    updated_at: datetime
    kind: NoteType | None = None
    system: bool = False
    internal: bool = False
    position: Position | None = None
    original: Position | None = None
    changed: Position | None = None
    line_code: str | None = None
    commit: str | None = None
    resolved_by: User | None = None
    resolved_at: datetime | None = None
    suggestions: list[Suggestion] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    commands: Mapping[str, Any] = field(default_factory=dict)

    @property
    def resolvable(self) -> bool:
        """Whether it is part of a thread."""
        return self.kind is not None and not self.system

    @property
    def resolved(self) -> bool:
        """Whether it is settled."""
        return self.resolvable and self.resolved_at is not None


@dataclass(eq=False, kw_only=True)
class Discussion:
    """One or more notes, oldest first. `id` is 40 hexadecimal digits."""

    id: str
    pull: PullRequest
    notes: list[Note] = field(default_factory=list)

    @property
    def first(self) -> Note:
        """The note that started it."""
        return self.notes[0]

    @property
    def individual(self) -> bool:
        """Whether it is a comment that is no thread (yet)."""
        return self.first.kind is None

    @property
    def resolvable(self) -> bool:
        """Whether it can be settled."""
        return any(note.resolvable for note in self.notes)

    @property
    def resolved(self) -> bool:
        """Whether all of it is settled."""
        return self.resolvable and all(note.resolved for note in self.notes if note.resolvable)


@dataclass(eq=False, kw_only=True)
class Draft:
    """A note that only its author sees."""

    id: int
    pull: PullRequest
    author: User
    body: str
    position: Position | None = None
    original: Position | None = None
    changed: Position | None = None
    line_code: str | None = None
    discussion: Discussion | None = None
    resolve: bool = False
    commit: str | None = None


@dataclass(eq=False, kw_only=True)
class Standing:
    """How far a reviewer is."""

    state: ReviewerState
    since: datetime


@dataclass(eq=False)
class Talk:
    """All that is said about one merge request. `events` and `versions` count what is in it of the pull request's own."""

    discussions: list[Discussion] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    standings: dict[User, Standing] = field(default_factory=dict)
    merge_refs: dict[str, str] = field(default_factory=dict)
    events: int = 0
    versions: int = 0

    @property
    def notes(self) -> list[Note]:
        """Every note, in the order they were written."""
        every = [note for discussion in self.discussions for note in discussion.notes]
        return sorted(every, key=lambda note: (note.created_at, note.id))


def discussion_id(number: int) -> str:
    """The id of a discussion that starts with the note of that number."""
    return hashlib.sha1(f"discussion-mergerequest-{number}".encode(), usedforsecurity=False).hexdigest()
