"""Projects, repositories and forks: https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-project/"""

from __future__ import annotations

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level
from pullbridge.testing.bitbucket_dc.asking import REPO, Answer, Ask, Route
from pullbridge.testing.store import Refused, Repository, User, UserKind


def _visible(ask: Ask) -> list[Repository]:
    return [found for found in ask.store.repositories.all() if ask.level_in(found) >= Level.READ]


def projects(ask: Ask) -> Answer:
    """GET /projects: those with something to see, without people's own."""
    owners = dict.fromkeys(found.owner for found in _visible(ask))
    named = [owner for owner in owners if not owner.handle.startswith("~")]
    return ask.paged(sorted(named, key=lambda owner: owner.handle.lower()), ask.shapes.project)


def _project(ask: Ask) -> User:
    key = str(ask.values["key"])
    owner = ask.app.project(key)
    if owner is None or not any(found.owner is owner for found in _visible(ask)):
        raise errors.no_project(key)
    return owner


def project(ask: Ask) -> Answer:
    """GET /projects/{key}."""
    return Answer(payload=ask.shapes.project(_project(ask)))


def repositories(ask: Ask) -> Answer:
    """GET /projects/{key}/repos."""
    owner = _project(ask)
    return ask.paged([found for found in _visible(ask) if found.owner is owner], ask.shapes.repository)


def search(ask: Ask) -> Answer:
    """GET /repos: everything that one may see, by a part of its name and of its project's."""
    name, key = (ask.text("name") or "").lower(), (ask.text("projectname") or "").lower()
    least = {"REPO_WRITE": Level.WRITE, "REPO_ADMIN": Level.ADMIN}.get(ask.text("permission") or "", Level.READ)
    found = [
        each
        for each in _visible(ask)
        if name in each.name.lower() and key in each.owner.name.lower() and ask.level_in(each) >= least
    ]
    return ask.paged(sorted(found, key=lambda each: each.name.lower()), ask.shapes.repository)


def get(ask: Ask) -> Answer:
    """GET of a repository."""
    return Answer(payload=ask.shapes.repository(ask.repository))


def forks(ask: Ask) -> Answer:
    """GET forks: the direct ones that one may see."""
    rows = [fork for fork in ask.store.repositories.forks(ask.repository) if ask.level_in(fork) >= Level.READ]
    return ask.paged(rows, ask.shapes.repository)


def fork(ask: Ask) -> Answer:
    """POST of a repository: a fork of it, in one's own place unless a project is named."""
    name = ask.sent("name", str) or ask.repository.name
    asked = ask.sent("project", dict) or {}
    key = str(asked.get("key") or f"~{ask.me.handle}")
    owner = ask.app.project(key) or ask.store.people.user(key, kind=UserKind.ORGANIZATION)
    if ask.app.find(key, name) is not None:
        text = "A repository with this name already exists."
        raise errors.problem(409, text, "repository.RepositoryAlreadyExistsException", "name")
    try:
        made = ask.store.repositories.fork(ask.repository, owner, name)
    except Refused as refused:
        raise errors.invalid("name", str(refused)) from refused
    return Answer(payload=ask.shapes.repository(made), status=201)


ROUTES = (
    Route(method="GET", rule="/projects", answer=projects),
    Route(method="GET", rule="/projects/<key>", answer=project),
    Route(method="GET", rule="/projects/<key>/repos", answer=repositories),
    Route(method="GET", rule="/repos", answer=search),
    Route(method="GET", rule=REPO, answer=get),
    Route(method="GET", rule=f"{REPO}/forks", answer=forks),
    Route(method="POST", rule=REPO, answer=fork, kept=True),
)
