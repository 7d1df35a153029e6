"""Projects, groups and forks.

https://docs.gitlab.com/api/projects/, https://docs.gitlab.com/api/groups/, https://docs.gitlab.com/api/project_forks/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import ApiError, conflict, forbidden, not_found
from pullbridge.testing.gitlab.finding import find_group
from pullbridge.testing.gitlab.project_shapes import full_project
from pullbridge.testing.gitlab.roles import OWNER, level_of, sees
from pullbridge.testing.store import Repository, User, UserKind

ORDERS = ("id", "name", "path", "created_at", "updated_at", "last_activity_at", "similarity", "star_count")


def get(ask: Ask) -> Answer:
    """GET /projects/:id."""
    ask.app.states.look_at(ask.project)
    return Answer(payload=full_project(ask.shapes, ask.project))


def list_projects(ask: Ask) -> Answer:
    """GET /projects: pages by number up to an offset, by id beyond (`pagination=keyset&order_by=id`)."""
    return _listed(ask, list(ask.store.repositories.all()))


def _listed(ask: Ask, projects: list[Repository]) -> Answer:
    user, store = ask.user, ask.store
    text, visibility = (ask.text("search") or "").lower(), ask.choice("visibility", ("public", "internal", "private"))
    least = ask.number("min_access_level", 0) or (1 if ask.flag("membership") else 0)
    least = OWNER if ask.flag("owned") else least
    archived, after, before = ask.flag("archived"), ask.number("id_after"), ask.number("id_before")
    found = [
        project
        for project in projects
        if sees(store, user, project)
        and text in (project.path if "/" in text else project.name).lower()
        and (visibility is None or visibility == ("private" if project.private else "public"))
        and level_of(store, user, project) >= least
        and (archived is None or project.archived == archived)
        and (after is None or project.id > after)
        and (before is None or project.id < before)
    ]
    return _ordered(ask, found)


def _number(project: Repository) -> Any:
    return project.id


def _ordered(ask: Ask, found: list[Repository]) -> Answer:
    order, down = ask.choice("order_by", ORDERS, "created_at"), ask.choice("sort", ("asc", "desc"), "desc") == "desc"
    keys: dict[str, Callable[[Repository], Any]] = {
        "name": lambda project: project.name.lower(),
        "path": lambda project: project.name,
        "last_activity_at": lambda project: project.pushed_at or project.created_at,
    }
    key = keys.get(str(order), _number)
    found.sort(key=lambda project: (key(project), project.id), reverse=down)
    shape = ask.shapes.simple_project if ask.flag("simple") else lambda one: full_project(ask.shapes, one)
    if ask.text("pagination") != "keyset":
        return ask.paged(found, shape, limited="Project")
    if order != "id":
        raise ApiError(405, {"error": "Keyset pagination is not yet available for this type of request"})
    return ask.keyset(found, shape, token="id_before" if down else "id_after", name=lambda one: str(one.id))


# -- groups ------------------------------------------------------------------------------------------------------------


def group(ask: Ask) -> Answer:
    """GET /groups/:id."""
    found = find_group(ask)
    space = ask.shapes.namespace(found)
    names = ("id", "web_url", "name", "path", "avatar_url", "full_path", "parent_id")
    payload = {name: space[name] for name in names} | {
        "description": "",
        "visibility": "public",
        "full_name": found.handle.replace("/", " / "),
        "created_at": ask.shapes.stamp(found.created_at),
        "archived": False,
    }
    return Answer(payload=payload)


def group_projects(ask: Ask) -> Answer:
    """GET /groups/:id/projects; with those of subgroups only if `include_subgroups` says so."""
    found, deep = find_group(ask), ask.flag("include_subgroups")
    projects = [
        one
        for one in ask.store.repositories.all()
        if one.owner is found or (deep and one.owner.handle.startswith(f"{found.handle}/"))
    ]
    return _listed(ask, projects)


# -- forks -------------------------------------------------------------------------------------------------------------


def forks(ask: Ask) -> Answer:
    """GET forks, newest first."""
    return _listed(ask, list(ask.store.repositories.forks(ask.project)))


def _namespace(ask: Ask) -> User:
    name, number = ask.text("namespace_path") or ask.text("namespace"), ask.number("namespace_id")
    if number is None and name is not None and name.isdecimal():
        number = int(name)
    if number is None and name is None:
        return ask.me
    found = ask.store.find(User, number) if number is not None else ask.store.people.find(str(name))
    if found is None:
        raise not_found("Target Namespace")
    if found.kind is not UserKind.ORGANIZATION and found is not ask.me:
        raise forbidden()
    return found


def fork(ask: Ask) -> Answer:
    """POST fork: 201 at once; the copy is made in the background (`import_status`)."""
    owner, path = _namespace(ask), ask.text("path") or ask.project.name
    if ask.store.repositories.find(f"{owner.handle}/{path}") is not None:
        taken = ["has already been taken"]
        raise conflict({"project_namespace.name": taken, "name": taken, "path": taken})
    made = ask.store.repositories.fork(ask.project, owner, path)
    ask.app.states.imports[made] = ask.knobs.import_reads
    payload = full_project(ask.shapes, made)
    return Answer(payload=payload | {"import_status": "scheduled"}, status=201)


_READ = "read_project"
ROUTES = (
    Route(method="GET", rule="/projects", answer=list_projects, permission=_READ),
    Route(method="GET", rule="/projects/<project>", answer=get, permission=_READ),
    Route(method="GET", rule="/projects/<project>/forks", answer=forks, permission="read_project_fork"),
    Route(method="POST", rule="/projects/<project>/fork", answer=fork, permission="fork_project"),
    Route(method="GET", rule="/groups/<group>", answer=group, permission="read_group"),
    Route(method="GET", rule="/groups/<group>/projects", answer=group_projects, permission=_READ),
)
