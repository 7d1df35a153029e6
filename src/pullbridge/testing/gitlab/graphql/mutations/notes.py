"""Mutations of notes and discussions. Ranges of lines and whole files cannot be commented on here: that is REST's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge.testing.gitlab import quick_actions, reviewing, talk, talk_records
from pullbridge.testing.gitlab.graphql.context import Asking
from pullbridge.testing.gitlab.graphql.errors import unavailable
from pullbridge.testing.gitlab.graphql.mutations.subjects import Payload, discussion_of, note_of, noteable
from pullbridge.testing.gitlab.graphql.notes import Discussion, Note
from pullbridge.testing.gitlab.graphql.schema import mutation, view
from pullbridge.testing.gitlab.positions import Position
from pullbridge.testing.gitlab.roles import REPORTER
from pullbridge.testing.store import PullRequest


@view
class QuickActionsStatus:
    """What became of the commands in a text."""

    def __init__(self, done: quick_actions.Done) -> None:
        self.messages: list[str] = done.messages
        self.command_names: list[str] = []
        self.commands_only: bool = done.only_commands
        self.error_messages: list[str] = [said for said in done.messages if said.startswith("Could not")]


def _payload(
    note: talk_records.Note | None, ask: Asking, *errors: str, done: quick_actions.Done | None = None
) -> Payload:
    status = QuickActionsStatus(done) if done and done.messages else None
    return {"note": note and Note(ask, note), "errors": list(errors), "quick_actions_status": status}


def _written(ask: Asking, pull: PullRequest, body: str, write: Callable[[str], talk_records.Note]) -> Payload:
    """Do what the commands of a text say, and write a note of the rest."""
    if not body.strip():
        return _payload(None, ask, "Note can't be blank")
    done = quick_actions.run(ask.app, pull, ask.me, body)
    if done.only_commands:
        said = () if ask.at_least(17, 9) else (f"Commands only {' '.join(done.messages)}",)
        return _payload(None, ask, *said, done=done)
    try:
        note = write(done.text)
    except talk.Invalid as invalid:
        return _payload(None, ask, *invalid.messages)
    note.commands = done.changes
    if note is note.discussion.first:
        reviewing.commented(ask.app, pull, ask.me)
    return _payload(note, ask, done=done)


def _need_insider(ask: Asking, pull: PullRequest, internal: bool | None) -> bool:
    if internal and ask.level(pull.repository) < REPORTER:
        raise unavailable()
    return bool(internal)


@mutation
def create_note(
    ask: Asking,
    *,
    noteable_id: str,
    body: str,
    discussion_id: str | None = None,
    internal: bool | None = None,
    merge_request_diff_head_sha: str | None = None,
) -> Payload:
    """Comment on the whole, or answer a discussion."""
    del merge_request_diff_head_sha
    pull = noteable(ask, noteable_id)
    if discussion_id:
        home = discussion_of(ask, discussion_id)
        if home.pull is not pull:
            raise unavailable()
        return _written(ask, pull, body, lambda text: talk.reply(ask.app, home, ask.me, text))
    inside = _need_insider(ask, pull, internal)
    return _written(
        ask, pull, body, lambda text: talk.start(ask.app, pull, ask.me, text, thread=False, internal=inside)
    )


@mutation
def create_discussion(ask: Asking, *, noteable_id: str, body: str, internal: bool | None = None) -> Payload:
    """Start a thread on the whole."""
    pull = noteable(ask, noteable_id)
    inside = _need_insider(ask, pull, internal)
    return _written(ask, pull, body, lambda text: talk.start(ask.app, pull, ask.me, text, internal=inside))


@mutation
def create_diff_note(
    ask: Asking, *, noteable_id: str, body: str, position: dict[str, Any], internal: bool | None = None
) -> Payload:
    """Start a thread on a line."""
    pull = noteable(ask, noteable_id)
    inside, paths = _need_insider(ask, pull, internal), position["paths"]
    place = Position(
        base_sha=position.get("base_sha"),
        start_sha=position["start_sha"],
        head_sha=position["head_sha"],
        old_path=paths.get("old_path"),
        new_path=paths.get("new_path"),
        old_line=position.get("old_line"),
        new_line=position.get("new_line"),
    )
    return _written(
        ask, pull, body, lambda text: talk.start(ask.app, pull, ask.me, text, position=place, internal=inside)
    )


def _own(ask: Asking, id: str) -> talk_records.Note:
    note = note_of(ask, id)
    if not talk.may_change(ask.app, note, ask.me):
        raise unavailable()
    return note


@mutation
def update_note(ask: Asking, *, id: str, body: str | None = None) -> Payload:
    """Replace a note's text."""
    note = _own(ask, id)
    try:
        talk.edit(ask.app, note, body or "")
    except talk.Invalid as invalid:
        return _payload(note, ask, *invalid.messages)
    return _payload(note, ask)


@mutation
def destroy_note(ask: Asking, *, id: str) -> Payload:
    """Delete a note; the payload has none."""
    talk.delete(ask.app, _own(ask, id))
    return _payload(None, ask)


@mutation
def note_convert_to_thread(ask: Asking, *, id: str) -> Payload:
    """Make a comment a thread."""
    note = note_of(ask, id)
    if note.kind is not None or note.system:
        raise unavailable()
    note.kind = "DiscussionNote"
    return _payload(note, ask)


@mutation
def discussion_toggle_resolve(ask: Asking, *, id: str, resolve: bool) -> Payload:
    """Settle a thread, or open it again."""
    found = discussion_of(ask, id)
    if not found.resolvable or not talk.may_settle(ask.app, found.pull, ask.me):
        raise unavailable()
    if resolve:
        talk.resolve(ask.app, found, ask.me)
    else:
        talk.unresolve(found)
    return {"discussion": Discussion(ask, found), "errors": []}
