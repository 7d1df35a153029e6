"""GraphQL fails with status 200, in part or as a whole: that is no success, and no half of one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.hostile.scene import Scene
from werkzeug.wrappers import Request, Response

from pullbridge import BadAnswer, BridgeError, Forbidden, HostDown, NotThere, Repository

READS: dict[str, Callable[[Repository], Any]] = {
    "pulls.panel": lambda repo: repo.pulls.panel(1),
    "pulls.search": lambda repo: list(repo.pulls.list(author="ada")),
    "pulls.commits": lambda repo: repo.pulls.commits(1),
    "threads.list": lambda repo: repo.threads.list(1),
    "checks.list": lambda repo: repo.checks.list(1),
}


@pytest.fixture(params=READS)
def read(request: pytest.FixtureRequest) -> Callable[[Repository], Any]:
    return READS[request.param]


def answered(scene: Scene, answer: object, **how: Any) -> None:
    headers = {"Content-Type": "application/json", "X-GitHub-Request-Id": "ABCD:1"}
    scene.host.behave(status=200, body=json.dumps(answer).encode(), headers=headers, path="*/graphql", **how)


def test_errors_and_no_data(still: Scene, read: Callable[[Repository], Any]) -> None:
    """It is an error, with the host's words."""
    answered(still, {"errors": [{"message": "Something odd about the moon"}]})
    with pytest.raises(BadAnswer, match="Something odd about the moon") as caught:
        read(still.connect())
    assert (caught.value.host, caught.value.status) == (still.connect().host, 200)


def test_errors_and_partial_data(scene: Scene, read: Callable[[Repository], Any]) -> None:
    """Data beside an error is not taken for the whole, be they all null or all there."""
    lost = [{"message": "Timeout on `nodes`", "type": "INTERNAL", "path": ["repository"]}]
    answered(scene, {"data": {"repository": None, "viewer": None, "search": None}, "errors": lost})
    with pytest.raises(HostDown, match="Timeout on"):
        read(scene.connect(retries=0))
    scene.host.behave()

    def with_an_error(request: Request, true: Response) -> None:
        if request.path.endswith("/graphql"):
            true.set_data(json.dumps({**json.loads(true.get_data()), "errors": lost}))

    scene.instead(with_an_error)
    with pytest.raises(HostDown, match="Timeout on"):
        read(scene.connect(retries=0))


def test_neither(still: Scene, read: Callable[[Repository], Any]) -> None:
    """Neither data nor errors is a bad answer."""
    answers: tuple[object, ...] = ({}, {"data": None}, {"errors": []}, {"data": None, "errors": None})
    for answer in answers:
        still.host.behave()
        answered(still, answer)
        with pytest.raises(BadAnswer, match="neither data nor errors"):
            read(still.connect())


def test_errors_of_strange_shape(still: Scene, read: Callable[[Repository], Any]) -> None:
    """Whatever an error looks like, it is one."""
    shapes: tuple[object, ...] = ([{}], [{"message": None}], ["x"], "x", {"message": "x"}, [None], [{"message": 7}])
    for errors in shapes:
        still.host.behave()
        answered(still, {"data": None, "errors": errors})
        with pytest.raises(BadAnswer):
            read(still.connect())


def test_time_out_of_the_query(still: Scene, read: Callable[[Repository], Any]) -> None:
    """GitHub's answer to a query that took too long is `HostDown`, which may be tried again."""
    words = "Something went wrong while executing your query. This may be the result of a timeout, or it could be a bug"
    answered(still, {"data": None, "errors": [{"message": words}]})
    with pytest.raises(HostDown, match="in time") as caught:
        read(still.connect(retries=0))
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        ({"message": "Timeout", "type": "TIMEOUT"}, HostDown),
        ({"message": "Oops", "type": "INTERNAL"}, HostDown),
        ({"message": "Nobody knows", "type": "SOMETHING_NEW"}, BadAnswer),
        ({"message": "No such thing", "type": "NOT_FOUND"}, NotThere),
        ({"message": "May not", "type": "FORBIDDEN"}, Forbidden),
    ],
)
def test_each_kind_of_error_has_its_own(
    still: Scene, read: Callable[[Repository], Any], problem: dict[str, str], kind: type[BridgeError]
) -> None:
    """GH-48: with status 200 as with any other, and with the facts that support asks for."""
    answered(still, {"data": None, "errors": [problem]})
    repo = still.connect(retries=0)
    with pytest.raises(kind) as caught:
        read(repo)
    assert (caught.value.status, caught.value.request_id, caught.value.host) == (200, "ABCD:1", repo.host)
    assert str(caught.value).endswith(caught.value.remedy)
