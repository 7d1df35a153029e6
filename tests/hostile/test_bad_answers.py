"""An answer that is not what the host documents is an error that says so, and no write is left in doubt unsaid."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.hostile.scene import Scene
from werkzeug.wrappers import Request, Response

from pullbridge import (
    BadAnswer,
    BridgeError,
    CheckState,
    DraftComment,
    HostDown,
    MergeState,
    NotThere,
    Repository,
    Unconfirmed,
    Verdict,
)
from pullbridge.transport.trace import Event

PAGE = b"<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body>Welcome</body></html>"
TEXT = "Off by one?"

READS: dict[str, Callable[[Repository], Any]] = {
    "pulls.get": lambda repo: repo.pulls.get(1),
    "pulls.list": lambda repo: list(repo.pulls.list()),
    "pulls.search": lambda repo: list(repo.pulls.list(author="ada")),
    "pulls.panel": lambda repo: repo.pulls.panel(1),
    "pulls.commits": lambda repo: repo.pulls.commits(1),
    "pulls.mergeability": lambda repo: repo.pulls.mergeability(1),
    "pulls.timeline": lambda repo: list(repo.pulls.timeline(1)),
    "files.list": lambda repo: list(repo.files.list(1)),
    "files.diff": lambda repo: repo.files.diff(1),
    "files.content": lambda repo: repo.files.content("a.txt", "main"),
    "files.compare": lambda repo: repo.files.compare("main", "fix"),
    "files.viewed": lambda repo: repo.files.viewed(1),
    "threads.list": lambda repo: repo.threads.list(1),
    "reviews.list": lambda repo: repo.reviews.list(1),
    "reviewers.list": lambda repo: repo.reviewers.list(1),
    "checks.list": lambda repo: repo.checks.list(1),
    "branches.list": lambda repo: list(repo.branches.list()),
    "branches.get": lambda repo: repo.branches.get("main"),
    "probe": lambda repo: repo.probe(again=True),
}

BODIES: dict[str, bytes] = {
    "empty": b"",
    "page": PAGE,
    "half": b'{"data": {"repository": {"pullRequest',
    "null": b"null",
    "text": b'"text"',
    "nulls": b"[null]",
    "numbers": b"[1]",
    "wrong types": b'{"data": {"viewer": 7, "repository": 7, "search": 7}, "files": 7, "number": {}, "name": 7}',
    "other encoding": '{"number": 1}'.encode("utf-16"),
    "deep": b"[" * 100_000,
    "large numbers": b'{"number": 1e999, "id": 99999999999999999999999999, "data": 1e999, "files": 1e999, "name": 1e9}',
}


@pytest.mark.parametrize("body", BODIES)
def test_answer_that_is_something_else(still: Scene, body: str) -> None:
    """With status 200 it is `BadAnswer`, which names what was asked for, the host, the status and the request."""
    kind = "text/html; charset=utf-8" if body == "page" else "application/json; charset=utf-8"
    headers = {"Content-Type": kind, "X-GitHub-Request-Id": "ABCD:1234"}
    still.host.behave(status=200, body=BODIES[body], headers=headers)
    for name, read in READS.items():
        repo = still.connect()
        still.requests.clear()
        with pytest.raises(BridgeError) as caught:
            read(repo)
        error = caught.value
        if isinstance(error, NotThere):
            assert name == "files.content"  # a JSON document describes what is no file
            assert body != "page"
            continue
        assert isinstance(error, BadAnswer)
        assert error.what, name
        assert (error.host, error.status, error.request_id) == (repo.host, 200, "ABCD:1234"), name
        assert not error.maybe_done, name
        assert not error.retryable, name
        assert "get past it" in str(error), name
        assert "guest network" not in f"{error}{error!r}{error.__cause__!r}"


@pytest.mark.parametrize("name", READS)
def test_page_of_a_proxy_with_502(still: Scene, name: str) -> None:
    """It is `HostDown` with the status, after as many tries as were asked for; the page is not shown."""
    still.host.behave(status=502, body=PAGE, headers={"Content-Type": "text/html", "X-Request-Id": "r-1"})
    told: list[Event] = []
    repo = still.connect(retries=2, trace=told.append)
    with pytest.raises(HostDown) as caught:
        READS[name](repo)
    error = caught.value
    assert (error.host, error.status, error.request_id, error.retryable) == (repo.host, 502, "r-1", True)
    assert error.remedy == "Try again in a while."
    assert "Welcome" not in str(error)
    attempts = {event.url: event.attempt for event in told}
    assert set(attempts.values()) == {3}
    assert len(told) == len(still.requests) == 3 * len(attempts)


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("fault", [{"status": 503}, {"cut": "before"}, {"truncate": "length"}, {"truncate": "chunked"}])
def test_passing_trouble_passes(still: Scene, name: str, fault: dict[str, Any]) -> None:
    """A read is tried again, whether it travels as GET or as POST, and nobody notices."""
    expected = READS[name](still.connect())
    still.requests.clear()
    still.host.behave(times=1, **fault)
    told: list[Event] = []
    assert READS[name](still.connect(trace=told.append)) == expected
    assert max(event.attempt for event in told) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504, 501, 505, 599])
def test_server_errors_are_bounded(still: Scene, status: int) -> None:
    """A host that fails for ever is asked `retries` times more at most, and not again where it never could."""
    still.host.behave(status=status)
    for retries in (0, 1, 3):
        still.requests.clear()
        with pytest.raises(HostDown) as caught:
            still.connect(retries=retries).pulls.get(1)
        assert caught.value.status == status
        assert len(still.requests) == (1 + retries if status in {500, 502, 503, 504} else 1)


@pytest.mark.parametrize("cut", ["length", "chunked"])
def test_answer_that_ends_early(still: Scene, cut: str) -> None:
    """It is never taken for the whole: `HostDown` says that it was cut off."""
    still.host.behave(truncate=cut)
    for name in ("pulls.get", "pulls.panel", "files.diff", "files.content", "threads.list"):
        with pytest.raises(HostDown, match="was cut off") as caught:
            READS[name](still.connect(retries=1))
        assert caught.value.retryable, name
        assert caught.value.host


def test_answer_that_ends_early_with_the_right_length(still: Scene) -> None:
    """Half of the JSON with a matching length is `BadAnswer`, and no SDK's exception."""
    still.host.behave(truncate="json")
    for name, read in READS.items():
        if name not in {"files.diff", "files.content"}:
            with pytest.raises(BadAnswer, match="not JSON"):
                read(still.connect())


