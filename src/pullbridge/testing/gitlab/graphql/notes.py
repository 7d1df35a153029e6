"""Discussions, their notes, the places of those, and emoji on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab import talk, talk_records
from pullbridge.testing.gitlab.graphql.nodes import gid, viewed
from pullbridge.testing.gitlab.graphql.people import UserCore, person
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.gitlab.positions import Position
from pullbridge.testing.gitlab.roles import level_of
from pullbridge.testing.store import Reaction

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking
    from pullbridge.testing.gitlab.graphql.projects import Project
    from pullbridge.testing.gitlab.graphql.pulls import MergeRequest

#: What GitLab's models of discussions and notes are called, by the kind of their first note.
_DISCUSSIONS = {"DiffNote": "DiffDiscussion", "DiscussionNote": "Discussion", None: "IndividualNoteDiscussion"}
DISCUSSION_MODELS = tuple(_DISCUSSIONS.values())
NOTE_MODELS = ("Note", "DiffNote", "DiscussionNote")
_LEVELS = {10: "Guest", 20: "Reporter", 30: "Developer", 40: "Maintainer", 50: "Owner"}


@view
class Discussion:
    """Notes that belong together."""

    def __init__(self, ask: Asking, record: talk_records.Discussion) -> None:
        self._ask = ask
        self.record = record
        self.created_at: datetime = record.first.created_at
        self.resolvable: bool = record.resolvable
        self.resolved: bool = record.resolved

    @property
    def id(self) -> str:
        return gid(_DISCUSSIONS[self.record.first.kind], self.record.id)

    @property
    def reply_id(self) -> str:
        return self.id

    @property
    def noteable(self) -> MergeRequest:
        found: MergeRequest = viewed("MergeRequest", self._ask, self.record.pull)
        return found

    @property
    def _last(self) -> talk_records.Note | None:
        settled = [note for note in self.record.notes if note.resolved_at is not None]
        return settled[-1] if self.resolved and settled else None

    @property
    def resolved_at(self) -> datetime | None:
        return self._last.resolved_at if self._last else None

    @property
    def resolved_by(self) -> UserCore | None:
        return person(self._ask, self._last.resolved_by if self._last else None)

    def notes(self) -> list[Note]:
        """Those that who asks may see, oldest first."""
        seen = [note for note in self.record.notes if talk.sees(self._ask.app, note, self._ask.viewer)]
        return [Note(self._ask, note) for note in seen]


@view
class NotePermissions:
    """What who asks may do with a note."""

    read_note = True

    def __init__(self, ask: Asking, note: talk_records.Note) -> None:
        pull, user = note.discussion.pull, ask.viewer
        self.admin_note: bool = user is not None and talk.may_change(ask.app, note, user)
        self.award_emoji: bool = user is not None and not note.system
        self.create_note: bool = talk.may_comment(ask.app, pull, user)
        self.reposition_note: bool = self.admin_note and note.kind == "DiffNote"
        self.resolve_note: bool = note.resolvable and talk.may_settle(ask.app, pull, user)


@view
class Note:
    """One note. It has neither its suggestions nor the range of its lines: those are REST's."""

    external_author = imported = last_edited_by = last_edited_at = None

    def __init__(self, ask: Asking, record: talk_records.Note) -> None:
        self._ask = ask
        self.record = record
        self.body: str = record.body
        self.created_at: datetime = record.created_at
        self.updated_at: datetime = record.updated_at
        self.system: bool = record.system
        self.internal: bool = record.internal
        self.resolvable: bool = record.resolvable
        self.resolved: bool = record.resolved
        self.resolved_at: datetime | None = record.resolved_at

    @property
    def id(self) -> str:
        return gid(self.record.kind or "Note", self.record.id)

    @property
    def author(self) -> UserCore:
        return UserCore(self._ask, self.record.author)

    @property
    def author_is_contributor(self) -> bool:
        return False

    @property
    def max_access_level_of_author(self) -> str | None:
        level = level_of(self._ask.store, self.record.author, self.record.discussion.pull.repository)
        return _LEVELS.get(level)

    @property
    def body_html(self) -> str:
        return f"<p>{escape(self.body)}</p>"

    @property
    def body_first_line_html(self) -> str:
        return f"<p>{escape(self.body.partition(chr(10))[0])}</p>"

    @property
    def discussion(self) -> Discussion:
        return Discussion(self._ask, self.record.discussion)

    @property
    def position(self) -> DiffPosition | None:
        return None if self.record.position is None else DiffPosition(self.record.position)

    @property
    def project(self) -> Project:
        found: Project = viewed("Project", self._ask, self.record.discussion.pull.repository)
        return found

    @property
    def resolved_by(self) -> UserCore | None:
        return person(self._ask, self.record.resolved_by)

    @property
    def system_note_icon_name(self) -> str | None:
        return "pencil" if self.system else None

    @property
    def url(self) -> str:
        pull = self.record.discussion.pull
        return f"{self._ask.web}/{pull.repository.path}/-/merge_requests/{pull.number}#note_{self.record.id}"

    @property
    def user_permissions(self) -> NotePermissions:
        return NotePermissions(self._ask, self.record)

    def award_emoji(self) -> list[AwardEmoji]:
        """Emoji on it, oldest first."""
        return awards(self._ask, self.record.reactions)


@view
class DiffRefs:
    """The three commits of a diff."""

    def __init__(self, base: str | None, start: str, head: str) -> None:
        self.base_sha = base
        self.start_sha = start
        self.head_sha = head


@view
class DiffPosition:
    """A place in a diff."""

    def __init__(self, position: Position) -> None:
        self.diff_refs: DiffRefs = DiffRefs(position.base_sha, position.start_sha or "", position.head_sha or "")
        self.position_type: str = position.position_type
        self.file_path: str = position.path or ""
        self.old_path: str | None = position.old_path
        self.new_path: str | None = position.new_path
        self.old_line: int | None = position.old_line
        self.new_line: int | None = position.new_line
        self.width: int | None = position.width
        self.height: int | None = position.height
        self.x: int | None = None if position.x is None else int(position.x)
        self.y: int | None = None if position.y is None else int(position.y)


@view
class AwardEmoji:
    """One person's emoji on something."""

    unicode = ""
    unicode_version = "6.0"

    def __init__(self, ask: Asking, record: Reaction) -> None:
        self._ask = ask
        self._record = record
        self.name: str = record.content
        self.emoji: str = record.content
        self.description: str = record.content

    @property
    def user(self) -> UserCore:
        return UserCore(self._ask, self._record.user)


def awards(ask: Asking, reactions: Sequence[Reaction]) -> list[AwardEmoji]:
    """Emoji, oldest first."""
    return [AwardEmoji(ask, one) for one in reactions]


def notes_of(ask: Asking, pull: Any) -> list[Note]:
    """Every note that who asks may see, oldest first."""
    every = talk.talk_of(ask.app, pull).notes
    return [Note(ask, note) for note in every if talk.sees(ask.app, note, ask.viewer)]
