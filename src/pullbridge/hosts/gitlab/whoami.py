"""Who I am: asked once for each account. https://docs.gitlab.com/api/users/#retrieve-the-current-user"""

from __future__ import annotations

from pullbridge.errors import Forbidden, NotThere, ScopeMissing, SignInNeeded
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.hosts.gitlab.api import Api
from pullbridge.model.people import Person


def me(api: Api) -> Person | None:
    """Me; `None` for nobody, and for a credential that is not told (a job's token, a narrow one)."""
    account = api.signing.account()
    if account not in api.viewers:
        api.viewers[account] = None if api.signing.anonymous else _asked(api)
    return api.viewers[account]


def _asked(api: Api) -> Person | None:
    try:
        return wire.known(api.get("/user", payloads.User, Asked(what="signed-in user")))
    except (SignInNeeded, ScopeMissing, Forbidden, NotThere):
        return None
