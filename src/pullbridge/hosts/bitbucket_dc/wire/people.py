"""People."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.model.people import GHOST, Person, PersonKind


def person(user: payloads.User | None) -> Person:
    """An account; `GHOST` for one that is not there any more.

    The handle is what it signs in with: bodies and mentions want that, and addresses the slug.
    """
    if user is None or not user.name:
        return GHOST
    page = user.links.page if user.links is not None else None
    return _account(user.name, user.id, user.slug, user.display_name, user.type, user.avatar_url, page)


# The same few people stand in every row of a list: one value serves all of them.
@lru_cache(maxsize=4096)
def _account(
    name: str,
    number: int | None,
    slug: str | None,
    display_name: str | None,
    kind: str | None,
    avatar_url: str | None,
    url: str | None,
) -> Person:
    return Person(
        id=str(number) if number is not None else slug or name,
        handle=name,
        name=display_name,
        # A service user is behind the token of a project or a repository.
        kind=PersonKind.BOT if kind == "SERVICE" else PersonKind.USER,
        avatar_url=avatar_url,
        url=url,
    )


def known(user: payloads.User | None) -> Person | None:
    """An account, where one was named; `None` where nobody was."""
    return None if user is None else person(user)


def persons(people: Iterable[payloads.Participant]) -> tuple[Person, ...]:
    """Those who take part, in their order."""
    return tuple(person(each.user) for each in people)
