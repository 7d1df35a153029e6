"""What `test_limits` and `test_ending` say of GitHub, on the other hosts: too much was asked, or nobody waits any longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from tests.hostile.site import OTHERS, Site, elsewhere, elsewhere_still, opened

from pullbridge import (
    BridgeError,
    Cancel,
    Cancelled,
    DeadlineExceeded,
    RateLimited,
    Repository,
    Unconfirmed,
    Verdict,
)
from pullbridge.testing import Forge

Verb = Callable[[Repository, Site], Any]
READS: dict[str, Verb] = {
    "pulls.get": lambda repo, _: repo.pulls.get(1),
    "pulls.list": lambda repo, _: list(repo.pulls.list()),
    "pulls.panel": lambda repo, _: repo.pulls.panel(1),
    "files.diff": lambda repo, _: repo.files.diff(1),
}
WRITES: dict[str, Verb] = {
    "threads.start": lambda repo, _: repo.threads.start(1, "With a text"),
    "threads.start on a line": lambda repo, site: repo.threads.start(1, "With a text", at=site.at()),
    "reviews.submit": lambda repo, site: repo.reviews.submit(1, Verdict.COMMENT, "With a text", [site.draft("Here")]),
    "pulls.edit": lambda repo, _: repo.pulls.edit(1, body="With a text"),
    "pulls.create": lambda repo, _: repo.pulls.create("Another", "fix2", "main", "With a text"),
}
VERBS = READS | WRITES


@pytest.fixture
def repo(site: Site) -> Repository:
    site.app.commit("fix2", {"b.txt": "x\n"})
    return site.repo


@elsewhere
@pytest.mark.parametrize("name", ["pulls.panel", "threads.start", "reviews.submit"])
def test_short_wait_is_waited(site: Site, repo: Repository, name: str) -> None:
    """A 429 that says how many seconds is waited for, and the call then succeeds; what it writes is there once."""
    site.host.behave(status=429, headers={"Retry-After": "1"}, times=1)
    began = time.monotonic()
    VERBS[name](repo, site)
    assert time.monotonic() - began >= 0.9
    assert site.said().count("With a text") == (name in WRITES)


@elsewhere_still
def test_moment_is_waited_for(still_site: Site) -> None:
    """`Retry-After` may be an HTTP date; it is read by the host's own clock."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    still_site.host.behave(status=429, headers={"Retry-After": soon}, times=1)
    assert still_site.repo.pulls.get(1).number == 1
    assert [each.status for each in still_site.requests][:2] == [429, 200]


@elsewhere
@pytest.mark.parametrize("name", VERBS)
def test_long_wait_is_told_at_once(site: Site, repo: Repository, name: str) -> None:
    """When waiting does not fit the deadline, `RateLimited` says until when, and keeps the text; nothing is asked twice."""
    site.host.behave(status=429, headers={"Retry-After": "3600"})
    began = time.monotonic()
    with pytest.raises(RateLimited) as caught:
        VERBS[name](repo, site)
    assert time.monotonic() - began < 40
    assert len({(each.method, each.path, each.query) for each in site.requests}) == len(site.requests)
    error = caught.value
    assert error.resets_at is not None
    assert timedelta(minutes=55) < error.resets_at - datetime.now(UTC) < timedelta(minutes=65)
    assert (error.status, error.retryable, error.maybe_done, error.host) == (429, True, False, repo.host)
    assert error.text == ("With a text" if name in WRITES else None)
    assert site.said() == []


@elsewhere_still
@pytest.mark.parametrize("name", READS)
def test_deadline_of_a_read(still_site: Site, name: str) -> None:
    """A read that hangs is given up, by the limit given with `within`, and by that of the settings."""
    still_site.host.behave(latency=20)
    began = time.monotonic()
    for bound in (still_site.repo.within(deadline=0.2), still_site.connect(deadline=0.2)):
        with pytest.raises(DeadlineExceeded, match="time given for this call is over") as caught:
            READS[name](bound, still_site)
        assert "repo.within(deadline=…)" in caught.value.remedy
    assert time.monotonic() - began < 40


@elsewhere_still
def test_deadline_through_retries(still_site: Site) -> None:
    """Tries and pauses together end in time, and the last failure is told."""
    still_site.host.behave(status=503, headers={"Retry-After": "1"})
    began = time.monotonic()
    with pytest.raises(BridgeError) as caught:
        still_site.connect(retries=1000).within(deadline=0.5).pulls.get(1)
    assert time.monotonic() - began < 40
    assert caught.value.retryable


@elsewhere
@pytest.mark.parametrize("name", WRITES)
def test_deadline_of_a_write(site: Site, repo: Repository, name: str) -> None:
    """A write that left is reported as unconfirmed, with its text, or as perhaps done; it is not done twice."""
    repo.pulls.panel(1)
    site.host.behave(latency=0.6)
    site.requests.clear()
    with pytest.raises((Unconfirmed, DeadlineExceeded)) as caught:
        WRITES[name](repo.within(deadline=0.2), site)
    assert caught.value.text == "With a text"
    time.sleep(0.8)
    sent = [(each.method, each.path, each.body) for each in site.writes()]
    assert len(set(sent)) == len(sent)
    assert caught.value.maybe_done or not sent


@elsewhere
@pytest.mark.parametrize("name", ["pulls.get", "pulls.panel", "threads.start", "pulls.edit"])
def test_cancel(site: Site, name: str) -> None:
    """A token ends the calls that it was given to, and no others."""
    hanging, repo, cancel = threading.Event(), site.repo, Cancel()
    site.instead(lambda *_: hanging.set(), times=1000)
    limited = repo.within(cancel=cancel)
    site.host.behave(stall=20)
    ended = in_thread(lambda: VERBS[name](limited, site))
    assert hanging.wait(15)
    cancel.cancel()
    assert isinstance(ended(), Cancelled | Unconfirmed)
    site.host.behave()
    site.requests.clear()
    with pytest.raises(Cancelled):
        limited.pulls.get(1)
    assert site.requests == []
    assert repo.pulls.get(1).number == 1


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("name", ["pulls.get", "pulls.panel", "threads.start", "pulls.edit"])
def test_close(kind: str, name: str) -> None:
    """`close` from another thread returns at once, the call that hangs ends, and no thread is left."""
    with Forge() as forge, ExitStack() as stack:
        site = opened(forge, stack, kind)
        hanging = threading.Event()
        site.instead(lambda *_: hanging.set(), times=1000)
        before, repo = set(threading.enumerate()), site.repo
        site.host.behave(stall=20)
        ended = in_thread(lambda: VERBS[name](repo, site))
        assert hanging.wait(15)
        began = time.monotonic()
        repo.close()
        assert isinstance(ended(), Cancelled | Unconfirmed)
        assert time.monotonic() - began < 15
        left = {thread.name for thread in set(threading.enumerate()) - before}
        assert not [name for name in left if name.startswith("pullbridge_")]
        with pytest.raises(Cancelled, match=r"closed"):
            repo.pulls.get(1)


def in_thread(call: Callable[[], Any]) -> Callable[[], BridgeError | None]:
    """Start a call in a thread; what is given back waits for its end, and tells its error."""
    errors: list[BridgeError] = []

    def run() -> None:
        try:
            call()
        except BridgeError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def ended() -> BridgeError | None:
        thread.join(10)
        assert not thread.is_alive()
        return errors[0] if errors else None

    return ended
