"""Every call ends when its deadline, its token or `close` says so, and a write says whether it may be done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from tests.hostile.scene import Scene, made

from pullbridge import BridgeError, Cancel, Cancelled, DeadlineExceeded, Repository, Unconfirmed, Verdict
from pullbridge.testing import Forge

READS: dict[str, Callable[[Repository], Any]] = {
    "pulls.get": lambda repo: repo.pulls.get(1),
    "pulls.list": lambda repo: list(repo.pulls.list()),
    "pulls.search": lambda repo: list(repo.pulls.list(author="ada")),
    "pulls.panel": lambda repo: repo.pulls.panel(1),
    "pulls.timeline": lambda repo: list(repo.pulls.timeline(1)),
    "files.diff": lambda repo: repo.files.diff(1),
    "threads.list": lambda repo: repo.threads.list(1),
    "probe": lambda repo: repo.probe(),
}
WRITES: dict[str, Callable[[Repository], Any]] = {
    "threads.start": lambda repo: repo.threads.start(1, "A text"),
    "reviews.submit": lambda repo: repo.reviews.submit(1, Verdict.APPROVE),
    "pulls.edit": lambda repo: repo.pulls.edit(1, title="Other"),
    "pulls.merge": lambda repo: repo.pulls.merge(1),
    "pulls.create": lambda repo: repo.pulls.create("Other", "other", "main"),
}
CALLS = READS | WRITES | {"native": lambda repo: repo.native.get_pull(1).title}


class TestEnding:
    """Every call ends when its deadline, its token or `close` says so."""

    @pytest.mark.parametrize("name", READS)
    def test_deadline_of_a_read(self, still: Scene, name: str) -> None:
        """A read that hangs is given up, by the limit given with `within`."""
        still.host.behave(latency=20)
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded, match="time given for this call is over") as caught:
            READS[name](still.connect().within(deadline=0.2))
        assert time.monotonic() - began < 40
        assert "repo.within(deadline=…)" in caught.value.remedy

    def test_deadline_of_the_settings(self, still: Scene) -> None:
        """`Settings.deadline` bounds each call, the SDK's too, and a longer one given later does not lift it."""
        still.host.behave(latency=20)
        repo = still.connect(deadline=0.2)
        began = time.monotonic()
        for call in (READS["pulls.get"], CALLS["native"], lambda repo: repo.within(deadline=60).pulls.get(1)):
            with pytest.raises(DeadlineExceeded):
                call(repo)
        assert time.monotonic() - began < 40

    def test_deadline_through_retries(self, still: Scene) -> None:
        """Tries and pauses together end in time, and the last failure is told."""
        still.host.behave(status=503, headers={"Retry-After": "1"})
        began = time.monotonic()
        with pytest.raises(BridgeError) as caught:
            still.connect(retries=1000).within(deadline=0.5).pulls.get(1)
        assert time.monotonic() - began < 40
        assert caught.value.retryable

    def test_deadline_is_for_each_call(self, still: Scene) -> None:
        """A limit counts from the beginning of each call, and leaves the repository as it was."""
        repo = still.connect()
        limited = repo.within(deadline=5)
        limited.pulls.get(1)
        still.host.behave(latency=0.3)
        with pytest.raises(DeadlineExceeded):
            repo.within(deadline=0.1).pulls.get(1)
        assert repo.pulls.get(1).number == limited.pulls.get(1).number == 1

    @pytest.mark.parametrize("name", ["threads.start", "reviews.submit", "pulls.merge", "pulls.edit", "pulls.create"])
    def test_deadline_of_a_write(self, scene: Scene, name: str) -> None:
        """A write that left is reported as unconfirmed, with its text, or as perhaps done; it is not done twice."""
        scene.app.commit("other", {"c.txt": "c\n"})
        repo = scene.connect()
        repo.pulls.panel(1)
        scene.host.behave(latency=0.6)
        scene.requests.clear()
        with pytest.raises((Unconfirmed, DeadlineExceeded)) as caught:
            WRITES[name](repo.within(deadline=0.2))
        assert caught.value.maybe_done
        assert "Look at the pull request" in caught.value.remedy or isinstance(caught.value, DeadlineExceeded)
        time.sleep(0.6)
        assert len(scene.writes()) <= 1

    def test_deadline_of_requests_in_a_row(self, scene: Scene) -> None:
        """They count together; a write whose turn never came is not in doubt, and its text is in hand."""
        scene.host.behave(latency=0.2)
        repo = scene.connect(deadline=0.35)
        with pytest.raises(DeadlineExceeded) as caught:
            repo.threads.start(1, "On a line", at=scene.at())
        assert not caught.value.maybe_done
        assert caught.value.text == "On a line"
        assert scene.writes() == []

    @pytest.mark.parametrize("name", ["pulls.get", "pulls.panel", "pulls.search", "threads.start", "pulls.edit"])
    def test_cancel(self, scene: Scene, name: str) -> None:
        """A token ends the calls that it was given to, and no others."""
        hanging = threading.Event()
        scene.instead(lambda *_: hanging.set(), times=1000)
        repo, cancel = scene.connect(), Cancel()
        limited = repo.within(cancel=cancel)
        scene.host.behave(stall=20)
        ended = _in_thread(lambda: CALLS[name](limited))
        assert hanging.wait(15)
        cancel.cancel()
        error = ended()
        assert isinstance(error, Unconfirmed if name == "threads.start" else Cancelled)
        assert error.maybe_done is (name in WRITES)
        scene.host.behave()
        scene.requests.clear()
        with pytest.raises(Cancelled):
            limited.pulls.get(1)
        assert scene.requests == []
        assert repo.pulls.get(1).number == 1

    @pytest.mark.parametrize(
        "name", ["pulls.get", "pulls.list", "pulls.panel", "threads.start", "pulls.edit", "native"]
    )
    def test_close(self, name: str) -> None:
        """`close` from another thread returns at once, and the call that hangs ends."""
        with Forge() as forge, ExitStack() as stack:
            scene = made(forge, stack)
            hanging = threading.Event()
            scene.instead(lambda *_: hanging.set(), times=1000)
            before, repo = set(threading.enumerate()), scene.connect()
            scene.host.behave(stall=20)
            ended = _in_thread(lambda: CALLS[name](repo))
            assert hanging.wait(15)
            began = time.monotonic()
            repo.close()
            error = ended()
            assert time.monotonic() - began < 15
            assert isinstance(error, Unconfirmed if name == "threads.start" else Cancelled)
            left = {thread.name for thread in set(threading.enumerate()) - before}
            assert not [name for name in left if name.startswith("pullbridge_")]
            with pytest.raises(Cancelled, match=r"closed"):
                repo.pulls.get(1)

    def test_close_while_it_pauses(self, still: Scene) -> None:
        """A pause between two tries ends as well."""
        still.host.behave(status=503, headers={"Retry-After": "30"})
        repo = still.connect()
        ended = _in_thread(lambda: repo.pulls.get(1))
        until = time.monotonic() + 5
        while not still.requests and time.monotonic() < until:
            time.sleep(0.01)
        began = time.monotonic()
        repo.close()
        assert isinstance(ended(), Cancelled)
        assert time.monotonic() - began < 15


def _in_thread(call: Callable[[], Any]) -> Callable[[], BridgeError | None]:
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
