"""The commits of a pull request, all of them.

REST lists 250 (https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request); of GraphQL people report both
that it lists no more (https://github.com/pytorch/pytorch/pull/79090) and that it lists all
(https://github.com/dcoapp/app/pull/310). It tells how many there are, so that nothing is missed unseen.
"""

from __future__ import annotations

from pullbridge.errors import Unsupported
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.model.diff import Commit

PAGE = 100


def commits(api: RepositoryApi, number: int) -> tuple[Commit, ...]:
    """List them, oldest first; those that the pull request's own list leaves out are found by comparing its ends."""
    answer = api.api.graphql(queries.COMMITS, api.variables(number, after=None), reading.Partial, about(number))
    first = reading.only(answer, number).commits
    rows = reading.all_rows(api, queries.COMMITS, number, "commits", first)
    total = first.total_count if first is not None and first.total_count is not None else len(rows)
    if len(rows) >= total:
        return tuple(wire.graph_commit(row.commit) for row in rows)
    found = _compared(api, number, total)
    if len(found) < total:
        reason = f"GitHub lists {max(len(rows), len(found))} of {total} commits"
        raise Unsupported(f"{reason}.", reason=reason, host=api.api.host, next_step="Read them from a clone.")
    return found


def _compared(api: RepositoryApi, number: int, total: int) -> tuple[Commit, ...]:
    """The commits between both ends. https://docs.github.com/en/rest/commits/commits#compare-two-commits"""
    pull = api.api.get(api.path("pulls", number), payloads.RestPull, about(number))
    path = api.path("compare", f"{pull.base.sha}...{pull.head.sha}")
    asked = Asked(what=f"comparison of {pull.base.sha} and {pull.head.sha}", needs=("contents:read",))

    def page(count: int) -> list[payloads.RestCommit]:
        params = {"per_page": PAGE, "page": count}
        return api.api.get(path, payloads.RestComparison, asked, params=params).commits

    pages = api.api.gather(*(lambda n=n: page(n) for n in range(1, -(-total // PAGE) + 1)))
    return tuple(wire.commit(row) for rows in pages for row in rows)
