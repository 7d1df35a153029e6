"""Who I am: asked once for each account. https://docs.gitlab.com/api/users/#retrieve-the-current-user"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pullbridge.errors import BridgeError, Forbidden, NotThere, ScopeMissing, SignInNeeded
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.hosts.gitlab.api import Api
from pullbridge.model.people import Person

T = TypeVar("T")


def me(api: Api) -> Person | None:
    """Me; `None` for nobody, and for a credential that is not told (a job's token, a narrow one)."""
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
        return wire.known(api.get("/user", payloads.User, Asked(what="signed-in user")))
    except (SignInNeeded, ScopeMissing, Forbidden, NotThere):
        return None
