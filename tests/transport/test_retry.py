"""Again, or not."""

from __future__ import annotations

import email.utils
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import Account, Seen, answer

from pullbridge.errors import BridgeError, Cancelled, DeadlineExceeded, HostDown, Offline, RateLimited
from pullbridge.transport import retry, sockets
from pullbridge.transport.call import Cancel, Repeat, limits, marked


def falters(*first: bytes | Callable[[Seen], None]) -> Callable[[Seen], bytes | None]:
    """A script that misbehaves so many times, and then answers well."""
    pending = list(first)

    def script(seen: Seen) -> bytes | None:
        if not pending:
            return answer(200, b"well")
        step = pending.pop(0)
        return step if isinstance(step, bytes) else step(seen)

    return script


def reset(seen: Seen) -> None:
    seen.line.reset()


def cut(seen: Seen) -> None:
    seen.line.send(answer(200, b"x" * 100)[:-50])


def cut_chunk(seen: Seen) -> None:
    seen.line.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo")


def no_last_chunk(seen: Seen) -> None:
    seen.line.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")


def cut_gzip(seen: Seen) -> None:
    whole = answer(200, b"x" * 100, zipped=True).partition(b"\r\n\r\n")[2]
    seen.line.send(answer(200, whole[:-12], {"Content-Encoding": "gzip"}))


def cut_head(seen: Seen) -> None:
    seen.line.send(b"HTTP/1.1 200 OK\r\nContent-Ty")


def hang_up(seen: Seen) -> None:
    del seen


def garbage(seen: Seen) -> None:
    seen.line.send(b"SSH-2.0-OpenSSH_9.9\r\n")


FAULTS = [reset, cut, cut_chunk, no_last_chunk, cut_gzip, cut_head, hang_up, garbage]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 555])
def test_a_read_is_repeated_after_a_passing_failure(serve: Serve, join: Join, status: int) -> None:
    """N-11: one failure of the host, one more try."""
    server = serve(falters(answer(status, "<html>proxy</html>")))
    assert join(server).exchange("GET", f"{server.url}/x").body == b"well"
    assert len(server.seen) == 2


@pytest.mark.parametrize("fault", FAULTS)
def test_a_read_is_repeated_after_a_broken_answer(serve: Serve, join: Join, fault: Callable[[Seen], None]) -> None:
    """N-17, N-18: an answer that is reset, cut or no HTTP at all is never taken for one."""
    server = serve(falters(fault))
    assert join(server).exchange("GET", f"{server.url}/x").body == b"well"
    assert len(server.seen) == 2


@pytest.mark.parametrize("fault", FAULTS)
def test_a_write_is_never_repeated_in_doubt(serve: Serve, join: Join, fault: Callable[[Seen], None]) -> None:
    """N-10: once bytes left, a POST is sent once, and its error says that it may have been done."""
    server = serve(falters(fault))
    with pytest.raises(HostDown) as caught:
        join(server).exchange("POST", f"{server.url}/x", body=b"{}")
    assert len(server.seen) == 1
    assert caught.value.maybe_done
    assert caught.value.__cause__ is not None
    assert caught.value.host == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("fault", FAULTS)
def test_an_sdk_gets_a_bridge_error_too(serve: Serve, join: Join, fault: Callable[[Seen], None]) -> None:
    """N-16: no exception of requests, urllib3 or the sockets leaves `request`."""
    server = serve(falters(fault))
    with pytest.raises(HostDown):
        join(server).post(f"{server.url}/x", json={})
    assert len(server.seen) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_failing_host_gets_a_write_once(serve: Serve, join: Join, method: str) -> None:
    """A 5xx is no proof that nothing was done."""
    server = serve(lambda _: answer(502, b"", {"X-Request-Id": "r-1"}))
    with pytest.raises(HostDown) as caught:
        join(server).exchange(method, f"{server.url}/x")
    assert (caught.value.status, caught.value.request_id, caught.value.maybe_done) == (502, "r-1", True)
    assert caught.value.retryable
    assert len(server.seen) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_that_sets_a_state_may_be_marked(serve: Serve, join: Join, method: str) -> None:
    """By argument, or around an SDK's call."""
    server = serve(falters(answer(502)))
    assert join(server).exchange(method, f"{server.url}/x", repeat=Repeat.SAFE).body == b"well"
    server.script = falters(answer(502))
    with marked(Repeat.SAFE):
        assert join(server).request(method, f"{server.url}/x").content == b"well"
    assert len(server.seen) == 4


def test_a_read_that_is_marked_never_is_not_repeated(serve: Serve, join: Join) -> None:
    """The mark counts in both directions."""
    server = serve(lambda _: answer(503))
    with marked(Repeat.NEVER), pytest.raises(HostDown):
        join(server).exchange("GET", f"{server.url}/x")
    assert len(server.seen) == 1


