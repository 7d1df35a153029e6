"""A WSGI application on a loopback port: cheroot, kept quick to start and to stop, with the raw socket within reach.

The socket is in the WSGI environment under `SOCKET`, so that a fault can be what a broken network makes of an answer.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIEnvironment

from cheroot import wsgi
from cheroot.makefile import MakeFile
from cheroot.server import HTTPConnection
from cheroot.ssl import Adapter

#: Where a connection's socket is in the WSGI environment.
SOCKET = "pullbridge.socket"

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class _Gateway(wsgi.Gateway_10):
    def get_environ(self) -> dict[str, Any]:  # type: ignore[override] # cheroot's stub says None
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ[SOCKET] = self.req.conn.socket
        return environ


class _Connection(HTTPConnection):
    """A fault may have closed the socket under cheroot's hands."""

    def close(self) -> None:
        with contextlib.suppress(OSError):
            super().close()


class _Tls(Adapter):
    """cheroot's own adapter reads certificate files; this one takes a context that is ready."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__("", "")
        self.context = context

    def bind(self, sock: socket.socket) -> socket.socket:
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        return self.context.wrap_socket(sock, server_side=True), self.get_environ()

    def get_environ(self) -> dict[str, str]:
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, sock: socket.socket, mode: str = "r", bufsize: int = -1) -> Any:
        return MakeFile(sock, mode, bufsize)


def _silent(*_args: object, **_more: object) -> None:
    """Log nothing: broken connections are what faults are made of, and the application reports its own errors."""


class Server:
    """One listening server in a background thread. It listens once `start()` returns; `port` 0 takes a free one."""

    def __init__(
        self,
        application: Application,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        threads: int = 24,
    ) -> None:
        server = wsgi.Server((address, port), application, numthreads=threads, request_queue_size=128, timeout=60)
        server.gateway = _Gateway
        server.ConnectionClass = _Connection
        server.expiration_interval = 0.02  # how long the loop may sleep before it sees that it should stop
        server.shutdown_timeout = 1
        server.error_log = _silent  # type: ignore[method-assign] # its documented way to redirect the log
        if tls is not None:
            server.ssl_adapter = _Tls(tls)
        self._server = server
        self._thread: threading.Thread | None = None
        self.secure: bool = tls is not None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return cast("int", self._server.bind_addr[1])

    def start(self) -> None:
        """Listen, and answer in a background thread."""
        self._server.prepare()
        self._thread = threading.Thread(target=self._server.serve, name="pullbridge-forge", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection, and wait for the threads."""
        self._server.stop()
        if self._thread is not None:
            self._thread.join(timeout=5)
