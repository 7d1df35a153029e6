"""Discussions, notes and drafts of notes. https://docs.gitlab.com/api/discussions/"""

from __future__ import annotations

from typing import Any

from pullbridge.hosts import decoding
from pullbridge.hosts.gitlab.payloads.base import Rest
from pullbridge.hosts.gitlab.payloads.people import User

_NEITHER = "neither a note nor what commands did"


class LineEnd(Rest):
    """The first or the last line of a range. The numbers came later than the code, and as texts from older versions."""

    line_code: str | None = None
    type: str | None = None
    old_line: int | str | None = None
    new_line: int | str | None = None


class LineRange(Rest):
    start: LineEnd | None = None
    end: LineEnd | None = None


class Position(Rest):
    """A place in a diff: lines, a spot of an image, or (16.4) a file. A draft without a place has one of nulls."""

    position_type: str | None = None
    base_sha: str | None = None
    start_sha: str | None = None
    head_sha: str | None = None
    old_path: str | None = None
    new_path: str | None = None
    old_line: int | None = None
    new_line: int | None = None
    line_range: LineRange | None = None


class NoteSuggestion(Rest):
    """A suggestion in a note. The manual calls `appliable` `applicable`."""

    id: int
    from_line: int | None = None
    to_line: int | None = None
    applied: bool | None = None
    to_content: str | None = None


class Note(Rest):
    """A note. One that held nothing but commands is not kept: it has no id, or there is only what the commands did."""

    id: int | None = None
    type: str | None = None
    body: str | None = None
    author: User | None = None
    created_at: str | None = None
    updated_at: str | None = None
    system: bool | None = None
    commit_id: str | None = None
    position: Position | None = None
    resolvable: bool | None = None
    resolved: bool | None = None
    resolved_by: User | None = None
    suggestions: list[NoteSuggestion] | None = None
    commands_changes: Any = None

    def __post_init__(self) -> None:
        if self.id is None and self.body is None and self.commands_changes is None:
            raise ValueError(_NEITHER)


class Discussion(Rest):
    """A discussion. An individual note is one of its own, until somebody answers it."""

    id: str | None = None
    individual_note: bool | None = None
    notes: list[Note] | None = None
    commands_changes: Any = None

    def __post_init__(self) -> None:
        if self.id is None and not self.notes and self.commands_changes is None:
            raise ValueError(_NEITHER)


class DraftNote(Rest):
    """A note that only its author sees yet (15.9). `line_code` is null where GitLab finds no such line."""

    id: int
    author_id: int | None = None
    note: str | None = None
    discussion_id: str | None = None
    resolve_discussion: bool | None = None
    line_code: str | None = None
    position: Position | None = None


class AwardEmoji(Rest):
    id: int
    name: str = ""
    user: User | None = None


class DiffVersion(Rest):
    """What the diff was after a push. https://docs.gitlab.com/api/merge_requests/#list-merge-request-diff-versions"""

    head_commit_sha: str | None = None
    base_commit_sha: str | None = None
    start_commit_sha: str | None = None


class DraftAsKept(Rest):
    """A draft with its place as GitLab has it, to be sent back unchanged."""

    id: int
    position: dict[str, Any] | None = None

    @property
    def place(self) -> Position | None:
        if self.position is None:
            return None
        return decoding.converted(self.position, Position, "draft", "GitLab")
