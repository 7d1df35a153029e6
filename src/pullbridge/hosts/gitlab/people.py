"""People on GitLab: reviewers and approvals. https://docs.gitlab.com/user/project/merge_requests/reviews/

GitLab replaces the whole list of reviewers, keeps one alone where the edition allows no more, and passes over whoever may
not see the merge request, in silence: what it kept is looked at after every write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import accounts, payloads, queries, reading, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import READ, WRITE, about
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.reviews import Reviewer
from pullbridge.transport.call import Repeat

T = TypeVar("T")

#: Before, REST tells who was asked and nothing of their state. https://gitlab.com/gitlab-org/gitlab/-/merge_requests/93388
STATES_SINCE = (15, 3)
_NO_TEAMS = "GitLab asks people for a review, and no groups"


class GitLabReviewers:
    """`ports.ReviewersPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Reviewer, ...]:
        seen = reading.seen(self._api, queries.REVIEWERS, number)
        told = by_graphql(self._api, number, seen)
        return by_rest(self._api, number) if told is None else told

    def request(self, number: int, people: Sequence[str]) -> None:
        """Raises `Rejected` for those who may not be asked, and `Unsupported` where the edition keeps one reviewer alone."""
        wanted = self._names(people)
        before = self._asked(number)
        known = {user.username.lower() for user in before}
        fresh = [name for name in wanted if name.lower() not in known]
        if fresh:
            names = [user.username for user in before]
            self._write(number, [*_numbers(before), *accounts.numbers(self._api.api, fresh)], [*names, *fresh])

    def remove(self, number: int, people: Sequence[str]) -> None:
        gone = {name.lower() for name in self._names(people)}
        before = self._asked(number)
        left = [user for user in before if user.username.lower() not in gone]
        if len(left) != len(before):
            self._write(number, _numbers(left), [user.username for user in left])

    def candidates(self, query: str, cursor: str | None) -> Page[Person]:
        """The members of the project, and of the groups above it. Of a public project others can be asked, too."""
        path, asked = self._api.path("members", "all"), Asked(what="such members", needs=READ)
        params = {"query": query} if query else {}
        page = self._api.api.page(path, payloads.User, asked, params=params, cursor=cursor)
        active = tuple(wire.person(user) for user in page.items if user.state in {None, "active"})
        return Page(items=active, cursor=page.cursor, stopped=page.stopped)

    def _names(self, people: Sequence[str]) -> Sequence[str]:
        names = [handle.removeprefix("@") for handle in people]
        teams = [name for name in names if "/" in name]
        if teams:
            text = f"{', '.join(teams)} cannot be asked for a review: {_NO_TEAMS}."
            raise errors.Unsupported(text, can=Can.TEAM_REVIEWERS, reason=_NO_TEAMS, host=self._api.api.host)
        return names

    def _asked(self, number: int) -> Sequence[payloads.User]:
        found = self._api.api.get(self._api.pull(number), payloads.AskedPeople, about(number))
        return found.reviewers or ()

    def _write(self, number: int, ids: Sequence[int], names: Sequence[str]) -> None:
        """Replace the list by these people, and see that it is them."""
        asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
        # "0 or empty removes all": https://docs.gitlab.com/api/merge_requests/#update-a-merge-request
        body = {"reviewer_ids": list(dict.fromkeys(ids)) or [0]}
        path = self._api.pull(number)
        kept = self._api.api.send("PUT", path, body, payloads.AskedPeople, asked, repeat=Repeat.SAFE).reviewers or []
        there = {user.username.lower() for user in kept}
        missing = [name for name in names if name.lower() not in there]
        if missing:
            raise self._not_kept(missing, len(kept))

    def _not_kept(self, missing: Sequence[str], kept: int) -> errors.BridgeError:
        """Why GitLab did not ask them: they may not see it, or it keeps one reviewer alone."""
        names, host = ", ".join(missing), self._api.api.host
        if kept == 1 and (strangers := self._strangers(missing)) != tuple(missing):
            reason = "this edition keeps one reviewer alone, and several are Premium's"
            step = "Take the one who was asked off first, or ask in a comment."
            text = f"{', '.join(each for each in missing if each not in strangers)} could not be asked: {reason}."
            # https://docs.gitlab.com/user/project/merge_requests/reviews/#request-a-review (tiers)
            return errors.Unsupported(text, can=Can.REVIEWERS, reason=reason, host=host, next_step=step)
        step = "Check that these people have access to the project."
        problems = [f"not asked: {each}" for each in missing]
        return errors.Rejected(
            f"{names} could not be asked for a review.", problems=problems, host=host, next_step=step
        )

    def _strangers(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of them who are no members."""

        def is_member(name: str) -> bool:
            asked = Asked(what="such members", needs=READ)
            path, params = self._api.path("members", "all"), {"query": name}
            return any(
                user.username.lower() == name.lower()
                for user in self._api.api.pages(path, payloads.User, asked, params=params)
            )

        return tuple(name for name in names if not is_member(name))


def _numbers(people: Sequence[payloads.User]) -> list[int]:
    return [user.id for user in people if user.id is not None]


def by_graphql(api: RepositoryApi, number: int, seen: reading.Seen) -> tuple[Reviewer, ...] | None:
    """The reviewers, as GraphQL tells them; `None` where it does not tell of reviewers, or not of approvals."""
    pull = seen.pull
    if pull is None or pull.reviewers is None or pull.approved_by is None:
        return None
    asked, approvers = reading.all_reviewers(api, number, pull), reading.all_approvers(api, number, pull)
    return wire.graph_reviewers(asked, approvers, wire.rules(pull.approval_state))


def by_rest(api: RepositoryApi, number: int) -> tuple[Reviewer, ...]:
    """The same by REST, all at once."""
    thunks: list[Callable[[], Any]] = [
        lambda: rows(api, number),
        lambda: approvals(api, number),
        lambda: _allowed(
            lambda: api.api.get(api.pull(number, "approval_state"), payloads.ApprovalState, about(number))
        ),
    ]
    asked, approved, state = api.api.gather(*thunks)
    return wire.reviewers(asked, approved, wire.rules(state))


def approvals(api: RepositoryApi, number: int) -> payloads.Approvals | None:
    """Who has approved, and when; `None` where that may not be read."""
    return _allowed(lambda: api.api.get(api.pull(number, "approvals"), payloads.Approvals, about(number)))


def rows(api: RepositoryApi, number: int) -> list[payloads.ReviewerRow]:
    """Who was asked, each with their state where the version tells it."""
    if api.api.at_least(STATES_SINCE):
        return api.api.pages(api.pull(number, "reviewers"), payloads.ReviewerRow, about(number))
    found = api.api.get(api.pull(number), payloads.AskedPeople, about(number)).reviewers
    return [payloads.ReviewerRow(user=user) for user in found or ()]


def _allowed(read: Callable[[], T]) -> T | None:
    """What may be read; `None` where it may not, or the edition does not have it."""
    try:
        return read()
    except (errors.Forbidden, errors.NotThere, errors.ScopeMissing):
        return None
