"""What the library and the forge say to each other is what Atlassian documents of Data Center, in both directions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.contract.bitbucket_dc_document import judge
from tests.contract.bitbucket_dc_life import DataCenterLife
from tests.contract.openapi import Exchange
from tests.contract.test_bitbucket_dc_forge import below
from tests.contract.watching import exchange, told, verbs, watched

from pullbridge.testing import Forge

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[list[Exchange], set[str]]]:
    """Every exchange of a whole life, and every verb that was called in it."""
    with pytest.MonkeyPatch.context() as patch, Forge() as forge:
        called = watched(patch)
        DataCenterLife(forge.bitbucket_dc).live()
        yield [exchange(each, below) for each in forge.bitbucket_dc.requests], called


def test_everything_is_as_atlassian_documents_it(lived: tuple[list[Exchange], set[str]]) -> None:
    """Every request that the library sends and every answer that it gets is in the document, as it is corrected."""
    forms = [each for each in lived[0] if each.method == "PUT" and "/browse/" in each.path]
    assert [each.status for each in forms] == [200]  # the judge reads JSON alone
    assert told(judge(), [each for each in lived[0] if each not in forms]) == ""


def test_no_operation_is_unknown(lived: tuple[list[Exchange], set[str]]) -> None:
    """The library calls no operation that the document does not have."""
    known = judge()
    assert [str(each) for each in lived[0] if known.operation(each.method, each.path) is None] == []


def test_both_ways_were_taken(lived: tuple[list[Exchange], set[str]]) -> None:
    """There was enough to judge: hundreds of exchanges."""
    assert len(lived[0]) > 200


def test_every_verb_was_lived(lived: tuple[list[Exchange], set[str]]) -> None:
    """No verb of the library that sends anything is missing in the life that was judged."""
    assert verbs() - lived[1] == set()


def test_all_conversations_are_read_from_the_activities(lived: tuple[list[Exchange], set[str]]) -> None:
    """DC-24: nobody lists comments by a path, and each single one is asked for by its id."""
    reads = [each for each in lived[0] if each.method == "GET"]
    assert [each.path for each in reads if each.path.endswith("/comments")] == []
    assert len([each for each in reads if each.path.endswith("/activities")]) > 10
