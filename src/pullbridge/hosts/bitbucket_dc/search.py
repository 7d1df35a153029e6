"""Lists of pull requests: with all filters in one repository, and what waits for me on the whole instance.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (list),
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-dashboard/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pullbridge.capabilities import Can
from pullbridge.errors import Forbidden, NotThere, Rejected, SignInNeeded
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.hosts.bitbucket_dc.abilities import lacking
from pullbridge.hosts.bitbucket_dc.addresses import place
from pullbridge.hosts.bitbucket_dc.api import Api, RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ
from pullbridge.hosts.bitbucket_dc.refusing import unsupported
from pullbridge.model.checks import CheckState
from pullbridge.model.listing import Page
from pullbridge.model.orders import PullQuery
from pullbridge.model.pulls import Order, Pull, PullState, Role
from pullbridge.model.refs import RepoRef
from pullbridge.transport.call import Repeat

_STATES = {PullState.OPEN: "OPEN", PullState.CLOSED: "DECLINED", PullState.MERGED: "MERGED"}
#: The instance sorts by when they last changed. (That its NEWEST means that, and not when they began, is what its pages
#: show and no page says: https://docs.atlassian.com/bitbucket-server/javadoc/9.2.0/api/ PullRequestOrder.)
_CHANGED = {Order.UPDATED: "NEWEST", Order.OLDEST_UPDATED: "OLDEST"}
#: https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html (page.max.pullrequests)
PER_PAGE = 100
_START = datetime.min.replace(tzinfo=UTC)
_ASKED = Asked(what="such repository", needs=READ)
_BUILDS = place("commits", "stats", service="build-status")


def in_repository(api: RepositoryApi, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
    """A stretch of one repository's. What the instance cannot filter by is filtered here.

    It cannot sort by when they were opened: for that all that pass the filters are read. Raises `Rejected` for filters
    by what it does not have.
    """
    absent = (Can.ASSIGNEES if query.assignee else None, Can.LABELS if query.labels else None)
    problems = [lacking(can).reason for can in absent if can is not None]
    if problems:
        text = f"It cannot be listed so: {'; '.join(problems)}."
        raise Rejected(text, problems=problems, next_step="Leave that filter out.", host=api.api.host)
    if query.order in _CHANGED:
        rows, after = _stretch(api, query, cursor, limit)
    else:
        rows, after = _by_opening(api, query), None
    return Page(items=_checked(api, rows) if query.with_checks else _pulls(api, rows), cursor=after)


def _stretch(
    api: RepositoryApi, query: PullQuery, cursor: str | None, limit: int | None
) -> tuple[list[payloads.PullRequest], str | None]:
    params = {**words(query), "limit": PER_PAGE if limit is None or is_narrowed(query) else min(PER_PAGE, limit or 1)}
    page = api.api.page(api.path("pull-requests"), payloads.PullRequest, _ASKED, params=params, cursor=cursor)
    rows = [row for row in page.items if fits(row, query) and _is_here(row, api)]
    return rows, None if _is_over(page.items, query) else page.cursor


def _by_opening(api: RepositoryApi, query: PullQuery) -> list[payloads.PullRequest]:
    params = {**words(query), "limit": PER_PAGE}
    found = api.api.pages(api.path("pull-requests"), payloads.PullRequest, _ASKED, params=params)
    rows = [row for row in found if fits(row, query) and _is_here(row, api)]
    newest = query.order is Order.CREATED
    return sorted(rows, key=lambda row: (wire.moment(row.created_date) or _START, row.id), reverse=newest)


def _pulls(api: RepositoryApi, rows: Iterable[payloads.PullRequest]) -> tuple[Pull, ...]:
    return tuple(wire.pull(api.saw(row), api.ref) for row in rows)


def _checked(api: RepositoryApi, rows: Sequence[payloads.PullRequest]) -> tuple[Pull, ...]:
    """With what builds say of them, in one request for all."""
    heads = [row.from_ref.latest_commit for row in rows if row.from_ref.latest_commit is not None]
    try:
        told = _builds(api.api, heads) if heads else {}
    except (NotThere, Forbidden):
        return _pulls(api, rows)
    return tuple(replace(pull, checks=told.get(pull.source.commit or "")) for pull in _pulls(api, rows))


def _builds(api: Api, commits: Sequence[str]) -> dict[str, CheckState | None]:
    shape = dict[str, payloads.BuildStats]
    found = api.send("POST", _BUILDS, list(commits), shape, Asked(what="such builds"), repeat=Repeat.SAFE)
    return {commit: wire.tally(stats) for commit, stats in found.items()}


# Words ---------------------------------------------------------------------------------------------------------------


def words(query: PullQuery) -> dict[str, Any]:
    """The query in Data Center's words. It finds by one branch: the source's, where it is one of this repository."""
    own = bool(query.source) and ":" not in (query.source or "")
    at = query.source if own else query.target
    params = {
        "state": _STATES[next(iter(query.states))] if len(query.states) == 1 else "ALL",
        "order": _CHANGED.get(query.order, "NEWEST"),
        "at": wire.full_name(at) if at else None,
        "direction": "OUTGOING" if own else "INCOMING",
        "filterText": query.text,
        "draft": None if query.draft is None else str(query.draft).lower(),
        **dict(_people(query)),
    }
    return {name: value for name, value in params.items() if value is not None}


def _people(query: PullQuery) -> Iterator[tuple[str, str]]:
    """Participant filters, numbered without a gap; there may be ten."""
    wanted = [("AUTHOR", query.author), ("REVIEWER", query.reviewer)]
    for number, (role, handle) in enumerate(((role, handle) for role, handle in wanted if handle), start=1):
        yield f"username.{number}", str(handle).removeprefix("@")
        yield f"role.{number}", role


def is_narrowed(query: PullQuery) -> bool:
    """Whether more is filtered here than there, so that a page of rows may hold few that pass."""
    several = 1 < len(query.states) < len(_STATES)
    both = bool(query.source) and (query.target is not None or ":" in (query.source or ""))
    return several or both or query.updated_since is not None or query.updated_before is not None


def fits(row: payloads.PullRequest, query: PullQuery) -> bool:
    """Whether a row is what was asked for: an instance passes over a filter that its version does not have."""
    moment = wire.moment(row.updated_date)
    return all(
        (
            wire.state(row.state) in query.states,
            query.draft is None or bool(row.draft) == query.draft,
            not query.author or _is(query.author, row.author),
            not query.reviewer or any(_is(query.reviewer, each) for each in row.reviewers or ()),
            not query.source or _from(query.source, row),
            query.target is None or wire.branch_name(row.to_ref.id) == query.target,
            not query.text or _says(query.text, row),
            query.updated_since is None or moment is None or moment >= query.updated_since,
            query.updated_before is None or moment is None or moment < query.updated_before,
        )
    )


def _is(handle: str, participant: payloads.Participant | None) -> bool:
    user, wanted = participant.user if participant else None, handle.removeprefix("@").casefold()
    return user is not None and wanted in {user.name.casefold(), (user.slug or "").casefold()}


def _from(source: str, row: payloads.PullRequest) -> bool:
    """A branch of this repository, or `owner:branch` of a fork, whose owner is a project's key or `~user`."""
    owner, _, branch = source.rpartition(":")
    if wire.branch_name(row.from_ref.id) != branch:
        return False
    if not owner:
        return not wire.from_fork(row)
    home = row.from_ref.repository
    if home is None:
        return False
    key = home.project.key.casefold()
    return owner.casefold() in {key, key.removeprefix("~"), f"{key}/{home.slug.casefold()}"}


