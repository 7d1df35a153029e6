"""People."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pullbridge.hosts.gitlab import payloads
from pullbridge.model.people import GHOST, Person, PersonKind

#: The accounts of projects', groups' and service tokens, which older versions do not mark:
#: https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects
_BOT = re.compile(r"(?:project|group)_[0-9]+_bot[0-9a-z_]*|service_account_[0-9a-z_]+")


def person(user: payloads.User | None) -> Person:
    """An account; `GHOST` for one that was deleted."""
    if user is None or not user.username:
        return GHOST
    return _account(user.username, user.id, user.name, user.bot, user.avatar_url, user.web_url)


# The same few people stand in every row of a list: one value serves all of them.
@lru_cache(maxsize=4096)
def _account(
    username: str, number: int | None, name: str | None, bot: bool | None, avatar_url: str | None, url: str | None
) -> Person:
    return Person(
        id=str(number) if number is not None else username,
        handle=username,
        name=name,
        kind=_kind(username, bot),
        avatar_url=avatar_url,
        url=url,
    )


def _kind(username: str, bot: bool | None) -> PersonKind:
    if username == "ghost":  # https://docs.gitlab.com/user/profile/account/delete_account/#associated-records
        return PersonKind.GHOST
    return PersonKind.BOT if bot or _BOT.fullmatch(username) else PersonKind.USER


def known(user: payloads.User | None) -> Person | None:
    """An account, where GitLab named one; `None` where nobody has done it (yet)."""
    return None if user is None else person(user)


def persons(users: Iterable[payloads.User]) -> tuple[Person, ...]:
    """Accounts, in their order."""
    return tuple(person(user) for user in users)
