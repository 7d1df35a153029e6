"""What is done with what is said about a merge request: start, reply, edit, delete, settle. Apart from any protocol.

`talk_of` brings a merge request's talk up to date first: what happened since becomes system notes, and notes follow their
lines into the diffs that were made since.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab import system_notes
from pullbridge.testing.gitlab.positions import Position
from pullbridge.testing.gitlab.roles import DEVELOPER, MAINTAINER, REPORTER, level_of
from pullbridge.testing.gitlab.suggesting import suggestions_in
from pullbridge.testing.gitlab.talk_records import Discussion, Note, NoteType, Suggestion, Talk, discussion_id
from pullbridge.testing.gitlab.tracing import Diffs, Tracer
from pullbridge.testing.gitlab.versions import diff_refs, made, refs_of
from pullbridge.testing.store import PullRequest, User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App


class Invalid(Exception):
    """A record that is not valid. `errors` are by field, in the order they are found."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors: dict[str, list[str]] = dict(errors)
        super().__init__(self.inspected)

    @property
    def inspected(self) -> str:
        """As Ruby 3.3 writes a hash: `{:line_code=>["can't be blank"]}`."""
        fields = []
        for name, problems in self.errors.items():
            quoted = ", ".join(f'"{problem}"' for problem in problems)
            fields.append(f":{name}=>[{quoted}]")
        return "{" + ", ".join(fields) + "}"

    @property
    def messages(self) -> list[str]:
        """As sentences: `Line code can't be blank`."""
        return [
            problem if name == "base" else f"{name.replace('_', ' ').capitalize()} {problem}"
            for name, problems in self.errors.items()
            for problem in problems
        ]


# -- who may -----------------------------------------------------------------------------------------------------------


def may_comment(app: App, pull: PullRequest, user: User | None) -> bool:
    """Whoever sees it may, unless the discussion is locked: then only members may."""
    return user is not None and (not pull.locked or level_of(app.store, user, pull.repository) > 0)


def may_change(app: App, note: Note, user: User) -> bool:
    """Its author and maintainers may; nobody may change what the system said."""
    level = level_of(app.store, user, note.discussion.pull.repository)
    return not note.system and (note.author is user or level >= MAINTAINER)


def may_settle(app: App, pull: PullRequest, user: User | None) -> bool:
    """Developers and the merge request's author may."""
    return user is not None and (user is pull.author or level_of(app.store, user, pull.repository) >= DEVELOPER)


def sees(app: App, note: Note, user: User | None) -> bool:
    """Internal notes are for members from Reporter on."""
    return not note.internal or level_of(app.store, user, note.discussion.pull.repository) >= REPORTER


# -- reading -----------------------------------------------------------------------------------------------------------


def talk_of(app: App, pull: PullRequest) -> Talk:
    """Everything said about it, up to date."""
    talk = app.states.of(pull).talk
    _follow(app, pull, talk)
    fresh, talk.events = pull.events[talk.events :], len(pull.events)
    for said in system_notes.told(app, pull, fresh):
        note = _new(app, pull, said.actor, said.body, system=True)
        note.created_at = note.updated_at = said.at
        talk.discussions.append(note.discussion)
    talk.discussions.sort(key=lambda discussion: (discussion.first.created_at, discussion.first.id))
    return talk


def discussions(app: App, pull: PullRequest, user: User | None) -> list[Discussion]:
    """The discussions somebody sees, oldest first."""
    return [found for found in talk_of(app, pull).discussions if sees(app, found.first, user)]


def discussion(app: App, pull: PullRequest, key: str, user: User | None) -> Discussion | None:
    """The discussion of that id, if somebody sees it."""
    return next((found for found in discussions(app, pull, user) if found.id == key), None)