def _says(text: str, row: payloads.PullRequest) -> bool:
    wanted = text.casefold()
    return wanted in row.title.casefold() or wanted in (row.description or "").casefold()


def _is_here(row: payloads.PullRequest, api: RepositoryApi) -> bool:
    """Whether it is a pull request of this repository: those from it lead to others, too."""
    home = row.to_ref.repository
    return home is None or (home.project.key.casefold(), home.slug.casefold()) == (
        api.key.casefold(),
        api.slug.casefold(),
    )


def _is_over(rows: Sequence[payloads.PullRequest], query: PullQuery) -> bool:
    """Whether all that follow are out of the span of time, for they come sorted by it."""
    last = wire.moment(rows[-1].updated_date) if rows else None
    if last is None:
        return False
    if query.order is Order.UPDATED:
        return query.updated_since is not None and last < query.updated_since
    return query.updated_before is not None and last >= query.updated_before


# Mine ----------------------------------------------------------------------------------------------------------------


def inbox(api: Api, ref: RepoRef, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]:
    """A stretch of what is open on the whole instance: by me, or for me to review and not reviewed yet.

    `ref` stands for the instance. Raises `SignInNeeded` for nobody.
    """
    if role is Role.ASSIGNEE:
        raise unsupported(Can.INBOX_ASSIGNEE, api.host)
    if api.signing.anonymous:
        raise SignInNeeded("Nobody in particular has an inbox.", host=api.host)
    params = {"role": role.name, "state": "OPEN", "order": "NEWEST", "limit": min(PER_PAGE, limit or PER_PAGE)}
    if role is Role.REVIEWER:
        params["participantStatus"] = "UNAPPROVED"
    path, asked = place("dashboard", "pull-requests"), Asked(what="such list", needs=READ)
    page = api.page(path, payloads.PullRequest, asked, params=params, cursor=cursor)
    return Page(items=tuple(wire.pull(row, ref) for row in page.items), cursor=page.cursor)
