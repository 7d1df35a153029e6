"""Renewing: once, by whoever comes first, and nothing good is lost on the way."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.auth import renewals
from tests.auth.renewals import KEY, Endpoint, over, pair, renewing

from pullbridge.auth.records import Grant, Key
from pullbridge.auth.signing import Signing
from pullbridge.auth.store import FileStore, MemoryStore
from pullbridge.auth.tokens import Renewing
from pullbridge.errors import BridgeError, Cancelled, HostDown, Offline, RateLimited, SignInNeeded, StoreUnusable
from pullbridge.model.credentials import Basic, Token
from pullbridge.transport import call
from pullbridge.transport.call import Cancel


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """One that gives each refresh token once."""
    with Endpoint() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def kept(grant: Grant, renew: Callable[[Grant], Grant | None]) -> tuple[MemoryStore, Renewing]:
    """A store that has the grant, and credentials over it."""
    store = MemoryStore()
    store.write(KEY, grant)
    return store, Renewing(KEY, grant, store, renew)


def never(_: Grant) -> Grant:
    raise AssertionError("nobody should have asked")


def test_a_process_that_dies_with_the_lock(tmp_path: Path, endpoint: Endpoint) -> None:
    """One killed between the answer and the disk leaves the old grant whole and no lock; the next has to sign in again."""
    store = FileStore(tmp_path / "kept")
    store.write(KEY, over(0))
    command = [sys.executable, renewals.__file__, endpoint.url, str(tmp_path / "kept")]
    assert subprocess.run(command, timeout=60, check=False).returncode == 9
    assert endpoint.renewed == 1
    found = store.read(KEY)
    assert found is not None
    assert (found.access, found.refresh) == ("access-0", "refresh-0")
    with pytest.raises(SignInNeeded), call.limits(deadline=20):
        renewing(endpoint.url, store, found).current()


def test_accounts_do_not_wait_for_each_other() -> None:
    """While one account is renewed, another one of the same host is, too."""
    store = MemoryStore()
    bob = Key(KEY.origin, KEY.client_id, "bob")
    store.write(bob, over(0))
    with store.lock(KEY):
        assert Renewing(bob, over(0), store, lambda _: pair(1)).current() == Token("access-1")


def test_threads_refused_together(endpoint: Endpoint) -> None:
    """Six threads whose token was refused renew it once."""
    store = MemoryStore()
    store.write(KEY, pair(0))
    credentials = renewing(endpoint.url, store, pair(0))
    signing = Signing(credentials, lambda each: {"Authorization": each.value if isinstance(each, Token) else ""})
    refused = signing.headers()
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda _: signing.renew(refused), range(6))) == [True] * 6
    assert signing.headers() == {"Authorization": "access-1"}
    assert (endpoint.renewed, endpoint.reused) == (1, 0)


def test_a_good_token_is_just_given() -> None:
    """Before its end, no lock is taken and nobody asked."""
    store, credentials = kept(pair(0), never)
    with store.lock(KEY):
        assert credentials.current() == Token("access-0")


def test_what_another_process_renewed_is_taken(tmp_path: Path) -> None:
    """A token renewed elsewhere is read from the store, and the host is not asked."""
    ours, theirs = FileStore(tmp_path / "kept"), FileStore(tmp_path / "kept")
    ours.write(KEY, over(0))
    credentials = Renewing(KEY, over(0), ours, never)
    theirs.write(KEY, pair(1))
    assert credentials.current() == Token("access-1")


def test_a_newer_one_in_the_store_wins_over_a_refusal() -> None:
    """The host refuses our refresh token, because somebody without a lock was faster: theirs is used."""
    store, credentials = kept(over(0), lambda _: renew())

    def renew() -> Grant:
        store.write(KEY, pair(7))
        raise SignInNeeded("invalid_grant")

    assert credentials.current() == Token("access-7")


def test_refused_for_good() -> None:
    """The host gives no more: one error that says so, and it is not asked again; a new sign-in is taken up."""
    asked: list[Grant] = []

    def renew(old: Grant) -> Grant:
        asked.append(old)
        raise SignInNeeded("The sign-in is over.")

    store, credentials = kept(over(0), renew)
    for _ in range(3):
        with pytest.raises(SignInNeeded, match="The sign-in is over"):
            credentials.current()
        with pytest.raises(SignInNeeded, match="The sign-in is over"):
            credentials.refresh()
    assert len(asked) == 1
    store.write(KEY, pair(9))
    assert credentials.current() == Token("access-9")


@pytest.mark.parametrize("error", [Offline("no network"), HostDown("503"), RateLimited("429")])
def test_what_passes_takes_nothing_away(error: BridgeError) -> None:
    """Without a network nothing is signed out: the refresh token stays, and works later."""
    trouble: list[BridgeError] = [error]

    def renew(_: Grant) -> Grant:
        if trouble:
            raise trouble.pop()
        return pair(1)

    store, credentials = kept(over(0), renew)
    before = store.read(KEY)
    with pytest.raises(type(error)):
        credentials.current()
    assert store.read(KEY) is before
    assert credentials.current() == Token("access-1")


def test_trouble_before_the_end_is_not_said() -> None:
    """What cannot be renewed a little early is still used until its end."""
    now = [0.0]

    def renew(_: Grant) -> Grant:
        raise Offline("no network")

    store = MemoryStore()
    grant = Grant(access="a", refresh="r", expires_at=7200.0, obtained_at=0.0)
    store.write(KEY, grant)
    credentials = Renewing(KEY, grant, store, renew, clock=lambda: now[0])
    now[0] = 7190.0
    assert credentials.current() == Token("a")
    now[0] = 7201.0
    with pytest.raises(Offline):
        credentials.current()


def test_kept_before_it_signs() -> None:
    """When the new token is given to anybody, it has been written."""
    store, credentials = kept(over(0), lambda _: pair(1))
    assert credentials.current() == Token("access-1")
    found = store.read(KEY)
    assert found is not None
    assert found.access == "access-1"


class Failing(MemoryStore):
    """Cannot be written from some moment on."""

    fails = False

    def write(self, key: object, grant: Grant) -> None:
        del key
        if self.fails:
            raise StoreUnusable("The disk is full.")
        super().write(KEY, grant)


def test_a_store_that_fails() -> None:
    """What could not be kept is said once, and the new token goes on working here; the next one is kept again."""
    store = Failing()
    store.write(KEY, over(0))
    store.fails = True
    credentials = Renewing(KEY, over(0), store, lambda old: pair(int((old.refresh or "").partition("-")[2]) + 1))
    with pytest.raises(StoreUnusable, match="could not be kept"):
        credentials.current()
    assert credentials.current() == Token("access-1")
    store.fails = False
    assert credentials.refresh() == Token("access-2")  # by the refresh token that only this process has
    found = store.read(KEY)
    assert found is not None
    assert found.access == "access-2"


def test_nothing_to_renew_with() -> None:
    """A token that is all there is signs until the host refuses it, whatever the clock says."""
    _, credentials = kept(over(0), lambda _: None)
    assert credentials.current() == Token("access-0")
    assert credentials.refresh() is None


def test_signed_out_elsewhere() -> None:
    """What another process signed out is not renewed, and not kept again."""
    store, credentials = kept(over(0), never)
    store.delete(KEY)
    with pytest.raises(SignInNeeded, match="signed out"):
        credentials.current()
    assert store.keys() == ()


def test_one_that_came_over_is_not_renewed_for_ever() -> None:
    """A host, or a clock, that makes every token over at once does not make every request a refresh."""
    asked: list[Grant] = []

    def renew(old: Grant) -> Grant:
        asked.append(old)
        return Grant(access=f"a{len(asked)}", refresh="r", expires_at=100.0, obtained_at=100.0)

    _, credentials = kept(over(0), renew)
    for _ in range(5):
        credentials.current()
    assert len(asked) == 1


def test_who_waits_can_be_cancelled() -> None:
    """A call that waits for somebody else's refresh ends when it is told to."""
    store, credentials = kept(over(0), never)
    cancel = Cancel()
    ended = threading.Event()

    def wait() -> None:
        with pytest.raises(Cancelled), call.limits(cancel=cancel):
            credentials.current()
        ended.set()

    with store.lock(KEY):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not ended.wait(0.1)
        cancel.cancel()
        thread.join(5)
    assert ended.is_set()


