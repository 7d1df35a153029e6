"""What the forge's Data Center answers is what Atlassian's document says, with the corrections that real answers need."""

from __future__ import annotations

import pytest
from tests.contract.bitbucket_dc_document import judge
from tests.contract.bitbucket_dc_tour import DataCenterTour
from tests.contract.openapi import Exchange
from tests.contract.specs import SHARED, give_up
from tests.contract.watching import exchange, told, unserved

from pullbridge.testing import Forge
from pullbridge.testing.bitbucket_dc.app import ROUTES

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module", params=[False, True], ids=["path strings", "path objects"])
def toured(request: pytest.FixtureRequest) -> list[Exchange]:
    """Every exchange of the tour."""
    with Forge() as forge:
        DataCenterTour(forge.bitbucket_dc, path_objects=request.param).walk()
        return [exchange(recorded, below) for recorded in forge.bitbucket_dc.requests]


SAMPLES = {
    "pr.json": "pull-requests/1",
    "prs.json": "pull-requests",
    "pr_comment.json": "pull-requests/1/comments/1",
    "pr_comments.json": "pull-requests/1/activities",
    "pr_change.json": "pull-requests/1/changes",
    "pr_file_diff.json": "pull-requests/1/diff/main.go",
    "changes.json": "commits/5c64a07/changes",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_recorded_answers_pass(name: str) -> None:
    """What Bitbucket Servers answered to others is what the corrected document says, too."""
    folder = SHARED / "samples" / "go-scm" / "stash"
    if not folder.is_dir():
        give_up("go-scm's recorded answers of Bitbucket Server", folder)
    path = f"/api/latest/projects/PRJ/repos/my-repo/{SAMPLES[name]}"
    headers = {"content-type": "application/json"}
    body = (folder / name).read_bytes()
    recorded = Exchange(method="GET", path=path, status=200, answer=body, answer_headers=headers)
    assert told(judge(), [recorded]) == ""


def below(path: str) -> str:
    """A path as the document has it."""
    return path.removeprefix("/rest")


def test_every_answer_is_documented(toured: list[Exchange]) -> None:
    """Every status and body is what the document says, and has no field that neither it nor a correction names."""
    forms = [each for each in toured if each.method == "PUT" and "/browse/" in each.path]
    assert [each.status for each in forms] == [200]  # the judge reads JSON alone
    assert told(judge(), [each for each in toured if each not in forms], refused_requests=False) == ""


def test_the_tour_goes_everywhere(toured: list[Exchange]) -> None:
    """Every operation of the forge has answered with a success."""
    routes = [(route.method, f"/{route.service}/latest{route.rule}") for route in ROUTES]
    assert unserved(routes, toured) == []
