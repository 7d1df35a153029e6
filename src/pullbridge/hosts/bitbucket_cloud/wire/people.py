"""People."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.model.people import GHOST, Person, PersonKind

#: `app_user` is who acts with an access token: https://developer.atlassian.com/cloud/bitbucket/rest/intro/ (access tokens)
_KINDS = {"team": PersonKind.TEAM, "workspace": PersonKind.TEAM, "app_user": PersonKind.BOT}


def person(account: payloads.Account | None) -> Person:
    """An account; `GHOST` for one that is gone. Its handle is what people call themselves, and may be another's, too."""
    if account is None:
        return GHOST
    links = account.links or payloads.Links()
    handle = account.nickname or account.username or account.display_name or account.account_id or account.uuid
    if not handle:
        return GHOST
    return _person(
        account.uuid or account.account_id or "",
        handle,
        account.display_name,
        account.type,
        links.avatar.href if links.avatar else None,
        links.html.href if links.html else None,
    )


# The same few people stand in every row of a list: one value serves all of them.
@lru_cache(maxsize=4096)
def _person(uuid: str, handle: str, name: str | None, kind: str | None, avatar: str | None, url: str | None) -> Person:
    return Person(
        id=uuid, handle=handle, name=name, kind=_KINDS.get(kind or "", PersonKind.USER), avatar_url=avatar, url=url
    )


def known(account: payloads.Account | None) -> Person | None:
    """An account, where one is named; `None` where nobody has done it (yet)."""
    return None if account is None else person(account)


def persons(accounts: Iterable[payloads.Account]) -> tuple[Person, ...]:
    """Accounts, in their order."""
    return tuple(person(account) for account in accounts)


def is_called(account: payloads.Account | None, handle: str) -> bool:
    """Whether these words mean this account: its number, its account's number, or what it calls itself."""
    if account is None:
        return False
    word = handle.removeprefix("@")
    if word in {account.uuid, account.account_id}:
        return True
    return word.casefold() in {(account.nickname or "").casefold() or None, (account.username or "").casefold() or None}
