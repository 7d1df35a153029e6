"""Who may do what: tokens of all kinds, their scopes and fine-grained permissions, hidden projects.

https://docs.gitlab.com/api/rest/authentication/, https://docs.gitlab.com/security/tokens/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from pullbridge.testing.gitlab.asking import Route
from pullbridge.testing.gitlab.errors import ApiError, bearer, forbidden, not_found, unauthorized
from pullbridge.testing.gitlab.roles import level_of, sees
from pullbridge.testing.store import Repository, Token

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

EXPIRED = "Token is expired. You can either do re-authorization or token refresh."
REVOKED = "Token was revoked. You have to re-authorize from the user."
HIGHER = "The request requires higher privileges than provided by the access token."

#: What a token without limits has.
ALL_SCOPES = ("api", "read_user", "read_repository", "write_repository")


def read_token(request: Request, app: App) -> Token | None:
    """The token of a request: `PRIVATE-TOKEN`, `Authorization: Bearer`, `JOB-TOKEN`, or the parameter of either.

    An unknown one is `401 Unauthorized`; one that expired or was revoked says so.
    """
    value = _sent(request)
    if not value:
        return None
    token = app.store.people.known(value)
    if token is None:
        raise unauthorized()
    if token.revoked:
        raise bearer(401, "invalid_token", REVOKED)
    if token.expired:
        raise bearer(401, "invalid_token", EXPIRED)
    return token


def _sent(request: Request) -> str:
    headers, query = request.headers, request.args
    scheme, _, value = headers.get("Authorization", "").partition(" ")
    return (
        headers.get("JOB-TOKEN")
        or query.get("job_token")
        or headers.get("PRIVATE-TOKEN")
        or query.get("private_token")
        or (value.strip() if scheme.lower() == "bearer" else "")
        or query.get("access_token", "")
    )


def scopes_of(token: Token) -> tuple[str, ...]:
    """What was granted to it."""
    return ALL_SCOPES if token.scopes is None else token.scopes


def admit(route: Route, token: Token | None, project: Repository | None, app: App) -> None:
    """Raise the answer that a caller gets who may not."""
    if token is None and (route.signed_in or route.writes):
        raise unauthorized()
    if token is not None:
        _check_token(route, token)
    if project is None:
        return
    user = token.user if token else None
    if not sees(app.store, user, project):
        raise not_found("Project")
    if level_of(app.store, user, project) < route.level:
        raise forbidden()


def _check_token(route: Route, token: Token) -> None:
    if token.permissions is not None:
        if route.permission not in token.permissions:
            raise lacks(route.permission)
        return
    if token.kind == "job":
        if "job" not in route.scopes:
            raise not_found()
        return
    wanted = {"api", *route.scopes} | (set() if route.writes else {"read_api"})
    if not wanted & set(scopes_of(token)):
        raise bearer(403, "insufficient_scope", HIGHER, scope=" ".join(["api", "read_api", *route.scopes]))


def lacks(permission: str) -> ApiError:
    """What a fine-grained token hears that was not given what it needs (wording unverified)."""
    words = permission.replace("_", " ").title() or "an operation that fine-grained tokens cannot do"
    told = f"Access denied: Your fine-grained personal access token lacks the required permissions: [{words}]."
    return bearer(403, "insufficient_granular_scope", told)
