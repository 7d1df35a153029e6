"""A canary token, looked for wherever a failure leaves something behind."""

from __future__ import annotations

import logging
import pickle
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import CANARY, Seen, answer

from pullbridge.errors import BridgeError
from pullbridge.transport.call import Cancel, limits
from pullbridge.transport.session import HostSession
from pullbridge.transport.trace import Event

Act = Callable[[HostSession, str], Any]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    if error is None:
        return
    yield error
    yield from chain(error.__cause__)
    yield from chain(error.__context__)
    for arg in error.args:
        if isinstance(arg, BaseException):
            yield from chain(arg)


def frames(trace: TracebackType | None) -> Iterator[str]:
    """What a crash reporter would show of each frame's variables."""
    while trace is not None:
        if "/tests/" not in trace.tb_frame.f_code.co_filename:
            yield repr(trace.tb_frame.f_locals)
        trace = trace.tb_next


def traces_of(error: BaseException) -> Iterator[str]:
    for link in chain(error):
        yield repr(link) + str(link) + repr(link.args) + repr(vars(link))
        for attached in vars(link).values():
            yield repr(getattr(attached, "headers", "")) + repr(getattr(attached, "proxy_headers", ""))
        yield from frames(link.__traceback__)
    yield "".join(traceback.format_exception(error))
    yield str(pickle.dumps(error))


def exchange(session: HostSession, url: str) -> None:
    session.exchange("POST", url, body=b"{}")


def through_requests(session: HostSession, url: str) -> None:
    session.headers.update({"Authorization": f"Bearer {CANARY}", "PRIVATE-TOKEN": CANARY})  # as SDKs do
    session.post(url, data=b"{}")


def cut(seen: Seen) -> None:
    seen.line.send(answer(200, CANARY * 10)[:-50])  # as the answer of a token endpoint might be


def stall(seen: Seen) -> None:
    seen.line.stall()


SCRIPTS: dict[str, Callable[[Seen], bytes | None]] = {
    "hang-up": lambda _: None,
    "cut": cut,
    "silence": stall,
    "server error": lambda _: answer(500),
    "rate limit": lambda _: answer(429, b"", {"Retry-After": "3600"}),
    "redirect away": lambda _: answer(302, b"", {"Location": "https://evil.example/"}),
    "redirect loop": lambda seen: answer(302, b"", {"Location": seen.path}),
    "bad coding": lambda _: answer(200, b"x", {"Content-Encoding": "gzip"}),
    "no http": lambda _: b"SSH-2.0\r\n",
}


@pytest.mark.parametrize("act", [exchange, through_requests])
@pytest.mark.parametrize("name", SCRIPTS)
def test_no_failure_shows_the_token(
    serve: Serve, join: Join, caplog: pytest.LogCaptureFixture, name: str, act: Act
) -> None:
    """Not in the error, its causes and their attributes, its frames, its pickle, the log or the trace."""
    told: list[Event] = []
    server = serve(SCRIPTS[name])
    session = join(server, timeout=0.2, retries=0, trace=told.append)
    with caplog.at_level(logging.DEBUG), pytest.raises(BridgeError) as caught:
        act(session, f"{server.url}/x")
    left = [*traces_of(caught.value), repr(told), caplog.text, repr(session), str(session)]
    assert not [text for text in left if CANARY in text]
    assert pickle.loads(pickle.dumps(caught.value)).host == caught.value.host


def test_no_missing_host_shows_the_token(join: Join) -> None:
    """Neither a closed port, nor an unknown name, nor a handshake that fails."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for place in (f"http://127.0.0.1:{port}", "https://nowhere.invalid", f"https://127.0.0.1:{port}"):
        for act in (exchange, through_requests):
            with pytest.raises(BridgeError) as caught:
                act(join(place, retries=0), f"{place}/x")
            assert not [text for text in traces_of(caught.value) if CANARY in text]


def test_giving_up_does_not_show_the_token(serve: Serve, join: Join) -> None:
    """Deadline and cancellation unwind through the frames that sent the request."""
    server = serve(stall)
    token = Cancel()
    token.cancel()
    for bounds in (limits(deadline=0.1), limits(cancel=token)):
        with bounds, pytest.raises(BridgeError) as caught:
            join(server).exchange("POST", f"{server.url}/x")
        assert not [text for text in traces_of(caught.value) if CANARY in text]


def test_the_callers_own_exception_stays_whole(serve: Serve, join: Join) -> None:
    """What a caller is handling while it calls is context of our errors, and none of our business."""
    server = serve(lambda _: None)

    def clean_up() -> None:
        try:
            b"\xff".decode()
        finally:
            with pytest.raises(BridgeError):
                join(server, retries=0).exchange("GET", f"{server.url}/x")
            with limits(deadline=0), pytest.raises(BridgeError):
                join(server).exchange("GET", f"{server.url}/x")

    with pytest.raises(UnicodeDecodeError) as mine:
        clean_up()
    assert mine.value.args[1] == b"\xff"


def test_a_proxys_password_does_not_show(join: Join) -> None:
    """It sits on urllib3's pool and connection, which its exceptions would carry along."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"
    session = join("https://host.test", proxy=f"http://me:{CANARY}@{place}", retries=0)
    with pytest.raises(BridgeError) as caught:
        session.exchange("GET", "https://host.test/x")
    assert not [text for text in traces_of(caught.value) if CANARY in text]


def test_importing_changes_nothing_in_the_host_process() -> None:
    """No log handler, no thread, no socket; and the package itself loads no network library."""
    program = (
        "import sys, logging, threading; import pullbridge.transport.call, pullbridge.transport.egress;"
        "print([m for m in ('requests', 'urllib3', 'tenacity', 'ssl') if m in sys.modules]);"
        "import pullbridge.transport.session;"
        "print(threading.active_count(), logging.getLogger().handlers, logging.getLogger('urllib3').level)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["[]", "1 [] 0"]
