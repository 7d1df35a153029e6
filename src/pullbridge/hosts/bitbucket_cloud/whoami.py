"""Who I am: asked once for each account. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/ (`/user`)"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pullbridge.errors import Forbidden, NotThere, ScopeMissing, SignInNeeded
from pullbridge.hosts import viewers
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import Api
from pullbridge.model.people import Person

T = TypeVar("T")

#: A credential that may not read this is a good one all the same: https://github.com/avivsinai/bitbucket-cli/issues/62
WHO = Asked(what="signed-in user", needs=("account",))


def viewer(api: Api) -> Person:
    """Me. Raises `SignInNeeded` for nobody, `ScopeMissing` for a credential that may not ask."""
    return api.viewers.keep(wire.person(api.get("/user", payloads.Account, WHO)))


def me(api: Api) -> Person | None:
    """Me; `None` for nobody, and for a credential that is not told: a narrow one, or one that belongs to no person."""
    return api.viewers.me(lambda: _asked(api))


def beside(api: Api, write: Callable[[], T]) -> tuple[T, Person | None]:
    """See `viewers.beside`."""
    return viewers.beside(api, write, lambda: me(api))


def _asked(api: Api) -> Person | None:
    try:
        return viewer(api)
    except (SignInNeeded, ScopeMissing, Forbidden, NotThere):
        return None
