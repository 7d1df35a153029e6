"""What `test_bad_answers` says of GitHub, on the other hosts: no answer is taken for another, nor for a whole one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.hostile.site import Site, elsewhere, elsewhere_still
from werkzeug.wrappers import Request, Response

from pullbridge import BadAnswer, BridgeError, HostDown, Repository, Verdict
from pullbridge.transport.trace import Event

PAGE = b"<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body>Welcome</body></html>"
READS: dict[str, Callable[[Repository], Any]] = {
    "pulls.get": lambda repo: repo.pulls.get(1),
    "pulls.list": lambda repo: list(repo.pulls.list()),
    "pulls.panel": lambda repo: repo.pulls.panel(1),
    "pulls.commits": lambda repo: repo.pulls.commits(1),
    "pulls.mergeability": lambda repo: repo.pulls.mergeability(1),
    "pulls.timeline": lambda repo: list(repo.pulls.timeline(1)),
    "files.list": lambda repo: list(repo.files.list(1)),
    "files.diff": lambda repo: repo.files.diff(1),
    "files.content": lambda repo: repo.files.content("a.txt", "main"),
    "files.compare": lambda repo: repo.files.compare("main", "fix"),
    "threads.list": lambda repo: repo.threads.list(1),
    "reviews.list": lambda repo: repo.reviews.list(1),
    "reviewers.list": lambda repo: repo.reviewers.list(1),
    "checks.list": lambda repo: repo.checks.list(1),
    "branches.list": lambda repo: list(repo.branches.list()),
    "branches.get": lambda repo: repo.branches.get("main"),
    "probe": lambda repo: repo.probe(again=True),
}
#: Whose answer is the bytes of a file or a diff, and not JSON.
RAW = {"files.diff", "files.content"}

BODIES: dict[str, bytes] = {
    "empty": b"",
    "page": PAGE,
    "half": b'{"iid": 1, "values": [{"id',
    "null": b"null",
    "text": b'"text"',
    "nulls": b"[null]",
    "numbers": b"[1]",
    "wrong types": b'{"data": 7, "iid": {}, "id": {}, "values": 7, "name": 7, "commits": 7, "displayId": 7, "size": {}}',
    "other encoding": '{"iid": 1}'.encode("utf-16"),
    "deep": b"[" * 100_000,
    "large numbers": b'{"iid": 1e999, "id": 99999999999999999999999999, "data": 1e999, "values": 1e999, "name": 1e9}',
}
#: What Bitbucket Cloud says of a pull request need not be more than its number.
NUMBER_ALONE = {("bitbucket-cloud", "pulls.get"), ("bitbucket-cloud", "reviewers.list")}
#: The request's number, as each host calls it.
NUMBERED = {"X-Request-Id": "r-1", "X-AREQUESTID": "r-1"}


@elsewhere_still
@pytest.mark.parametrize("body", BODIES)
def test_answer_that_is_something_else(still_site: Site, body: str) -> None:
    """With status 200 it is `BadAnswer`, which names what was asked for, the host and the status, and shows nothing of it."""
    kind = "text/html; charset=utf-8" if body == "page" else "application/json; charset=utf-8"
    still_site.host.behave(status=200, body=BODIES[body], headers={"Content-Type": kind, **NUMBERED})
    for name, read in READS.items():
        if name in RAW and body != "page":
            continue
        if body == "large numbers" and (still_site.kind, name) in NUMBER_ALONE:
            continue
        repo = still_site.connect()
        with pytest.raises(BridgeError) as caught:
            read(repo)
        error = caught.value
        assert isinstance(error, BadAnswer), name
        assert error.what, name
        assert (error.host, error.status, error.request_id) == (repo.host, 200, "r-1"), name
        assert (error.maybe_done, error.retryable) == (False, False), name
        assert "get past it" in str(error), name
        assert "guest network" not in f"{error}{error!r}{error.__cause__!r}"


@elsewhere_still
@pytest.mark.parametrize("name", READS)
def test_page_of_a_proxy_with_502(still_site: Site, name: str) -> None:
    """It is `HostDown` with the status, after as many tries as were asked for; the page is not shown."""
    still_site.host.behave(status=502, body=PAGE, headers={"Content-Type": "text/html", **NUMBERED})
    told: list[Event] = []
    repo = still_site.connect(retries=2, trace=told.append)
    with pytest.raises(HostDown) as caught:
        READS[name](repo)
    error = caught.value
    assert (error.host, error.status, error.request_id, error.retryable) == (repo.host, 502, "r-1", True)
    assert error.remedy == "Try again in a while."
    assert "Welcome" not in str(error)
    assert {event.attempt for event in told} == {1, 2, 3}


@elsewhere_still
@pytest.mark.parametrize("fault", [{"status": 503}, {"cut": "before"}, {"truncate": "length"}, {"truncate": "chunked"}])
def test_passing_trouble_passes(still_site: Site, fault: dict[str, Any]) -> None:
    """A read is tried again, whether it travels as GET or as POST, and nobody notices."""
    for name, read in READS.items():
        expected = read(still_site.connect())
        still_site.host.behave(times=1, **fault)
        told: list[Event] = []
        assert read(still_site.connect(trace=told.append)) == expected, name
        # Nobody waits for the body of a redirect, to which `truncate` may have been done.
        led = any(event.status == 302 for event in told)
        assert max(event.attempt for event in told) == 2 or led, name


@elsewhere_still
@pytest.mark.parametrize("how", [{"truncate": "length"}, {"truncate": "chunked"}, {"cut": "after"}])
def test_answer_that_ends_early(still_site: Site, how: dict[str, Any]) -> None:
    """It is never taken for the whole: `HostDown` says that it was cut off, or that the connection broke."""
    still_site.host.behave(**how)
    for name in ("pulls.get", "pulls.panel", "files.diff", "files.content", "threads.list"):
        with pytest.raises(HostDown, match=r"was cut off|broke") as caught:
            READS[name](still_site.connect(retries=1))
        assert caught.value.retryable, name
        assert caught.value.host


@elsewhere_still
def test_answer_that_ends_early_with_the_right_length(still_site: Site) -> None:
    """Half of the JSON with a matching length is `BadAnswer`, and no SDK's exception."""
    still_site.host.behave(truncate="json")
    for name, read in READS.items():
        if name not in RAW:
            with pytest.raises(BadAnswer, match="not JSON"):
                read(still_site.connect())


