"""Workspaces: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_cloud.access import RESOURCES
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import not_found
from pullbridge.testing.bitbucket_cloud.shapes import link
from pullbridge.testing.store import Repository, Role, User

Json = dict[str, Any]
_WORKSPACE = "/workspaces/<workspace>"
#: What an API token needs besides what OAuth calls `account`.
_READ_WORKSPACE = ("read:user:bitbucket", "read:workspace:bitbucket")
_PERMISSIONS = ((Role.ADMIN, "admin"), (Role.WRITE, "write"), (Role.READ, "read"))


def find(ask: Ask) -> User:
    """The workspace in the address."""
    found = ask.app.find_workspace(str(ask.values["workspace"]))
    if found is None:
        raise not_found(f"No workspace with identifier '{ask.values['workspace']}'.")
    return found


def get(ask: Ask) -> Answer:
    """GET /workspaces/{workspace}."""
    return Answer(payload=ask.shapes.workspace(find(ask)))


def members(ask: Ask) -> Answer:
    """GET members. There is no way to search them by name; the e-mail address is only for administrators."""
    owner = find(ask)
    _need_member(ask, owner)
    return ask.paged(ask.app.members(owner), lambda user: _membership(ask, owner, user))


def _need_member(ask: Ask, owner: User) -> None:
    inside = ask.token is not None and ask.token.kind in RESOURCES
    if not inside and not ask.app.member(owner, ask.me):
        raise not_found(f"No workspace with identifier '{owner.handle}'.")


def member(ask: Ask) -> Answer:
    """GET members/{member}: 404 for who is none."""
    owner, user = find(ask), ask.app.find_user(str(ask.values["member"]))
    _need_member(ask, owner)
    if user is None or not ask.app.member(owner, user):
        raise not_found(f"{ask.values['member']} is not a member of this workspace")
    return Answer(payload=_membership(ask, owner, user))


def _membership(ask: Ask, owner: User, user: User) -> Json:
    shown = ask.shapes.user(user)
    url = f"{ask.api}/workspaces/{owner.handle}/members/{shown['links']['self']['href'].rpartition('/')[2]}"
    return {
        "type": "workspace_membership",
        "user": shown,
        "workspace": ask.shapes.workspace_base(owner),
        "links": {"self": link(url)},
    }


# -- what is mine ------------------------------------------------------------------------------------------------------


def _mine(ask: Ask) -> list[User]:
    people = [user for user in ask.store.people.users.values() if ask.app.member(user, ask.me)]
    owners = {repository.owner for repository in ask.store.repositories.all()}
    return [user for user in people if user is ask.me or user in owners]


def my_workspaces(ask: Ask) -> Answer:
    """GET /user/workspaces."""

    def shape(owner: User) -> Json:
        base = ask.shapes.workspace_base(owner)
        return {
            "type": "workspace_access",
            "administrator": owner is ask.me,
            "workspace": base | {"type": "workspace_base"},
        }

    return ask.paged(_mine(ask), shape)


def my_permission(ask: Ask) -> Answer:
    """GET /user/workspaces/{workspace}/permission."""
    owner = find(ask)
    _need_member(ask, owner)
    return Answer(payload={"type": "workspace_membership", "permission": "owner" if owner is ask.me else "member"})


def my_repositories(ask: Ask) -> Answer:
    """GET /user/permissions/repositories, and below one workspace: what one may do in each."""
    owner = find(ask) if "workspace" in ask.values else None
    rows: list[tuple[Repository, str]] = []
    for repository in ask.store.repositories.all():
        role = ask.app.role(ask.token, repository)
        word = next((word for least, word in _PERMISSIONS if role >= least), None)
        explicit = word is not None and (repository.private or role > ask.app.role(None, repository))
        if word is not None and explicit and owner in {None, repository.owner}:
            rows.append((repository, word))
    return ask.paged(rows, lambda row: _permission(ask, *row))


def _permission(ask: Ask, repository: Repository, word: str) -> Json:
    return {
        "type": "repository_permission",
        "user": ask.shapes.user(ask.me),
        "repository": ask.shapes.repository_base(repository),
        "permission": word,
    }


ROUTES = (
    Route(method="GET", rule=_WORKSPACE, answer=get, scope=""),
    Route(
        method="GET",
        rule=f"{_WORKSPACE}/members",
        answer=members,
        scope="account",
        granular=_READ_WORKSPACE,
        signed_in=True,
    ),
    Route(
        method="GET",
        rule=f"{_WORKSPACE}/members/<member>",
        answer=member,
        scope="account",
        granular=_READ_WORKSPACE,
        signed_in=True,
    ),
    Route(method="GET", rule="/user/workspaces", answer=my_workspaces, scope="account", signed_in=True),
    Route(
        method="GET",
        rule="/user/workspaces/<workspace>/permission",
        answer=my_permission,
        scope="account",
        signed_in=True,
    ),
    Route(
        method="GET",
        rule="/user/workspaces/<workspace>/permissions/repositories",
        answer=my_repositories,
        scope="account",
        signed_in=True,
    ),
    Route(method="GET", rule="/user/permissions/repositories", answer=my_repositories, scope="account", signed_in=True),
)
