"""Search, for what the list cannot filter, and for inboxes.

https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pullbridge.errors import Rejected
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import payloads, queries, wire
from pullbridge.hosts.github.api import Api, RepositoryApi
from pullbridge.hosts.github.errors import left_out
from pullbridge.model.listing import Page
from pullbridge.model.orders import PullQuery
from pullbridge.model.pulls import Order, Pull, PullState, Role
from pullbridge.model.refs import RepoRef

#: "The GitHub Search API provides up to 1,000 results for each search": https://docs.github.com/en/rest/search/search
MOST = 1000
_UNSAYABLE = re.compile(r'["\\\x00-\x1f\x7f]')
_ORDERS = {
    Order.UPDATED: "sort:updated-desc",
    Order.CREATED: "sort:created-desc",
    Order.OLDEST_UPDATED: "sort:updated-asc",
    Order.OLDEST_CREATED: "sort:created-asc",
}
_STATES = {
    frozenset({PullState.OPEN}): "is:open",
    frozenset({PullState.MERGED}): "is:merged",
    frozenset({PullState.CLOSED}): "is:closed is:unmerged",
    frozenset({PullState.CLOSED, PullState.MERGED}): "is:closed",
    frozenset(PullState): "",
}
_ROLES = {Role.AUTHOR: "author:@me", Role.REVIEWER: "user-review-requested:@me", Role.ASSIGNEE: "assignee:@me"}


def needed(query: PullQuery) -> bool:
    """Whether the list's own filters (one state, source, target) do not suffice."""
    rest_states = ({PullState.OPEN}, {PullState.CLOSED, PullState.MERGED}, set(PullState))
    return set(query.states) not in rest_states or any(
        (
            query.author,
            query.reviewer,
            query.assignee,
            query.labels,
            query.updated_since,
            query.updated_before,
            query.text,
            query.draft is not None,
            query.with_checks,
        )
    )


def words(query: PullQuery, path: str) -> str:
    """The query in GitHub's words. Raises `Rejected` for what no search can name."""
    if query.states not in _STATES:
        raise Rejected(
            "GitHub cannot search for open together with only one of closed and merged.",
            problems=("open with one of closed and merged",),
            next_step="List open ones and the others apart, or all of them.",
        )
    if query.source is not None and ":" in query.source:
        raise Rejected(
            "GitHub's search knows branches without their owner.",
            problems=("source has an owner beside another filter",),
            next_step="Leave the owner out, or every filter but `source`, `target` and `states`.",
        )
    parts = [f"repo:{path}", "is:pr", _STATES[query.states]]
    parts += [f"{name}:{_name(value)}" for name, value in _named(query) if value]
    parts += [f"label:{_name(label)}" for label in query.labels]
    parts += [] if query.draft is None else [f"draft:{'true' if query.draft else 'false'}"]
    parts += _span(query.updated_since, query.updated_before)
    parts += [] if not query.text else [f"{_word(query.text)} in:title,body"]
    return " ".join(part for part in [*parts, _ORDERS[query.order]] if part)


def inbox(role: Role) -> str:
    """The words that find what waits for me in a role."""
    return f"is:pr is:open archived:false {_ROLES[role]} {_ORDERS[Order.UPDATED]}"


def pulls(api: Api, text: str, ref: RepoRef, cursor: str | None, limit: int | None) -> Page[Pull]:
    """A stretch of what is found on the whole host. Cursors are serial, so pages come one after the other."""
    asked = Asked(what="such search")
    answer = api.partial(queries.SEARCH, _variables(text, cursor, limit), payloads.GraphSearchAnswer, asked)
    if answer.problems or answer.data is None:
        raise api.graph_failure(answer.problems, asked, answer.reply)
    found = _page(answer.data, ref)
    return replace(found, stopped=found.stopped or left_out(answer.reply.headers))


def in_repository(api: RepositoryApi, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
    """A stretch of what is found in one repository. Search knows no former names, and finds nothing under them."""
    document = queries.SEARCH_IN_WITH_CHECKS if query.with_checks else queries.SEARCH_IN
    path = api.path_now
    answer = _found(api, document, query, cursor, limit)
    if api.path_now.lower() != path.lower():
        answer = _found(api, document, query, cursor, limit)
    return _page(answer, api.ref)


def _found(
    api: RepositoryApi, document: str, query: PullQuery, cursor: str | None, limit: int | None
) -> payloads.GraphSearchAnswer:
    asked = Asked(what="such repository", needs=("pull_requests:read",))
    variables = _variables(words(query, api.path_now), cursor, limit) | {"owner": api.owner, "name": api.name}
    answer = api.api.graphql(document, variables, payloads.GraphSearchAnswer, asked)
    if answer.repository is not None:
        api.path_now = answer.repository.name_with_owner
    return answer


def _variables(text: str, cursor: str | None, limit: int | None) -> dict[str, Any]:
    return {"q": text, "first": min(limit, 100) if limit else 100, "after": cursor}


def _page(answer: payloads.GraphSearchAnswer, ref: RepoRef) -> Page[Pull]:
    hits = answer.search or payloads.GraphSearchHits()
    found = tuple(wire.graph_pull(node, ref) for node in hits.nodes or () if node is not None)
    after = hits.page_info.end_cursor if hits.page_info.has_next_page else None
    capped = after is None and (hits.issue_count or 0) > MOST
    return Page(items=found, cursor=after, stopped=f"GitHub's search ends after {MOST:,} results" if capped else None)


def last_page(link: str) -> int | None:
    """The number of the last page in a `Link` header. https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api"""
    for part in link.split(","):
        if 'rel="last"' in part:
            number = re.search(r"[?&]page=([0-9]{1,9})(?![0-9])", part)
            return int(number[1]) if number else None
    return None


def next_page(page: int, rows: Sequence[object], link: str) -> str | None:
    """The number behind this page, as a cursor. Behind an empty page there is nothing, whatever the link says."""
    last = last_page(link)
    return str(page + 1) if rows and last is not None and last > page else None


def _named(query: PullQuery) -> tuple[tuple[str, str | None], ...]:
    return (
        ("author", query.author),
        ("review-requested", query.reviewer),
        ("assignee", query.assignee),
        ("head", query.source),
        ("base", query.target),
    )


def _span(since: datetime | None, before: datetime | None) -> list[str]:
    """Both together as a range, which has both its ends in it: two qualifiers of one name may be alternatives.

    https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax
    """
    if since and before:
        return [f"updated:{_time(since)}..{_time(before - timedelta(seconds=1))}"]
    return [f"updated:>={_time(since)}"] if since else [f"updated:<{_time(before)}"] if before else []


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _name(value: str) -> str:
    """The name of somebody or something, which would be another one without the signs that a search cannot have."""
    if _UNSAYABLE.search(value):
        raise _unsayable(value, "it has a quotation mark, a backslash or a control character")
    return _word(value)


def _word(value: str) -> str:
    """A value that cannot end its qualifier and begin another, nor be taken for an operator."""
    clean = " ".join(_UNSAYABLE.sub(" ", value).split())
    if not clean:
        raise _unsayable(value, "it has no letter and no digit")
    plain = re.fullmatch(r"[\w@][\w@./\[\]-]*", clean) and clean.upper() not in {"AND", "OR", "NOT"}
    return clean if plain else f'"{clean}"'


def _unsayable(value: str, why: str) -> Rejected:
    step = "Leave this filter out, and choose among what is listed."
    return Rejected(f"GitHub cannot search for {value!r}: {why}.", problems=(why,), next_step=step)
