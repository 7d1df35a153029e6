"""Running a document: parse, validate, look at scopes and budget, execute, and put errors into GitHub's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import get_operation_ast

from pullbridge.testing.github.graphql import mutations, pulls  # noqa: F401 - the views and mutations register themselves
from pullbridge.testing.github.graphql.context import Allowance, Asking
from pullbridge.testing.github.graphql.cost import NODE_LIMIT, Cost, cost_of
from pullbridge.testing.github.graphql.errors import Refusal, described
from pullbridge.testing.github.graphql.query import Query
from pullbridge.testing.github.graphql.schema import bound_schema
from pullbridge.testing.github.graphql.scopes import scope_errors
from pullbridge.testing.github.knobs import Knobs
from pullbridge.testing.graphql.running import read, run, started

if TYPE_CHECKING:
    from pullbridge.testing.store import Store
    from pullbridge.testing.store.records import Token

Payload = dict[str, Any]


class Reply(NamedTuple):
    """The HTTP status, the JSON payload, and the points that it cost."""

    status: int
    payload: Payload
    points: int = 0


_GUIDE = "https://docs.github.com/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql"
_ANONYMOUS = {
    "message": "This endpoint requires you to be authenticated.",
    "documentation_url": _GUIDE,
    "status": "401",
}


def execute(
    store: Store,
    token: Token | None,
    document: str,
    variables: dict[str, Any] | None = None,
    operation_name: str | None = None,
    *,
    web: str,
    knobs: Knobs | None = None,
    allowance: Allowance | None = None,
) -> Reply:
    """Answer one GraphQL request.

    `token` is `None` for anybody, who is refused: GraphQL is for the signed-in only. `web` is the address of the web
    pages, without a slash at its end. `allowance` is the budget as it is before this request.
    """
    if token is None:
        return Reply(401, _ANONYMOUS)
    knobs = knobs or Knobs()
    schema = bound_schema(frozenset(knobs.without))
    parsed, wrong = read(document, schema)
    operation = get_operation_ast(parsed, operation_name) if parsed else None
    if parsed is None or wrong:
        return Reply(200, {"errors": [described(error) for error in wrong]})
    if operation is None:
        return Reply(200, {"errors": [{"message": _no_operation(operation_name)}]})
    refused = scope_errors(schema, parsed, token)
    if refused:
        return Reply(200, {"errors": [described(error) for error in refused]})
    cost = cost_of(parsed, operation, variables or {})
    refusal = _too_much(cost, token, allowance)
    if refusal is not None:
        return Reply(200, {"errors": [{"type": refusal.kind, "message": str(refusal)}]})
    spent = allowance and Allowance(allowance.limit, allowance.used + cost.points, allowance.resets_at)
    ask = Asking(store, token, web=web, knobs=knobs, allowance=spent)
    result = run(
        schema, parsed, operation, root=Query(ask, cost), context=ask, variables=variables or {}, refusals=Refusal
    )
    payload: Payload = {"data": result.data} if started(result) else {}
    if result.errors:
        payload["errors"] = [described(error) for error in result.errors]
    return Reply(200, payload, cost.points)


def _no_operation(name: str | None) -> str:
    return f"No operation named {name!r}" if name else "An operation name is required"


def _too_much(cost: Cost, token: Token, allowance: Allowance | None) -> Refusal | None:
    """https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api."""
    if cost.nodes > NODE_LIMIT:
        return Refusal(
            "MAX_NODE_LIMIT_EXCEEDED",
            f"This query requests up to {cost.nodes:,} possible nodes which exceeds the maximum limit of {NODE_LIMIT:,}.",
        )
    if allowance is not None and allowance.used >= allowance.limit:
        return Refusal("RATE_LIMITED", f"API rate limit exceeded for user ID {token.user.id}.")
    return None
