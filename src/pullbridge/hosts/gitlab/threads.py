"""Conversations on GitLab: discussions, and the notes in them. https://docs.gitlab.com/api/discussions/

One on the whole merge request is begun as a discussion and not as a lone note, so that it can be answered and settled, as
`threads.start` promises. GraphQL has neither ranges nor suggestions, and so REST serves all of this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import drafting, payloads, pending, reactions, reading, suggestions, whoami, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about
from pullbridge.model.anchor import Anchor
from pullbridge.model.diff import Commit
from pullbridge.model.people import Person
from pullbridge.model.threads import Comment, Thread
from pullbridge.transport.call import Repeat


class GitLabThreads:
    """`ports.ThreadsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Thread, ...]:
        api = self._api
        asked: list[Callable[[], Any]] = [
            lambda: discussions(api, number),
            lambda: pending.mine(api, number),
            lambda: drafting.versions(api, number),
            lambda: whoami.me(api.api),
            lambda: reading.reactions(api, number),
        ]
        found, drafts, newest, me, awards = api.api.gather(*asked)
        return wire.threads(found, drafts, reader(api, number, me, newest, awards))

    def start(self, number: int, body: str, anchor: Anchor | None) -> Thread:
        """Begin one. What GitLab does not place is refused, and never becomes a comment on the whole."""
        api, values = self._api, {"body": drafting.text(body, anchor)}
        sent: dict[str, Any] = {**values, "position": drafting.position(api, number, anchor)} if anchor else values
        asked = drafting.write_to(number)
        path = api.pull(number, "discussions")
        try:
            made, me = whoami.beside(api.api, lambda: api.api.send("POST", path, sent, payloads.Discussion, asked))
        except errors.Rejected as error:
            raise drafting.displaced(error, anchor, body) from error.__cause__
        return self._read(number, made, me or next((wire.person(note.author) for note in made.notes or ()), None))

    def reply(self, number: int, thread: str, body: str) -> Comment:
        if thread.startswith(wire.DRAFT):
            text = "This conversation is a draft of yours, which nobody can answer yet."
            raise errors.Unsupported(text, reason="a draft takes no answers", next_step="Publish your review first.")
        place = self._place_of_thread(number, thread) if wire.has_suggestion(body) else None
        asked = Asked(what="such thread", write=True, needs=drafting.WRITE)
        path = self._api.pull(number, "discussions", thread, "notes")
        sent = {"body": drafting.text(body, place)}
        note, me = whoami.beside(self._api.api, lambda: self._api.api.send("POST", path, sent, payloads.Note, asked))
        return self._said(number, note, me or wire.person(note.author), place)

    def edit(self, number: int, comment: str, body: str) -> Comment:
        if comment.startswith(wire.DRAFT):
            return pending.edit(self._api, number, comment, body)
        place = self._place_of_note(number, comment) if wire.has_suggestion(body) else None
        asked = Asked(what="such comment", write=True, needs=drafting.WRITE)
        path, sent = self._api.pull(number, "notes", comment), {"body": drafting.text(body, place)}
        note, me = whoami.beside(
            self._api.api, lambda: self._api.api.send("PUT", path, sent, payloads.Note, asked, repeat=Repeat.SAFE)
        )
        return self._said(number, note, me, place)

    def delete(self, number: int, comment: str) -> None:
        if comment.startswith(wire.DRAFT):
            pending.drop(self._api, number, comment)
            return
        asked = Asked(what="such comment", write=True, needs=drafting.WRITE)
        self._api.api.reply("DELETE", self._api.pull(number, "notes", comment), asked)

    def set_resolved(self, number: int, thread: str, resolved: bool) -> Thread:
        asked = Asked(what="such thread", write=True, needs=drafting.WRITE)
        path, sent = self._api.pull(number, "discussions", thread), {"resolved": resolved}
        made, me = whoami.beside(
            self._api.api,
            lambda: self._api.api.send("PUT", path, sent, payloads.Discussion, asked, repeat=Repeat.SAFE),
        )
        return self._read(number, made, me)

    def set_reaction(self, number: int, comment: str, reaction: str, on: bool) -> None:
        reactions.set_reaction(self._api, number, comment, reaction, on)

    def apply_suggestions(self, number: int, chosen: Sequence[str], message: str | None) -> Commit | None:
        return suggestions.apply(self._api, number, chosen, message)

    def _read(self, number: int, made: payloads.Discussion, me: Person | None) -> Thread:
        """What a write gave back, seen from the newest diff that is known."""
        found = wire.thread(made, reader(self._api, number, me, self._api.diffs.newest(number)))
        if found is None or not all(note.id for note in made.notes or ()):
            raise drafting.not_kept(self._api.api.host)
        return found

    def _said(self, number: int, note: payloads.Note, me: Person | None, place: Anchor | None) -> Comment:
        if note.id is None:
            raise drafting.not_kept(self._api.api.host)
        at = place or wire.anchor(note.position)
        return wire.comment(note, reader(self._api, number, me), at)

    def _place_of_thread(self, number: int, thread: str) -> Anchor | None:
        asked, path = Asked(what="such thread"), self._api.pull(number, "discussions", thread)
        notes = self._api.api.get(path, payloads.Discussion, asked).notes or []
        return wire.anchor(notes[0].position) if notes else None

    def _place_of_note(self, number: int, note: str) -> Anchor | None:
        asked, path = Asked(what="such comment"), self._api.pull(number, "notes", note)
        return wire.anchor(self._api.api.get(path, payloads.Note, asked).position)


def discussions(api: RepositoryApi, number: int) -> list[payloads.Discussion]:
    """All discussions, with all their notes: GitLab pages the one, and not the other."""
    return api.api.pages(api.pull(number, "discussions"), payloads.Discussion, about(number))


def reader(
    api: RepositoryApi,
    number: int,
    me: Person | None,
    newest: payloads.DiffRefs | None = None,
    awards: Mapping[int, Sequence[payloads.GraphAward]] | None = None,
) -> wire.Reader:
    """Who reads a merge request's notes."""
    return wire.Reader(url=f"{api.ref.url}/-/merge_requests/{number}", me=me, newest=newest, awards=awards)
