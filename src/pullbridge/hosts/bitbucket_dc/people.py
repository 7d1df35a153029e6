"""People on Data Center: reviewers, their groups, and who could be one.

Bitbucket replaces the whole list of reviewers, so that it is read, merged and written with the version that was read.
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, versioned, wire
from pullbridge.hosts.bitbucket_dc.abilities import RULES
from pullbridge.hosts.bitbucket_dc.addresses import place
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ
from pullbridge.hosts.bitbucket_dc.refusing import too_old
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.reviews import Reviewer

GROUPS_SINCE = RULES[Can.TEAM_REVIEWERS].since


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """People by their names, those apart who are meant as members of a group."""

    named: tuple[str, ...] = ()
    grouped: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.named, *self.grouped)


class DataCenterReviewers:
    """`ports.ReviewersPort`. A group of reviewers is given as `PRJ/its name`, and stands for the people in it."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Reviewer, ...]:
        return wire.reviewers(versioned.read(self._api, number))

    def request(self, number: int, people: Sequence[str]) -> None:
        """Raises `Rejected` for those who may not be asked; nobody who was asked before is lost."""
        wanted = self._wanted(people)

        def more(pull: payloads.PullRequest) -> Mapping[str, Any]:
            before = versioned.names(pull.reviewers)
            known = {name.casefold() for name in (*before, *_author(pull, wanted))}
            fresh = {name.casefold(): name for name in wanted.all}
            return _reviewers(before, [*before, *(name for low, name in fresh.items() if low not in known)])

        versioned.edited(self._api, number, more)

    def remove(self, number: int, people: Sequence[str]) -> None:
        gone = {name.casefold() for name in self._wanted(people).all}

        def fewer(pull: payloads.PullRequest) -> Mapping[str, Any]:
            before = versioned.names(pull.reviewers)
            return _reviewers(before, [name for name in before if name.casefold() not in gone])

        versioned.edited(self._api, number, fewer)

    def candidates(self, query: str, cursor: str | None) -> Page[Person]:
        """Everybody who may read the repository."""
        api = self._api
        params = {
            "permission.1": "REPO_READ",
            "permission.1.projectKey": api.key,
            "permission.1.repositorySlug": api.slug,
            **({"filter": query} if query else {}),
        }
        asked = Asked(what="such users", needs=READ)
        page = api.api.page(place("users"), payloads.User, asked, params=params, cursor=cursor)
        active = tuple(wire.person(user) for user in page.items if user.active is not False)
        return Page(items=active, cursor=page.cursor, stopped=page.stopped)

    def _wanted(self, people: Sequence[str]) -> _Wanted:
        names = [handle.removeprefix("@") for handle in people]
        groups = [name for name in names if "/" in name]
        members = [name for group in groups for name in self._members(group)]
        return _Wanted(named=tuple(name for name in names if "/" not in name), grouped=tuple(members))

    def _members(self, group: str) -> Iterable[str]:
        """Who is in a group of the repository or its project, as far as they may read the repository."""
        api, (key, _, name) = self._api, group.partition("/")
        if not api.api.at_least(GROUPS_SINCE):
            raise too_old(Can.TEAM_REVIEWERS, GROUPS_SINCE, api.api.server, api.api.host)
        asked = Asked(what=f"group of reviewers {group}", needs=READ)
        path = api.path("settings", "reviewer-groups")
        rows = api.api.pages(path, payloads.ReviewerGroup, asked) if key.casefold() == api.key.casefold() else []
        found = next((row for row in rows if row.name.casefold() == name.casefold()), None)
        if found is None:
            step = "Name it as KEY/name, by the key of this repository's project."
            raise errors.NotThere(f"There is no {asked.what} here.", what=asked.what, host=api.api.host, next_step=step)
        users = api.api.get(f"{path}/{found.id}/users", list[payloads.User], asked)
        return [user.name for user in users if user.active is not False]


def _author(pull: payloads.PullRequest, wanted: _Wanted) -> Iterable[str]:
    """The author, who may be in a group and is nobody's reviewer; who is asked for by name is refused by Bitbucket."""
    named = {name.casefold() for name in wanted.named}
    author = pull.author.user.name if pull.author is not None and pull.author.user is not None else ""
    return () if author.casefold() in named else (author,)


def _reviewers(before: Sequence[str], now: Sequence[str]) -> Mapping[str, Any]:
    """What to write, which is nothing where these are the same."""
    return {} if list(before) == list(now) else {"reviewers": [versioned.reviewer(name) for name in now]}
