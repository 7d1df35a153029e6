"""Sockets that give up in time: connecting, shaking hands, sending and receiving all watch the call they serve.

They slip under urllib3, which supplies HTTP and the pools. Every silence is bounded by `Settings.timeout` and every call
by its deadline, also against a server that sends one byte a second, and each wait ends soon after a `cancel()`.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager, Retry
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.wait import wait_for_write

from pullbridge.errors import BridgeError
from pullbridge.transport.call import SLICE, Bounds
from pullbridge.transport.egress import Target
from pullbridge.transport.trust import Trust

T = TypeVar("T")

#: Seconds that a connection may lie idle and still be used: middleboxes forget one silently after a few minutes.
IDLE = 120.0
#: The most bytes that are put together to leave at once: a review of a hundred comments.
TOGETHER = 65536
_PENDING = {errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", errno.EWOULDBLOCK)}
NO_RETRY = Retry(False, redirect=False)


class Flight:
    """One attempt on the wire: its bounds, and the longest silence in seconds.

    `sent` turns true when the request begins to leave, `reused` when it leaves on a connection that served before.
    """

    __slots__ = ("bounds", "reused", "sent", "silence")

    def __init__(self, bounds: Bounds, silence: float) -> None:
        self.bounds: Bounds = bounds
        self.silence: float = silence
        self.sent: bool = False
        self.reused: bool = False

    def slice(self, ends: float) -> float:
        """How long to wait before the next look, never 0 (that would mean "do not wait"). Raises as `Bounds.check`."""
        self.bounds.check()
        return max(1e-4, min(SLICE, ends - time.monotonic(), self.bounds.left()))


_flight: ContextVar[Flight] = ContextVar("pullbridge_flight")


@contextmanager
def aboard(flight: Flight) -> Iterator[None]:
    """Let the sockets used inside watch this flight."""
    before = _flight.set(flight)
    try:
        yield
    finally:
        _flight.reset(before)


def _patiently(sock: socket.socket, operation: Callable[[], T]) -> T:
    flight = _flight.get()
    ends = time.monotonic() + flight.silence
    while True:
        sock.settimeout(flight.slice(ends))
        try:
            return operation()
        except TimeoutError:
            if time.monotonic() >= ends:
                raise


class PlainSocket(socket.socket):
    """A TCP socket that watches its flight."""

    def connect(self, address: Any, /) -> None:
        """Connect within the flight's bounds."""
        self.setblocking(False)
        flight = _flight.get()
        ends = time.monotonic() + flight.silence
        state = self.connect_ex(address)
        if state in _PENDING:
            while not wait_for_write(self, timeout=flight.slice(ends)):
                if time.monotonic() >= ends:
                    raise TimeoutError(errno.ETIMEDOUT, "no answer to the attempt to connect")
            state = self.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        self.settimeout(flight.silence)
        if state:
            raise OSError(state, os.strerror(state))

    def recv_into(self, *args: Any) -> int:
        return _patiently(self, lambda: super(PlainSocket, self).recv_into(*args))

    def send(self, *args: Any) -> int:
        return _patiently(self, lambda: super(PlainSocket, self).send(*args))

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        with memoryview(data) as view, view.cast("B") as rest:
            sent = 0
            while sent < len(rest):
                sent += self.send(rest[sent:], flags)


class TlsSocket(ssl.SSLSocket):
    """A TLS socket that watches its flight; `sendall` is built on `send` already."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            _patiently(self, lambda: super(TlsSocket, self).do_handshake(block))
        except BridgeError:
            self.close()  # the standard library closes it for its own errors only
            raise

    def recv_into(self, *args: Any) -> int:
        return _patiently(self, lambda: super(TlsSocket, self).recv_into(*args))

    def recv(self, *args: Any) -> bytes:  # what TLS within the TLS of a proxy reads
        return _patiently(self, lambda: super(TlsSocket, self).recv(*args))

    def send(self, *args: Any) -> int:
        return _patiently(self, lambda: super(TlsSocket, self).send(*args))


def _dial(host: str, port: int) -> PlainSocket:
    """Connect to the first of the host's addresses that answers. The look-up itself cannot be interrupted."""
    failure = OSError("the name has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        sock = PlainSocket(family, kind, protocol)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:  # a socket is not left open, whatever ends the call
            sock.close()
            raise
        else:
            return sock
    raise failure


class _Watched(HTTPConnection):
    """What both kinds of connection have in common."""

    used = 0.0  # the moment of its last request, 0 before the first
    _held: bytes | None = None  # what has not left yet of the request that is being sent

    def _new_conn(self) -> socket.socket:
        self.used = 0.0
        sock = _dial(self._dns_host, self.port)
        sys.audit("http.client.connect", self, self.host, self.port)
        return sock

    @property
    def is_connected(self) -> bool:
        return super().is_connected and time.monotonic() - self.used < IDLE

    def request(self, *args: Any, **kwargs: Any) -> None:
        flight = _flight.get()
        if self.is_closed:
            self.connect()
        flight.reused = self.used > 0
        flight.sent = True
        self.used = time.monotonic()
        self._held = b""
        try:
            super().request(*args, **kwargs)
            self._let_go()
        finally:
            self._held = None

    def send(self, data: Any) -> None:
        """Send; a request's head and its small body together, where the standard library sends each by itself."""
        if self._held is not None:
            if isinstance(data, bytes) and len(self._held) + len(data) <= TOGETHER:
                self._held += data
                return
            self._let_go()
        super().send(data)

    def _let_go(self) -> None:
        held, self._held = self._held, b""
        if held:
            super().send(held)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


class Sockets:
    """The connection pools of one wire, one for each origin; `size` connections of each are kept."""

    def __init__(self, trust: Trust, size: int) -> None:
        self._trust = trust
        self._size = size
        self._pools: dict[tuple[str, str, int], HTTPConnectionPool] = {}
        self._lock = threading.Lock()

    def pool(self, target: Target) -> HTTPConnectionPool:
        """The pool that leads to a target."""
        place = (target.scheme, target.host, target.port)
        pool = self._pools.get(place)
        if pool is None:
            with self._lock:
                pool = self._pools.get(place) or self._make(target)
                self._pools[place] = pool
        return pool

    def close(self) -> None:
        """Close what is idle; what is in use closes when it comes back. Again does no harm."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()

    def _make(self, target: Target) -> HTTPConnectionPool:
        if target.scheme == "http":
            return _Pool(target.host, target.port, maxsize=self._size)
        context = self._trust.context(TlsSocket)
        proxy = self._trust.proxy(target)
        if proxy is None:
            return _TlsPool(target.host, target.port, maxsize=self._size, ssl_context=context)
        manager = ProxyManager(
            proxy.url,
            maxsize=self._size,
            proxy_headers=proxy.headers,
            proxy_ssl_context=context,
            ssl_context=context,
        )
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager.connection_from_host(target.host, target.port, "https")
