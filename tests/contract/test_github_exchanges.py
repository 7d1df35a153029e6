"""What the library and the forge say to each other is what GitHub documents, in both directions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest
from tests.contract.github_life import GitHubLife
from tests.contract.graphql_answers import exchange_problems
from tests.contract.openapi import Exchange, Judge
from tests.contract.specs import DOTCOM, GHES, github_openapi, github_schema
from tests.contract.test_github_rest_forge import below
from tests.contract.watching import exchange, told, verbs, watched

from pullbridge.testing import Forge

pytestmark = pytest.mark.contract

GRAPHQL = "/graphql"


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[list[Exchange], set[str]]]:
    """Every exchange of a whole life, and every verb that was called in it."""
    with pytest.MonkeyPatch.context() as patch, Forge() as forge:
        called = watched(patch)
        GitHubLife(forge.github).live()
        yield [exchange(each, below) for each in forge.github.requests], called


def _rest(exchanges: list[Exchange]) -> list[Exchange]:
    return [each for each in exchanges if each.path != GRAPHQL]


def test_rest_is_as_github_documents_it(lived: tuple[list[Exchange], set[str]]) -> None:
    """Every request that the library sends and every answer that it gets is in github.com's document."""
    assert told(Judge(github_openapi(DOTCOM)), _rest(lived[0])) == ""


@pytest.mark.parametrize("flavour", GHES)
def test_rest_is_as_an_enterprise_server_documents_it(flavour: str, lived: tuple[list[Exchange], set[str]]) -> None:
    """The same requests are good for an Enterprise Server, and what it promises suffices."""
    assert told(Judge(github_openapi(flavour), closed_answers=False), _rest(lived[0])) == ""


def test_no_operation_is_unknown(lived: tuple[list[Exchange], set[str]]) -> None:
    """The library calls no REST operation that the whole document does not have."""
    document = github_openapi(DOTCOM)
    if "/repos/{owner}/{repo}/git/refs/{ref}" not in document.paths:
        pytest.skip("only a slice of GitHub's document is at hand; the whole one comes from npm")
    judge = Judge(document)
    assert [str(each) for each in _rest(lived[0]) if judge.operation(each.method, each.path) is None] == []


def test_graphql_is_as_github_documents_it(lived: tuple[list[Exchange], set[str]]) -> None:
    """Every document and its variables are in GitHub's schema, and every answer has the types that were asked for."""
    schema = github_schema()
    found: Counter[str] = Counter()
    for each in lived[0]:
        if each.path == GRAPHQL:
            request, answer = msgspec.json.decode(each.body), msgspec.json.decode(each.answer)
            name = request["query"].split("(")[0]
            found.update(f"{name}: {problem}" for problem in exchange_problems(schema, request, answer))
    assert "\n".join(f"{count} x {problem}" for problem, count in sorted(found.items())) == ""


def test_both_ways_were_taken(lived: tuple[list[Exchange], set[str]]) -> None:
    """There was enough to judge: dozens of exchanges over REST, and dozens over GraphQL."""
    graphql = [each for each in lived[0] if each.path == GRAPHQL]
    assert len(graphql) > 20
    assert len(lived[0]) - len(graphql) > 20


def test_every_verb_was_lived(lived: tuple[list[Exchange], set[str]]) -> None:
    """No verb of the library that sends anything is missing in the life that was judged."""
    assert verbs() - lived[1] == set()