def test_repeating_ends(serve: Serve, join: Join) -> None:
    """N-12: after the first try and `retries` more there is an error with host, status and request id."""
    server = serve(lambda _: answer(503, b"", {"X-Request-Id": "r-9"}))
    with pytest.raises(HostDown) as caught:
        join(server, retries=2).exchange("GET", f"{server.url}/x")
    assert len(server.seen) == 3
    assert (caught.value.host, caught.value.status, caught.value.request_id) == (
        f"127.0.0.1:{server.port}",
        503,
        "r-9",
    )
    assert caught.value.retryable
    assert not caught.value.maybe_done


def test_a_failure_that_does_not_pass_is_told_at_once(serve: Serve, join: Join) -> None:
    """501 will be 501 again."""
    server = serve(lambda _: answer(501))
    with pytest.raises(HostDown):
        join(server).exchange("GET", f"{server.url}/x")
    assert len(server.seen) == 1


def test_accepted_statuses_are_answers(serve: Serve, join: Join) -> None:
    """What the adapter expects is neither repeated nor raised."""
    server = serve(lambda _: answer(503, b"maintenance"))
    assert join(server).exchange("GET", f"{server.url}/x", accept_statuses={503}).body == b"maintenance"
    assert len(server.seen) == 1


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_a_refused_connection_is_offline(join: Join) -> None:
    """Nothing was sent, so nothing was done."""
    place = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Offline) as caught:
        join(place, retries=1).exchange("POST", f"{place}/x")
    assert not caught.value.maybe_done
    assert isinstance(caught.value.__cause__, Exception)


def test_an_unknown_name_is_offline(join: Join) -> None:
    """The message says that it is the name."""
    with pytest.raises(Offline, match=r"nowhere\.invalid cannot be resolved"):
        join("https://nowhere.invalid", retries=0).exchange("GET", "https://nowhere.invalid/x")


def test_a_write_that_surely_did_not_leave_is_repeated(join: Join) -> None:
    """The host comes up between two tries; the POST arrives once."""
    port = free_port()
    place = f"http://127.0.0.1:{port}"
    arrived: list[bytes] = []

    def late() -> None:
        time.sleep(0.05)
        with socket.create_server(("127.0.0.1", port)) as listener:
            sock, _ = listener.accept()
            with sock:
                arrived.append(sock.recv(4096))
                sock.sendall(answer(201))

    thread = threading.Thread(target=late)
    thread.start()
    assert join(place, retries=60).exchange("POST", f"{place}/x", body=b"{}").status == 201
    thread.join()
    assert len(arrived) == 1


def test_a_stale_connection_leaves_a_write_in_doubt(serve: Serve, join: Join) -> None:
    """A kept connection that dies as the request goes out proves nothing; a read is simply sent again."""
    server = serve(lambda seen: seen.line.reset() if seen.path == "/die" else answer())
    session = join(server)
    session.exchange("GET", f"{server.url}/x")
    with pytest.raises(HostDown) as caught:
        session.exchange("POST", f"{server.url}/die")
    assert caught.value.maybe_done


