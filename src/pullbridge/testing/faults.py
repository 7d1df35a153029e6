"""What a network or a troubled host does to an answer: delays, errors, cut and crippled bodies, hostile links."""

from __future__ import annotations

import errno
import fnmatch
import socket
import struct
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from pullbridge.testing.server import SOCKET

#: Never shown in what is recorded.
SECRET_HEADERS = frozenset({"authorization", "private-token", "job-token", "cookie", "proxy-authorization"})


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request that arrived and what was answered. `status` is `None` when the connection was cut instead.

    `headers` are without credentials. `fault` is true when the answer was not the host's own.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int | None
    answer_headers: Mapping[str, str]
    answer_body: bytes
    fault: bool = False


@dataclass(kw_only=True)
class Fault:
    """One way to misbehave, for the next `times` matching requests (`None`: for all of them).

    A request matches by `method`, by `path` (a shell pattern for the whole path: `*/pulls/*/comments`) and by a text
    that its body contains (`containing`: a GraphQL operation). Then, in this order:

    `latency` waits that many seconds first. `cut="before"` resets the connection before anything is handled,
    `cut="after"` when all is handled and stored. `status`, `headers`, `body` answer without handling; `redirect` is such
    an answer, too. `link` replaces the `Link` header of the true answer, `html` its body by a page. `truncate` breaks
    the true answer: `"length"` sends half of what `Content-Length` says, `"chunked"` a chunk without an end, `"json"`
    half of the text with the right length. `stall` sends half, then nothing for that many seconds.
    """

    latency: float = 0
    cut: Literal["before", "after"] | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    link: str | None = None
    html: bool = False
    truncate: Literal["length", "chunked", "json"] | None = None
    stall: float | None = None
    method: str | None = None
    path: str = "*"
    containing: str = ""
    times: int | None = None

    def matches(self, request: Request) -> bool:
        """Whether it is meant for this request."""
        return (
            self.times != 0
            and self.method in {None, request.method}
            and fnmatch.fnmatchcase(request.path, self.path)
            and self.containing.encode() in request.get_data()
        )

    @property
    def only_slow(self) -> bool:
        """Whether it does nothing but wait."""
        return self.cut is None and self.status is None and not self._changes_the_answer

    @property
    def _changes_the_answer(self) -> bool:
        return bool(self.link is not None or self.html or self.truncate or self.stall is not None)


PAGE = b"<!DOCTYPE html><html><head><title>Unicorn!</title></head><body><p>We had issues.</p></body></html>"


class Wire:
    """The WSGI application: hands each request to `handle`, does to the answer what the faults say, and records both."""

    def __init__(self, handle: Callable[[Request], Response]) -> None:
        self._handle = handle
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.faults: list[Fault] = []
        self.exchanges: list[Exchange] = []

    def close(self) -> None:
        """Let every waiting request go on at once."""
        self._closing.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        request.get_data(cache=True)
        wait, fault = self._take(request)
        if wait:
            self._closing.wait(wait)
        if fault is not None and fault.cut == "before":
            self._record(request, None, fault=True)
            _reset(environ)
        if fault is not None and fault.status is not None:
            response = Response(fault.body, fault.status, headers=dict(fault.headers))
        else:
            response = self._handled(request)
        response = _changed(response, fault)
        answered = fault is None or fault.cut is None
        self._record(request, response if answered else None, fault=fault is not None)
        if fault is not None:
            self._break(environ, response, fault)
        return response(environ, start_response)

    def _handled(self, request: Request) -> Response:
        """The host's answer. A mistake of the forge itself shall be seen: in the answer, and on the standard error."""
        try:
            return self._handle(request)
        except Exception:  # noqa: BLE001 - whatever it is
            traceback.print_exc()
            return Response(traceback.format_exc(), 500, mimetype="text/plain")

    def _take(self, request: Request) -> tuple[float, Fault | None]:
        """How long to wait, and the first fault that does more than that."""
        with self._lock:
            meant = [fault for fault in self.faults if fault.matches(request)]
            deed = next((fault for fault in meant if not fault.only_slow), None)
            used = [fault for fault in meant if fault.only_slow or fault is deed]
            for fault in used:
                if fault.times is not None:
                    fault.times -= 1
            return sum(fault.latency for fault in used), deed

    def _record(self, request: Request, response: Response | None, *, fault: bool) -> None:
        shown = {name: value for name, value in request.headers if name.lower() not in SECRET_HEADERS}
        exchange = Exchange(
            method=request.method,
            path=request.path,
            query=request.query_string.decode(),
            headers=shown,
            body=request.get_data(),
            status=None if response is None else response.status_code,
            answer_headers={} if response is None else dict(response.headers),
            answer_body=b"" if response is None else response.get_data(),
            fault=fault,
        )
        with self._lock:
            self.exchanges.append(exchange)

    def _break(self, environ: WSGIEnvironment, response: Response, fault: Fault) -> None:
        if fault.cut == "after":
            _reset(environ)
        if fault.truncate in {"length", "chunked"} or fault.stall is not None:
            wire: socket.socket = environ[SOCKET]
            wire.sendall(_half(response, chunked=fault.truncate == "chunked"))
            if fault.stall is not None:
                self._closing.wait(fault.stall)
            wire.shutdown(socket.SHUT_RDWR)
            raise OSError(errno.EPIPE, "cut on purpose")


def _changed(response: Response, fault: Fault | None) -> Response:
    if fault is None:
        return response
    if fault.html:
        return Response(PAGE, response.status_code, content_type="text/html; charset=utf-8")
    if fault.link is not None:
        response.headers["Link"] = fault.link
    if fault.truncate == "json":
        data = response.get_data()
        response.set_data(data[: len(data) // 2])
    return response


def _half(response: Response, *, chunked: bool) -> bytes:
    """The head of an answer and half of its body, as bytes on the wire."""
    data = response.get_data()
    half = data[: max(1, len(data) // 2)]
    headers = [(name, value) for name, value in response.headers if name.lower() != "content-length"]
    headers.append(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(data) + 1)))
    lines = [f"HTTP/1.1 {response.status}", *(f"{name}: {value}" for name, value in headers), "", ""]
    head = "\r\n".join(lines).encode("latin-1")
    return head + (b"%x\r\n%s" % (len(data), half) if chunked else half)


def _reset(environ: WSGIEnvironment) -> None:
    """Close the connection so that the other end sees a reset, not an end."""
    wire: socket.socket = environ[SOCKET]
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(wire.detach())
    raise OSError(errno.EPIPE, "cut on purpose")
