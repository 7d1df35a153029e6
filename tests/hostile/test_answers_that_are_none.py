"""Answers that are none: pages, halves, silence, nonsense. Each is one of our errors, in time, with what to do next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.hostile.scene import Scene
from werkzeug.wrappers import Request, Response

import pullbridge
from pullbridge import (
    BadAnswer,
    BridgeError,
    Cancel,
    Cancelled,
    DeadlineExceeded,
    HostDown,
    Repository,
    Unconfirmed,
    Verdict,
)

Verb = Callable[[Repository, Scene], Any]
READS: dict[str, Verb] = {
    "pulls.get": lambda repo, _: repo.pulls.get(1),
    "pulls.list": lambda repo, _: list(repo.pulls.list()),
    "pulls.search": lambda repo, _: list(repo.pulls.list(author="ada")),
    "pulls.panel": lambda repo, _: repo.pulls.panel(1),
    "pulls.mergeability": lambda repo, _: repo.pulls.mergeability(1),
    "files.list": lambda repo, _: list(repo.files.list(1)),
    "files.compare": lambda repo, _: repo.files.compare("main", "fix"),
    "threads.list": lambda repo, _: repo.threads.list(1),
    "reviewers.list": lambda repo, _: repo.reviewers.list(1),
    "checks.rollup": lambda repo, _: repo.checks.rollup(1),
    "branches.get": lambda repo, _: repo.branches.get("main"),
    "native": lambda repo, _: repo.native.get_pull(1).title,
}
#: Verbs that need one exchange, with what they leave on the host.
WRITES: dict[str, Verb] = {
    "threads.start": lambda repo, _: repo.threads.start(1, "To all"),
    "threads.start on a line": lambda repo, scene: repo.threads.start(1, "On a line", at=scene.at()),
    "reviews.submit": lambda repo, scene: repo.reviews.submit(1, Verdict.COMMENT, "Words", [scene.draft("Here")]),
}


def stored(scene: Scene) -> list[str]:
    return [*scene.general(), *scene.inline()]


def of_ours(call: Callable[[], object], *, within: float = 30.0) -> BridgeError:
    """The error of a call, which is one of ours, comes in time, and ends with the next step."""
    began = time.monotonic()
    with pytest.raises(BridgeError) as caught:
        call()
    assert time.monotonic() - began < within
    error = caught.value
    assert str(error).endswith(error.remedy)
    assert error.remedy.endswith((".", "`"))
    assert "<html" not in str(error).lower()
    assert "http://" not in error.summary
    return error


def test_page_instead_of_an_answer(still: Scene) -> None:
    """A sign-in page with status 200 is a `BadAnswer`; a gateway's page with 502 a `HostDown`, after a few tries."""
    for name, verb in READS.items():
        still.host.behave()
        still.host.behave(html=True)
        error = of_ours(lambda verb=verb: verb(still.connect(), still))  # type: ignore[misc]  # bound in the loop
        assert isinstance(error, BadAnswer), name
        assert error.status == 200
        assert error.what
        still.host.behave()
        still.host.behave(status=502, body=b"<html>Unicorn!</html>", headers={"Content-Type": "text/html"})
        still.requests.clear()
        repo = still.connect(retries=2)
        error = of_ours(lambda verb=verb, repo=repo: verb(repo, still))  # type: ignore[misc]  # as above
        assert isinstance(error, HostDown), name
        assert (error.status, error.host, error.retryable) == (502, repo.host, True)
        # A panel asks twice at a time: for the pull request and for its files.
        assert len(still.requests) <= (6 if name == "pulls.panel" else 3)


@pytest.mark.parametrize(
    "how", [{"truncate": "json"}, {"truncate": "length"}, {"truncate": "chunked"}, {"cut": "after"}]
)
def test_half_an_answer(still: Scene, how: dict[str, Any]) -> None:
    """Half of an answer is never taken for a whole one."""
    still.host.behave(**how)
    for name, verb in READS.items():
        error = of_ours(lambda verb=verb: verb(still.connect(retries=1), still))  # type: ignore[misc]  # as above
        assert isinstance(error, (BadAnswer, HostDown)), name
        assert not error.maybe_done


def test_failure_that_passes_is_not_seen(still: Scene) -> None:
    """One 503, one cut and one half answer are got over without a word."""
    repo = still.connect()
    for name in ("pulls.get", "pulls.panel", "threads.list", "native"):
        for fault in ({"status": 503}, {"cut": "before"}, {"truncate": "length"}, {"truncate": "chunked"}):
            still.host.behave(**fault, times=1)
            READS[name](repo, still)


