"""A scripted server on raw sockets, so that a test decides about every byte; and what a wire asks of others."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pullbridge.capabilities import Budget
from pullbridge.transport.pace import Refusal

CANARY = "c4n4ry-s3cr3t"


class Line:
    """The server's end of one connection, for scripts that misbehave."""

    def __init__(self, sock: socket.socket, over: threading.Event) -> None:
        self.sock = sock
        self.over = over

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def stall(self, seconds: float = 30) -> None:
        """Say nothing more; ends with the server."""
        self.over.wait(seconds)

    def drip(self, data: bytes, pause: float) -> None:
        """One byte at a time."""
        for byte in data:
            if self.over.wait(pause):
                return
            self.send(bytes([byte]))

    def reset(self) -> None:
        """End with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int
    line: Line


Script = Callable[[Seen], bytes | None]


def answer(
    status: int = 200,
    body: bytes | str | object = b"{}",
    headers: Mapping[str, str] | None = None,
    *,
    zipped: bool = False,
) -> bytes:
    """A whole answer."""
    content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    lines = {"Content-Type": "application/json", **(headers or {})}
    if zipped:
        content = gzip.compress(content)
        lines["Content-Encoding"] = "gzip"
    if status not in {204, 304}:
        lines.setdefault("Content-Length", str(len(content)))
    else:
        content = b""
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Told\r\n{head}\r\n".encode() + content


class Server:
    """Answers each request as `script` says: bytes to send, or `None` to close the connection."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.tls = tls
        self.seen: list[Seen] = []
        self.connections = 0
        self.over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for sock in self._open:
            sock.close()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            if self.tls is not None:
                sock = self.tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            with sock, sock.makefile("rb") as lines:
                while (seen := _read(lines, number, Line(sock, self.over))) is not None:
                    self.seen.append(seen)
                    told = self.script(seen)
                    if told is None:
                        return
                    sock.sendall(told)


def _read(lines: Any, number: int, line: Line) -> Seen | None:
    first = lines.readline().decode("latin-1").split()
    if len(first) < 2:
        return None
    headers: dict[str, str] = {}
    while text := lines.readline().decode("latin-1").strip():
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    body: bytes = lines.read(int(headers.get("content-length", "0")))
    return Seen(first[0], first[1], headers, body, number, line)


@dataclass
class Account:
    """A signer with one token."""

    token: str | None = CANARY
    fresh: list[str] = field(default_factory=list)
    renewals: int = 0

    def headers(self) -> Mapping[str, str]:
        return {} if self.token is None else {"Authorization": f"Bearer {self.token}"}

    def renew(self, refused: Mapping[str, str]) -> bool:
        assert refused == self.headers()
        self.renewals += 1
        if not self.fresh:
            return False
        self.token = self.fresh.pop(0)
        return True

    def account(self) -> str:
        return f"account-{hash(self.token)}"


class Plain:
    """A dialect like GitHub's, reduced to what the wire needs."""

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:  # noqa: ARG002  # fulfils `Dialect`
        secondary = b"secondary" in body
        if status == 429 or (status == 403 and secondary) or (status == 200 and b"RATE_LIMITED" in body):
            return Refusal(message="Slow down.", secondary=secondary)
        return None

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        if "X-RateLimit-Limit" not in headers:
            return None
        return Budget(limit=int(headers["X-RateLimit-Limit"]), remaining=int(headers["X-RateLimit-Remaining"]))
