"""People and teams."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.hosts.github import payloads
from pullbridge.model.people import GHOST, Person, PersonKind

_KINDS = {"Bot": PersonKind.BOT, "Team": PersonKind.TEAM}


def person(user: payloads.RestUser | payloads.GraphActor | None) -> Person:
    """An account; `GHOST` for one that was deleted."""
    if user is None or not user.login or user.login == "ghost":
        return GHOST
    rest = isinstance(user, payloads.RestUser)
    number = user.id if isinstance(user, payloads.RestUser) else user.database_id
    kind = _KINDS.get((user.type if isinstance(user, payloads.RestUser) else user.typename) or "", PersonKind.USER)
    # GraphQL leaves out the suffix that REST and mentions have: https://github.com/cli/cli/issues/5812
    bare_bot = kind is PersonKind.BOT and not rest and not user.login.endswith("[bot]")
    return Person(
        id=str(number) if number is not None else user.login,
        handle=f"{user.login}[bot]" if bare_bot else user.login,
        name=user.name,
        kind=kind,
        avatar_url=user.avatar_url,
        url=user.html_url if isinstance(user, payloads.RestUser) else user.url,
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
