"""Lists of pull requests: with all filters in one repository, and what waits for me in all of them.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-get
Rows come with their reviewers and participants, because `fields` asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pullbridge.errors import Forbidden, Rejected, ScopeMissing
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import accounts, bbql, payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.checks import CloudChecks
from pullbridge.hosts.bitbucket_cloud.errors import READ
from pullbridge.hosts.bitbucket_cloud.paging import PULLS
from pullbridge.model.checks import roll_up
from pullbridge.model.listing import Page
from pullbridge.model.orders import PullQuery
from pullbridge.model.pulls import Order, Pull, PullState

_ORDERS = {
    Order.UPDATED: "-updated_on",
    Order.CREATED: "-created_on",
    Order.OLDEST_UPDATED: "updated_on",
    Order.OLDEST_CREATED: "created_on",
}
_STATES = {
    PullState.OPEN: ("OPEN",),
    PullState.MERGED: ("MERGED",),
    PullState.CLOSED: ("DECLINED", "SUPERSEDED"),
}
#: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#fields-parameter-syntax
ROWS = "+values.reviewers,+values.participants,-values.rendered"


def in_repository(api: RepositoryApi, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
    """A stretch of one repository's. Nobody has an assignee or a label here, and so nothing passes such a filter."""
    if query.assignee or query.labels:
        what = "assignees" if query.assignee else "labels"
        problem = f"Bitbucket Cloud has no {what}"
        raise Rejected(f"It cannot be listed so: {problem}.", problems=(problem,), next_step="Leave that filter out.")
    asked = Asked(what="such repository", needs=READ)
    params = words(api, query, limit) if cursor is None else None
    page = api.api.page(api.path("pullrequests"), payloads.PullRequest, asked, params=params, cursor=cursor)
    rows = [row for row in page.items if fits(row, query)]
    found: Iterable[Pull] = [wire.pull(row, api.ref) for row in rows]
    found = [pull for pull in found if _from(pull, query.source)]
    return Page(items=_checked(api, found) if query.with_checks else tuple(found), cursor=page.cursor)


def _checked(api: RepositoryApi, pulls: Iterable[Pull]) -> tuple[Pull, ...]:
    """With what machines say of them: a request for each."""
    pulls, checks = tuple(pulls), CloudChecks(api)
    found = api.api.gather(*(lambda pull=pull: checks.list(pull.number) for pull in pulls))
    return tuple(replace(pull, checks=roll_up(each).state) for pull, each in zip(pulls, found, strict=True))


# Words ---------------------------------------------------------------------------------------------------------------


def words(api: RepositoryApi, query: PullQuery, limit: int | None) -> dict[str, Any]:
    """The query in Bitbucket's words; `state` is repeated for each of them."""
    author, reviewer = (_uuid(api, each) for each in (query.author, query.reviewer))
    draft = None if query.draft is None else str(query.draft).lower()
    since, before = query.updated_since, query.updated_before
    parts = [
        f"author.uuid={bbql.text(author)}" if author else None,
        f"reviewers.uuid={bbql.text(reviewer)}" if reviewer else None,
        *_source(api, query.source),
        f"destination.branch.name={bbql.text(query.target)}" if query.target else None,
        f"updated_on>={bbql.moment(since)}" if since else None,
        f"updated_on<{bbql.moment(before)}" if before else None,
        f"(title~{bbql.text(query.text)} OR description~{bbql.text(query.text)})" if query.text else None,
        f"draft={draft}" if draft else None,
    ]
    return {
        "state": [word for state in PullState if state in query.states for word in _STATES[state]],
        "q": bbql.both(parts),
        "sort": _ORDERS[query.order],
        "pagelen": PULLS if limit is None else min(PULLS, max(limit, 10)),
        "fields": ROWS,
    }


def _source(api: RepositoryApi, source: str | None) -> Iterable[str]:
    """A branch of this repository, or `owner:branch` of a fork, whose owner is told apart by `_from`."""
    if not source:
        return
    owner, _, branch = source.rpartition(":")
    yield f"source.branch.name={bbql.text(branch)}"
    if not owner:
        yield f"source.repository.full_name={bbql.text(api.ref.path)}"


def _uuid(api: RepositoryApi, handle: str | None) -> str | None:
    """Whose number to ask for. `None` where only the rows can tell: of somebody who is no member, or none is shown.

    Raises `Rejected` when several people are called so.
    """
    if handle is None:
        return None
    try:
        return accounts.uuids(api, (handle,))[0]
    except Rejected as error:
        if any("ambiguous" in each for each in error.problems):
            raise
        return None
    except (ScopeMissing, Forbidden):
        return None


def fits(row: payloads.PullRequest, query: PullQuery) -> bool:
    """Whether a row is what was asked for, as far as Bitbucket may not have been asked for all of it."""
    moment = wire.moment(row.updated_on)
    branch = row.source.branch.name if row.source and row.source.branch else None
    target = row.destination.branch.name if row.destination and row.destination.branch else None
    return all(
        (
            wire.state(row.state) in query.states,
            query.draft is None or row.draft is None or row.draft == query.draft,
            not query.author or wire.is_called(row.author, query.author),
            not query.reviewer
            or row.reviewers is None
            or any(wire.is_called(each, query.reviewer) for each in row.reviewers),
            not query.source or branch == query.source.rpartition(":")[2],
            query.target is None or target == query.target,
            query.updated_since is None or moment is None or moment >= query.updated_since,
            query.updated_before is None or moment is None or moment < query.updated_before,
        )
    )


def _from(pull: Pull, source: str | None) -> bool:
    """Whether it is from the owner before a source's colon; without one it is from this repository."""
    if not source:
        return True
    owner, home = source.rpartition(":")[0].casefold(), pull.source.repository
    if not owner:
        return home is not None and home.path.casefold() == pull.ref.repository.path.casefold()
    return home is not None and owner in {home.owner.casefold(), home.path.casefold()}
