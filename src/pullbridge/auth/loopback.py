"""A listener on this very machine, for the one request with which a browser comes back.

https://www.rfc-editor.org/rfc/rfc8252#section-7.3
"""

from __future__ import annotations

import html
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, ClassVar, Final, Self

from pullbridge.auth.callback import Callback, Code, Expected, MixUp, Refusal, Stranger, read
from pullbridge.auth.redirects import Landing
from pullbridge.errors import SignInFailed
from pullbridge.transport import call
from pullbridge.transport.call import SLICE

#: Seconds for a browser that connects and says nothing, as they do to be quick later.
_PATIENCE: Final = 5.0
_FAMILIES: Final = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    # The address has the code in it, and nobody else is to hear of it.
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}


class Listener:
    """Listens from the moment that it is made; `close` ends its threads and frees its port.

    `redirect_uri` is the address to come back to. `both` listens at 127.0.0.1 and ::1, for a browser that may mean either.
    Raises `SignInFailed` (`port-taken`) when there is no port to be had.
    """

    def __init__(self, landing: Landing, expected: Expected, *, both: bool = False) -> None:
        self._path = landing.path.split("?")[0]
        self._expected = expected
        self._found: SimpleQueue[Callback] = SimpleQueue()
        self._lock = Lock()
        self._over = False
        self._closing = ExitStack()
        name, port = self._listen(landing, both or landing.name == "localhost")
        self.redirect_uri: str = landing.address("localhost" if landing.name == "localhost" else name, port)

    def wait(
        self, timeout: float, on_stranger: Callable[[str | None], None] = lambda _: None
    ) -> Code | Refusal | MixUp:
        """Wait for the browser up to `timeout` seconds, within the bounds in force; a `Stranger` only leads to a call.

        Raises `SignInFailed` (`timeout`), `Cancelled` and `DeadlineExceeded`.
        """
        ends = time.monotonic() + timeout
        while time.monotonic() < ends:
            call.check()
            with suppress(Empty):
                found = self._found.get(timeout=SLICE)
                if not isinstance(found, Stranger):
                    return found
                on_stranger(found.hint)
        text = f"Nobody has come back from the browser in {timeout:g} seconds."
        raise SignInFailed(text, reason="timeout", next_step="Sign in again, or by another way.")

    def answer(self, query: str) -> tuple[int, str]:
        """The status and the page for one request to the right path; only the first that fits counts."""
        found = read(query, self._expected)
        with self._lock:
            if self._over:
                return 410, "This sign-in is over."
            self._over = not isinstance(found, Stranger)
            self._found.put(found)
        return _page(found)

    @property
    def path(self) -> str:
        """The one path that is served."""
        return self._path

    def close(self) -> None:
        """Listen no longer. Again does no harm."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self, landing: Landing, both: bool) -> tuple[str, int]:
        """The addresses that can be had, of those that will do; with `both`, all of them at one port."""
        named = (landing.name,) if landing.name in _FAMILIES else tuple(_FAMILIES)
        wanted = tuple(dict.fromkeys((*named, *(_FAMILIES if both or landing.port == 0 else ()))))
        bound: list[tuple[str, int]] = []
        for name in wanted:
            if bound and not both:
                break
            with suppress(OSError):
                bound.append((name, self._serve(name, bound[0][1] if bound else landing.port)))
        if not bound:
            text = (
                f"Nobody can listen at port {landing.port} of this machine."
                if landing.port
                else "There is no loopback."
            )
            raise SignInFailed(
                text, reason="port-taken", next_step="End what listens there, or sign in by another way."
            )
        return bound[0]

    def _serve(self, name: str, port: int) -> int:
        server = _Server(name, port, self)
        thread = Thread(target=server.serve_forever, args=(SLICE,), name="pullbridge-callback", daemon=True)
        thread.start()
        self._closing.callback(thread.join)
        self._closing.callback(server.end)
        return int(server.server_address[1])


class _Server(ThreadingHTTPServer):
    """One address. What is still open at the end is hung up on, so that no thread is left behind."""

    daemon_threads: bool = True
    block_on_close: bool = True
    # On Windows it would let another program take the port over.
    allow_reuse_address: bool = False

    def __init__(self, name: str, port: int, listener: Listener) -> None:
        self.address_family = _FAMILIES[name]
        self.listener = listener
        self._open: set[socket.socket] = set()
        super().__init__((name, port), _Handler)

    def server_bind(self) -> None:
        """As above, but nobody is asked for the name of this machine."""
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def end(self) -> None:
        self.shutdown()
        for each in tuple(self._open):
            with suppress(OSError):
                # Reading alone: a page that is being written is written to its end.
                each.shutdown(socket.SHUT_RD)
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that hangs up is nobody's business, and standard error is the editor's."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout: ClassVar[float] = _PATIENCE
    server_version: str = "pullbridge"
    sys_version: str = ""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path != self.server.listener.path:
            self._say(404, "There is nothing here.")
            return
        self._say(*self.server.listener.answer(query))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server refuses by itself, such as another method (501 there), without its page."""
        del message, explain
        self._say(405 if code == 501 else code, "That is not done here.")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address has the code in it."""

    def _say(self, status: int, text: str) -> None:
        page = f"<!doctype html><html lang=en><title>pullbridge</title><p>{html.escape(text)}</p></html>".encode()
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Length": str(len(page))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)
        self.close_connection = True


def _page(found: Callback) -> tuple[int, str]:
    match found:
        case Code():
            return 200, "That was all that the browser is needed for. You can close this page."
        case Refusal(error, description):
            said = f" It says: {description}" if description else ""
            return 200, f"The host has not agreed ({error}).{said} You can close this page."
        case MixUp():
            return 400, "Another host has answered than the one that was asked. Nothing was sent to either."
        case Stranger():
            return 400, "This belongs to no sign-in that is waiting here."
