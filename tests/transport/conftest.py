"""Servers, wires and sessions that end with the test."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator

import pytest
import trustme
from tests.transport.scripted import Account, Plain, Script, Server

from pullbridge.model.settings import Settings
from pullbridge.transport import pace, retry
from pullbridge.transport.session import HostSession, Wire

Serve = Callable[[Script], Server]
Join = Callable[..., HostSession]


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that nobody asked for are short; those that a host asks for stay."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(pace, "GAP", 0.1)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start scripted servers; they end with the test."""
    servers: list[Server] = []

    def start(script: Script) -> Server:
        servers.append(Server(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def wires() -> Iterator[Callable[..., Wire]]:
    """Make wires; they close with the test."""
    made: list[Wire] = []

    def make(**settings: object) -> Wire:
        made.append(Wire(Settings(**{"timeout": 5.0, "deadline": 10.0, "proxy": "", **settings}), host="host.test"))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for wire in made:
        wire.close()


@pytest.fixture
def join(wires: Callable[..., Wire]) -> Join:
    """A session with a server, on a wire of its own."""

    def make(server: Server | str, signer: Account | None = None, **settings: object) -> HostSession:
        place = server if isinstance(server, str) else server.url
        return wires(**settings).session([place], signer or Account(), Plain())

    return make


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def serve_tls(authority: trustme.CA) -> Iterator[Serve]:
    """The same over TLS, with a certificate of `authority` for 127.0.0.1."""
    servers: list[Server] = []

    def start(script: Script) -> Server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        servers.append(Server(script, context))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
