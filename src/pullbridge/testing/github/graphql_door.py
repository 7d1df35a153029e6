"""Where GraphQL comes in: https://docs.github.com/en/graphql/guides/forming-calls-with-graphql"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from pullbridge.testing.github.errors import ApiError
from pullbridge.testing.store import Token

if TYPE_CHECKING:
    from pullbridge.testing.github.app import App
    from pullbridge.testing.github.graphql import Allowance, Reply


def answer(app: App, web: str, token: Token, data: bytes) -> Reply:
    """The status, the payload and the cost. graphql-core is loaded here, on first use: its schema is large."""
    from pullbridge.testing.github import graphql  # noqa: PLC0415

    try:
        sent = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise ApiError(400, "Problems parsing JSON") from error
    if not isinstance(sent, dict) or not isinstance(sent.get("query"), str):
        raise ApiError(400, "A query attribute must be specified and must be a string.")
    return graphql.execute(
        app.store,
        token,
        sent["query"],
        sent.get("variables") or {},
        sent.get("operationName"),
        web=web,
        knobs=app.knobs,
        allowance=_allowance(app, token),
    )


def _allowance(app: App, token: Token) -> Allowance | None:
    from pullbridge.testing.github.graphql import Allowance  # noqa: PLC0415 - see above

    if app.enterprise_version is not None:
        return None
    view = app.budget.view(app.caller(token), "graphql", app.store.now().timestamp())
    return Allowance(view["limit"], view["used"], datetime.fromtimestamp(view["reset"], UTC))