@pytest.mark.parametrize("name", ["pulls.get", "pulls.panel", "threads.list", "files.diff"])
def test_silence(still: Scene, name: str) -> None:
    """Whoever falls silent in the middle is left after `timeout`, each time."""
    still.host.behave(stall=20)
    began = time.monotonic()
    with pytest.raises(HostDown, match="fell silent") as caught:
        READS[name](still.connect(timeout=0.15, retries=1))
    assert time.monotonic() - began < 40
    assert caught.value.retryable


def test_silence_before_the_first_byte(still: Scene) -> None:
    """The same when there is no answer at all."""
    still.host.behave(latency=20)
    began = time.monotonic()
    with pytest.raises(HostDown, match="fell silent"):
        still.connect(timeout=0.15, retries=0).pulls.get(1)
    assert time.monotonic() - began < 40


class TestGraphQL:
    """GraphQL fails with status 200."""

    @pytest.fixture(params=["pulls.panel", "threads.list", "pulls.search", "checks.list", "pulls.commits"])
    def read(self, request: pytest.FixtureRequest) -> Callable[[Repository], Any]:
        return READS[request.param]

    def answer(self, scene: Scene, answer: object, **how: Any) -> None:
        headers = {"Content-Type": "application/json", "X-GitHub-Request-Id": "ABCD:1"}
        scene.host.behave(status=200, body=json.dumps(answer).encode(), headers=headers, path="*/graphql", **how)

    def test_errors_and_no_data(self, still: Scene, read: Callable[[Repository], Any]) -> None:
        """It is an error, with the host's words."""
        self.answer(still, {"errors": [{"message": "Something odd about the moon"}]})
        with pytest.raises(BadAnswer, match="Something odd about the moon") as caught:
            read(still.connect())
        assert (caught.value.host, caught.value.status) == (still.connect().host, 200)

    def test_errors_and_partial_data(self, still: Scene, read: Callable[[Repository], Any]) -> None:
        """Data beside an error is not taken for the whole."""
        data = {"repository": None, "viewer": None, "search": None}
        self.answer(still, {"data": data, "errors": [{"message": "Timeout on `nodes`", "type": "INTERNAL"}]})
        with pytest.raises(HostDown, match="Timeout on"):
            read(still.connect(retries=0))

    def test_neither(self, still: Scene, read: Callable[[Repository], Any]) -> None:
        """Neither data nor errors is a bad answer."""
        answers: tuple[object, ...] = ({}, {"data": None}, {"errors": []}, {"data": None, "errors": None})
        for answer in answers:
            still.host.behave()
            self.answer(still, answer)
            with pytest.raises(BadAnswer, match="neither data nor errors"):
                read(still.connect())

    def test_errors_of_strange_shape(self, still: Scene, read: Callable[[Repository], Any]) -> None:
        """Whatever an error looks like, it is one."""
        shapes: tuple[object, ...] = ([{}], [{"message": None}], ["x"], "x", {"message": "x"}, [None], [{"message": 7}])
        for errors in shapes:
            still.host.behave()
            self.answer(still, {"data": None, "errors": errors})
            with pytest.raises(BadAnswer):
                read(still.connect())

    def test_time_out_of_the_query(self, still: Scene, read: Callable[[Repository], Any]) -> None:
        """GitHub's answer to a query that took too long is `HostDown`, which may be tried again."""
        words = (
            "Something went wrong while executing your query. This may be the result of a timeout, or it could be a bug"
        )
        self.answer(still, {"data": None, "errors": [{"message": words}]})
        with pytest.raises(HostDown, match="in time") as caught:
            read(still.connect(retries=0))
        assert caught.value.retryable