def note(app: App, pull: PullRequest, number: int, user: User | None) -> Note | None:
    """The note of that number, if somebody sees it."""
    found = app.store.find(Note, number)
    talk_of(app, pull)
    mine = found is not None and found.discussion.pull is pull and found in found.discussion.notes
    return found if found is not None and mine and sees(app, found, user) else None


def outdated(app: App, found: Discussion) -> bool:
    """Whether its place is not in the newest diff."""
    position = found.first.position
    return position is not None and position.refs != diff_refs(app, found.pull)


def unresolved(app: App, pull: PullRequest) -> list[Discussion]:
    """The threads that are to be settled yet."""
    return [found for found in talk_of(app, pull).discussions if found.resolvable and not found.resolved]


# -- places ------------------------------------------------------------------------------------------------------------


def placed(app: App, pull: PullRequest, position: Position) -> tuple[Position, Position | None, str | None]:
    """Where a new note hangs now, where its line was lost, and the code of its line.

    A position of another diff than the newest follows its line into that. Nothing is refused: see `check_place`.
    """
    diffs, now, changed = Diffs(pull.repository.git), diff_refs(app, pull), None
    here = position
    if now is not None and position.complete and position.refs != now:
        traced = Tracer(pull.repository.git, position.refs, now).trace(position)
        if traced is not None and traced.outdated:
            changed = traced.position
        elif traced is not None and traced.position is not None:
            here = traced.position
    code = diffs.line_code(here) if here.position_type == "text" and here.complete else None
    return here, changed, code


def check_place(app: App, pull: PullRequest, position: Position) -> None:
    """Raise `Invalid` where no note can hang."""
    here, _, code = placed(app, pull, position)
    errors: dict[str, list[str]] = {}
    wrong_range = app.knobs.ranges == "check" and Diffs(pull.repository.git).range_problem(position)
    if position.position_type == "text" and (code is None or wrong_range):
        errors["line_code"] = ["can't be blank", "must be a valid line code"]
    if not (position.complete and here.complete):
        errors["position"] = ["is incomplete"]
    if diff_refs(app, pull) is None:
        errors["noteable"] = ["doesn't support new-style diff notes"]
    if errors:
        raise Invalid(errors)


# -- writing -----------------------------------------------------------------------------------------------------------


def start(
    app: App,
    pull: PullRequest,
    author: User,
    body: str,
    *,
    position: Position | None = None,
    thread: bool = True,
    internal: bool = False,
    commit: str | None = None,
) -> Note:
    """Start a discussion on the whole or, with `position`, on a place in the diff; or (not a `thread`) just comment.

    Raises `Invalid`.
    """
    if not body.strip():
        raise Invalid({"note": ["can't be blank"]})
    if position is not None:
        check_place(app, pull, position)
    talk = talk_of(app, pull)
    kind: NoteType | None = "DiffNote" if position else "DiscussionNote" if thread else None
    made_note = _new(app, pull, author, body, kind=kind, internal=internal)
    if position is not None:
        made_note.position, made_note.changed, made_note.line_code = placed(app, pull, position)
        made_note.original, made_note.commit = position, commit
        _read_suggestions(app, made_note)
    talk.discussions.append(made_note.discussion)
    app.store.pulls.touch(pull)
    return made_note


def reply(app: App, found: Discussion, author: User, body: str) -> Note:
    """Answer a discussion; a lone comment becomes a thread by it. Raises `Invalid`."""
    if not body.strip():
        raise Invalid({"note": ["can't be blank"]})
    first = found.first
    if first.kind is None:
        first.kind = "DiscussionNote"
    settled, now = found.resolved, app.store.now()
    made_note = _new(app, found.pull, author, body, kind=first.kind, discussion=found, internal=first.internal)
    made_note.position, made_note.original, made_note.changed = first.position, first.original, first.changed
    made_note.line_code = first.line_code
    if settled:
        made_note.resolved_at, made_note.resolved_by = now, author
    if made_note.kind == "DiffNote":
        _read_suggestions(app, made_note)
    app.store.pulls.touch(found.pull)
    return made_note


