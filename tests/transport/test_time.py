"""Time: silence, deadlines, cancellation and closing, against servers that will not come to an end."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import Account, Plain, Seen, answer

from pullbridge.errors import BridgeError, Cancelled, DeadlineExceeded, HostDown, Offline
from pullbridge.transport.call import Cancel, limits
from pullbridge.transport.session import Wire


@contextmanager
def promptly() -> Iterator[None]:
    """Long before any of the servers below would end by itself."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 5


def stall(seen: Seen) -> None:
    seen.line.stall()


def stall_in_head(seen: Seen) -> None:
    seen.line.send(b"HTTP/1.1 200 OK\r\nX-A: ")
    seen.line.stall()


def stall_in_body(seen: Seen) -> None:
    seen.line.send(answer(200, b"x" * 100)[:-50])
    seen.line.stall()


def drip_body(seen: Seen) -> None:
    seen.line.drip(answer(200, b"x" * 1000), 0.05)


def drip_head(seen: Seen) -> None:
    seen.line.drip(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1000, 0.05)


SILENT = [stall, stall_in_head, stall_in_body]
DRIPPING = [drip_head, drip_body]


@pytest.mark.parametrize("script", SILENT)
def test_silence_ends_with_the_timeout(serve: Serve, join: Join, script: Callable[[Seen], None]) -> None:
    """N-19: a stalled answer is `HostDown`, worth another try for a read."""
    server = serve(script)
    with promptly(), pytest.raises(HostDown, match="silent") as caught:
        join(server, timeout=0.2, retries=0).exchange("GET", f"{server.url}/x")
    assert caught.value.retryable
    assert not caught.value.maybe_done


@pytest.mark.parametrize("script", SILENT + DRIPPING)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_deadline_holds(serve: Serve, join: Join, script: Callable[[Seen], None], method: str) -> None:
    """Also against a server that sends a byte now and then; a write is in doubt then, a read is not."""
    server = serve(script)
    with promptly(), pytest.raises(DeadlineExceeded) as caught:
        join(server, deadline=0.15).exchange(method, f"{server.url}/x")
    assert caught.value.maybe_done is (method == "POST")
    assert caught.value.host == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("script", SILENT + DRIPPING)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_cancelling_aborts(serve: Serve, join: Join, script: Callable[[Seen], None], method: str) -> None:
    """From another thread, while this one waits for a byte."""
    server = serve(script)
    token = Cancel()
    threading.Timer(0.08, token.cancel).start()
    with promptly(), limits(cancel=token), pytest.raises(Cancelled) as caught:
        join(server).exchange(method, f"{server.url}/x")
    assert caught.value.maybe_done is (method == "POST")


def test_tls_is_bounded_alike(
    serve_tls: Serve, join: Join, tmp_path_factory: pytest.TempPathFactory, authority: object
) -> None:
    """Deadline and cancellation reach a TLS connection that waits."""
    bundle = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))  # type: ignore[attr-defined]
    server = serve_tls(drip_body)
    with promptly(), pytest.raises(DeadlineExceeded):
        join(server, ca_bundle=bundle, deadline=0.15).exchange("GET", f"{server.url}/x")
    token = Cancel()
    threading.Timer(0.08, token.cancel).start()
    with promptly(), limits(cancel=token), pytest.raises(Cancelled):
        join(server, ca_bundle=bundle).exchange("GET", f"{server.url}/x")


@pytest.fixture
def mute() -> Iterator[str]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"


def test_a_handshake_that_never_comes_is_bounded(mute: str, join: Join) -> None:
    """Nothing was sent yet, so it is `Offline`, and a write is not in doubt."""
    with promptly(), pytest.raises(Offline) as caught:
        join(mute, timeout=0.2, retries=0).exchange("POST", f"{mute}/x")
    assert not caught.value.maybe_done
    with promptly(), pytest.raises(DeadlineExceeded) as late:
        join(mute, deadline=0.2).exchange("POST", f"{mute}/x")
    assert not late.value.maybe_done
    token = Cancel()
    threading.Timer(0.1, token.cancel).start()
    with promptly(), limits(cancel=token), pytest.raises(Cancelled):
        join(mute).exchange("GET", f"{mute}/x")


@pytest.fixture
def deaf() -> Iterator[str]:
    """A port whose queue is full, so that attempts to connect hang (as Linux does it)."""
    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems answer when the queue is full")
