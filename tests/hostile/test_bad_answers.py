"""An answer that is not what the host documents is an error that says so; none is taken for another, or for a whole one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.hostile.scene import Scene
from werkzeug.wrappers import Request, Response

from pullbridge import BadAnswer, BridgeError, HostDown, NotThere, Repository, Verdict
from pullbridge.transport.trace import Event

PAGE = b"<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body>Welcome</body></html>"
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


@pytest.mark.parametrize("how", [{"truncate": "length"}, {"truncate": "chunked"}, {"cut": "after"}])
def test_answer_that_ends_early(still: Scene, how: dict[str, Any]) -> None:
    """It is never taken for the whole: `HostDown` says that it was cut off, or that the connection broke."""
    still.host.behave(**how)
    for name in ("pulls.get", "pulls.panel", "files.diff", "files.content", "threads.list"):
        with pytest.raises(HostDown, match=r"was cut off|broke") as caught:
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


def test_bad_answer_is_not_remembered(still: Scene) -> None:
    """With its validator it would be confirmed by a 304, again and again."""
    repo = still.connect()
    reads: tuple[Callable[[], object], ...] = (lambda: repo.pulls.get(1), lambda: repo.branches.get("main"))
    for read in reads:
        still.host.behave(truncate="json", times=1)
        with pytest.raises(BadAnswer):
            read()
        assert read() == read()
    assert [each.status for each in still.requests].count(304) == 2


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


@pytest.mark.parametrize("how", [{"html": True}, {"truncate": "json"}, {"truncate": "length"}, {"status": 502}])
def test_the_sdk_takes_no_other_answer_either(still: Scene, how: dict[str, Any]) -> None:
    """What goes through `native` is one of our errors, too, and passing trouble passes."""
    still.host.behave(**how)
    repo = still.connect(retries=1)
    with pytest.raises((BadAnswer, HostDown)) as caught:
        _ = repo.native.get_pull(1).title
    assert caught.value.host == repo.host
    assert str(caught.value).endswith(caught.value.remedy)
    still.host.behave()
    still.host.behave(status=503, times=1)
    assert repo.native.get_pull(1).title == "Change two files"


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
        "a comment": lambda repo: repo.threads.start(1, "A text"),
        "an edit": lambda repo: repo.pulls.edit(1, title="Another"),
        "deleting": lambda repo: repo.branches.delete("fix"),
    }
    for name, call in calls.items():
        with pytest.raises(BridgeError) as caught:
            call(still.connect(retries=0))
        assert caught.value.status == status, name
        assert str(status) in str(caught.value), name


def test_unknown_keys_and_words_do_no_harm(scene: Scene) -> None:
    """Keys that nobody knows, at every level, and words that are new are read past; raw words are kept."""

    def grown(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                **{key: grown(each) for key, each in value.items()},
                "brand_new": {"deep": [1, None]},
                "brandNew": "x",
            }
        return [grown(each) for each in value] if isinstance(value, list) else value

    def more(_: Request, response: Response) -> None:
        if response.content_type.startswith("application/json") and response.get_data():
            value = grown(json.loads(response.get_data()))
            response.set_data(json.dumps(value).replace('"CLEAN"', '"FRESH"').encode())

    scene.instead(more)
    repo = scene.connect()
    assert repo.pulls.get(1).title == "Change two files"
    assert len(repo.pulls.panel(1).files) == 2
    assert repo.pulls.mergeability(1, wait=2).raw == "FRESH"
    assert repo.threads.start(1, "To all").comments[0].body == "To all"
    assert repo.reviews.submit(1, Verdict.APPROVE, "", [scene.draft("Here")]).complete