def test_a_stale_connection_costs_a_read_no_pause(serve: Serve, join: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says nothing about the host, so the next connection is tried at once."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 60.0)
    server = serve(lambda seen: seen.line.reset() if (seen.path, seen.connection) == ("/x", 1) else answer())
    session = join(server)
    session.exchange("GET", f"{server.url}/warm")
    assert session.exchange("GET", f"{server.url}/x").status == 200
    assert [seen.path for seen in server.seen] == ["/warm", "/x", "/x"]


def test_an_idle_connection_is_not_trusted_for_ever(serve: Serve, join: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands between may have forgotten it without a word."""
    server = serve(lambda _: answer())
    session = join(server)
    session.exchange("GET", f"{server.url}/x")
    monkeypatch.setattr(sockets, "IDLE", 0.0)
    session.exchange("GET", f"{server.url}/x")
    assert server.connections == 2


def test_a_connection_that_the_host_closed_is_not_used(serve: Serve, join: Join) -> None:
    """A hang-up between two requests is seen, and costs a write nothing."""
    server = serve(lambda seen: seen.line.send(answer()) if seen.path == "/last" else answer())
    session = join(server)
    session.exchange("GET", f"{server.url}/last")
    time.sleep(0.05)
    assert session.exchange("POST", f"{server.url}/x").status == 200
    assert server.connections == 2


@pytest.mark.parametrize(("status", "pause"), [(429, "1"), (503, "0.3")])
def test_retry_after_is_honoured_as_a_number(serve: Serve, join: Join, status: int, pause: str) -> None:
    """N-13: the pause is at least as long as the host asks."""
    server = serve(falters(answer(status, b"", {"Retry-After": pause})))
    began = time.monotonic()
    assert join(server).exchange("GET", f"{server.url}/x").body == b"well"
    assert time.monotonic() - began >= float(pause)


def test_retry_after_is_honoured_as_a_date(serve: Serve, join: Join) -> None:
    """The date is read by the host's own clock, which may be an hour off."""
    now = datetime.now(UTC) + timedelta(hours=1)
    date, later = (email.utils.format_datetime(at, usegmt=True) for at in (now, now + timedelta(seconds=1)))
    server = serve(falters(answer(429, b"", {"Date": date, "Retry-After": later})))
    began = time.monotonic()
    assert join(server).exchange("POST", f"{server.url}/x").body == b"well"
    assert 1 <= time.monotonic() - began < 8


@pytest.mark.parametrize(
    "refusal",
    [
        answer(429, b"", {"Retry-After": "0"}),
        answer(403, b"secondary", {"Retry-After": "0"}),
        answer(200, b"RATE_LIMITED", {"Retry-After": "0"}),
    ],
)
def test_a_refused_write_is_repeated(serve: Serve, join: Join, refusal: bytes) -> None:
    """The host says that it did nothing: 429, GitHub's secondary 403, or GraphQL's 200 with an error."""
    server = serve(falters(refusal))
    assert join(server).exchange("POST", f"{server.url}/x", body=b"{}").body == b"well"
    assert [seen.body for seen in server.seen] == [b"{}", b"{}"]


def test_a_wait_past_the_deadline_is_not_begun(serve: Serve, join: Join) -> None:
    """The caller hears at once when the budget is renewed, by the host's clock."""
    date = "Mon, 05 Jan 2026 10:00:00 GMT"
    server = serve(lambda _: answer(429, b"", {"Date": date, "Retry-After": "3600"}))
    began = time.monotonic()
    with pytest.raises(RateLimited) as caught:
        join(server).exchange("POST", f"{server.url}/x")
    assert time.monotonic() - began < 5
    resets_at = caught.value.resets_at
    assert resets_at is not None
    assert abs(resets_at - datetime(2026, 1, 5, 11, tzinfo=UTC)) < timedelta(seconds=2)
    assert not caught.value.maybe_done
    assert len(server.seen) == 1


def test_a_limit_that_stays_is_told(serve: Serve, join: Join) -> None:
    """A 429 that says nothing about time is tried again with growing pauses, and then raised without a date."""
    server = serve(lambda _: answer(429))
    with pytest.raises(RateLimited) as caught:
        join(server, retries=1).exchange("GET", f"{server.url}/x")
    assert (caught.value.status, caught.value.resets_at) == (429, None)
    assert len(server.seen) == 2


def test_an_sdk_never_sees_a_429(serve: Serve, join: Join) -> None:
    """It would sleep on it."""
    server = serve(lambda _: answer(429, b"", {"Retry-After": "3600"}))
    with pytest.raises(RateLimited):
        join(server).get(f"{server.url}/x")


def test_a_pause_is_cancelled(serve: Serve, join: Join) -> None:
    """From another thread, long before its end, and nothing is in doubt."""
    server = serve(lambda _: answer(429, b"", {"Retry-After": "8"}))
    token = Cancel()
    threading.Timer(0.2, token.cancel).start()
    began = time.monotonic()
    with limits(cancel=token), pytest.raises(Cancelled) as caught:
        join(server).exchange("POST", f"{server.url}/x")
    assert time.monotonic() - began < 5
    assert not caught.value.maybe_done


def test_a_marked_write_that_keeps_failing_may_be_done(serve: Serve, join: Join) -> None:
    """Doubt from an early try survives a later one that surely did not arrive."""
    server = serve(lambda _: answer(500))
    with pytest.raises(HostDown) as caught:
        join(server, retries=1).exchange("PUT", f"{server.url}/x", repeat=Repeat.SAFE)
    assert caught.value.maybe_done
    assert len(server.seen) == 2


def test_a_signers_own_requests_are_not_marked(serve: Serve, join: Join) -> None:
    """A token refresh inside a marked call is a POST like any other, and never repeated."""
    server = serve(lambda seen: answer(502) if seen.path == "/token" else answer(401))
    tokens = join(server, Account(token=None))

    class Refreshing(Account):
        def renew(self, refused: object) -> bool:
            del refused
            tokens.exchange("POST", f"{server.url}/token")
            return True

    with marked(Repeat.SAFE), pytest.raises(HostDown):
        join(server, Refreshing()).exchange("POST", f"{server.url}/graphql")
    assert [seen.path for seen in server.seen] == ["/graphql", "/token"]


def test_what_cannot_be_decoded_is_an_error(serve: Serve, join: Join) -> None:
    """A coding that nobody asked for is not handed on as if it were text."""
    server = serve(lambda _: answer(200, b"...", {"Content-Encoding": "br"}))
    with pytest.raises(BridgeError, match="coding"):
        join(server).exchange("GET", f"{server.url}/x")


def test_deadline_in_a_pause_raises_the_failure(serve: Serve, join: Join) -> None:
    """A pause that cannot end in time is not begun: the failure is more use than `DeadlineExceeded`."""
    server = serve(lambda _: answer(503, b"", {"Retry-After": "5"}))
    with limits(deadline=1), pytest.raises(BridgeError) as caught:
        join(server).exchange("GET", f"{server.url}/x")
    assert isinstance(caught.value, HostDown)
    assert not isinstance(caught.value, DeadlineExceeded)
