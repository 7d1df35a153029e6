"""What the library and the forge say to each other is what GitHub documents, in both directions."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from functools import wraps
from typing import Any

import msgspec
import pytest
from tests.contract.github_life import GitHubLife
from tests.contract.graphql_answers import exchange_problems
from tests.contract.openapi import Exchange, Judge
from tests.contract.specs import DOTCOM, GHES, github_openapi, github_schema
from tests.contract.test_github_rest_forge import exchange

from pullbridge import Host, Repository
from pullbridge.repository.branches import Branches
from pullbridge.repository.checks import Checks
from pullbridge.repository.files import Files
from pullbridge.repository.pulls import Pulls
from pullbridge.repository.reviewers import Reviewers
from pullbridge.repository.reviews import Reviews
from pullbridge.repository.threads import Threads
from pullbridge.testing import Forge

pytestmark = pytest.mark.contract

NOUNS = (Pulls, Files, Threads, Reviews, Reviewers, Checks, Branches, Host, Repository)
GRAPHQL = "/graphql"


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[list[Exchange], set[str]]]:
    """Every exchange of a whole life, and every verb that was called in it."""
    with pytest.MonkeyPatch.context() as patch, Forge() as forge:
        called = _watched(patch)
        GitHubLife(forge.github).live()
        yield [exchange(each) for each in forge.github.requests], called


def _watched(patch: pytest.MonkeyPatch) -> set[str]:
    """Note the public verbs that are called from now on."""
    called: set[str] = set()
    for noun, name in _verbs():
        patch.setattr(noun, name, _noting(called, f"{noun.__name__}.{name}", getattr(noun, name)))
    return called


def _noting(called: set[str], name: str, verb: Any) -> Any:
    @wraps(verb)
    def noted(*args: Any, **kwargs: Any) -> Any:
        called.add(name)
        return verb(*args, **kwargs)

    return noted


def _verbs() -> Iterator[tuple[type, str]]:
    for noun in NOUNS:
        yield from (
            (noun, name) for name, _ in inspect.getmembers(noun, inspect.isfunction) if not name.startswith("_")
        )


def _rest(exchanges: list[Exchange]) -> list[Exchange]:
    return [each for each in exchanges if each.path != GRAPHQL]


def _problems(judge: Judge, exchanges: list[Exchange]) -> str:
    found: Counter[str] = Counter()
    for each in exchanges:
        operation = judge.operation(each.method, each.path)
        if operation is not None:
            found.update(f"{each.method} {operation.template} {each.status}: {told}" for told in judge.problems(each))
    return "\n".join(f"{count} x {problem}" for problem, count in sorted(found.items()))


def test_rest_is_as_github_documents_it(lived: tuple[list[Exchange], set[str]]) -> None:
    """Every request that the library sends and every answer that it gets is in github.com's document."""
    assert _problems(Judge(github_openapi(DOTCOM)), _rest(lived[0])) == ""


@pytest.mark.parametrize("flavour", GHES)
def test_rest_is_as_an_enterprise_server_documents_it(flavour: str, lived: tuple[list[Exchange], set[str]]) -> None:
    """The same requests are good for an Enterprise Server, and what it promises suffices."""
    assert _problems(Judge(github_openapi(flavour), closed_answers=False), _rest(lived[0])) == ""


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
    assert {f"{noun.__name__}.{name}" for noun, name in _verbs()} - lived[1] - NOT_ON_THE_WIRE == set()


#: Verbs that send nothing of their own.
NOT_ON_THE_WIRE = {"Repository.permalink", "Repository.within", "Repository.close", "Host.close"}