def test_a_cancelled_call_does_not_lose_a_refresh() -> None:
    """The refresh that a call began is finished and kept, though the call is over."""
    cancel = Cancel()

    def renew(_: Grant) -> Grant:
        cancel.cancel()
        call.check()
        return pair(1)

    store, credentials = kept(over(0), renew)
    with call.limits(cancel=cancel):
        assert credentials.current() == Token("access-1")
    found = store.read(KEY)
    assert found is not None
    assert found.access == "access-1"


def test_the_account_stays_the_same() -> None:
    """What is known of an account is not forgotten because its token was renewed."""
    _, credentials = kept(pair(0), lambda _: pair(1))
    signing = Signing(credentials, _plain)
    before = signing.account()
    assert signing.renew(signing.headers())
    assert signing.headers() == {"X": "access-1"}
    assert signing.account() == before
    assert "ada" not in before


def test_to_look_is_not_to_renew() -> None:
    """What is known of a token that is over is told without a new one: a property sends nothing."""
    _, credentials = kept(over(0), never)
    signing = Signing(credentials, _plain)
    assert signing.known() == {"X": "access-0"}
    assert not signing.anonymous


def _plain(credential: Token | Basic) -> dict[str, str]:
    return {"X": credential.value} if isinstance(credential, Token) else {}


def test_no_secret_shows() -> None:
    """No token is in any text of it, and it is not pickled."""
    _, credentials = kept(pair(0), never)
    assert "access-0" not in f"{credentials!r} {credentials!s}"
    with pytest.raises(TypeError, match="secret"):
        pickle.dumps(credentials)
