"""Who I am: asked once for each account. https://docs.gitlab.com/api/users/#retrieve-the-current-user"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pullbridge.errors import Forbidden, NotThere, ScopeMissing, SignInNeeded
from pullbridge.hosts import viewers
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.hosts.gitlab.api import Api
from pullbridge.model.people import Person

T = TypeVar("T")


def me(api: Api) -> Person | None:
    """Me; `None` for nobody, and for a credential that is not told (a job's token, a narrow one)."""
    return api.viewers.me(lambda: _asked(api))


def beside(api: Api, write: Callable[[], T]) -> tuple[T, Person | None]:
    """See `viewers.beside`."""
    return viewers.beside(api, write, lambda: me(api))


def _asked(api: Api) -> Person | None:
    try:
        return wire.known(api.get("/user", payloads.User, Asked(what="signed-in user")))
    except (SignInNeeded, ScopeMissing, Forbidden, NotThere):
        return None
