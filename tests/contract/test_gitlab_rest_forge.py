"""What the forge's GitLab answers over REST is what GitLab documents: every operation, with every field of its entities."""

from __future__ import annotations

import pytest
from tests.contract.gitlab_document import judge
from tests.contract.gitlab_floor import below_the_floor
from tests.contract.gitlab_tour import GitLabTour
from tests.contract.openapi import Exchange
from tests.contract.watching import exchange, told, unserved

from pullbridge.testing import Forge
from pullbridge.testing.gitlab.app import ROUTES

pytestmark = pytest.mark.contract

#: It exists, and no project lets it be used any more. https://docs.gitlab.com/api/merge_request_approvals/
NEVER = ["POST /projects/<project>/merge_requests/<int:iid>/approvals"]


@pytest.fixture(scope="module")
def toured() -> list[Exchange]:
    """Every exchange of the tour."""
    with Forge() as forge:
        GitLabTour(forge.gitlab).walk()
        return [exchange(recorded, below) for recorded in forge.gitlab.requests]


def below(path: str) -> str:
    """A path below the REST API's base address; GraphQL's is beside it."""
    return path.removeprefix("/api/v4").removeprefix("/api")


def test_every_answer_is_documented(toured: list[Exchange]) -> None:
    """Every status and body is what is known of GitLab's API, with all fields of its entities and no others."""
    assert told(judge(), toured, refused_requests=False) == ""


def test_every_answer_is_what_gitlab_tests_for(toured: list[Exchange]) -> None:
    """What GitLab's own tests want of an answer is there."""
    assert below_the_floor(judge(), toured) == ""


def test_the_tour_goes_everywhere(toured: list[Exchange]) -> None:
    """Every operation of the forge has answered with a success."""
    assert unserved(((route.method, route.rule) for route in ROUTES), toured) == NEVER