def edit(app: App, found: Note, body: str) -> None:
    """Replace a note's text. Raises `Invalid`."""
    if not body.strip():
        raise Invalid({"note": ["can't be blank"]})
    found.body, found.updated_at = body, app.store.now()
    if found.kind == "DiffNote":
        _read_suggestions(app, found)


def delete(app: App, found: Note) -> None:
    """Remove a note, and its discussion with the last one."""
    home = found.discussion
    home.notes.remove(found)
    app.store.forget(found)
    if not home.notes:
        talk_of_now = app.states.of(home.pull).talk
        talk_of_now.discussions.remove(home)
    app.store.pulls.touch(home.pull)


def resolve(app: App, found: Discussion, user: User) -> None:
    """Settle all of a thread."""
    for one in found.notes:
        resolve_note(app, one, user)


def resolve_note(app: App, found: Note, user: User) -> None:
    """Settle one note."""
    if found.resolvable and found.resolved_at is None:
        found.resolved_at, found.resolved_by = app.store.now(), user
        found.updated_at = found.resolved_at


def unresolve(found: Discussion) -> None:
    """Open all of a thread again."""
    for one in found.notes:
        unresolve_note(one)


def unresolve_note(found: Note) -> None:
    """Open one note again."""
    found.resolved_at = found.resolved_by = None


def _new(
    app: App,
    pull: PullRequest,
    author: User,
    body: str,
    *,
    discussion: Discussion | None = None,
    **more: Any,
) -> Note:
    number, now = app.store.next_id(), app.store.now()
    home = discussion or Discussion(id=discussion_id(number), pull=pull)
    made_note = Note(id=number, discussion=home, author=author, body=body, created_at=now, updated_at=now, **more)
    home.notes.append(app.store.keep(made_note))
    return made_note


def _read_suggestions(app: App, found: Note) -> None:
    for gone in found.suggestions:
        app.store.forget(gone)
    position = found.position
    read = [] if position is None else suggestions_in(found.body, position, found.discussion.pull.repository.git)
    found.suggestions = [
        app.store.keep(
            Suggestion(
                id=app.store.next_id(),
                note=found,
                from_line=one.from_line,
                to_line=one.to_line,
                from_content=one.from_content,
                to_content=one.to_content,
            )
        )
        for one in read
    ]


# -- pushes ------------------------------------------------------------------------------------------------------------


def _follow(app: App, pull: PullRequest, talk: Talk) -> None:
    """Bring notes and drafts into the diffs that were made since."""
    known = made(app, pull)
    for index in range(max(talk.versions, 1), len(known)):
        old, new = refs_of(known[index - 1]), refs_of(known[index])
        tracer = Tracer(pull.repository.git, old, new)
        for found in list(talk.discussions):
            position = found.first.position
            if position is not None and position.refs == old:
                _move(app, found, tracer, position, index + 1, known[index].actor)
        if app.knobs.reset_on_push and known[index].head != known[index - 1].head:
            _reset(app, pull, known[index].actor)
    talk.versions = max(talk.versions, len(known))


def _reset(app: App, pull: PullRequest, actor: User) -> None:
    for review in list(app.store.reviews.verdicts(pull).values()):
        if review.state == "APPROVED":
            app.store.reviews.dismiss(review, actor, "")


def _move(app: App, found: Discussion, tracer: Tracer, position: Position, number: int, actor: User) -> None:
    traced = tracer.trace(position)
    if traced is None:
        return
    for one in found.notes:
        if traced.outdated:
            one.changed = traced.position
        elif traced.position is not None:
            one.position, one.changed = traced.position, None
    if traced.outdated:
        text = system_notes.outdated(app, found.pull, traced.position, number)
        said = _new(app, found.pull, actor, text, discussion=found, kind=found.first.kind, system=True)
        said.position, said.original, said.changed = found.first.position, found.first.original, found.first.changed
