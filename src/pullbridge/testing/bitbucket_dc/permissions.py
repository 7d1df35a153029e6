"""Who may do what, for administrators alone; and who ever took part in a repository's pull requests.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-permission-management/
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level, level_of_user, person_of
from pullbridge.testing.bitbucket_dc.asking import NOTHING, REPO, Answer, Ask, Route
from pullbridge.testing.store import Role, User

_ROLES = {"REPO_READ": Role.READ, "REPO_WRITE": Role.WRITE, "REPO_ADMIN": Role.ADMIN}


def granted(ask: Ask) -> Answer:
    """GET permissions/users."""
    wanted = (ask.text("filter") or "").lower()
    rows = [(user, level_of_user(ask.store, user, ask.repository)) for user in ask.app.people()]
    rows = [(user, level) for user, level in rows if level and wanted in f"{user.handle} {user.name}".lower()]
    return ask.paged(rows, lambda row: {"user": ask.shapes.user(row[0]), "permission": f"REPO_{row[1].name}"})


def _named(ask: Ask) -> User:
    name = ask.required("name")
    found = person_of(ask.store, name)
    if found is None:
        raise errors.no_user(name)
    return found


def grant(ask: Ask) -> Answer:
    """PUT permissions/users?name=&permission=."""
    word = ask.required("permission")
    if word not in _ROLES:
        raise errors.bad_argument(f"'{word}' is not a valid permission.")
    members = ask.repository.members or {}
    ask.repository.members = {**members, _named(ask).handle.lower(): _ROLES[word]}
    return NOTHING


def revoke(ask: Ask) -> Answer:
    """DELETE permissions/users?name=."""
    members = dict(ask.repository.members or {})
    members.pop(_named(ask).handle.lower(), None)
    ask.repository.members = members
    return NOTHING


def participants(ask: Ask) -> Answer:
    """GET participants of a repository: everybody who ever took part, by a part of the name and by role."""
    role, wanted = ask.text("role"), (ask.text("filter") or "").lower()
    found: dict[User, Any] = {}
    for pull in ask.repository.pulls.values():
        state = ask.app.states.of(pull)
        people = {"AUTHOR": [pull.author], "REVIEWER": pull.requested_reviewers, "PARTICIPANT": list(state.statuses)}
        for name, users in people.items():
            if role in {None, name}:
                found |= dict.fromkeys(users)
    rows = [user for user in found if wanted in f"{user.handle} {user.name}".lower()]
    return ask.paged(sorted(rows, key=lambda user: user.handle.lower()), ask.shapes.user)


_USERS = f"{REPO}/permissions/users"
ROUTES = (
    Route(method="GET", rule=_USERS, answer=granted, level=Level.ADMIN, signed_in=True),
    Route(method="PUT", rule=_USERS, answer=grant, level=Level.ADMIN),
    Route(method="DELETE", rule=_USERS, answer=revoke, level=Level.ADMIN),
    Route(method="GET", rule=f"{REPO}/participants", answer=participants),
)
