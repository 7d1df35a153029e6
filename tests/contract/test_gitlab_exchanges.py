"""What the library and the forge say to each other over REST is what GitLab documents, in both directions.

GraphQL is judged in `test_gitlab_documents` and `test_gitlab_forge_schema`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.contract.gitlab_document import judge
from tests.contract.gitlab_floor import below_the_floor
from tests.contract.gitlab_life import GitLabLife
from tests.contract.openapi import Exchange
from tests.contract.test_gitlab_rest_forge import below
from tests.contract.watching import exchange, told, verbs, watched

from pullbridge.testing import Forge

pytestmark = pytest.mark.contract

GRAPHQL = "/graphql"


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[list[Exchange], set[str]]]:
    """Every exchange of a whole life, and every verb that was called in it."""
    with pytest.MonkeyPatch.context() as patch, Forge() as forge:
        called = watched(patch)
        GitLabLife(forge.gitlab).live()
        yield [exchange(each, below) for each in forge.gitlab.requests], called


def test_rest_is_as_gitlab_documents_it(lived: tuple[list[Exchange], set[str]]) -> None:
    """Every request that the library sends and every answer that it gets is in what is known of GitLab's API."""
    assert told(judge(), lived[0]) == ""


def test_answers_are_what_gitlab_tests_for(lived: tuple[list[Exchange], set[str]]) -> None:
    """What GitLab's own tests want of an answer is there."""
    assert below_the_floor(judge(), lived[0]) == ""


def test_no_operation_is_unknown(lived: tuple[list[Exchange], set[str]]) -> None:
    """The library calls no operation that neither the collected facts nor a page of the documentation have."""
    known = judge()
    rest = [each for each in lived[0] if each.path != GRAPHQL]
    assert [str(each) for each in rest if known.operation(each.method, each.path) is None] == []


def test_both_ways_were_taken(lived: tuple[list[Exchange], set[str]]) -> None:
    """There was enough to judge: over a hundred exchanges over REST, and dozens over GraphQL."""
    graphql = [each for each in lived[0] if each.path == GRAPHQL]
    assert len(graphql) > 20
    assert len(lived[0]) - len(graphql) > 100


def test_every_verb_was_lived(lived: tuple[list[Exchange], set[str]]) -> None:
    """No verb of the library that sends anything is missing in the life that was judged."""
    assert verbs() - lived[1] == set()
