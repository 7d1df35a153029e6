"""Draft notes: https://docs.gitlab.com/api/draft_notes/

The versions that brought the operations are unverified; all of them are of 15.9 to 15.11.
"""

from __future__ import annotations

from pullbridge.testing.gitlab import publishing, reviewing, talk
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import bad_request, forbidden, invalid, not_found, unprocessable
from pullbridge.testing.gitlab.note_shapes import draft as shape
from pullbridge.testing.gitlab.placing import position_of
from pullbridge.testing.gitlab.talk_records import Draft, ReviewerState


def drafts(ask: Ask) -> Answer:
    """GET draft_notes: one's own, all on one page."""
    return Answer(payload=[shape(one) for one in publishing.drafts(ask.app, ask.pull, ask.me)])


def _find(ask: Ask) -> Draft:
    found = ask.store.find(Draft, int(ask.values["draft"]))
    if found is None or found not in publishing.drafts(ask.app, ask.pull, ask.me):
        raise not_found()
    return found


def get(ask: Ask) -> Answer:
    """GET draft_notes/{id}."""
    return Answer(payload=shape(_find(ask)))


def create(ask: Ask) -> Answer:
    """POST draft_notes."""
    ask.need("note")
    position = position_of(ask, range_lines="number")
    if not talk.may_comment(ask.app, ask.pull, ask.me):
        raise forbidden()
    commit = ask.text("commit_id")
    try:
        made = publishing.create(
            ask.app,
            ask.pull,
            ask.me,
            ask.text("note") or "",
            position=position,
            reply_to=ask.text("in_reply_to_discussion_id"),
            resolve=bool(ask.flag("resolve_discussion")),
            commit=None if commit == "undefined" else commit,
        )
    except talk.Invalid as refused:
        raise invalid(**refused.errors) from refused
    return Answer(payload=shape(made), status=201)


def edit(ask: Ask) -> Answer:
    """PUT draft_notes/{id}. Without `position` the draft loses its place."""
    body, position = ask.filled("note"), position_of(ask, range_lines="number")
    if not body:
        raise bad_request("Missing params to modify")
    found = _find(ask)
    found.body = body
    if position is not None or ask.knobs.drafts_lose_position:
        publishing.place(ask.app, found, position)
    return Answer(payload=shape(found))


def delete(ask: Ask) -> Answer:
    """DELETE draft_notes/{id}."""
    publishing.delete(ask.app, _find(ask))
    return Answer(status=204)


def publish(ask: Ask) -> Answer:
    """PUT draft_notes/{id}/publish."""
    found = _find(ask)
    note = publishing.publish(ask.app, found)
    if note is not None and note is note.discussion.first:
        reviewing.commented(ask.app, ask.pull, ask.me)
    return Answer(status=204)


def publish_all(ask: Ask) -> Answer:
    """POST draft_notes/bulk_publish; from 19.2 on with a summary and a state. Older ones pass over these."""
    pull, me = ask.pull, ask.me
    told = ask.at_least(19, 2)
    state = ask.choice("reviewer_state", ("requested_changes", "reviewed")) if told else None
    publishing.publish_all(ask.app, pull, me)
    summary = ask.text("note") if told else None
    if summary:
        try:
            talk.start(ask.app, pull, me, summary, thread=False, internal=bool(ask.flag("internal")))
        except talk.Invalid as refused:
            raise unprocessable(", ".join(refused.messages)) from refused
    if state is not None:
        _say(ask, "reviewed" if state == "reviewed" else "requested_changes")
    return Answer(status=204)


def _say(ask: Ask, state: ReviewerState) -> None:
    if state == "reviewed":
        reviewing.withdraw_changes(ask.app, ask.pull, ask.me)
    reviewing.update(ask.app, ask.pull, ask.me, state)


_ALL = "/projects/<project>/merge_requests/<int:iid>/draft_notes"
_ONE = f"{_ALL}/<int:draft>"
_WHAT = "merge_request_draft_note"
ROUTES = (
    Route(method="GET", rule=_ALL, answer=drafts, signed_in=True, since=(15, 9), permission=f"read_{_WHAT}"),
    Route(method="GET", rule=_ONE, answer=get, signed_in=True, since=(15, 9), permission=f"read_{_WHAT}"),
    Route(method="POST", rule=_ALL, answer=create, since=(15, 10), permission=f"create_{_WHAT}"),
    Route(method="PUT", rule=_ONE, answer=edit, since=(15, 11), permission=f"update_{_WHAT}"),
    Route(method="DELETE", rule=_ONE, answer=delete, since=(15, 9), permission=f"delete_{_WHAT}"),
    Route(method="PUT", rule=f"{_ONE}/publish", answer=publish, since=(15, 10), permission=f"publish_{_WHAT}"),
    Route(
        method="POST", rule=f"{_ALL}/bulk_publish", answer=publish_all, since=(15, 11), permission=f"publish_{_WHAT}"
    ),
)
