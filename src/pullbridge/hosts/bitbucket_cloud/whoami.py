"""Who I am: asked once for each account. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/ (`/user`)"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pullbridge.errors import BridgeError, Forbidden, NotThere, ScopeMissing, SignInNeeded
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import Api
from pullbridge.model.people import Person

T = TypeVar("T")

#: A credential that may not read this is a good one all the same: https://github.com/avivsinai/bitbucket-cli/issues/62
WHO = Asked(what="signed-in user", needs=("account",))


def viewer(api: Api) -> Person:
    """Me. Raises `SignInNeeded` for nobody, `ScopeMissing` for a credential that may not ask."""
    found = wire.person(api.get("/user", payloads.Account, WHO))
    api.viewers[api.signing.account()] = found
    return found


def me(api: Api) -> Person | None:
    """Me; `None` for nobody, and for a credential that is not told: a narrow one, or one that belongs to no person."""
    account = api.signing.account()
    if account in api.viewers or api.signing.anonymous:
        return api.viewers.get(account)
    with api.naming:
        if account not in api.viewers:
            api.viewers[account] = _asked(api)
        return api.viewers[account]


def beside(api: Api, write: Callable[[], T]) -> tuple[T, Person | None]:
    """Write, and find out at the same time who I am. Only the write can fail: what it did must not be lost for that."""
    if api.signing.account() in api.viewers:
        return write(), me(api)
    both: list[Callable[[], Any]] = [write, lambda: _if_told(api)]
    written, found = api.gather(*both)
    return written, found


def _if_told(api: Api) -> Person | None:
    try:
        return me(api)
    except BridgeError:
        return None


def _asked(api: Api) -> Person | None:
    try:
        return viewer(api)
    except (SignInNeeded, ScopeMissing, Forbidden, NotThere):
        return None
