"""GitHub Apps: their installations, and the tokens of those.

https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
from werkzeug.wrappers import Request

from pullbridge.testing.github.asking import Answer, Ask
from pullbridge.testing.github.errors import ApiError, not_found
from pullbridge.testing.store import Repository

if TYPE_CHECKING:
    from pullbridge.testing.github.app import App

_PATH = re.compile(r"/app/installations/(\d+)/access_tokens")
_DECODING = "A JSON web token could not be decoded"


@dataclass(kw_only=True)
class Installation:
    """An app in one account. `repositories` are the paths it was installed for, `None` for all of the account."""

    id: int
    app_id: str
    public_key: str
    slug: str
    account: str
    permissions: Mapping[str, str]
    repositories: tuple[str, ...] | None = None
    suspended: bool = False


@dataclass
class Installations:
    """All there are, by number."""

    known: dict[int, Installation] = field(default_factory=dict)


def asked_for(path: str) -> int | None:
    """The installation whose token is asked for at this path below the API, if one is."""
    found = _PATH.fullmatch(path)
    return None if found is None else int(found[1])


def token(app: App, request: Request, base: str, number: int) -> Answer:
    """POST access_tokens: a token for an hour, no wider than the installation."""
    installation = app.installations.known.get(number)
    app_id = _app(app, request, installation)
    if installation is None or installation.app_id != app_id:
        raise not_found()
    if installation.suspended:
        raise ApiError(403, "This installation has been suspended")
    ask = Ask(app=app, request=request, base=base, token=None, values={})
    permissions = _permissions(installation, ask.sent("permissions", dict))
    chosen = _repositories(app, installation, ask.sent("repositories", list))
    ends = app.store.now() + timedelta(hours=1)
    made = app.store.people.token(
        f"{installation.slug}[bot]",
        prefix="ghs_",
        permissions=permissions,
        repositories=frozenset(each.id for each in chosen),
        expires_at=ends,
    )
    named = ask.body.get("repositories")
    payload: dict[str, Any] = {
        "token": made.value,
        "expires_at": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "permissions": permissions,
        "repository_selection": "all" if installation.repositories is None and named is None else "selected",
    }
    if named is not None:
        payload["repositories"] = [ask.shapes.repository(each) for each in chosen]
    return Answer(payload=payload, status=201)


def _app(app: App, request: Request, installation: Installation | None) -> str:
    """Who signed the statement: RS256, at most ten minutes, by the forge's clock."""
    statement = request.headers.get("Authorization", "").removeprefix("Bearer ")
    keys = [installation] if installation else list(app.installations.known.values())
    for each in keys:
        try:
            claims = jwt.decode(
                statement, each.public_key, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False}
            )
        except jwt.PyJWTError:
            continue
        now = app.store.now().timestamp()
        if claims["exp"] <= now or claims["iat"] > now + 60:
            raise ApiError(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time")
        if claims["exp"] - now > 600:
            raise ApiError(401, "'Expiration time' claim ('exp') is too far in the future")
        return str(claims["iss"])
    raise ApiError(401, _DECODING)


def _permissions(installation: Installation, wanted: dict[str, str] | None) -> dict[str, str]:
    has = {"metadata": "read", **installation.permissions}
    if wanted is None:
        return has
    order = {"read": 1, "write": 2, "admin": 3}
    if any(order.get(level, 9) > order.get(has.get(name, ""), 0) for name, level in wanted.items()):
        raise ApiError(422, "The permissions requested are not granted to this installation.")
    return {"metadata": "read", **wanted}


def _repositories(app: App, installation: Installation, wanted: list[str] | None) -> list[Repository]:
    all_ = [each for each in app.store.repositories.all() if each.owner.handle == installation.account]
    if installation.repositories is not None:
        all_ = [each for each in all_ if each.path in installation.repositories]
    if wanted is None:
        return all_
    chosen = [each for each in all_ if each.path.partition("/")[2] in wanted]
    if len(chosen) != len(set(wanted)):
        text = "There is at least one repository that does not exist or is not accessible to the parent installation."
        raise ApiError(422, text)
    return chosen
