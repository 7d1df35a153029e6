"""Lists read to their end: what an answer had no room for is asked for, page after page.

https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.connections import onward
from pullbridge.hosts.github import payloads, queries, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about

P = TypeVar("P")
R = TypeVar("R")
Full = payloads.GraphPullAnswer[payloads.GraphFullPull]
Partial = payloads.GraphPullAnswer[payloads.GraphConversations]


def only(answer: payloads.GraphPullAnswer[P], number: int) -> P:
    """The one pull request that was asked for."""
    if answer.repository is None or answer.repository.pull_request is None:
        what = f"pull request #{number}"
        raise errors.NotThere(f"GitHub has no {what}, or hides it from this account.", what=what)
    return answer.repository.pull_request


def asked_teams(api: RepositoryApi, number: int, pull: payloads.GraphPull) -> list[payloads.RestTeam]:
    """The teams that were asked for a review, which only REST names; nobody is asked when there are none."""
    if not wire.has_teams(pull):
        return []
    asked = about(number)
    return api.api.get(api.path("pulls", number), payloads.RestPull, asked).requested_teams or []


def all_rows(
    api: RepositoryApi, document: str, number: int, field: str, first: payloads.Connection[R] | None
) -> list[R]:
    """Every row of a connection: those at hand, then page after page."""

    def page(after: str) -> payloads.Connection[R] | None:
        answer = api.api.graphql(document, api.variables(number, after=after), Partial, about(number))
        found: payloads.Connection[R] | None = getattr(only(answer, number), field)
        return found

    return wire.rows(first) + _onward(api, first, page)


def all_reviews(api: RepositoryApi, number: int) -> list[payloads.GraphReview]:
    """Every review, oldest first; of those that are pending, mine alone."""
    variables = api.variables(number, after=None)
    first = only(api.api.graphql(queries.REVIEWS, variables, Partial, about(number)), number).reviews
    return all_rows(api, queries.REVIEWS, number, "reviews", first)


def all_contexts(api: RepositoryApi, number: int, rollup: payloads.GraphRollup | None) -> list[payloads.GraphContext]:
    """Every check run and status of the head."""

    def page(after: str) -> payloads.Connection[payloads.GraphContext] | None:
        variables = api.variables(number, after=after)
        pull = only(api.api.graphql(queries.CONTEXTS, variables, Partial, about(number)), number)
        return pull.status_check_rollup.contexts if pull.status_check_rollup else None

    first = rollup.contexts if rollup else None
    return wire.rows(first) + _onward(api, first, page)


def whole_threads(api: RepositoryApi, threads: list[payloads.GraphThread]) -> list[payloads.GraphThread]:
    """Threads with all their comments: an answer carries the first thirty of each."""
    return [whole_thread(api, each) if each.comments.rest else each for each in threads]


def whole_thread(api: RepositoryApi, thread: payloads.GraphThread) -> payloads.GraphThread:
    """A thread with the comments that its first answer had no room for."""
    shape = payloads.GraphNodeAnswer[payloads.GraphThread]

    def page(after: str) -> payloads.Connection[payloads.GraphComment] | None:
        variables = {"id": thread.id, "after": after}
        node = api.api.graphql(queries.THREAD_COMMENTS, variables, shape, Asked(what="such thread")).node
        return node.comments if node else None

    rows = thread.comments.items + _onward(api, thread.comments, page)
    return msgspec.structs.replace(thread, comments=payloads.Connection(nodes=list(rows)))


def _onward(
    api: RepositoryApi,
    first: payloads.Connection[R] | None,
    page: Callable[[str], payloads.Connection[R] | None],
) -> list[R]:
    """The rows behind the first page."""
    return onward(first, page, who="GitHub", host=api.api.host)
