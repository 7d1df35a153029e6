"""Finding what a mutation is about, by global id."""

from __future__ import annotations

from typing import Any, TypeVar

from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.errors import unprocessable, unresolved
from pullbridge.testing.github.graphql.people import Account, actor
from pullbridge.testing.store import records

Record = TypeVar("Record")

Payload = dict[str, Any]


def subject(ask: Asking, id: str, *kinds: type[Record]) -> Record:
    """The record of one of those kinds; `NOT_FOUND` for anything else, and for what may not be seen."""
    found = ask.found(id)
    if not isinstance(found, kinds):
        raise unresolved(id)
    return found


def pull_of(ask: Asking, id: str) -> records.PullRequest:
    """A pull request."""
    return subject(ask, id, records.PullRequest)


def people_of(ask: Asking, ids: list[str]) -> list[records.User]:
    """Several accounts."""
    return [subject(ask, one, records.User) for one in ids]


def me(ask: Asking) -> Account | None:
    """The viewer as an actor."""
    return actor(ask, ask.viewer)


def own(ask: Asking, record: Any) -> bool:
    """Whether the viewer wrote it."""
    return record.author is ask.viewer


def not_blank(body: str, what: str = "Body") -> str:
    """The text; refused when there is none."""
    if not body.strip():
        raise unprocessable(f"{what} can't be blank")
    return body
