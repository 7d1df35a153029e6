"""Merging over the forge: what is waited for, what is refused, and what nobody should try twice."""

from __future__ import annotations

import json

import pytest
from tests.hostile.scene import Scene
from werkzeug.wrappers import Request, Response

from pullbridge import MergeabilityState, MergeMethod, MergeState, NotMergeable, PullState, Rejected
from pullbridge.repository import merging


def still_computing(request: Request, true: Response) -> None:
    """Let GitHub never find out whether it can be merged."""
    if request.path.endswith("/graphql") and b"mergeStateStatus" in request.get_data():
        answer = json.loads(true.get_data())
        answer["data"]["repository"]["pullRequest"] |= {"mergeable": "UNKNOWN", "mergeStateStatus": "UNKNOWN"}
        true.set_data(json.dumps(answer))


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that would have been made between two looks."""
    pauses: list[float] = []
    monkeypatch.setattr(merging, "_WAITS", (1.0, 2.0, 4.0, 8.0))
    monkeypatch.setattr(merging, "sleep", pauses.append)
    return pauses


@pytest.mark.parametrize(
    ("wait", "pauses"), [(0, []), (1, [1]), (10, [1, 2, 4, 3]), (15, [1, 2, 4, 8]), (30, [1, 2, 4, 8, 8, 7])]
)
def test_what_is_never_computed_is_looked_at_less_and_less(
    scene: Scene, slept: list[float], wait: float, pauses: list[float]
) -> None:
    """N-57: after 1, 2, 4 and 8 seconds, no longer than was asked for; then it is told as what it is."""
    scene.instead(still_computing)
    found = scene.connect().pulls.mergeability(1, wait=wait)
    assert slept == pauses
    assert (found.state, found.raw) == (MergeabilityState.CHECKING, "UNKNOWN")
    assert len(scene.requests) == 1 + len(pauses)


def test_what_is_computed_meanwhile_is_told(scene: Scene, slept: list[float]) -> None:
    """GH-03: after a push, the first look makes GitHub compute it, and the next one finds it."""
    scene.app.commit("fix", {"c.txt": "new\n"}, start="fix")
    found = scene.connect().pulls.mergeability(1, wait=60)
    assert found.state is MergeabilityState.READY
    assert slept == [1]


@pytest.mark.parametrize("status", [405, 422])
def test_what_is_merged_is_not_merged_again(scene: Scene, status: int) -> None:
    """GH-38: whichever status says so, the refusal is told with GitHub's words, and the merge is asked for once."""
    repo = scene.connect()
    repo.pulls.mergeability(1, wait=5)
    repo.pulls.merge(1)
    scene.requests.clear()
    body = json.dumps({"message": "Pull Request is already merged"}).encode()
    scene.host.behave(status=status, body=body, method="PUT", headers={"Content-Type": "application/json"})
    with pytest.raises(NotMergeable) as caught:
        repo.pulls.merge(1)
    assert "Pull Request is already merged" in caught.value.reasons
    assert caught.value.status == status
    assert not caught.value.retryable
    assert len(scene.writes()) == 1


def test_what_need_not_wait_is_to_be_merged(scene: Scene) -> None:
    """GH-42: GitHub takes no auto-merge of what can be merged now; the error says to do that, and it helps."""
    scene.app.settings(allow_auto_merge=True)
    repo = scene.connect("ada")
    repo.pulls.mergeability(1, wait=5)
    with pytest.raises(Rejected, match="clean status") as caught:
        repo.pulls.merge(1, when_ready=True, method=MergeMethod.SQUASH)
    assert "`when_ready=False`" in caught.value.remedy
    assert repo.pulls.get(1).state is PullState.OPEN
    assert repo.pulls.merge(1, method=MergeMethod.SQUASH).state is MergeState.MERGED
