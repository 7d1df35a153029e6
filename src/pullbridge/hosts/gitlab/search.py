"""Lists of merge requests: with all filters in one project, and on the whole host.

https://docs.gitlab.com/api/merge_requests/#list-merge-requests. `scope` is always sent, because GitLab's own default is
what I have made. `with_labels_details` gives the labels their colours, and its rows do not come out of the cache of up to
eight hours that the others come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pullbridge.errors import Rejected
from pullbridge.hosts import numbered
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import paging, payloads, sources, wire
from pullbridge.hosts.gitlab.api import Api, RepositoryApi
from pullbridge.hosts.gitlab.errors import READ
from pullbridge.model.listing import Page
from pullbridge.model.orders import PullQuery
from pullbridge.model.pulls import Order, Pull, PullState, Role
from pullbridge.model.refs import RepoRef

_ORDERS = {
    Order.UPDATED: ("updated_at", "desc"),
    Order.CREATED: ("created_at", "desc"),
    Order.OLDEST_UPDATED: ("updated_at", "asc"),
    Order.OLDEST_CREATED: ("created_at", "asc"),
}
_STATES = {PullState.OPEN: "opened", PullState.CLOSED: "closed", PullState.MERGED: "merged"}
_ROLES: dict[Role, Callable[[str], PullQuery]] = {
    Role.AUTHOR: lambda me: PullQuery(author=me),
    Role.REVIEWER: lambda me: PullQuery(reviewer=me),
    Role.ASSIGNEE: lambda me: PullQuery(assignee=me),
}
#: Names that these filters take for "nobody" and "anybody"; somebody of such a name is looked for here.
_SPECIAL = frozenset({"none", "any"})
_ALWAYS = {"scope": "all", "with_labels_details": "true"}
#: "Offset-based pagination is limited to 50,000 records": https://docs.gitlab.com/api/rest/#offset-based-pagination
_LAST_PAGE = 50_000 // paging.PER_PAGE


def in_project(api: RepositoryApi, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
    """A stretch of one project's. What GitLab cannot filter by, or an older one does not, is filtered here."""
    asked = Asked(what="such repository", needs=READ)
    rows, after, stopped = _stretch(api.api, api.path("merge_requests"), words(query), asked, cursor, limit)
    rows = [row for row in rows if fits(row, query)]
    checks: dict[int, str | None] = {}
    if rows and (query.with_checks or len(sources.unknown(api.api, rows)) > 1):
        checks = sources.learn_in(api, rows)
    found: Iterable[Pull] = sources.pulls(api.api, rows, api.ref)
    if query.with_checks:
        found = (replace(pull, checks=wire.pipeline_state(checks.get(pull.number))) for pull in found)
    return Page(items=tuple(pull for pull in found if _from(pull, query.source)), cursor=after, stopped=stopped)


def inbox(api: Api, ref: RepoRef, role: Role, me: str, cursor: str | None, limit: int | None) -> Page[Pull]:
    """A stretch of what is open on the whole host and has me in a role; `ref` stands for the host."""
    return _anywhere(api, ref, _ROLES[role](me), {"non_archived": "true"}, cursor, limit)


def pulls(api: Api, ref: RepoRef, text: str, cursor: str | None, limit: int | None) -> Page[Pull]:
    """A stretch of what has these words in its title or description, on the whole host and in any state.

    The list is searched and not `/search`: both find by the same words and have the same limit, but only the list's rows
    are whole and come in an order of one's choice. https://docs.gitlab.com/api/search/
    """
    return _anywhere(api, ref, PullQuery(states=frozenset(PullState), text=text), {}, cursor, limit)


def _anywhere(
    api: Api, ref: RepoRef, query: PullQuery, more: Mapping[str, str], cursor: str | None, limit: int | None
) -> Page[Pull]:
    asked = Asked(what="such list", needs=READ)
    rows, after, stopped = _stretch(api, "/merge_requests", {**words(query), **more}, asked, cursor, limit)
    found = sources.pulls(api, [row for row in rows if fits(row, query)], ref)
    return Page(items=found, cursor=after, stopped=stopped)


