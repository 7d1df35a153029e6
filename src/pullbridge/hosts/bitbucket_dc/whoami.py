"""Who I am: asked once for each account.

There is no such resource: every answer names in a header who was signed in, and the list of users has the rest.
https://community.developer.atlassian.com/t/obtain-authorised-users-username-from-api/24422
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pullbridge.errors import Forbidden, NotThere, SignInNeeded
from pullbridge.hosts import viewers
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.hosts.bitbucket_dc.addresses import place
from pullbridge.hosts.bitbucket_dc.api import Api
from pullbridge.model.people import Person

T = TypeVar("T")


def viewer(api: Api) -> Person:
    """Me. Raises `SignInNeeded` for nobody, and for a credential that is not accepted."""
    found = me(api)
    if found is None:
        text = "Nobody is signed in." if api.signing.anonymous else "Bitbucket does not accept the credential."
        raise SignInNeeded(text, host=api.host, status=None if api.signing.anonymous else 401)
    return found


def me(api: Api) -> Person | None:
    """Me; `None` for nobody, and for a credential that is not accepted."""
    return api.viewers.me(lambda: _asked(api))


def beside(api: Api, write: Callable[[], T]) -> tuple[T, Person | None]:
    """See `viewers.beside`."""
    return viewers.beside(api, write, lambda: me(api))


def _asked(api: Api) -> Person | None:
    if api.known.name is None:
        api.ask_name()
    name = api.known.name
    if name is None:
        return None
    user = _by_slug(api, name) or _by_name(api, name)
    return wire.person(user) if user is not None else wire.person(payloads.User(name=name))


def _by_slug(api: Api, name: str) -> payloads.User | None:
    """By the slug that most names have: the name itself, in small letters."""
    try:
        found = api.get(place("users", name.lower()), payloads.User, Asked(what="signed-in user"))
    except (NotThere, Forbidden, SignInNeeded):
        return None
    return found if found.name.casefold() == name.casefold() else None


def _by_name(api: Api, name: str) -> payloads.User | None:
    try:
        rows = api.pages(place("users"), payloads.User, Asked(what="signed-in user"), params={"filter": name})
    except (NotThere, Forbidden, SignInNeeded):
        return None
    return next((row for row in rows if row.name.casefold() == name.casefold()), None)
