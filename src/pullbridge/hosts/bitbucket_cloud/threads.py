"""Conversations on Bitbucket Cloud: comments, and the comments that answer them.

A comment binds to the diff as it is when it arrives, and Bitbucket moves it along for as long as its line is there; at which
commit it was written is known of those alone that were posted from here.
https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (comments)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.bitbucket_cloud import drafting, payloads, whoami, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.model.anchor import Anchor
from pullbridge.model.diff import Commit
from pullbridge.model.people import Person
from pullbridge.model.threads import Comment, Thread
from pullbridge.transport.call import Repeat

_NOT_ON_DIFF = "Bitbucket settles conversations on the diff, and none on the whole pull request"


class CloudThreads:
    """`ports.ThreadsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Thread, ...]:
        both: list[Callable[[], Any]] = [lambda: comments(self._api, number), lambda: whoami.me(self._api.api)]
        rows, me = self._api.api.gather(*both)
        return wire.threads(rows, reader(self._api, me))

    def start(self, number: int, body: str, anchor: Anchor | None) -> Thread:
        values = drafting.comment(body, anchor, host=self._api.api.host)
        try:
            made = self._posted(number, values)
        except errors.Rejected as error:
            raise drafting.displaced(error, anchor, body) from error.__cause__
        if anchor is not None:
            self._api.remembered.wrote(str(made.id), anchor)
        head = anchor.commit if anchor is not None else None
        return wire.thread(made.id, (made,), reader(self._api, self._author(made), head))

    def reply(self, number: int, thread: str, body: str) -> Comment:
        made = self._posted(number, drafting.comment(body, parent=thread))
        return wire.comment(made, reader(self._api, self._author(made)))

    def edit(self, number: int, comment: str, body: str) -> Comment:
        path, sent = self._path(number, comment), drafting.comment(body)
        asked, api = drafting.of_comment(), self._api.api
        row, me = whoami.beside(api, lambda: api.send("PUT", path, sent, payloads.Comment, asked, repeat=Repeat.SAFE))
        return wire.comment(row, reader(self._api, me))

    def delete(self, number: int, comment: str) -> None:
        self._api.api.reply("DELETE", self._path(number, comment), drafting.of_comment())

    def set_resolved(self, number: int, thread: str, resolved: bool) -> Thread:
        """Settle it, or open it again; that it is so already is no error. An answer's conversation is that of its root."""
        try:
            self._settle(number, thread, resolved)
        except errors.Forbidden as refused:
            root = self._root(number, thread)
            if root.inline is None:
                raise self._not_on_diff(refused) from refused.__cause__
            if str(root.id) == thread:
                raise
            self._settle(number, str(root.id), resolved)
        return self._settled(number, thread)

    def set_reaction(self, number: int, comment: str, reaction: str, on: bool) -> None:
        reason = "Bitbucket's API has no reactions"
        raise errors.Unsupported(f"{reason}.", can=Can.REACT, reason=reason, host=self._api.api.host)

    def apply_suggestions(self, number: int, chosen: Sequence[str], message: str | None) -> Commit | None:
        """Bitbucket's API applies none: the files are written by `files.commit`."""
        return None

    def _posted(self, number: int, values: dict[str, Any]) -> payloads.Comment:
        path = self._api.pull(number, "comments")
        return self._api.api.send("POST", path, values, payloads.Comment, drafting.write_to(number))

    def _author(self, made: payloads.Comment) -> Person | None:
        """Me: whoever has just written it. A credential that may not ask who it is learns it so."""
        return None if made.user is None else wire.person(made.user)

    def _path(self, number: int, comment: str, *parts: str) -> str:
        return self._api.pull(number, "comments", drafting.number_of(comment), *parts)

    def _settle(self, number: int, thread: str, resolved: bool) -> None:
        """`409` tells that it is settled already, and `404` that it was not."""
        path, asked = self._path(number, thread, "resolve"), drafting.of_comment()
        try:
            self._api.api.reply("POST" if resolved else "DELETE", path, asked, repeat=Repeat.SAFE)
        except errors.BridgeError as error:
            if error.status != (409 if resolved else 404):
                raise

    def _settled(self, number: int, thread: str) -> Thread:
        """The conversation as it is then. Raises `NotThere` where there is none: opening it again does not tell."""
        found = self.list(number)
        for each in found:
            if thread in {each.id, *(comment.id for comment in each.comments)}:
                return each
        raise errors.NotThere("Bitbucket has no such conversation.", what="such thread", host=self._api.api.host)

    def _root(self, number: int, thread: str) -> payloads.Comment:
        by_id = {row.id: row for row in comments(self._api, number)}
        root = by_id.get(wire.root_of(drafting.number_of(thread), by_id))
        if root is None:
            raise errors.NotThere("Bitbucket has no such conversation.", what="such thread", host=self._api.api.host)
        return root

    def _not_on_diff(self, refused: errors.BridgeError) -> errors.Unsupported:
        return errors.Unsupported(
            f"This conversation cannot be settled: {_NOT_ON_DIFF}.",
            can=Can.RESOLVE,
            reason=_NOT_ON_DIFF,
            host=refused.host,
            status=refused.status,
            request_id=refused.request_id,
            next_step="Make a task of it (`tasks.add`), which can be completed.",
        )


def comments(api: RepositoryApi, number: int) -> list[payloads.Comment]:
    """All comments, page after page: an answer may be on another page than what it answers."""
    return api.api.pages(api.pull(number, "comments"), payloads.Comment, about(number))


def reader(api: RepositoryApi, me: Person | None, head: str | None = None) -> wire.Reader:
    """Who reads; `head` is where comments stand that are not outdated, where it is known."""
    return wire.Reader(me=me, head=head, written=api.remembered.written)
