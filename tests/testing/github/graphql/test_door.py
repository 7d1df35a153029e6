"""GraphQL over HTTP: its addresses, its budget, its knobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pullbridge.testing import Forge

WIDE = (
    '{ repository(owner: "octo", name: "app") { pullRequests(first: 100) { nodes { reviewThreads(first: 40) '
    "{ nodes { comments(first: 10) { nodes { id } } } } } } } rateLimit { cost used remaining } }"
)


@pytest.fixture
def forge() -> Iterator[Forge]:
    with Forge() as made:
        made.github.repository("octo/app", files={"a.py": "one\n"})
        yield made


def post(forge: Forge, query: str, *, path: str = "/graphql", token: str | None = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {token or forge.github.token('bob')}"}
    return requests.post(forge.github.url + path, json={"query": query}, headers=headers, timeout=30)


@pytest.mark.parametrize("path", ["/graphql", "/api/graphql"])
def test_both_addresses_answer(forge: Forge, path: str) -> None:
    """github.com's way and the Enterprise Server's."""
    assert post(forge, "{ viewer { login } }", path=path).json() == {"data": {"viewer": {"login": "bob"}}}


def test_anybody_and_a_bad_token_are_refused(forge: Forge) -> None:
    """Both with 401, in different words."""
    anybody = requests.post(f"{forge.github.url}/graphql", json={"query": "{ viewer { login } }"}, timeout=30)
    bad = post(forge, "{ viewer { login } }", token="ghp_nothing")

    assert (anybody.status_code, anybody.json()["message"]) == (401, "This endpoint requires you to be authenticated.")
    assert (bad.status_code, bad.json()["message"]) == (401, "Bad credentials")


def test_a_costly_query_takes_more_points(forge: Forge) -> None:
    """41 connections a pull request, a hundred pull requests: 41 points, in the answer and in the headers."""
    token = forge.github.token("bob")

    answer = post(forge, WIDE, token=token)

    assert answer.json()["data"]["rateLimit"] == {"cost": 41, "used": 41, "remaining": 4959}
    assert (answer.headers["X-RateLimit-Used"], answer.headers["X-RateLimit-Resource"]) == ("41", "graphql")


def test_a_spent_budget_is_an_error_with_status_200(forge: Forge) -> None:
    """https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api"""
    forge.github.budget.limits["graphql"] = 1
    token = forge.github.token("bob")

    first, second = (post(forge, "{ viewer { login } }", token=token) for _ in range(2))

    assert "errors" not in first.json()
    assert (second.status_code, second.json()["errors"][0]["type"]) == (200, "RATE_LIMITED")
    assert second.headers["X-RateLimit-Remaining"] == "0"


def test_knobs_are_turned_on_the_host(forge: Forge) -> None:
    """A field that is taken away is unknown from the next request on, and can come back."""
    question = '{ repository(owner: "octo", name: "app") { id } }'

    def errors() -> Any:
        return post(forge, question).json().get("errors")

    before = errors()
    forge.github.graphql.without = {"Query.repository"}
    without = errors()
    forge.github.graphql.without = ()

    assert (before, errors()) == (None, None)
    assert without[0]["extensions"]["code"] == "undefinedField"
