"""Users, the instance itself, and the rate limit.

https://docs.github.com/en/rest/users/users, https://docs.github.com/en/rest/meta/meta,
https://docs.github.com/en/rest/rate-limit/rate-limit
"""

from __future__ import annotations

from pullbridge.testing.github.access import is_installation
from pullbridge.testing.github.asking import NO_CONTENT, Answer, Ask, Route
from pullbridge.testing.github.budget import Resource
from pullbridge.testing.github.errors import ApiError, not_found
from pullbridge.testing.store import Role, User, UserKind


def me(ask: Ask) -> Answer:
    """GET /user. An installation is nobody here."""
    if ask.token is not None and is_installation(ask.token):
        raise ApiError(403, "Resource not accessible by integration")
    return Answer(payload=ask.shapes.private_user(ask.me))


def user(ask: Ask) -> Answer:
    """GET /users/{username}."""
    found = ask.store.people.find(str(ask.values["username"]))
    if found is None:
        raise not_found()
    return Answer(payload=ask.shapes.public_user(found))


def meta(ask: Ask) -> Answer:
    """GET /meta: on Enterprise Server it tells the version."""
    payload: dict[str, object] = {"verifiable_password_authentication": ask.app.enterprise_version is not None}
    if ask.app.enterprise_version is not None:
        payload["installed_version"] = ask.app.enterprise_version
    return Answer(payload=payload)


def rate_limit(ask: Ask) -> Answer:
    """GET /rate_limit: costs nothing, and is off on Enterprise Server."""
    if ask.app.enterprise_version is not None:
        raise ApiError(404, "Rate limiting is not enabled.")
    caller, now = ask.app.caller(ask.token), ask.store.now().timestamp()
    names: tuple[Resource, ...] = ("core", "search", "graphql")
    resources = {name: ask.app.budget.view(caller, name, now) for name in names}
    return Answer(payload={"resources": resources, "rate": resources["core"]})


# -- of a repository ---------------------------------------------------------------------------------------------------


def _members(ask: Ask, at_least: Role) -> list[User]:
    people = sorted(ask.store.people.users.values(), key=lambda user: user.id)
    real = [user for user in people if user.kind is UserKind.USER]
    return [user for user in real if ask.store.people.role(user, ask.repository) >= at_least]


def assignees(ask: Ask) -> Answer:
    """GET assignees: who may be assigned."""
    return ask.paged(_members(ask, Role.TRIAGE), ask.shapes.user)


def is_assignee(ask: Ask) -> Answer:
    """GET assignees/{user}: 204 or 404."""
    found = ask.store.people.find(str(ask.values["username"]))
    if found is None or found not in _members(ask, Role.TRIAGE):
        raise not_found()
    return Answer(status=NO_CONTENT)


_ROLE_NAMES = {
    Role.READ: "read",
    Role.TRIAGE: "triage",
    Role.WRITE: "write",
    Role.MAINTAIN: "maintain",
    Role.ADMIN: "admin",
}


def collaborators(ask: Ask) -> Answer:
    """GET collaborators."""

    def shape(found: User) -> dict[str, object]:
        role = ask.store.people.role(found, ask.repository)
        return {**ask.shapes.user(found), "permissions": ask.shapes.permissions(role), "role_name": _ROLE_NAMES[role]}

    return ask.paged(_members(ask, Role.TRIAGE), shape)


def permission(ask: Ask) -> Answer:
    """GET collaborators/{user}/permission."""
    found = ask.store.people.find(str(ask.values["username"]))
    if found is None:
        raise not_found()
    role = ask.store.people.role(found, ask.repository)
    coarse = {Role.NONE: "none", Role.TRIAGE: "read", Role.MAINTAIN: "write"}.get(role) or _ROLE_NAMES[role]
    shown = {
        **ask.shapes.user(found),
        "permissions": ask.shapes.permissions(role),
        "role_name": _ROLE_NAMES.get(role, "none"),
    }
    return Answer(payload={"permission": coarse, "role_name": shown["role_name"], "user": shown})


_REPO = "/repos/<owner>/<repo>"
ROUTES = (
    Route(method="GET", rule="/user", answer=me, signed_in=True),
    Route(method="GET", rule="/users/<username>", answer=user),
    Route(method="GET", rule="/meta", answer=meta),
    Route(method="GET", rule="/rate_limit", answer=rate_limit),
    Route(method="GET", rule=f"{_REPO}/assignees", answer=assignees),
    Route(method="GET", rule=f"{_REPO}/assignees/<username>", answer=is_assignee),
    Route(method="GET", rule=f"{_REPO}/collaborators", answer=collaborators, role=Role.WRITE, signed_in=True),
    Route(method="GET", rule=f"{_REPO}/collaborators/<username>/permission", answer=permission, signed_in=True),
)
