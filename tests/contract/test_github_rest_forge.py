"""What the forge's GitHub answers over REST is what GitHub documents: every operation, on every flavour."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.contract.openapi import Exchange, Judge
from tests.contract.specs import DOTCOM, GHES, github_openapi
from tests.contract.tour import Tour

from pullbridge.testing import Forge
from pullbridge.testing.faults import Exchange as Recorded
from pullbridge.testing.github.app import ROUTES

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def toured() -> list[Exchange]:
    """Every exchange of the tour."""
    with Forge() as forge:
        Tour(forge).walk()
        return [exchange(recorded) for recorded in forge.github.requests]


def exchange(recorded: Recorded) -> Exchange:
    """See a recorded exchange as the judge wants it, below the API's base address."""
    assert recorded.status is not None
    path = recorded.path.removeprefix("/api/v3")
    return Exchange(
        method=recorded.method,
        path="/graphql" if path == "/api/graphql" else path,
        query=recorded.query,
        body=recorded.body,
        status=recorded.status,
        answer=recorded.answer_body,
        answer_headers={name.lower(): value for name, value in recorded.answer_headers.items()},
    )


def told(judge: Judge, exchanges: list[Exchange]) -> str:
    """Judge what the document has operations for; a refused request may have been wrong on purpose. One line a problem."""
    found: Counter[str] = Counter()
    for each in exchanges:
        operation = judge.operation(each.method, each.path)
        if operation is None:
            continue
        problems = list(judge.answer_problems(operation, each))
        if each.status < 300:
            problems += judge.request_problems(operation, each)
        found.update(f"{each.method} {operation.template} {each.status}: {problem}" for problem in problems)
    return "\n".join(f"{count} x {problem}" for problem, count in sorted(found.items()))


def test_every_answer_is_documented(toured: list[Exchange]) -> None:
    """Every status, media type, link and body is what github.com documents, with no key that it does not name."""
    assert told(Judge(github_openapi(DOTCOM)), toured) == ""


@pytest.mark.parametrize("flavour", GHES)
def test_every_answer_would_do_for_an_enterprise_server(flavour: str, toured: list[Exchange]) -> None:
    """What an Enterprise Server promises is there, too; github.com's newer keys may be there beside it."""
    assert told(Judge(github_openapi(flavour), closed_answers=False), toured) == ""


def test_the_tour_goes_everywhere(toured: list[Exchange]) -> None:
    """Every operation of the forge has answered with a success."""
    good = [(each.method, each.path) for each in toured if each.status < 300]
    missed = [
        f"{route.method} {route.rule}"
        for route in ROUTES
        if not any(method == route.method and _pattern(route.rule).fullmatch(path) for method, path in good)
    ]
    assert missed == []


def _pattern(rule: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<[^>]*>", "[^/]+", re.sub(r"<path:[^>]*>", ".+", rule)))
