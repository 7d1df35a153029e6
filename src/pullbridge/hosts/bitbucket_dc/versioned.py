"""Writes that name the version of a pull request: read, written, and on a stale one read and written anew.

Every write to a pull request names the version that it is about; with another one by now it is refused (409), and nothing
was done. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pullbridge.errors import Rejected, Stale
from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import about, refused_reviewers, writing
from pullbridge.transport.call import Repeat

T = TypeVar("T")
R = TypeVar("R")

#: How often it is written at most, each time with the version that was just read.
TRIES = 3
Change = Callable[[payloads.PullRequest], Mapping[str, Any]]


def read(api: RepositoryApi, number: int) -> payloads.PullRequest:
    """The pull request as it is now; its version is remembered."""
    return api.saw(api.api.get(api.pull(number), payloads.PullRequest, about(number)))


def versioned(api: RepositoryApi, number: int, write: Callable[[int], T]) -> T:
    """Write with the version that was seen last, or is read first. Raises `Stale` when it changes each time."""
    known = api.versions.get(number)
    return persistent(lambda: read(api, number).version, write, known)


def edited(api: RepositoryApi, number: int, change: Change) -> payloads.PullRequest:
    """Write over it what `change` makes of it as it is, and leave the rest; nothing is sent where that is nothing.

    What is not sent is cleared, reviewers first of all, so that everything is said each time.
    """
    return persistent(lambda: read(api, number), lambda found: _put(api, found, change(found)))


def persistent(look: Callable[[], T], write: Callable[[T], R], known: T | None = None) -> R:
    """Look, write, and again when what was seen is stale: `TRIES` times at most. What was `known` is tried before."""
    seen, more = (look(), TRIES - 1) if known is None else (known, TRIES)
    for _ in range(more):
        try:
            return write(seen)
        except Stale as error:
            if not is_outdated(error):
                raise
        seen = look()
    return write(seen)


def is_outdated(error: Stale) -> bool:
    """Whether Data Center refused a version; of a head that moved, it is said here, without a status."""
    return error.status == 409


def names(people: list[payloads.Participant] | None) -> list[str]:
    """What these are called in a body."""
    return [each.user.name for each in people or () if each.user is not None and each.user.name]


def _put(api: RepositoryApi, found: payloads.PullRequest, change: Mapping[str, Any]) -> payloads.PullRequest:
    if not change:
        return found
    body = {
        "version": found.version,
        "title": found.title,
        "description": found.description or "",
        "reviewers": [reviewer(name) for name in names(found.reviewers)],
        **({} if found.draft is None else {"draft": found.draft}),
        **change,
    }
    try:
        return _sent(api, found.id, body)
    except Rejected as error:
        # Somebody who has left since sinks every edit, whatever it is about: https://github.com/renovatebot/renovate/issues/7696
        gone = refused_reviewers(error, names(found.reviewers))
        if not gone:
            raise
    stay = [each for each in body["reviewers"] if each["user"]["name"] not in gone]
    return _sent(api, found.id, {**body, "reviewers": stay})


def _sent(api: RepositoryApi, number: int, body: Mapping[str, Any]) -> payloads.PullRequest:
    # Sent again after an answer that was lost, it is outdated: then it is read, and the same is written over it.
    return api.saw(
        api.api.send("PUT", api.pull(number), body, payloads.PullRequest, writing(number), repeat=Repeat.SAFE)
    )


def reviewer(name: str) -> dict[str, Any]:
    """Somebody as a reviewer, in a body."""
    return {"user": {"name": name}}


def end(name: str, key: str, slug: str) -> dict[str, Any]:
    """A branch of a repository as one end of a pull request, in a body."""
    return {"id": wire.full_name(name), "repository": {"slug": slug, "project": {"key": key}}}
