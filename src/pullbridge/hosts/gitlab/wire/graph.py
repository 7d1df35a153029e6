"""GraphQL's people and ids, which are REST's numbers with a type before them."""

from __future__ import annotations

from pullbridge.hosts.decoding import whole
from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.wire.people import person
from pullbridge.model.people import Person


def number(gid: str | None) -> int | None:
    """The number in `gid://gitlab/User/12`; `None` for what is no such id."""
    return whole((gid or "").rpartition("/")[2])


def graph_user(user: payloads.GraphUser | payloads.GraphReviewer) -> payloads.User:
    """The account as REST tells it."""
    return payloads.User(
        username=user.username,
        id=number(user.id),
        name=user.name,
        avatar_url=user.avatar_url,
        web_url=user.web_url,
        bot=user.bot,
    )


def graph_person(user: payloads.GraphUser | payloads.GraphReviewer) -> Person:
    """An account; `GHOST` for one that was deleted."""
    return person(graph_user(user))
