"""Discussions: https://docs.gitlab.com/api/discussions/#merge-requests"""

from __future__ import annotations

from pullbridge.testing.gitlab import note_shapes, notes, talk
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import bad_request, forbidden, not_found, parameters
from pullbridge.testing.gitlab.placing import position_of
from pullbridge.testing.gitlab.talk_records import Discussion


def discussions(ask: Ask) -> Answer:
    """GET discussions, oldest first: threads, lone comments, and what the system says."""
    found = talk.discussions(ask.app, ask.pull, ask.user)
    return ask.paged(found, lambda one: note_shapes.discussion(ask.shapes, one))


def _find(ask: Ask, resource: str = "Discussion") -> Discussion:
    found = talk.discussion(ask.app, ask.pull, str(ask.values["discussion"]), ask.user)
    if found is None:
        raise not_found(resource)
    return found


def get(ask: Ask) -> Answer:
    """GET discussions/{id}."""
    return Answer(payload=note_shapes.discussion(ask.shapes, _find(ask)))


def create(ask: Ask) -> Answer:
    """POST discussions: on the whole, or on a place in the diff."""
    ask.need("body")
    position = position_of(ask)
    commit = ask.text("commit_id") if position else None
    return notes.written(
        ask,
        lambda text: talk.start(ask.app, ask.pull, ask.me, text, position=position, commit=commit),
        lambda made: note_shapes.discussion(ask.shapes, made.discussion),
    )


def settle(ask: Ask) -> Answer:
    """PUT discussions/{id}: settle it, or open it again."""
    ask.need("resolved")
    settled, found = ask.flag("resolved"), _find(ask)
    if not found.resolvable or not talk.may_settle(ask.app, ask.pull, ask.me):
        raise forbidden()
    if settled:
        talk.resolve(ask.app, found, ask.me)
    else:
        talk.unresolve(found)
    return Answer(payload=note_shapes.discussion(ask.shapes, found))


def list_notes(ask: Ask) -> Answer:
    """GET discussions/{id}/notes."""
    found = note_shapes.discussion(ask.shapes, _find(ask, "Notes"))
    return Answer(payload=found["notes"])


def reply(ask: Ask) -> Answer:
    """POST discussions/{id}/notes. A lone comment becomes a thread; what the system says cannot be answered."""
    ask.need("body")
    found = _find(ask)
    if found.first.system:
        raise bad_request("Discussion can not be replied to.")
    return notes.written(
        ask,
        lambda text: talk.reply(ask.app, found, ask.me, text),
        lambda made: note_shapes.note(ask.shapes, made),
    )


def edit(ask: Ask) -> Answer:
    """PUT discussions/{id}/notes/{id}: either the text, or whether it is settled."""
    if not ask.given("body", "resolved"):
        raise parameters("body, resolved are missing, exactly one parameter must be provided")
    ask.exclusive("body", "resolved")
    return notes.edit(ask)


_ALL = "/projects/<project>/merge_requests/<int:iid>/discussions"
_ONE = f"{_ALL}/<discussion>"
_NOTE = f"{_ONE}/notes/<int:note>"
_READ, _NOTES = "read_merge_request_discussion", "merge_request_discussion_note"
ROUTES = (
    Route(method="GET", rule=_ALL, answer=discussions, signed_in=True, permission=_READ),
    Route(method="POST", rule=_ALL, answer=create, permission="create_merge_request_discussion"),
    Route(method="GET", rule=_ONE, answer=get, signed_in=True, permission=_READ),
    Route(method="PUT", rule=_ONE, answer=settle, permission="resolve_merge_request_discussion"),
    Route(method="GET", rule=f"{_ONE}/notes", answer=list_notes, signed_in=True, permission=f"read_{_NOTES}"),
    Route(method="POST", rule=f"{_ONE}/notes", answer=reply, permission=f"create_{_NOTES}"),
    Route(method="GET", rule=_NOTE, answer=notes.get, signed_in=True, permission=f"read_{_NOTES}"),
    Route(method="PUT", rule=_NOTE, answer=edit, permission=f"update_{_NOTES}"),
    Route(method="DELETE", rule=_NOTE, answer=notes.delete, permission=f"delete_{_NOTES}"),
)