def test_connecting_is_bounded(deaf: str, join: Join) -> None:
    """By the timeout, the deadline and a token, and nothing is in doubt."""
    with promptly(), pytest.raises(Offline, match="did not answer"):
        join(deaf, timeout=0.2, retries=0).exchange("POST", f"{deaf}/x")
    with promptly(), pytest.raises(DeadlineExceeded) as caught:
        join(deaf, deadline=0.2).exchange("POST", f"{deaf}/x")
    assert not caught.value.maybe_done
    token = Cancel()
    threading.Timer(0.1, token.cancel).start()
    with promptly(), limits(cancel=token), pytest.raises(Cancelled):
        join(deaf).exchange("POST", f"{deaf}/x")


def test_a_large_upload_to_nobody_is_bounded(join: Join) -> None:
    """A host that stops reading does not hold the sender."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with promptly(), pytest.raises(DeadlineExceeded) as caught:
            join(place, deadline=0.15).exchange("POST", f"{place}/x", body=b"x" * 50_000_000)
    assert caught.value.maybe_done


def test_closing_aborts_what_is_in_flight(serve: Serve, wires: Callable[..., Wire]) -> None:
    """`close` returns, the calls raise `Cancelled`, and no thread of the wire is left."""
    server = serve(stall)
    wire = wires()
    session = wire.session([server.url], Account(), Plain())
    errors: list[BridgeError] = []

    def call() -> None:
        try:
            session.exchange("GET", f"{server.url}/x")
        except BridgeError as error:
            errors.append(error)

    threads = [threading.Thread(target=wire.gather, args=(call, call, call)), threading.Thread(target=call)]
    for thread in threads:
        thread.start()
    while len(server.seen) < 4:
        time.sleep(0.01)
    with promptly():
        wire.close()
        for thread in threads:
            thread.join()
    assert [type(error) for error in errors] == [Cancelled] * 4
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pullbridge")]


def test_a_closed_wire_sends_nothing(serve: Serve, wires: Callable[..., Wire]) -> None:
    """Calls after `close` raise `Cancelled`, and closing again does no harm."""
    server = serve(lambda _: answer())
    wire = wires()
    session = wire.session([server.url], Account(), Plain())
    wire.close()
    wire.close()
    with pytest.raises(Cancelled):
        session.exchange("POST", f"{server.url}/x")
    with pytest.raises(Cancelled):
        session.get(f"{server.url}/x")
    assert server.seen == []


@pytest.mark.parametrize("door", ["exchange", "request"])
def test_what_was_cancelled_before_is_not_sent(serve: Serve, join: Join, door: str) -> None:
    """A write is not in doubt then."""
    server = serve(lambda _: answer())
    token = Cancel()
    token.cancel()
    with limits(cancel=token), pytest.raises(Cancelled) as caught:
        getattr(join(server), door)("POST", f"{server.url}/x")
    assert not caught.value.maybe_done
    assert server.connections == 0


def test_waiting_for_a_free_slot_is_bounded(serve: Serve, wires: Callable[..., Wire]) -> None:
    """The one slot is taken; the second call gives up in time without having sent anything."""
    server = serve(stall)
    wire = wires(max_concurrency=1)
    session = wire.session([server.url], Account(), Plain())
    token = Cancel()

    def hold() -> None:
        with limits(cancel=token), pytest.raises(Cancelled):
            session.exchange("GET", f"{server.url}/first")

    holder = threading.Thread(target=hold)
    holder.start()
    while not server.seen:
        time.sleep(0.01)
    with promptly(), limits(deadline=0.2), pytest.raises(DeadlineExceeded) as caught:
        session.exchange("POST", f"{server.url}/second")
    assert not caught.value.maybe_done
    token.cancel()
    holder.join()
    assert [seen.path for seen in server.seen] == ["/first"]


def test_a_connection_that_was_given_up_is_not_used_again(serve: Serve, join: Join) -> None:
    """The late rest of an abandoned answer must not be taken for the next one."""
    server = serve(
        lambda seen: seen.line.drip(answer(200, b"late"), 0.02) if seen.path == "/slow" else answer(200, b"next")
    )
    session = join(server)
    with limits(deadline=0.15), pytest.raises(DeadlineExceeded):
        session.exchange("GET", f"{server.url}/slow")
    assert session.exchange("GET", f"{server.url}/x").body == b"next"
    assert server.connections == 2
