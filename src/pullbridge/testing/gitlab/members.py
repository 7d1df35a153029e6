"""Members and other people of a project: https://docs.gitlab.com/api/members/, https://docs.gitlab.com/api/projects/#list-users"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import not_found
from pullbridge.testing.gitlab.finding import find_group
from pullbridge.testing.gitlab.roles import level_of, members
from pullbridge.testing.gitlab.shapes import stamp
from pullbridge.testing.store import Repository, User


def shape(ask: Ask, user: User, project: Repository) -> dict[str, Any]:
    """`Member`."""
    return {
        "access_level": level_of(ask.store, user, project),
        "created_at": stamp(project.created_at),
        "expires_at": None,
        **ask.shapes.user(user),
        "membership_state": "active",
    }


def _asked(ask: Ask, people: list[User]) -> list[User]:
    text, ids = (ask.text("query") or ask.text("search") or "").lower(), ask.numbers("user_ids")
    return [
        user
        for user in people
        if (text in user.handle.lower() or text in user.name.lower()) and (ids is None or user.id in ids)
    ]


def list_members(ask: Ask) -> Answer:
    """GET members, and members/all: here nobody inherits their level, so they are the same."""
    found = _asked(ask, members(ask.store, ask.project))
    return ask.paged(found, lambda user: shape(ask, user, ask.project))


def get_member(ask: Ask) -> Answer:
    """GET members/all/:user_id."""
    found = ask.store.find(User, int(ask.values["id"]))
    if found is None or not level_of(ask.store, found, ask.project):
        raise not_found()
    return Answer(payload=shape(ask, found, ask.project))


def users(ask: Ask) -> Answer:
    """GET users: who may be mentioned or asked."""
    return ask.paged(_asked(ask, members(ask.store, ask.project)), ask.shapes.user)


def group_members(ask: Ask) -> Answer:
    """GET /groups/:id/members(/all): whoever has a level in one of its projects."""
    group = find_group(ask)
    projects = [one for one in ask.store.repositories.all() if f"{one.owner.handle}/".startswith(f"{group.handle}/")]
    homes = {user: project for project in projects for user in members(ask.store, project)}
    return ask.paged(_asked(ask, list(homes)), lambda user: shape(ask, user, homes[user]))


_PROJECT, _GROUP = "/projects/<project>", "/groups/<group>"
_READ = "read_member"
ROUTES = (
    Route(method="GET", rule=f"{_PROJECT}/members", answer=list_members, permission=_READ),
    Route(method="GET", rule=f"{_PROJECT}/members/all", answer=list_members, permission=_READ),
    Route(method="GET", rule=f"{_PROJECT}/members/<int:id>", answer=get_member, permission=_READ),
    Route(method="GET", rule=f"{_PROJECT}/members/all/<int:id>", answer=get_member, permission=_READ),
    Route(method="GET", rule=f"{_PROJECT}/users", answer=users, permission="read_project_user"),
    Route(method="GET", rule=f"{_GROUP}/members", answer=group_members, permission=_READ),
    Route(method="GET", rule=f"{_GROUP}/members/all", answer=group_members, permission=_READ),
)
