"""Repositories, their forks and default reviewers.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import bad_request, forbidden, invalid, not_found
from pullbridge.testing.store import Repository, Role, User, UserKind

Json = dict[str, Any]
#: What `role=` may be, and what it asks for at least.
_ROLES = {"member": Role.READ, "contributor": Role.WRITE, "admin": Role.ADMIN, "owner": Role.ADMIN}
_REPOSITORY = "/repositories/<workspace>/<slug>"


def get(ask: Ask) -> Answer:
    """GET /repositories/{workspace}/{slug}."""
    return Answer(payload=ask.shapes.repository(ask.repository))


def list_of_workspace(ask: Ask) -> Answer:
    """GET /repositories/{workspace}: those that one sees, or of `role` those that one is something in."""
    owner = _workspace(ask, str(ask.values["workspace"]))
    role = ask.request.args.get("role")
    if role is not None and role not in _ROLES:
        raise bad_request(f"Invalid role: {role}")
    here = [each for each in ask.store.repositories.all() if each.owner is owner and _shown(ask, each, role)]
    return ask.paged(here, ask.shapes.repository)


def _shown(ask: Ask, repository: Repository, role: str | None) -> bool:
    has = ask.app.role(ask.token, repository)
    if role is None:
        return has >= Role.READ
    public = ask.app.role(None, repository)
    return has >= _ROLES[role] and has > public


def _workspace(ask: Ask, name: str) -> User:
    found = ask.app.find_workspace(name)
    if found is None:
        raise not_found(f"No workspace with identifier '{name}'.")
    return found


def forks(ask: Ask) -> Answer:
    """GET forks."""
    seen = [fork for fork in ask.store.repositories.forks(ask.repository) if ask.app.role(ask.token, fork) >= Role.READ]
    return ask.paged(seen, ask.shapes.repository)


def fork(ask: Ask) -> Answer:
    """POST forks: into the workspace that is named, else into one's own."""
    named = (ask.body.get("workspace") or {}).get("slug")
    owner = ask.me if named is None else _workspace(ask, str(named))
    if owner is not ask.me and not ask.app.member(owner, ask.me):
        raise forbidden()
    name = str(ask.body.get("name") or ask.repository.name)
    if owner.kind is UserKind.BOT or ask.store.repositories.find(f"{owner.handle}/{name}") is not None:
        raise invalid("name", "You already have a repository with this name.")
    made = ask.store.repositories.fork(ask.repository, owner, name)
    url = ask.shapes.repository_url(made)
    return Answer(payload=ask.shapes.repository(made), status=201, headers={"Location": url})


# -- default reviewers -------------------------------------------------------------------------------------------------


def default_reviewers(ask: Ask) -> Answer:
    """GET default-reviewers."""
    return ask.paged(ask.app.default_reviewers.get(ask.repository, []), ask.shapes.user)


def effective_default_reviewers(ask: Ask) -> Answer:
    """GET effective-default-reviewers: the project of the forge has none of its own."""
    people = ask.app.default_reviewers.get(ask.repository, [])
    return ask.paged(people, lambda user: _default(ask, user))


def _default(ask: Ask, user: User) -> Json:
    return {"type": "default_reviewer", "reviewer_type": "repository", "user": ask.shapes.user(user)}


def default_reviewer(ask: Ask) -> Answer:
    """GET default-reviewers/{user}."""
    found = ask.app.find_user(str(ask.values["user"]))
    if found is None or found not in ask.app.default_reviewers.get(ask.repository, []):
        raise not_found(f"{ask.values['user']} is not a default reviewer")
    return Answer(payload=ask.shapes.user(found))


def add_default_reviewer(ask: Ask) -> Answer:
    """PUT default-reviewers/{user}."""
    found = ask.app.find_user(str(ask.values["user"]))
    if found is None:
        raise not_found(f"No such user: {ask.values['user']}")
    people = ask.app.default_reviewers.setdefault(ask.repository, [])
    if found not in people:
        people.append(found)
    return Answer(payload=ask.shapes.user(found))


def remove_default_reviewer(ask: Ask) -> Answer:
    """DELETE default-reviewers/{user}."""
    default_reviewer(ask)
    people = ask.app.default_reviewers[ask.repository]
    people[:] = [user for user in people if user is not ask.app.find_user(str(ask.values["user"]))]
    return Answer(status=204)


_DEFAULT = f"{_REPOSITORY}/default-reviewers"
ROUTES = (
    Route(method="GET", rule="/repositories/<workspace>", answer=list_of_workspace),
    Route(method="GET", rule=_REPOSITORY, answer=get),
    Route(method="GET", rule=f"{_REPOSITORY}/forks", answer=forks),
    Route(method="POST", rule=f"{_REPOSITORY}/forks", answer=fork, scope="repository:write"),
    Route(method="GET", rule=_DEFAULT, answer=default_reviewers, scope="pullrequest"),
    Route(method="GET", rule=f"{_DEFAULT}/<user>", answer=default_reviewer, scope="pullrequest"),
    Route(
        method="PUT",
        rule=f"{_DEFAULT}/<user>",
        answer=add_default_reviewer,
        scope="repository:admin",
        role=Role.ADMIN,
        json=False,
    ),
    Route(
        method="DELETE",
        rule=f"{_DEFAULT}/<user>",
        answer=remove_default_reviewer,
        scope="repository:admin",
        role=Role.ADMIN,
    ),
    Route(
        method="GET",
        rule=f"{_REPOSITORY}/effective-default-reviewers",
        answer=effective_default_reviewers,
        scope="pullrequest",
    ),
)
