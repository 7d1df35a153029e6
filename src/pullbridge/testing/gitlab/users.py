"""Users: https://docs.gitlab.com/api/users/"""

from __future__ import annotations

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import not_found
from pullbridge.testing.store import User, UserKind


def me(ask: Ask) -> Answer:
    """GET /user."""
    return Answer(payload=ask.shapes.own_user(ask.me))


def user(ask: Ask) -> Answer:
    """GET /users/:id."""
    found = ask.record(User, "id", "User")
    if found.kind is UserKind.ORGANIZATION or found.deleted:
        raise not_found("User")
    return Answer(payload=ask.shapes.full_user(found))


def users(ask: Ask) -> Answer:
    """GET /users: by exact `username`, or by what `search` finds in names and handles. Newest first."""
    name, text = ask.text("username"), (ask.text("search") or "").lower()
    people = [user for user in ask.store.people.users.values() if user.kind is not UserKind.ORGANIZATION]
    if name is not None:
        people = [user for user in people if user.handle.lower() == name.lower()]
    if text:
        people = [user for user in people if text in user.handle.lower() or text in user.name.lower()]
    return ask.paged(sorted(people, key=lambda user: -user.id), ask.shapes.user)


ROUTES = (
    Route(method="GET", rule="/user", answer=me, scopes=("read_user",), signed_in=True, permission="read_user"),
    Route(method="GET", rule="/users", answer=users, scopes=("read_user",), signed_in=True, permission="read_user"),
    Route(method="GET", rule="/users/<int:id>", answer=user, scopes=("read_user",), permission="read_user"),
)
