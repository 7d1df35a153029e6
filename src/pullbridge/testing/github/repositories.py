"""Repositories and forks: https://docs.github.com/en/rest/repos/repos"""

from __future__ import annotations

from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, not_found


def get(ask: Ask) -> Answer:
    """GET."""
    return Answer(payload=ask.shapes.full_repository(ask.repository))


def forks(ask: Ask) -> Answer:
    """GET forks, newest first."""
    found = ask.store.repositories.forks(ask.repository)[::-1]
    return ask.paged([fork for fork in found if not fork.private], ask.shapes.repository)


def fork(ask: Ask) -> Answer:
    """POST forks. The host copies in the background; here it is done when the answer comes."""
    owner = ask.me
    organization = ask.sent("organization", str)
    if organization is not None:
        found = ask.store.people.find(organization)
        if found is None:
            raise not_found()
        owner = found
    if owner is ask.repository.owner:
        raise ApiError(403, "You cannot fork this repository into its own account.")  # unverified wording
    made = ask.store.repositories.fork(ask.repository, owner, ask.sent("name", str))
    return Answer(payload=ask.shapes.full_repository(made), status=202)


_REPO = "/repos/<owner>/<repo>"
ROUTES = (
    Route(method="GET", rule=_REPO, answer=get),
    Route(method="GET", rule=f"{_REPO}/forks", answer=forks),
    Route(method="POST", rule=f"{_REPO}/forks", answer=fork, permissions="administration=write,contents=read"),
)
