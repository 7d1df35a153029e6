"""Many threads on one wire: no answer goes to another caller, and the sockets suffice."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import Account, Plain, Seen, answer

from pullbridge.transport.session import HostSession, Wire

THREADS, READS = 16, 125


@pytest.fixture
def restless() -> Iterator[None]:
    """Switch threads as often as the interpreter can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def echo(seen: Seen) -> bytes:
    """The path as the body, and as the validator of every second one."""
    headers = {"ETag": f'"{seen.path}"'} if seen.path.endswith(("0", "2", "4", "6", "8")) else {}
    return answer(304 if seen.headers.get("if-none-match") else 200, seen.path, headers)


def ask(session: HostSession, server: str, name: int, wrong: list[str]) -> None:
    for number in range(READS):
        path = f"/{name}/{number % 20}"
        url = server + path
        body = session.exchange("GET", url).body.decode() if number % 3 else session.get(url).text
        if body != path:
            wrong.append(f"{path} got {body}")


@pytest.mark.usefixtures("restless")
def test_no_answer_is_swapped(serve: Serve, join: Join) -> None:
    """Two thousand reads in sixteen threads, through both doors, with and without cached answers."""
    server = serve(echo)
    session = join(server, max_concurrency=THREADS, deadline=100)
    wrong: list[str] = []
    threads = [threading.Thread(target=ask, args=(session, server.url, name, wrong)) for name in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(server.seen) == THREADS * READS
    assert server.connections <= THREADS


def test_no_more_than_the_cap_are_in_flight(serve: Serve, wires: Callable[..., Wire]) -> None:
    """Whoever sends them; and warm, no new connection is made and none is thrown away."""
    lock, now, most = threading.Lock(), [0], [0]

    def script(_: Seen) -> bytes:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.005)
        with lock:
            now[0] -= 1
        return answer()

    server = serve(script)
    wire = wires(max_concurrency=4)
    sessions = [wire.session([server.url], Account(), Plain()) for _ in range(2)]
    wire.gather(*[lambda: sessions[0].exchange("GET", f"{server.url}/x")] * 20)
    warm = server.connections
    others = [threading.Thread(target=sessions[1].exchange, args=("GET", f"{server.url}/y")) for _ in range(12)]
    for thread in others:
        thread.start()
    wire.gather(*[lambda: sessions[0].exchange("GET", f"{server.url}/x")] * 20)
    for thread in others:
        thread.join()
    assert 1 < most[0] <= 4
    assert warm <= 4
    assert server.connections <= 4


def test_the_pool_never_complains(serve: Serve, wires: Callable[..., Wire], caplog: pytest.LogCaptureFixture) -> None:
    """urllib3 logs a warning when it throws a connection away for want of room."""
    server = serve(lambda _: answer())
    wire = wires(max_concurrency=3)
    session = wire.session([server.url], Account(), Plain())
    with caplog.at_level(logging.INFO):
        wire.gather(*[lambda: session.exchange("GET", f"{server.url}/x")] * 30)
    assert caplog.records == []
    assert server.connections <= 3
