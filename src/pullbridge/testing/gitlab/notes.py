"""Notes: https://docs.gitlab.com/api/notes/#merge-requests"""

from __future__ import annotations

from collections.abc import Callable

from pullbridge.testing.gitlab import note_shapes, quick_actions, reviewing, talk
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import bad_request, forbidden, not_found, too_many
from pullbridge.testing.gitlab.roles import REPORTER
from pullbridge.testing.gitlab.talk_records import Note

MINUTE = 60


def _admit(ask: Ask) -> None:
    if not talk.may_comment(ask.app, ask.pull, ask.me):
        raise forbidden()


def written(ask: Ask, write: Callable[[str], Note], show: Callable[[Note], object]) -> Answer:
    """Do what the commands of `body` say, and write a note of the rest: 202 when nothing is left of it."""
    _admit(ask)
    pull, body = ask.pull, ask.text("body") or ""
    if not body.strip():
        raise bad_request('Note {:note=>["can\'t be blank"]}')
    try:
        done = quick_actions.run(ask.app, pull, ask.me, body)
        if done.only_commands:
            summary = done.messages if ask.at_least(13, 0) else {}
            return Answer(payload={"commands_changes": done.changes, "summary": summary}, status=202)
        note = write(done.text)
    except talk.Invalid as invalid:
        raise bad_request(f"Note {invalid.inspected}") from invalid
    note.commands = done.changes
    if note is note.discussion.first:
        reviewing.commented(ask.app, pull, ask.me)
    return Answer(payload=show(note), status=201)


def _hold_back(ask: Ask) -> None:
    """https://docs.gitlab.com/administration/settings/rate_limit_on_notes_creation/"""
    most, now = ask.knobs.notes_per_minute, ask.store.now().timestamp()
    if most is None:
        return
    known = [when for when in ask.app.note_times.get(ask.me, []) if when > now - MINUTE]
    ask.app.note_times[ask.me] = [*known, now]
    if len(known) >= most:
        raise too_many()


def notes(ask: Ask) -> Answer:
    """GET notes: newest first, unless said otherwise."""
    order = ask.choice("order_by", ("created_at", "updated_at"), "created_at")
    backwards = ask.choice("sort", ("asc", "desc"), "desc") == "desc"
    wanted = ask.choice("activity_filter", ("all_notes", "only_comments", "only_activity"), "all_notes")
    found = [one for one in talk.talk_of(ask.app, ask.pull).notes if talk.sees(ask.app, one, ask.user)]
    if wanted != "all_notes":
        found = [one for one in found if one.system == (wanted == "only_activity")]
    found.sort(key=lambda one: (one.updated_at if order == "updated_at" else one.created_at, one.id), reverse=backwards)
    return ask.paged(found, lambda one: note_shapes.note(ask.shapes, one))


def find(ask: Ask) -> Note:
    """The note whose number is in the address."""
    found = talk.note(ask.app, ask.pull, int(ask.values["note"]), ask.user)
    if found is None:
        raise not_found()
    return found


def get(ask: Ask) -> Answer:
    """GET notes/{id}."""
    return Answer(payload=note_shapes.note(ask.shapes, find(ask)))


def create(ask: Ask) -> Answer:
    """POST notes: a comment that is no thread."""
    ask.need("body")
    _hold_back(ask)
    internal = bool(ask.flag("internal") or ask.flag("confidential"))
    if internal:
        ask.need_level(REPORTER)
    return written(
        ask,
        lambda text: talk.start(ask.app, ask.pull, ask.me, text, thread=False, internal=internal),
        lambda made: note_shapes.note(ask.shapes, made),
    )


def edit(ask: Ask) -> Answer:
    """PUT notes/{id}: the text; in a discussion also whether it is settled."""
    found = find(ask)
    if "discussion" in ask.values and ask.given("resolved"):
        return _settle(ask, found)
    body = ask.filled("body")
    if not talk.may_change(ask.app, found, ask.me):
        raise forbidden()
    if body is not None:
        talk.edit(ask.app, found, body)
    return Answer(payload=note_shapes.note(ask.shapes, found))


def _settle(ask: Ask, found: Note) -> Answer:
    ask.exclusive("body", "resolved")
    if not talk.may_settle(ask.app, ask.pull, ask.me):
        raise forbidden()
    if not found.resolvable:
        raise bad_request("Note is not resolvable")
    if ask.flag("resolved"):
        talk.resolve_note(ask.app, found, ask.me)
    else:
        talk.unresolve_note(found)
    return Answer(payload=note_shapes.note(ask.shapes, found))


def delete(ask: Ask) -> Answer:
    """DELETE notes/{id}."""
    found = find(ask)
    if not talk.may_change(ask.app, found, ask.me):
        raise forbidden()
    talk.delete(ask.app, found)
    return Answer(status=204)


_NOTES = "/projects/<project>/merge_requests/<int:iid>/notes"
_ONE = f"{_NOTES}/<int:note>"
ROUTES = (
    Route(method="GET", rule=_NOTES, answer=notes, signed_in=True, permission="read_merge_request_note"),
    Route(method="GET", rule=_ONE, answer=get, signed_in=True, permission="read_merge_request_note"),
    Route(method="POST", rule=_NOTES, answer=create, permission="create_merge_request_note"),
    Route(method="PUT", rule=_ONE, answer=edit, permission="update_merge_request_note"),
    Route(method="DELETE", rule=_ONE, answer=delete, permission="delete_merge_request_note"),
)
