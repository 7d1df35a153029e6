"""The listener that a browser comes back to."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from pullbridge import Cancel, Cancelled, SignInFailed
from pullbridge.auth.callback import Code, Expected, Refusal
from pullbridge.auth.loopback import Listener
from pullbridge.auth.redirects import Landing
from pullbridge.transport.call import limits

EXPECTED = Expected(state="right", issuers=frozenset({"https://git.example"}))
LANDING = Landing(name="127.0.0.1", port=0, path="/callback")


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener(LANDING, EXPECTED) as made:
        yield made


def visit(listener: Listener, rest: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    """What a browser sees at the listener's address, with `rest` behind it."""
    where = urlsplit(listener.redirect_uri)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    try:
        connection.request(method, where.path + rest)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def test_the_first_that_fits_counts(listener: Listener) -> None:
    """A callback is taken once: the second is told that it is over, and the first stays what was found."""
    status, page, _ = visit(listener, "?code=one&state=right")
    again, over, _ = visit(listener, "?code=two&state=right")
    assert (status, again) == (200, 410)
    assert "close this page" in page
    assert "over" in over
    assert listener.wait(5) == Code("one")


@pytest.mark.parametrize(
    ("rest", "method", "status"),
    [
        ("/other?code=c&state=right", "GET", 404),
        ("?code=c&state=right", "POST", 405),
        ("?code=c&state=right", "HEAD", 405),
        ("?code=c&state=forged", "GET", 400),
        ("?error=access_denied", "GET", 400),
    ],
)
def test_what_does_not_end_the_wait(listener: Listener, rest: str, method: str, status: int) -> None:
    """Another path, another method and a forged state are refused, and the sign-in waits on."""
    assert visit(listener, rest, method)[0] == status
    visit(listener, "?code=c&state=right")
    hints: list[str | None] = []
    assert listener.wait(5, hints.append) == Code("c")
    assert hints == (["access_denied"] if "error" in rest else [None] if "forged" in rest else [])


def test_an_error_is_shown_as_what_it_is(listener: Listener) -> None:
    """A refusal ends the wait, and its text is escaped on the page."""
    _, page, _ = visit(listener, "?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state=right")
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert listener.wait(5) == Refusal("access_denied", "<script>alert(1)</script>")


def test_the_page_tells_nobody(listener: Listener) -> None:
    """The page has neither code nor state in it, loads nothing, and lets no other page hear of the address."""
    _, page, headers = visit(listener, "?code=c0de&state=right")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'"
    assert headers["cache-control"] == "no-store"
    assert not any(word in page for word in ("c0de", "right", "http", "src="))


def test_nobody_comes() -> None:
    """After the time that was given it is over, as a timeout, and the port is free."""
    with Listener(LANDING, EXPECTED) as listener, pytest.raises(SignInFailed) as failed:
        listener.wait(0.2)
    assert failed.value.reason == "timeout"
    with pytest.raises(ConnectionRefusedError):
        visit(listener, "?code=c&state=right")


def test_the_caller_cancels() -> None:
    """Whoever cancels does not wait for the timeout; nothing is left of the listener, threads neither."""
    cancel, before = Cancel(), set(threading.enumerate())
    with Listener(LANDING, EXPECTED) as listener, limits(cancel=cancel):
        threading.Timer(0.1, cancel.cancel).start()
        with pytest.raises(Cancelled):
            listener.wait(600)
    left = [each for each in threading.enumerate() if each not in before and "pullbridge" in each.name]
    assert not left


def test_only_this_machine(listener: Listener) -> None:
    """It listens at an address of the loopback, at a port that the system chose."""
    where = urlsplit(listener.redirect_uri)
    assert where.hostname == "127.0.0.1"
    assert where.port not in {None, 0, 80}
    with Listener(LANDING, EXPECTED) as other:
        assert urlsplit(other.redirect_uri).port != where.port


def test_a_browser_that_connects_and_says_nothing(listener: Listener) -> None:
    """Browsers open a connection in advance; one that stays silent keeps nobody else waiting, nor the end."""
    where = urlsplit(listener.redirect_uri)
    with socket.create_connection((where.hostname or "", where.port or 0)):
        assert visit(listener, "?code=c&state=right")[0] == 200
        assert listener.wait(5) == Code("c")
        listener.close()


def test_the_port_is_taken() -> None:
    """A port that the application is registered with, and that somebody else has, is said, for another way."""
    with Listener(LANDING, EXPECTED) as first:
        taken = Landing(name="127.0.0.1", port=urlsplit(first.redirect_uri).port or 0, path="/")
        with pytest.raises(SignInFailed) as failed:
            Listener(taken, EXPECTED)
    assert failed.value.reason == "port-taken"


def test_without_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where 127.0.0.1 cannot be had, ::1 is taken, and the address says so."""
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    monkeypatch.setitem(Listener._listen.__globals__["_FAMILIES"], "127.0.0.1", socket.AF_INET6)
    with Listener(LANDING, EXPECTED) as listener:
        assert listener.redirect_uri.startswith("http://[::1]:")
        visit(listener, "?code=c&state=right")
        assert listener.wait(5) == Code("c")


def test_both_addresses() -> None:
    """For a browser that may mean either, both are listened at, at one port."""
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    with Listener(LANDING, EXPECTED, both=True) as listener:
        port = urlsplit(listener.redirect_uri).port or 0
        for name in ("127.0.0.1", "::1"):
            connection = http.client.HTTPConnection(name, port, timeout=10)
            connection.request("GET", "/callback?state=forged")
            assert connection.getresponse().status == 400
            connection.close()


def test_localhost_is_said_where_it_is_registered() -> None:
    """An address that is registered with the name `localhost` comes back to that name."""
    with Listener(Landing(name="localhost", port=_free_port(), path="/"), EXPECTED) as listener:
        assert urlsplit(listener.redirect_uri).hostname == "localhost"
        assert visit(listener, "?code=c&state=right")[0] == 200


def test_two_at_once() -> None:
    """Two sign-ins at the same time each get their own, in whichever order they come."""
    other = Expected(state="other", issuers=frozenset())
    with Listener(LANDING, EXPECTED) as first, Listener(LANDING, other) as second, ThreadPoolExecutor(2) as pool:
        waits = [pool.submit(first.wait, 10), pool.submit(second.wait, 10)]
        visit(second, "?code=two&state=other")
        visit(first, "?code=two&state=other")
        visit(first, "?code=one&state=right")
        assert [wait.result() for wait in waits] == [Code("one"), Code("two")]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as found:
            found.bind(("::1", 0))
    except OSError:
        return False
    return True
