"""Conversations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.wire import positions
from pullbridge.hosts.gitlab.wire.fences import neutral
from pullbridge.hosts.gitlab.wire.graph import number
from pullbridge.hosts.gitlab.wire.people import known, person
from pullbridge.hosts.moments import moment
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.people import Person, Reaction
from pullbridge.model.threads import Comment, CommentState, Suggestion, Thread

#: Marks the ids of drafts, which other calls serve than those of notes.
DRAFT = "draft:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, and what is known beside the notes: the page of the merge request, its newest diff, the reactions.

    `awards` are by the number of the note; `None` where GitLab was not asked, or did not say.
    """

    url: str
    me: Person | None = None
    newest: payloads.DiffRefs | None = None
    awards: Mapping[int, Sequence[payloads.GraphAward]] | None = None

    def is_me(self, user: payloads.User | None) -> bool | None:
        """Whether that is me; `None` when nobody knows who I am."""
        if self.me is None:
            return None
        return user is not None and user.id is not None and str(user.id) == self.me.id

    def reactions(self, note: int | None) -> tuple[Reaction, ...] | None:
        """The reactions to a note, counted by emoji; `None` where they are not known."""
        if self.awards is None or note is None or note not in self.awards:
            return None
        by: dict[str, list[str]] = {}
        for award in self.awards[note]:
            by.setdefault(award.name, []).append(str(number(award.user.id if award.user else None)))
        me = self.me
        return tuple(
            Reaction(name=name, count=len(who), mine=None if me is None else me.id in who) for name, who in by.items()
        )


def threads(
    discussions: Iterable[payloads.Discussion], drafts: Iterable[payloads.DraftNote], reader: Reader
) -> tuple[Thread, ...]:
    """All conversations, those on the whole merge request first, and my drafts where they would stand.

    What the system has noted is no conversation: it is the timeline's.
    """
    found: dict[str, Thread] = {}
    for each in discussions:
        made = thread(each, reader)
        if made is not None:
            found[made.id] = made
    for each_draft in drafts:
        key = each_draft.discussion_id
        if key is not None and key in found:
            before = found[key]
            found[key] = replace(before, comments=(*before.comments, draft(each_draft, reader, before.anchor)))
        else:
            begun = draft_thread(each_draft, reader)
            found[begun.id] = begun
    return tuple(sorted(found.values(), key=lambda each: each.anchor is not None))


def thread(payload: payloads.Discussion, reader: Reader) -> Thread | None:
    """One conversation; `None` for one of the system's notes alone. Its place is its first note's."""
    notes = [note for note in payload.notes or () if not note.system]
    if not notes or payload.id is None:
        return None
    first = notes[0]
    place = positions.anchor(first.position)
    settles = [note for note in notes if note.resolvable]
    resolved = all(note.resolved for note in settles) if settles else None
    current = _is_current(first, reader)
    return Thread(
        id=payload.id,
        comments=tuple(comment(note, reader, place) for note in notes),
        anchor=place,
        current=place if current and not first.commit_id else None,
        outdated=None if current is None else not current,
        resolved=resolved,
        resolved_by=next((known(note.resolved_by) for note in settles if note.resolved_by), None) if resolved else None,
        can_resolve=None if settles else False,
        url=_url(reader, first.id),
    )


def _is_current(first: payloads.Note, reader: Reader) -> bool | None:
    """A comment on the whole, or on a commit, is never outdated."""
    if first.position is None or first.commit_id:
        return True
    return positions.is_current(first.position, reader.newest)


def comment(note: payloads.Note, reader: Reader, place: Anchor | None) -> Comment:
    """A note; `place` is what its conversation is about."""
    return Comment(
        id=str(note.id),
        author=person(note.author),
        body=neutral(note.body or "", lines_above(place)),
        created_at=moment(note.created_at),
        updated_at=moment(note.updated_at),
        url=_url(reader, note.id),
        reactions=reader.reactions(note.id),
        suggestions=tuple(suggestion(each) for each in note.suggestions or ()),
        mine=reader.is_me(note.author),
    )


def draft(payload: payloads.DraftNote, reader: Reader, place: Anchor | None) -> Comment:
    """A draft of mine: GitLab shows nobody else's."""
    return Comment(
        id=f"{DRAFT}{payload.id}",
        author=reader.me or Person(id=str(payload.author_id or ""), handle=""),
        body=neutral(payload.note or "", lines_above(place)),
        state=CommentState.PENDING,
        mine=True,
    )


def draft_thread(payload: payloads.DraftNote, reader: Reader) -> Thread:
    """A draft that begins a conversation, or answers one that is not there any more."""
    place = positions.anchor(payload.position)
    current = positions.is_current(payload.position, reader.newest) if place is not None else True
    said = draft(payload, reader, place)
    return Thread(
        id=said.id,
        comments=(said,),
        anchor=place,
        current=place if current else None,
        outdated=None if current is None else not current,
        can_reply=False,
        can_resolve=False,
        url=reader.url,
    )


def lines_above(place: Anchor | None) -> int:
    """How many lines of the new side a place has above its last one."""
    if place is None or place.start is None or place.end is None or place.start_side is not None:
        return 0
    return place.end - place.start if place.side is Side.NEW else 0


def suggestion(payload: payloads.NoteSuggestion) -> Suggestion:
    """What a note proposes, with the lines that it would replace."""
    return Suggestion(
        id=str(payload.id),
        replacement=payload.to_content or "",
        applied=payload.applied,
        start=payload.from_line,
        end=payload.to_line,
    )


def _url(reader: Reader, note: int | None) -> str | None:
    """GitLab does not say it, and has had the same form since its first versions."""
    return f"{reader.url}#note_{note}" if note is not None else None
