"""People on Bitbucket Cloud: reviewers, and who may be one.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ and
https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/ (members)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import accounts, editing, payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.reviews import Reviewer

_NO_TEAMS = "Bitbucket Cloud asks people for a review, and no groups"


class CloudReviewers:
    """`ports.ReviewersPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Reviewer, ...]:
        return wire.reviewers(self._api.api.get(self._api.pull(number), payloads.PullRequest, about(number)))

    def request(self, number: int, people: Sequence[str]) -> None:
        """Raises `Rejected` for a handle that is nobody's or several people's, and for those who may not be asked."""
        found = editing.read(self._api, number)
        there = found.reviewers or []
        names = [name for name in _names(people, self._api.api.host) if not _is_among(there, name)]
        fresh = [payloads.Account(uuid=uuid) for uuid in accounts.uuids(self._api, names)] if names else []
        before = {each.uuid for each in there}
        if any(each.uuid not in before for each in fresh):
            editing.put(self._api, number, {}, found=found, reviewers=lambda asked: _together(asked, fresh))

    def remove(self, number: int, people: Sequence[str]) -> None:
        """Take requests back. Who was not asked is not looked for."""
        found = editing.read(self._api, number)
        there = found.reviewers or []
        gone = {self._one(there, name) for name in _names(people, self._api.api.host)} - {None}
        if gone:
            left = [each for each in there if each.uuid not in gone]
            editing.put(self._api, number, {}, found=found, reviewers=lambda _: left)

    def candidates(self, query: str, cursor: str | None) -> Page[Person]:
        """The default reviewers first, and then the workspace's members, as far as these are shown to the credential."""
        if cursor is not None:
            page = self._members(cursor)
            return Page(items=_fitting(page.items, query), cursor=page.cursor)
        both: list[Any] = [self._default_reviewers, lambda: self._members(None)]
        first, page = self._api.api.gather(*both)
        everybody = {each.id: each for each in (*first, *page.items)}
        return Page(items=_fitting(everybody.values(), query), cursor=page.cursor, stopped=page.stopped)

    def _default_reviewers(self) -> tuple[Person, ...]:
        path = self._api.path("effective-default-reviewers")
        asked = Asked(what="such repository", needs=("pullrequest",))
        try:
            rows = self._api.api.pages(path, payloads.Membership, asked)
        except (errors.Forbidden, errors.NotThere, errors.ScopeMissing):
            return ()
        return tuple(wire.person(row.user) for row in rows if row.user is not None)

    def _members(self, cursor: str | None) -> Page[Person]:
        path, asked = self._api.workspace_path("members"), Asked(what="such workspace", needs=("account",))
        try:
            page = self._api.api.page(path, payloads.Membership, asked, cursor=cursor)
        except (errors.Forbidden, errors.NotThere, errors.ScopeMissing) as refused:
            return Page(items=(), stopped=f"the members of the workspace are not shown: {refused.summary.rstrip('.')}")
        return Page(items=tuple(wire.person(row.user) for row in page.items if row.user), cursor=page.cursor)

    def _one(self, there: Sequence[payloads.Account], name: str) -> str | None:
        """The one of those who were asked that a handle means; `None` for nobody. Raises `Rejected` for several."""
        meant = [each.uuid for each in there if wire.is_called(each, name)]
        if len(meant) > 1:
            problem = f"{name!r} is ambiguous"
            text, step = f"Several reviewers have that handle: {problem}.", f"Give one of {', '.join(map(str, meant))}."
            raise errors.Rejected(text, problems=(problem,), host=self._api.api.host, next_step=step)
        return meant[0] if meant else None


def _names(people: Sequence[str], host: str) -> list[str]:
    names = [handle.removeprefix("@") for handle in people]
    teams = [name for name in names if "/" in name]
    if teams:
        text = f"{', '.join(teams)} cannot be asked for a review: {_NO_TEAMS}."
        raise errors.Unsupported(text, can=Can.TEAM_REVIEWERS, reason=_NO_TEAMS, host=host)
    return names


def _is_among(there: Sequence[payloads.Account], name: str) -> bool:
    """Whether that number is there already; what people call themselves may be somebody else's, too."""
    return any(name in {each.uuid, each.account_id} for each in there)


def _together(there: Sequence[payloads.Account], fresh: Sequence[payloads.Account]) -> list[payloads.Account]:
    known = {each.uuid for each in there}
    return [*there, *(each for each in fresh if each.uuid not in known)]


def _fitting(people: Any, query: str) -> tuple[Person, ...]:
    """Bitbucket filters members by their e-mail addresses alone, and so this is done here."""
    word = query.casefold()
    return tuple(who for who in people if word in who.handle.casefold() or word in (who.name or "").casefold())
