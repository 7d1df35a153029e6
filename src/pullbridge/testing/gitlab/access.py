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

#: The kinds that come in `PRIVATE-TOKEN`: people's own, and those of projects' and groups' bots.
PERSONAL = frozenset({"", "personal", "project", "group"})
#: What a token without limits has.
ALL_SCOPES = ("api", "read_user", "read_repository", "write_repository")


def read_token(request: Request, app: App) -> Token | None:
    """The token of a request, by its header or the parameter of that name. None is anybody.

    An unknown one is `401 Unauthorized`, and so is one in a header that is not for its kind; one that expired or was
    revoked says so.
    """
    value, kinds = _sent(request)
    if not value:
        return None
    token = app.store.people.known(value)
    if token is None or token.kind not in kinds:
        raise unauthorized()
    if token.revoked:
        raise bearer(401, "invalid_token", REVOKED)
    if token.expired:
        raise bearer(401, "invalid_token", EXPIRED)
    return token


def _sent(request: Request) -> tuple[str, frozenset[str]]:
    """The value, and the kinds of token that may come this way."""
    headers, query = request.headers, request.args
    scheme, _, value = headers.get("Authorization", "").partition(" ")
    bearer_token = value.strip() if scheme.lower() == "bearer" else ""
    ways = (
        (headers.get("JOB-TOKEN") or query.get("job_token"), frozenset({"job"})),
        (headers.get("PRIVATE-TOKEN") or query.get("private_token"), PERSONAL),
        (bearer_token or query.get("access_token"), PERSONAL | {"oauth"}),
    )
    return next(((sent, kinds) for sent, kinds in ways if sent), ("", PERSONAL))


def scopes_of(token: Token) -> tuple[str, ...]:
    """What was granted to it."""
    return ALL_SCOPES if token.scopes is None else token.scopes


def permitted(token: Token, permission: str) -> bool:
    """Whether a fine-grained token has a permission; `read_merge_request` covers `read_merge_request_commit`."""
    has = token.permissions or {}
    return any(permission == name or permission.startswith(f"{name}_") for name in has)


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
        if not permitted(token, route.permission):
            raise lacks(route.permission, project="<project>" in route.rule)
        return
    if token.kind == "job":
        if "job" not in route.scopes:
            raise unauthorized()
        return
    wanted = {"api", *route.scopes} | (set() if route.writes else {"read_api"})
    if "any" not in wanted and not wanted & set(scopes_of(token)):
        named = ["api", "read_api", *(scope for scope in route.scopes if scope != "job")]
        raise bearer(403, "insufficient_scope", HIGHER, scope=" ".join(named))


def lacks(permission: str, *, project: bool) -> ApiError:
    """What a fine-grained token hears that was not given what it needs: `[Merge Request: Read]`.

    Seen in GitLab's specs for GraphQL, and quoted by clients for REST.
    """
    action, _, resource = permission.partition("_")
    words = f"{resource.replace('_', ' ').title()}: {action.title()}"
    told = (
        "Access denied: This operation requires a fine-grained personal access token with the following "
        f"{'project' if project else 'user'} permissions: [{words}]."
    )
    return bearer(403, "insufficient_granular_scope", told)