WRITES: dict[str, Callable[[Scene, Repository], Any]] = {
    "a comment": lambda _, repo: repo.threads.start(1, TEXT),
    "a comment on a line": lambda scene, repo: repo.threads.start(1, TEXT, at=scene.at()),
    "a review": lambda scene, repo: repo.reviews.submit(1, Verdict.COMMENT, "All in all", [scene.draft(TEXT)]),
    "an edit": lambda _, repo: repo.pulls.edit(1, title="Another title"),
    "a draft": lambda _, repo: repo.pulls.set_draft(1, True),
    "closing": lambda _, repo: repo.pulls.close(1),
    "merging": lambda scene, repo: repo.pulls.merge(1, expect_head=scene.head),
    "a check": lambda scene, repo: repo.checks.report(scene.head, "lint", CheckState.SUCCESS),
    "a reviewer": lambda _, repo: repo.reviewers.request(1, ["eve"]),
    "a branch": lambda scene, repo: repo.branches.create("new", scene.head),
    "viewed": lambda _, repo: repo.files.set_viewed(1, "a.txt", True),
    "a pull request": lambda _, repo: repo.pulls.create("Other", "other", "main"),
    "a pending comment": lambda scene, repo: repo.reviews.draft(1, DraftComment(TEXT, at=scene.at())),
}

UNREADABLE: dict[str, Response] = {
    "a page": Response(PAGE, 200, content_type="text/html"),
    "nothing": Response(b"", 200, content_type="application/json"),
    "no content": Response(b"", 204),
    "reset content": Response(b"", 205),
    "a list": Response(b"[]", 201, content_type="application/json"),
    "an empty object": Response(b"{}", 200, content_type="application/json"),
}


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


def error_of(call: Callable[[], Any]) -> BridgeError | None:
    try:
        call()
    except BridgeError as error:
        return error
    return None


@pytest.mark.parametrize("how", UNREADABLE)
@pytest.mark.parametrize("name", WRITES)
def test_write_whose_answer_cannot_be_read(scene: Scene, name: str, how: str) -> None:
    """It is looked up, or its error says that it may be done; either way it is done once."""
    scene.app.commit("other", {"c.txt": "c\n"})
    scene.host.token("eve")
    before = stored(scene)
    repo = scene.connect()
    repo.pulls.panel(1)

    def answer(request: Request, _: Response) -> Response | None:
        reads = request.method == "GET" or (request.path.endswith("/graphql") and b"mutation" not in request.get_data())
        return None if reads else UNREADABLE[how]

    scene.instead(answer)
    error = error_of(lambda: WRITES[name](scene, repo))
    if error is not None:
        assert isinstance(error, BadAnswer | Unconfirmed)
        assert error.maybe_done
        assert error.remedy
        assert not isinstance(error, Unconfirmed) or error.payload is not None
    grown = {what: count - before[what] for what, count in stored(scene).items() if count != before[what]}
    assert set(grown.values()) <= {1}, grown


def test_merge_whose_answer_cannot_be_read_is_known(scene: Scene) -> None:
    """The merge is looked up: it is done, and its commit is told."""
    scene.instead(lambda request, _: Response(PAGE, 200) if request.method == "PUT" else None)
    receipt = scene.connect().pulls.merge(1, expect_head=scene.head)
    assert (receipt.state, receipt.commit) == (MergeState.MERGED, scene.app.head("main"))


@pytest.mark.parametrize("status", [204, 205])
def test_read_without_content(still: Scene, status: int) -> None:
    """A status that says that there is nothing to read is no answer to a question."""
    still.host.behave(status=status)
    for name, read in READS.items():
        with pytest.raises(BadAnswer) as caught:
            read(still.connect(retries=0))
        assert caught.value.status == status, name


def test_folder_is_no_file(scene: Scene) -> None:
    """GitHub describes a folder where a file's bytes were asked for: that is no file's content."""
    scene.app.commit("main", {"src/deep/file.json": "{}"})
    repo = scene.connect()
    for path in ("src", "src/deep"):
        with pytest.raises(NotThere, match=f"{path} at main is a folder") as caught:
            repo.files.content(path, "main")
        assert caught.value.what == f"{path} at main"
    assert repo.files.content("src/deep/file.json", "main") == b"{}"


@pytest.mark.parametrize("status", [300, 304, 305, 399, 402, 418, 426, 431, 499])
def test_status_that_nobody_expects(still: Scene, status: int) -> None:
    """It is an error that tells the status, for reads and for writes."""
    still.host.behave(status=status)
    calls: dict[str, Callable[[Repository], Any]] = {
        **READS,
        "a comment": lambda repo: repo.threads.start(1, TEXT),
        "an edit": lambda repo: repo.pulls.edit(1, title="Another"),
        "deleting": lambda repo: repo.branches.delete("fix"),
    }
    for name, call in calls.items():
        with pytest.raises(BridgeError) as caught:
            call(still.connect(retries=0))
        assert caught.value.status == status, name
        assert str(status) in str(caught.value), name
