"""Conversations on Data Center: comments, with answers of any depth below them.

A conversation is settled by a mark on its first comment (8.9). Tasks in it are something else: see `tasks`.
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (comments)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pullbridge.capabilities import Can
from pullbridge.hosts.bitbucket_dc import (
    drafting,
    payloads,
    pending,
    reactions,
    reading,
    suggestions,
    versioned,
    whoami,
    wire,
)
from pullbridge.hosts.bitbucket_dc.abilities import RULES
from pullbridge.hosts.bitbucket_dc.addresses import page
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.refusing import too_old
from pullbridge.model.anchor import Anchor
from pullbridge.model.diff import Commit
from pullbridge.model.people import Person
from pullbridge.model.threads import Comment, Thread

#: Older versions take no notice of the mark.
RESOLVED_SINCE = RULES[Can.RESOLVE].since


class DataCenterThreads:
    """`ports.ThreadsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Thread, ...]:
        api = self._api
        asked: list[Callable[[], Any]] = [
            lambda: reading.activities(api, number),
            lambda: pending.mine(api, number),
            lambda: versioned.read(api, number),
            lambda: whoami.me(api.api),
        ]
        activities, drafts, _, me = api.api.gather(*asked)
        return wire.threads(activities, drafts, reader(api, number, me))

    def start(self, number: int, body: str, anchor: Anchor | None) -> Thread:
        made, me = whoami.beside(self._api.api, lambda: drafting.post(self._api, number, body, anchor))
        return wire.thread(made, reader(self._api, number, me or wire.person(made.author)))

    def reply(self, number: int, thread: str, body: str) -> Comment:
        parent = drafting.reference(thread)
        made, me = whoami.beside(self._api.api, lambda: drafting.post(self._api, number, body, parent=parent))
        return self._said(number, made, me or wire.person(made.author))

    def edit(self, number: int, comment: str, body: str) -> Comment:
        made, me = whoami.beside(self._api.api, lambda: drafting.changed(self._api, number, comment, {"text": body}))
        return self._said(number, made, me)

    def delete(self, number: int, comment: str) -> None:
        drafting.removed(self._api, number, comment)

    def set_resolved(self, number: int, thread: str, resolved: bool) -> Thread:
        api = self._api
        if not api.api.at_least(RESOLVED_SINCE):
            raise too_old(Can.RESOLVE, RESOLVED_SINCE, api.api.server, api.api.host)
        values = {"threadResolved": resolved}
        made, me = whoami.beside(api.api, lambda: drafting.changed(api, number, thread, values, what="such thread"))
        return wire.thread(made, reader(api, number, me))

    def set_reaction(self, number: int, comment: str, reaction: str, on: bool) -> None:
        reactions.set_reaction(self._api, number, comment, reaction, on)

    def apply_suggestions(self, number: int, chosen: Sequence[str], message: str | None) -> Commit | None:
        return suggestions.apply(self._api, number, chosen, message)

    def _said(self, number: int, made: payloads.Comment, me: Person | None) -> Comment:
        return wire.comment(made, reader(self._api, number, me), anchored=made.anchor is not None)


def reader(api: RepositoryApi, number: int, me: Person | None) -> wire.Reader:
    """Who reads a pull request's comments, and its diff as it was last."""
    return wire.Reader(url=page(api.ref, "pull-requests", number), me=me, head=api.diffs.of(number))