def _stretch(
    api: Api, path: str, params: Mapping[str, Any], asked: Asked, cursor: str | None, limit: int | None
) -> tuple[list[payloads.MergeRequest], str | None, str | None]:
    """The rows of the pages that are due, which go out together; the cursor behind them; and why there is none.

    Above 10,000 rows GitLab tells no totals, and then only the next page: https://docs.gitlab.com/api/rest/#pagination-response-headers
    """
    begin, last = numbered.parted(cursor)
    due = numbered.span(begin, last, limit, paging.PER_PAGE)
    due = range(begin, min(due.stop, max(_LAST_PAGE, begin) + 1))
    try:
        pages = api.gather(*(lambda n=n: _page(api, path, params, asked, n) for n in due))
    except Rejected:
        if begin <= _LAST_PAGE:
            raise
        return [], None, "GitLab's lists end after 50,000 rows: narrow this one, for example by `updated_before`"
    rows, (final, headers) = [row for page, _ in pages for row in page], pages[-1]
    told = paging.last(headers)
    after = numbered.cursor(due[-1], told) if told and final else paging.following(headers, len(final), str(due[-1]))
    return rows, after, None


def _page(
    api: Api, path: str, params: Mapping[str, Any], asked: Asked, number: int
) -> tuple[list[payloads.MergeRequest], Mapping[str, str]]:
    reply = api.reply("GET", path, asked, params=paging.query(params, str(number)))
    return api.decoded(reply, list[payloads.MergeRequest], asked), reply.headers


# Words ---------------------------------------------------------------------------------------------------------------


def words(query: PullQuery) -> dict[str, Any]:
    """The query in GitLab's words. Raises `Rejected` for a label with a comma, which no label has."""
    commas = [label for label in query.labels if "," in label]
    if commas:
        raise Rejected("A label of GitLab's has no comma in its name.", problems=tuple(commas))
    labels = [label for label in query.labels if label.lower() not in _SPECIAL]
    params = {
        **_ALWAYS,
        **_sorted(query.order),
        "state": _STATES[next(iter(query.states))] if len(query.states) == 1 else "all",
        "author_username": query.author,
        "reviewer_username": None if (query.reviewer or "").lower() in _SPECIAL else query.reviewer,
        "assignee_username": None if (query.assignee or "").lower() in _SPECIAL else query.assignee,
        "source_branch": query.source.rpartition(":")[2] if query.source else None,
        "target_branch": query.target,
        "labels": ",".join(labels) or None,
        "updated_after": _time(query.updated_since),
        "updated_before": _time(query.updated_before),
        "search": query.text,
        "in": "title,description" if query.text else None,
        # `draft` took its place in 19.0, which takes either.
        "wip": None if query.draft is None else "yes" if query.draft else "no",
    }
    return {name: value for name, value in params.items() if value is not None}


def fits(row: payloads.MergeRequest, query: PullQuery) -> bool:
    """Whether a row is what was asked for.

    GitLab filters by one state only, includes the end of a span, and passes over a filter that its version does not have.
    """
    source = query.source.rpartition(":")[2] if query.source else None
    return (
        wire.state(row.state) in query.states
        and (query.draft is None or row.is_draft is None or row.is_draft == query.draft)
        and (not query.author or _is(query.author, row.author))
        and (not query.reviewer or row.reviewers is None or any(_is(query.reviewer, each) for each in row.reviewers))
        and (not query.assignee or any(_is(query.assignee, each) for each in (row.assignee, *(row.assignees or ()))))
        and (source is None or row.source_branch == source)
        and (source is None or source != query.source or not wire.from_fork(row))
        and (query.target is None or row.target_branch == query.target)
        and (not query.labels or _folded(query.labels) <= _folded(_labels(row)))
        and _is_within(wire.moment(row.updated_at), query.updated_since, query.updated_before)
    )


def _folded(labels: Iterable[str]) -> set[str]:
    return {label.casefold() for label in labels}


def _is_within(moment: datetime | None, since: datetime | None, before: datetime | None) -> bool:
    return moment is None or ((since is None or moment >= since) and (before is None or moment < before))


def _is(handle: str, user: payloads.User | None) -> bool:
    return user is not None and user.username.lower() == handle.removeprefix("@").lower()


def _labels(row: payloads.MergeRequest) -> Iterable[str]:
    return (label if isinstance(label, str) else label.name for label in row.labels or ())


def _from(pull: Pull, source: str | None) -> bool:
    """Whether it is from the owner before a source's colon; without one `fits` has seen to it."""
    owner, home = (source or "").rpartition(":")[0].lower(), pull.source.repository
    return not owner or (home is not None and owner in {home.owner.lower(), home.path.lower()})


def _sorted(order: Order) -> dict[str, str]:
    by, direction = _ORDERS[order]
    return {"order_by": by, "sort": direction}


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment is not None else None
