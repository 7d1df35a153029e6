"""Who may do what: tokens, their scopes and permissions, roles, hidden repositories, single sign-on.

https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens and
https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
"""

from __future__ import annotations

import base64
import binascii

from werkzeug.wrappers import Request

from pullbridge.testing.github.asking import Route
from pullbridge.testing.github.errors import ApiError, not_found
from pullbridge.testing.store import Repository, Role, Store, Token, UserKind

#: What a token without limits shows as granted.
ALL_SCOPES = ("admin:org", "admin:repo_hook", "delete_repo", "gist", "notifications", "repo", "user", "workflow")

#: What a classic scope includes besides itself.
_IMPLIED = {
    "repo": {"public_repo", "repo:status", "repo_deployment", "repo:invite", "security_events"},
    "user": {"read:user", "user:email", "user:follow"},
    "admin:org": {"write:org", "read:org"},
    "write:org": {"read:org"},
}
_LEVELS = {"none": 0, "read": 1, "write": 2, "admin": 3}


def read_token(request: Request, store: Store) -> Token | None:
    """The token of a request: `Bearer`, `token` or the password of `Basic`. A bad one is refused, none is anybody."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, value = header.partition(" ")
    value = _password(value) if scheme.lower() == "basic" else value.strip()
    token = store.people.authenticate(value)
    if token is None:
        raise ApiError(401, "Bad credentials")
    return token


def _password(encoded: str) -> str:
    try:
        user, _, password = base64.b64decode(encoded).decode(errors="replace").partition(":")
    except binascii.Error:
        return ""
    return user if password == "x-oauth-basic" else password  # noqa: S105 - the documented placeholder


def is_installation(token: Token) -> bool:
    """Whether it is a bot's: an app's installation token."""
    return token.user.kind is UserKind.BOT


def kind_in_words(token: Token) -> str:
    """What a token with permissions is called when it lacks one: an app's, for itself or for a person, or a person's own."""
    of_an_app = is_installation(token) or token.value.startswith("ghu_")
    return "integration" if of_an_app else "personal access token"


def granted_scopes(token: Token) -> frozenset[str]:
    """A classic token's scopes with all that they include."""
    scopes = ALL_SCOPES if token.scopes is None else token.scopes
    return frozenset(scopes).union(*(_IMPLIED.get(scope, set()) for scope in scopes))


def accepted_scopes(route: Route, repository: Repository | None) -> tuple[str, ...]:
    """The classic scopes of which one is needed."""
    if repository is None or (not route.writes and not repository.private):
        return ()
    narrow = (route.scope,) if route.scope else ()
    return (*narrow, "repo") if repository.private else (*narrow, "public_repo", "repo")


def permits(token: Token, permissions: str) -> bool:
    """Whether a fine-grained token has what one of the alternatives (`a=read,b=write; c=write`) asks for."""
    if token.permissions is None:
        return True
    has = {"metadata": "read", **token.permissions}

    def enough(need: str) -> bool:
        name, _, level = need.strip().partition("=")
        return _LEVELS[has.get(name, "none")] >= _LEVELS[level]

    return any(all(enough(need) for need in choice.split(",")) for choice in permissions.split(";"))


def admit(route: Route, token: Token | None, repository: Repository | None, store: Store) -> None:
    """Raise the answer that a caller gets who may not."""
    if token is None and (route.signed_in or route.writes):
        raise ApiError(401, "Requires authentication")
    role = Role.ADMIN if repository is None else store.people.reach(token, repository)
    if role is Role.NONE:
        raise not_found()
    if token is not None:
        _check_sso(token, repository)
        _check_scopes(route, token, repository)
    if role < route.role:
        words = {Role.ADMIN: "admin rights", Role.MAINTAIN: "maintain access", Role.TRIAGE: "triage access"}
        raise ApiError(403, f"Must have {words.get(route.role, 'write access')} to Repository.")


def _check_sso(token: Token, repository: Repository | None) -> None:
    if token.sso_url and repository is not None:
        raise ApiError(
            403,
            "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to "
            "this organization.",
            headers={"X-GitHub-SSO": f"required; url={token.sso_url}"},
        )


def _check_scopes(route: Route, token: Token, repository: Repository | None) -> None:
    if token.permissions is not None or is_installation(token):
        public_read = not route.writes and (repository is None or not repository.private)
        if not public_read and not permits(token, route.permissions):
            raise ApiError(403, f"Resource not accessible by {kind_in_words(token)}")
        return
    needed = accepted_scopes(route, repository)
    if needed and not granted_scopes(token).intersection(needed):
        raise not_found()


def scope_headers(route: Route | None, token: Token | None, repository: Repository | None) -> dict[str, str]:
    """The headers that tell what was granted and what was needed."""
    if route is None or token is None:
        return {}
    if token.permissions is not None or is_installation(token):
        return {"X-Accepted-GitHub-Permissions": route.permissions}
    scopes = ALL_SCOPES if token.scopes is None else token.scopes
    return {
        "X-OAuth-Scopes": ", ".join(scopes),
        "X-Accepted-OAuth-Scopes": ", ".join(accepted_scopes(route, repository)),
    }
