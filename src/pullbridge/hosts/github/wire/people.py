"""People and teams."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pullbridge.hosts.github import payloads
from pullbridge.model.people import GHOST, Person, PersonKind

_KINDS = {"Bot": PersonKind.BOT, "Team": PersonKind.TEAM}


def person(user: payloads.RestUser | payloads.GraphActor | None) -> Person:
    """An account; `GHOST` for one that was deleted."""
    if user is None or not user.login or user.login == "ghost":
        return GHOST
    if isinstance(user, payloads.RestUser):
        return _account(user.login, user.id, user.name, user.type, user.avatar_url, user.html_url)
    bot = user.typename == "Bot" and not user.login.endswith("[bot]")
    # GraphQL leaves out the suffix that REST and mentions have: https://github.com/cli/cli/issues/5812
    login = f"{user.login}[bot]" if bot else user.login
    return _account(login, user.database_id, user.name, user.typename, user.avatar_url, user.url)


# The same few people stand in every row of a list: one value serves all of them.
@lru_cache(maxsize=4096)
def _account(
    login: str, number: int | None, name: str | None, kind: str | None, avatar_url: str | None, url: str | None
) -> Person:
    return Person(
        id=str(number) if number is not None else login,
        handle=login,
        name=name,
        kind=_KINDS.get(kind or "", PersonKind.USER),
        avatar_url=avatar_url,
        url=url,
    )


def known(user: payloads.RestUser | payloads.GraphActor | None) -> Person | None:
    """An account, where the host named one; `None` where nobody has done it (yet)."""
    return None if user is None else person(user)


def persons(users: Iterable[payloads.RestUser | payloads.GraphActor]) -> tuple[Person, ...]:
    """Accounts, in their order."""
    return tuple(person(user) for user in users)


def team(payload: payloads.RestTeam, owner: str) -> Person:
    """A team of the organisation that owns the repository; it is mentioned as `organisation/slug`."""
    return Person(
        id=str(payload.id) if payload.id is not None else payload.slug,
        handle=f"{owner}/{payload.slug}",
        name=payload.name,
        kind=PersonKind.TEAM,
        url=payload.html_url,
    )