@elsewhere_still
def test_bad_answer_is_not_remembered(still_site: Site) -> None:
    """With its validator it would be confirmed by a 304, again and again."""
    repo = still_site.repo
    for name in ("pulls.get", "branches.get", "files.compare"):
        still_site.host.behave(truncate="json", times=1)
        with pytest.raises(BadAnswer):
            READS[name](repo)
        assert READS[name](repo) == READS[name](repo), name


@elsewhere_still
@pytest.mark.parametrize("name", ["pulls.get", "pulls.panel", "files.diff"])
def test_silence(still_site: Site, name: str) -> None:
    """Whoever falls silent in the middle is left after `timeout`, each time."""
    still_site.host.behave(stall=20)
    began = time.monotonic()
    with pytest.raises(HostDown, match="fell silent") as caught:
        READS[name](still_site.connect(timeout=0.15, retries=1))
    assert time.monotonic() - began < 40
    assert caught.value.retryable


@elsewhere_still
@pytest.mark.parametrize("status", [204, 205])
def test_read_without_content(still_site: Site, status: int) -> None:
    """A status that says that there is nothing to read is no answer to a question."""
    still_site.host.behave(status=status)
    for name, read in READS.items():
        with pytest.raises(BadAnswer) as caught:
            read(still_site.connect(retries=0))
        assert caught.value.status == status, name


@elsewhere_still
@pytest.mark.parametrize("status", [300, 304, 305, 399, 402, 418, 426, 431, 499])
def test_status_that_nobody_expects(still_site: Site, status: int) -> None:
    """It is an error that tells the status, for reads and for writes."""
    still_site.host.behave(status=status)
    calls: dict[str, Callable[[Repository], Any]] = {
        **READS,
        "a comment": lambda repo: repo.threads.start(1, "A text"),
        "an edit": lambda repo: repo.pulls.edit(1, title="Another"),
        "deleting": lambda repo: repo.branches.delete("fix"),
    }
    for name, call in calls.items():
        with pytest.raises(BridgeError) as caught:
            call(still_site.connect(retries=0))
        assert caught.value.status == status, name
        assert str(status) in str(caught.value), name


@elsewhere
def test_unknown_keys_do_no_harm(site: Site) -> None:
    """Keys that nobody knows, at every level, are read past, and nothing is different for it."""

    def grown(value: Any) -> Any:
        if isinstance(value, dict):
            known = {key: grown(each) for key, each in value.items()}
            return {**known, "brand_new": {"deep": [1, None]}, "brandNew": "x"}
        return [grown(each) for each in value] if isinstance(value, list) else value

    def more(_: Request, response: Response) -> None:
        if "json" in (response.content_type or "") and response.get_data():
            response.set_data(json.dumps(grown(json.loads(response.get_data()))))

    site.instead(more)
    repo = site.repo
    assert repo.pulls.get(1).title == "Change two files"
    assert len(repo.pulls.panel(1).files) == 2
    assert repo.threads.start(1, "To all").comments[0].body == "To all"
    assert repo.reviews.submit(1, Verdict.APPROVE, "", [site.draft("Here")]).complete
