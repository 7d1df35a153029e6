"""People: https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-system-maintenance/#api-api-latest-users-get"""

from __future__ import annotations

import re

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level, level_of_user, limit_of
from pullbridge.testing.bitbucket_dc.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.shapes import slug_of
from pullbridge.testing.store import Repository, User

_REPOSITORY = {"REPO_READ": Level.READ, "REPO_WRITE": Level.WRITE, "REPO_ADMIN": Level.ADMIN}
_ELSEWHERE = frozenset(
    {"LICENSED_USER", "PROJECT_CREATE", "ADMIN", "SYS_ADMIN", "PROJECT_VIEW", "PROJECT_READ", "PROJECT_WRITE"}
) | {"PROJECT_ADMIN", "REPO_CREATE", "USER_ADMIN"}


def listed(ask: Ask) -> Answer:
    """GET /users: by a part of the name, the full name or the address, and by what they may do (`permission.N`)."""
    people = ask.app.people()
    wanted = (ask.text("filter") or "").lower()
    if wanted:
        people = [user for user in people if any(wanted in text.lower() for text in _texts(user))]
    for name in _permission_names(ask):
        people = _permitted(ask, name, people)
    return ask.paged(people, ask.shapes.user)


def _texts(user: User) -> tuple[str, ...]:
    return user.handle, user.name, user.email


def _permission_names(ask: Ask) -> list[str]:
    return sorted(name for name in ask.request.args if re.fullmatch(r"permission(\.\d+)?", name))


def _permitted(ask: Ask, name: str, people: list[User]) -> list[User]:
    permission = str(ask.text(name))
    if permission not in _REPOSITORY:
        if permission not in _ELSEWHERE:
            raise errors.bad_argument(f"'{permission}' is not a valid permission.")
        return people
    repository, level = _repository_of(ask, name), _REPOSITORY[permission]
    return [user for user in people if level_of_user(ask.store, user, repository) >= level]


def _repository_of(ask: Ask, name: str) -> Repository:
    number = ask.number(f"{name}.repositoryId")
    found = None if number is None else ask.store.find(Repository, number)
    key, slug = ask.text(f"{name}.projectKey"), ask.text(f"{name}.repositorySlug")
    if found is None and key and slug:
        found = ask.app.find(key, slug)
    if found is None:
        raise errors.bad_argument("A repository permission filter needs the ID or the key and slug of a repository.")
    return found


def get(ask: Ask) -> Answer:
    """GET /users/{slug}. By its slug, not its name."""
    slug = str(ask.values["user"])
    if ask.token is not None and ask.token.scopes is not None and limit_of(ask.token) is Level.NONE:
        raise errors.unauthorized()
    found = next((user for user in ask.app.people() if slug_of(user.handle) == slug.lower()), None)
    if found is None:
        raise errors.no_user(slug)
    return Answer(payload=ask.shapes.user(found))


ROUTES = (
    Route(method="GET", rule="/users", answer=listed, signed_in=True),
    Route(method="GET", rule="/users/<user>", answer=get, signed_in=True),
)