def test_failure_for_ever_ends(still: Scene) -> None:
    """5xx without end: the tries are counted, and the error tells host, status, request id and that it may pass."""
    still.host.behave(status=503, headers={"X-GitHub-Request-Id": "ABCD:1234"})
    repo = still.connect(retries=3)
    error = of_ours(lambda: repo.pulls.get(1))
    assert isinstance(error, HostDown)
    assert len(still.requests) == 4
    assert (error.host, error.status, error.request_id, error.retryable) == (repo.host, 503, "ABCD:1234", True)
    still.requests.clear()
    once = still.connect(retries=0)
    of_ours(lambda: once.pulls.get(1))
    assert len(still.requests) == 1


@pytest.mark.parametrize("verb", ["pulls.get", "pulls.panel", "threads.list"])
def test_silence_is_bounded(still: Scene, verb: str) -> None:
    """A host that falls silent is given up after `timeout`, and again by the deadline."""
    still.host.behave(stall=3)
    silent = still.connect(timeout=0.2, retries=1)
    assert isinstance(of_ours(lambda: READS[verb](silent, still), within=5), HostDown)
    late = still.connect(timeout=20, deadline=0.3)
    assert isinstance(of_ours(lambda: READS[verb](late, still), within=5), DeadlineExceeded)
    mine = still.connect().within(deadline=0.3)
    assert isinstance(of_ours(lambda: READS[verb](mine, still), within=5), DeadlineExceeded)


def test_slowness_is_bounded(scene: Scene) -> None:
    """The deadline of a call counts its requests together; a write whose turn never came is not in doubt."""
    scene.host.behave(latency=0.2)
    repo = scene.connect(deadline=0.35)
    error = of_ours(lambda: repo.threads.start(1, "On a line", at=scene.at()), within=5)
    assert isinstance(error, DeadlineExceeded)
    assert not error.maybe_done
    assert error.text == "On a line"
    assert scene.writes() == []


def abandoned(call: Callable[[], object], stop: Callable[[], None]) -> BridgeError:
    """The error of a call in another thread that is stopped while it hangs."""
    errors: list[BridgeError] = []

    def run() -> None:
        try:
            call()
        except BridgeError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    stop()
    thread.join(15)
    assert not thread.is_alive()
    assert time.monotonic() - began < 15
    return errors[0]


@pytest.mark.parametrize("verb", ["pulls.get", "pulls.panel", "threads.list", "native"])
def test_hanging_read_can_be_cancelled(still: Scene, verb: str) -> None:
    """A token ends a hanging read from another thread; later calls with it are not even sent."""
    still.host.behave(stall=3)
    cancel = Cancel()
    repo = still.connect()
    bound = repo.within(cancel=cancel)
    if verb != "native":
        assert isinstance(abandoned(lambda: READS[verb](bound, still), cancel.cancel), Cancelled)
        still.requests.clear()
        with pytest.raises(Cancelled):
            READS[verb](bound, still)
        assert still.requests == []
    still.host.behave()
    assert repo.pulls.get(1).number == 1


@pytest.mark.parametrize("verb", ["pulls.get", "pulls.panel", "native"])
def test_hanging_read_ends_with_close(still: Scene, verb: str) -> None:
    """`close` ends what hangs; it does not wait for it."""
    still.host.behave(stall=3)
    repo = still.connect()
    assert isinstance(abandoned(lambda: READS[verb](repo, still), repo.close), Cancelled)


@pytest.mark.parametrize("stop", ["cancel", "close", "deadline"])
@pytest.mark.parametrize("verb", WRITES)
def test_hanging_write_is_in_doubt(scene: Scene, verb: str, stop: str) -> None:
    """A write that left and whose answer nobody waits for is `Unconfirmed`, with the text in hand; it is not written again."""
    repo = scene.connect()
    repo.pulls.panel(1)
    cancel = Cancel()
    scene.host.behave(stall=3, method="POST", times=1)
    bound = repo.within(deadline=0.4) if stop == "deadline" else repo.within(cancel=cancel)
    ends = {"cancel": cancel.cancel, "close": repo.close, "deadline": lambda: None}[stop]
    error = abandoned(lambda: WRITES[verb](bound, scene), ends)
    assert isinstance(error, Unconfirmed)
    assert error.maybe_done
    assert error.text in {"To all", "On a line", "Words"}
    assert isinstance(error.__cause__, (Cancelled, DeadlineExceeded))
    assert "Look at the pull request" in str(error)
    assert len(stored(scene)) == 1


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("how", ["html", "empty", "json", "nothing told"])
def test_write_with_a_bad_answer_is_looked_up(scene: Scene, verb: str, how: str) -> None:
    """The write is done, its answer is nonsense: it is found and given back, and not written again."""

    def nonsense(request: Request, response: Response) -> Response | None:
        writes = request.method == "POST" and (b'"mutation' in request.get_data() or "/issues/" in request.path)
        if not writes:
            return None
        if how == "json":
            return Response(response.get_data()[:40], response.status_code, content_type="application/json")
        bodies = {"html": b"<html>Sign in</html>", "empty": b"", "nothing told": b'{"data": null}'}
        return Response(bodies[how], 200, content_type="text/html" if how == "html" else "application/json")

    scene.instead(nonsense)
    WRITES[verb](scene.connect(), scene)
    assert len(stored(scene)) == 1


