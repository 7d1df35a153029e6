"""Who may do what: tokens of all kinds, their scopes, hidden repositories.

https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from pullbridge.testing.bitbucket_cloud.asking import Route
from pullbridge.testing.bitbucket_cloud.errors import (
    BAD_TOKEN,
    EXPIRED,
    HIDDEN,
    LACKS_SCOPES,
    bad_request,
    forbidden,
    not_found,
    unauthorized,
)
from pullbridge.testing.bitbucket_cloud.scopes import EVERYTHING, GRANULAR, widened
from pullbridge.testing.store import Repository, Role, Token

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_cloud.app import App

#: The kinds that belong to no person; they come as `Bearer` and no other way.
RESOURCES = frozenset({"repository", "project", "workspace"})
BEARER = frozenset({"oauth"}) | RESOURCES


def basic(request: Request) -> tuple[str, str] | None:
    """The name and the secret of `Basic`."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode(errors="replace").partition(":")
    except binascii.Error:
        return "", ""
    return name, secret


def read_token(request: Request, app: App) -> Token | None:
    """The token of a request. None is anybody; one that is no good is 401.

    API tokens come as `Basic`, after the e-mail address of their user; OAuth's and access tokens as `Bearer`. App passwords
    are no longer good for anything: 401 (https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/).
    """
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    named = basic(request)
    if named is not None:
        return _api_token(app, *named)
    token = app.store.people.known(value.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.kind not in BEARER or token.revoked:
        raise unauthorized(BAD_TOKEN)
    if token.expired:
        raise unauthorized(EXPIRED if token.kind == "oauth" else BAD_TOKEN)
    return token


def _api_token(app: App, name: str, secret: str) -> Token:
    token = app.store.people.authenticate(secret)
    if token is None or token.kind != "api":
        # a wrong name and password has no body; a token in the wrong place has one (avivsinai/bitbucket-cli#20, #174)
        raise unauthorized(None if token is None else BAD_TOKEN)
    if token.user.email.lower() != name.lower():
        raise unauthorized()
    return token


def granted(token: Token) -> tuple[str, ...]:
    """The scopes that it was given."""
    return EVERYTHING[token.kind] if token.scopes is None else token.scopes


def needed(route: Route, token: Token) -> tuple[str, ...]:
    """The scopes that an operation needs of a kind of token, all of them."""
    if not route.scope:
        return ()
    if token.kind == "api":
        return route.granular or GRANULAR[route.scope]
    return (route.scope,)


def admit(route: Route, token: Token | None, repository: Repository | None, app: App, request: Request) -> None:
    """Raise the answer that a caller gets who may not."""
    if token is None and (route.signed_in or route.writes):
        raise unauthorized()
    if token is not None:
        check_scopes(route, token)
    if repository is not None:
        role = app.role(token, repository)
        if role < Role.READ:
            raise not_found(HIDDEN)
        if role < route.role:
            raise forbidden()
    if route.writes and route.json and route.method != "DELETE" and not _has_json(request):
        # such as POST …/approve without a body: it wants `{}`
        raise bad_request("Bad Request")


def check_scopes(route: Route, token: Token) -> None:
    """Refuse a token that lacks a scope, saying which: `{"required": […], "granted": […]}`."""
    has, wanted = granted(token), needed(route, token)
    real = set(has) if token.kind == "api" else widened(has)
    if not set(wanted) <= real:
        raise forbidden(LACKS_SCOPES, detail={"required": list(wanted), "granted": list(has)})


def _has_json(request: Request) -> bool:
    return request.mimetype == "application/json" and bool(request.get_data())
