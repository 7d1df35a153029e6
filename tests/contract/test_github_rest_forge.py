"""What the forge's GitHub answers over REST is what GitHub documents: every operation, on every flavour."""

from __future__ import annotations

import pytest
from tests.contract.openapi import Exchange, Judge
from tests.contract.specs import DOTCOM, GHES, github_openapi
from tests.contract.tour import Tour
from tests.contract.watching import exchange, told, unserved

from pullbridge.testing import Forge
from pullbridge.testing.github.app import ROUTES

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def toured() -> list[Exchange]:
    """Every exchange of the tour."""
    with Forge() as forge:
        Tour(forge).walk()
        return [exchange(recorded, below) for recorded in forge.github.requests]


def below(path: str) -> str:
    """A path below the API's base address, which an Enterprise Server has two of."""
    path = path.removeprefix("/api/v3")
    return "/graphql" if path == "/api/graphql" else path


def test_every_answer_is_documented(toured: list[Exchange]) -> None:
    """Every status, media type, link and body is what github.com documents, with no key that it does not name."""
    assert told(Judge(github_openapi(DOTCOM)), toured, refused_requests=False) == ""


@pytest.mark.parametrize("flavour", GHES)
def test_every_answer_would_do_for_an_enterprise_server(flavour: str, toured: list[Exchange]) -> None:
    """What an Enterprise Server promises is there, too; github.com's newer keys may be there beside it."""
    assert told(Judge(github_openapi(flavour), closed_answers=False), toured, refused_requests=False) == ""


def test_the_tour_goes_everywhere(toured: list[Exchange]) -> None:
    """Every operation of the forge has answered with a success."""
    assert unserved(((route.method, route.rule) for route in ROUTES), toured) == []
