"""A write whose answer is nonsense, or never comes: it is looked up, or said to be in doubt, and never done twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.hostile.scene import Scene, is_graph_read
from werkzeug.wrappers import Request, Response

from pullbridge import (
    BadAnswer,
    BridgeError,
    Cancel,
    Cancelled,
    CheckState,
    DeadlineExceeded,
    DraftComment,
    MergeState,
    Repository,
    Unconfirmed,
    Verdict,
)

PAGE = b"<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body>Welcome</body></html>"
TEXT = "Off by one?"

Verb = Callable[[Scene, Repository], Any]
#: What is looked up when its answer is lost, so that a text is never in doubt while the host can be asked.
TEXTS: dict[str, Verb] = {
    "a comment": lambda _, repo: repo.threads.start(1, TEXT),
    "a comment on a line": lambda scene, repo: repo.threads.start(1, TEXT, at=scene.at()),
    "a review": lambda scene, repo: repo.reviews.submit(1, Verdict.COMMENT, TEXT, [scene.draft(TEXT)]),
    "a pull request": lambda _, repo: repo.pulls.create("Other", "other", "main", TEXT),
}
WRITES: dict[str, Verb] = TEXTS | {
    "merging": lambda scene, repo: repo.pulls.merge(1, expect_head=scene.head),
    "an edit": lambda _, repo: repo.pulls.edit(1, title="Another title"),
    "a draft": lambda _, repo: repo.pulls.set_draft(1, True),
    "closing": lambda _, repo: repo.pulls.close(1),
    "a check": lambda scene, repo: repo.checks.report(scene.head, "lint", CheckState.SUCCESS),
    "a reviewer": lambda _, repo: repo.reviewers.request(1, ["eve"]),
    "a branch": lambda scene, repo: repo.branches.create("new", scene.head),
    "viewed": lambda _, repo: repo.files.set_viewed(1, "a.txt", True),
    "a pending comment": lambda scene, repo: repo.reviews.draft(1, DraftComment(TEXT, at=scene.at())),
}

JSON = "application/json"
UNREADABLE: dict[str, Callable[[Response], Response]] = {
    "a page": lambda _: Response(PAGE, 200, content_type="text/html"),
    "nothing": lambda _: Response(b"", 200, content_type=JSON),
    "no content": lambda _: Response(b"", 204),
    "reset content": lambda _: Response(b"", 205),
    "a list": lambda _: Response(b"[]", 201, content_type=JSON),
    "an empty object": lambda _: Response(b"{}", 200, content_type=JSON),
    "no data": lambda _: Response(b'{"data": null}', 200, content_type=JSON),
    "half of it": lambda true: Response(true.get_data()[:40], true.status_code, content_type=JSON),
}


@pytest.fixture
def ready(scene: Scene) -> Scene:
    """The scene with what the writes need: another branch, and somebody to ask."""
    scene.app.commit("other", {"c.txt": "c\n"})
    scene.token("eve")
    return scene


def stored(scene: Scene) -> dict[str, int]:
    """How often each thing is there."""
    record, app = scene.record, scene.app.record
    return {
        "comment": len(record.comments),
        "inline": len(scene.inline()) + len(scene.pending()),
        "reviews": len(record.reviews),
        "pulls": len(app.pulls),
        "statuses": sum(map(len, app.statuses.values())),
        "branches": len(scene.app.branches()),
    }


def grown(scene: Scene, before: dict[str, int]) -> dict[str, int]:
    """What there is more of."""
    return {what: count - before[what] for what, count in stored(scene).items() if count != before[what]}


def error_of(call: Callable[[], Any]) -> BridgeError | None:
    try:
        call()
    except BridgeError as error:
        return error
    return None


EACH = [(name, how) for name in WRITES for how in (UNREADABLE if name in TEXTS else ("a page", "no content", "a list"))]


@pytest.mark.parametrize(("name", "how"), EACH)
def test_write_whose_answer_cannot_be_read(ready: Scene, name: str, how: str) -> None:
    """What somebody wrote is found; of anything else the error says that it may be done. Either way it is done once."""
    before, repo = stored(ready), ready.connect()
    repo.pulls.panel(1)
    ready.instead(lambda request, true: None if reads(request) else UNREADABLE[how](true))
    error = error_of(lambda: WRITES[name](ready, repo))
    if error is not None:
        assert name not in TEXTS
        assert isinstance(error, BadAnswer | Unconfirmed)
        assert error.maybe_done
        assert error.remedy
        assert not isinstance(error, Unconfirmed) or error.payload is not None
    assert set(grown(ready, before).values()) <= {1}


def reads(request: Request) -> bool:
    return request.method == "GET" or is_graph_read(request.path, request.get_data())


def test_merge_whose_answer_cannot_be_read_is_known(scene: Scene) -> None:
    """The merge is looked up: it is done, and its commit is told."""
    scene.instead(lambda request, _: Response(PAGE, 200) if request.method == "PUT" else None)
    receipt = scene.connect().pulls.merge(1, expect_head=scene.head)
    assert (receipt.state, receipt.commit) == (MergeState.MERGED, scene.app.head("main"))


def test_review_that_failed_when_it_was_given_back_is_found(scene: Scene) -> None:
    """GraphQL's error lies below the mutation's own field: the review is posted, and not posted again."""

    def failed_late(request: Request, _: Response) -> Response | None:
        if b"AddPullRequestReview(" not in request.get_data():
            return None
        path = ["addPullRequestReview", "pullRequestReview", "pullRequest", "reviewThreads"]
        problem = {"message": "Something went wrong", "type": "FORBIDDEN", "path": path}
        body = json.dumps({"data": {"addPullRequestReview": None}, "errors": [problem]})
        return Response(body, 200, content_type=JSON)

    scene.instead(failed_late)
    receipt = scene.connect().reviews.submit(1, Verdict.COMMENT, "Words", [scene.draft("Here")])
    assert receipt.complete
    assert scene.inline() == ["Here"]


@pytest.mark.parametrize("name", TEXTS)
def test_write_whose_look_up_fails_is_in_doubt(ready: Scene, name: str) -> None:
    """The answer is lost and nobody can look: `Unconfirmed`, with the text; a receipt goes on without doing it twice."""
    before, repo = stored(ready), ready.connect(retries=0)
    repo.pulls.panel(1)
    ready.host.behave(cut="after", method="POST", times=1)
    ready.host.behave(status=500)
    error = error_of(lambda: TEXTS[name](ready, repo))
    assert isinstance(error, Unconfirmed)
    assert error.text == TEXT
    assert error.operation
    ready.host.behave()
    if name == "a review":
        assert error.receipt is not None
        assert repo.reviews.resume(error.receipt).complete
    assert set(grown(ready, before).values()) == {1}


@pytest.mark.parametrize("stop", ["cancel", "close", "deadline"])
@pytest.mark.parametrize("name", TEXTS)
def test_write_that_nobody_waits_for_is_in_doubt(ready: Scene, name: str, stop: str) -> None:
    """It left, and its answer is not waited for: `Unconfirmed`, with the text in hand; it is not written again."""
    before, repo, cancel = stored(ready), ready.connect(), Cancel()
    repo.pulls.panel(1)
    hanging = threading.Event()

    def told(request: Request, _: Response) -> None:
        if not reads(request):
            hanging.set()

    ready.instead(told)
    ready.host.behave(stall=20, method="POST", times=1)
    bound = repo.within(deadline=1.0) if stop == "deadline" else repo.within(cancel=cancel)
    ends = {"cancel": cancel.cancel, "close": repo.close, "deadline": hanging.set}[stop]
    errors: list[BridgeError | None] = []
    thread = threading.Thread(target=lambda: errors.append(error_of(lambda: TEXTS[name](ready, bound))))
    thread.start()
    assert hanging.wait(15)
    ends()
    thread.join(15)
    (error,) = errors
    assert isinstance(error, Unconfirmed)
    assert error.maybe_done
    assert error.text == TEXT
    assert isinstance(error.__cause__, (Cancelled, DeadlineExceeded))
    assert "Look at the pull request" in str(error)
    assert set(grown(ready, before).values()) == {1}