@pytest.mark.parametrize("verb", WRITES)
def test_write_whose_look_up_fails_is_in_doubt(scene: Scene, verb: str) -> None:
    """The answer is lost and nobody can look: `Unconfirmed`, with the text; nothing is written again."""
    repo = scene.connect(retries=0)
    repo.pulls.panel(1)
    scene.host.behave(cut="after", method="POST", times=1)
    scene.host.behave(status=500)
    error = of_ours(lambda: WRITES[verb](repo, scene))
    assert isinstance(error, Unconfirmed)
    assert error.text in {"To all", "On a line", "Words"}
    assert error.operation
    assert len(stored(scene)) == 1
    scene.host.behave()
    if verb == "reviews.submit":
        assert error.receipt is not None
        assert repo.reviews.resume(error.receipt).complete
        assert len(stored(scene)) == 1


class TestGraphQL:
    """GraphQL says what went wrong with status 200."""

    @pytest.mark.parametrize(
        ("problem", "kind"),
        [
            ({"message": "Something went wrong while executing your query. Please include `A:1`."}, HostDown),
            ({"message": "Timeout", "type": "TIMEOUT"}, HostDown),
            ({"message": "Oops", "type": "INTERNAL"}, HostDown),
            ({"message": "Nobody knows", "type": "SOMETHING_NEW"}, BadAnswer),
            ({"message": "No such thing", "type": "NOT_FOUND"}, pullbridge.NotThere),
            ({"message": "May not", "type": "FORBIDDEN"}, pullbridge.Forbidden),
        ],
    )
    def test_errors_without_data(self, still: Scene, problem: dict[str, Any], kind: type[BridgeError]) -> None:
        """Errors and no data is no success, whatever the status."""
        body = pullbridge_json({"errors": [problem], "data": None})
        still.host.behave(
            status=200, body=body, headers={"Content-Type": "application/json", "X-GitHub-Request-Id": "R:1"}
        )
        repo = still.connect()
        for verb in (repo.threads.list, repo.pulls.commits, repo.reviews.list):
            error = of_ours(lambda verb=verb: verb(1))  # type: ignore[misc]  # bound in the loop
            assert isinstance(error, kind)
            assert (error.status, error.request_id, error.host) == (200, "R:1", repo.host)

    def test_errors_beside_data(self, still: Scene) -> None:
        """Half of the data with an error is no whole answer."""

        def half(request: Request, response: Response) -> None:
            if request.path.endswith("/graphql"):
                data = (
                    response.get_data()[:-1]
                    + b',"errors":[{"message":"Lost","type":"INTERNAL","path":["repository"]}]}'
                )
                response.set_data(data)

        scene = still
        wire = scene.host._wire
        handle = wire._handle
        scene.instead(half)
        try:
            error = of_ours(lambda: scene.connect().threads.list(1))
        finally:
            wire._handle = handle
        assert isinstance(error, HostDown)

    def test_checks_that_may_not_be_read_are_a_gap(self, scene: Scene) -> None:
        """A panel without the right to read checks is a panel with a gap that is named."""
        scene.app.settings(private=True)
        scene.app.check(scene.head, "ci", "success")
        granted = {"pull_requests": "read", "contents": "read"}
        panel = scene.connect(token=scene.host.token("bob", permissions=granted)).pulls.panel(1)
        assert panel.checks == ()
        assert [gap.part for gap in panel.gaps] == ["checks"]
        assert panel.gaps[0].remedy

    def test_mutation_that_failed_below_its_own_field_is_looked_up(self, scene: Scene) -> None:
        """The review is posted, and only giving it back failed: it is found, and not posted again."""

        def failed_late(request: Request, _: Response) -> Response | None:
            if b"AddPullRequestReview(" not in request.get_data():
                return None
            path = ["addPullRequestReview", "pullRequestReview", "pullRequest", "reviewThreads"]
            problem = {"message": "Something went wrong", "type": "FORBIDDEN", "path": path}
            body = pullbridge_json({"data": {"addPullRequestReview": None}, "errors": [problem]})
            return Response(body, 200, content_type="application/json")

        scene.instead(failed_late)
        receipt = scene.connect().reviews.submit(1, Verdict.COMMENT, "Words", [scene.draft("Here")])
        assert receipt.complete
        assert scene.inline() == ["Here"]


def pullbridge_json(value: object) -> bytes:
    import json

    return json.dumps(value).encode()


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
        import json

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
