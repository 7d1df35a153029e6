"""Certificates and proxies: whom the wire believes, and which way it goes."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import Account, Plain, Seen, Server, answer

from pullbridge.errors import HostDown, Offline
from pullbridge.model.settings import Settings
from pullbridge.transport import egress
from pullbridge.transport.session import HostSession, Wire
from pullbridge.transport.sockets import TlsSocket
from pullbridge.transport.trust import Proxy, Trust

VARIABLES = (
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test sets itself."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def route(settings: Settings, url: str) -> str | None:
    proxy = Trust(settings).proxy(egress.parse(url))
    return proxy.url if proxy else None


def test_an_untrusted_certificate_is_refused(serve_tls: Serve, join: Join) -> None:
    """N-59: the error names TLS and what to do, once, and nothing was sent; verification is never switched off."""
    server = serve_tls(lambda _: answer())
    with pytest.raises(Offline, match=r"TLS certificate of \S+ is not trusted") as caught:
        join(server).exchange("GET", f"{server.url}/x")
    assert "ca_bundle" in str(caught.value)
    assert (server.seen, server.connections) == ([], 1)
    with pytest.raises(Offline):
        join(server).get(f"{server.url}/x", verify=False)
    assert server.seen == []


def test_a_certificate_for_another_name_is_refused(authority: trustme.CA, join: Join, bundle: Path) -> None:
    """A trusted authority is not enough."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.test").configure_cert(context)
    server = Server(lambda _: answer(), context)
    try:
        with pytest.raises(Offline, match="TLS"):
            join(server, ca_bundle=bundle).exchange("GET", f"{server.url}/x")
        assert server.seen == []
    finally:
        server.close()


@pytest.mark.parametrize("variable", [None, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_an_authority_is_named(
    serve_tls: Serve, wires: Callable[..., Wire], bundle: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None
) -> None:
    """By the settings or by the usual variables, which are read when the wire is made and not again."""
    server = serve_tls(lambda _: answer())
    if variable:
        monkeypatch.setenv(variable, str(bundle))
    wire = wires(ca_bundle=None if variable else bundle)
    if variable:
        monkeypatch.setenv(variable, "/nowhere")
    session = wire.session([server.url], Account(), Plain())
    assert session.exchange("GET", f"{server.url}/x").status == 200
    assert session.get(f"{server.url}/x").status_code == 200
    assert server.connections == 1


def test_settings_come_before_the_environment(
    serve_tls: Serve, join: Join, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """requests would let REQUESTS_CA_BUNDLE win."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    server = serve_tls(lambda _: answer())
    assert join(server, ca_bundle=bundle).exchange("GET", f"{server.url}/x").status == 200


def test_a_bundle_that_cannot_be_read_is_named(
    serve_tls: Serve, join: Join, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With where it came from; and it is not passed over in silence."""
    server = serve_tls(lambda _: answer())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    with pytest.raises(Offline, match=r"gone\.pem \(from REQUESTS_CA_BUNDLE\)"):
        join(server).exchange("GET", f"{server.url}/x")
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(Offline, match=r"empty\.pem"):
        join(server, ca_bundle=tmp_path / "empty.pem").exchange("GET", f"{server.url}/x")
    with pytest.raises(Offline, match="client certificate"):
        join(server, ca_bundle=bundle, client_certificate=str(tmp_path / "gone.pem")).exchange("GET", f"{server.url}/x")


def test_a_client_certificate_is_shown(authority: trustme.CA, join: Join, bundle: Path, tmp_path: Path) -> None:
    """To a host that asks for one, as a single file and as a pair; without it there is an error that names TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    mine = authority.issue_cert("me@host.test")
    both, certificate, private = (str(tmp_path / name) for name in ("both.pem", "cert.pem", "key.pem"))
    mine.private_key_and_cert_chain_pem.write_to_path(both)
    mine.cert_chain_pems[0].write_to_path(certificate)
    mine.private_key_pem.write_to_path(private)
    server = Server(lambda _: answer(), context)
    try:
        for given in (both, (certificate, private)):
            session = join(server, ca_bundle=bundle, client_certificate=given)
            assert session.exchange("GET", f"{server.url}/x").status == 200
        with pytest.raises((Offline, HostDown)):
            join(server, ca_bundle=bundle, retries=0).exchange("GET", f"{server.url}/x")
    finally:
        server.close()


def test_an_encrypted_key_is_not_asked_about(authority: trustme.CA, tmp_path: Path) -> None:
    """OpenSSL would ask for the password on the terminal of the host process."""
    mine = authority.issue_cert("me@host.test")
    key = serialization.load_pem_private_key(mine.private_key_pem.bytes(), None)
    locked = serialization.BestAvailableEncryption(b"password")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    (tmp_path / "me.pem").write_bytes(pem + mine.cert_chain_pems[0].bytes())
    with pytest.raises(Offline, match="client certificate"):
        Trust(Settings(client_certificate=str(tmp_path / "me.pem"))).context(TlsSocket)


def test_one_context_serves_all_connections(bundle: Path) -> None:
    """It is costly, and is made when first needed; the system's authorities are there without any setting."""
    trust = Trust(Settings(ca_bundle=bundle))
    assert trust.context(TlsSocket) is trust.context(TlsSocket)
    assert trust.context(TlsSocket).verify_mode is ssl.CERT_REQUIRED
    assert trust.context(TlsSocket).check_hostname
    system = Trust(Settings()).context(TlsSocket)
    assert system.verify_mode is ssl.CERT_REQUIRED


def test_the_way_is_settled_in_advance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings first, then the environment; loopback is never proxied; NO_PROXY names hosts, domains and networks."""
    assert route(Settings(), "https://a.test") is None
    monkeypatch.setenv("HTTPS_PROXY", "http://env.test:3128")
    monkeypatch.setenv("NO_PROXY", "direct.test, .inner.test,10.0.0.0/8,c.test:8443")
    assert route(Settings(), "https://a.test") == "http://env.test:3128"
    assert route(Settings(proxy="mine.test"), "https://direct.test") == "http://mine.test:80"
    assert route(Settings(proxy=""), "https://a.test") is None
    for direct in (
        "direct.test",
        "sub.direct.test",
        "x.inner.test",
        "10.1.2.3",
        "c.test:8443",
        "localhost",
        "127.0.0.1",
    ):
        assert route(Settings(), f"https://{direct}") is None, direct
    for proxied in ("notdirect.test", "11.1.2.3", "c.test", "direct.test.evil.example"):
        assert route(Settings(), f"https://{proxied}") == "http://env.test:3128", proxied
    trust = Trust(Settings())
    monkeypatch.setenv("HTTPS_PROXY", "http://later.test")
    proxy = trust.proxy(egress.parse("https://a.test"))
    assert proxy is not None
    assert proxy.url == "http://env.test:3128"
    monkeypatch.setenv("NO_PROXY", "*")
    assert route(Settings(), "https://a.test") is None


def test_a_proxy_keeps_its_password_to_itself() -> None:
    """What may be shown has no user information; what cannot be read is an error that does not repeat it."""
    proxy = Proxy.read("https://me:p%40ss@proxy.test")
    assert proxy.url == "https://proxy.test:443"
    assert "p@ss" not in repr(proxy)
    assert proxy.headers["proxy-authorization"] == "Basic " + base64.b64encode(b"me:p@ss").decode()
    assert Proxy.read("[::1]:3128").url == "http://[::1]:3128"
    for bad in ("socks5://me:secret@proxy.test", "http://me:secret@proxy.test:port", "http://:secret@"):
        with pytest.raises(Offline) as caught:
            Proxy.read(bad)
        assert "secret" not in str(caught.value)


class Tunnels:
    """A CONNECT proxy that leads every tunnel to one local port."""

    def __init__(self, port: int, password: str | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.password = password and base64.b64encode(password.encode()).decode()
        self.tls = tls
        self.heads: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)

    def accept(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock: socket.socket) -> None:
        try:
            with self.tls.wrap_socket(sock, server_side=True) if self.tls else sock as near:
                head = near.recv(65536).decode()
                self.heads.append(head)
                if self.password and f"Basic {self.password}" not in head:
                    near.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                    return
                with socket.create_connection(("127.0.0.1", self.port)) as far:
                    near.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                    back = threading.Thread(target=pump, args=(far, near), daemon=True)
                    back.start()
                    pump(near, far)
                    back.join(5)
        except OSError:
            return


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture
def inner(authority: trustme.CA) -> Iterator[Server]:
    """A server that only a proxy can reach, as https://host.test."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("host.test").configure_cert(context)
    server = Server(lambda _: answer(), context)
    yield server
    server.close()


Tunnel = Callable[..., Tunnels]


@pytest.fixture
def tunnel(inner: Server) -> Iterator[Tunnel]:
    made: list[Tunnels] = []

    def make(password: str | None = None, tls: ssl.SSLContext | None = None) -> Tunnels:
        made.append(Tunnels(inner.port, password, tls))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


def beyond(join: Join, bundle: Path, proxy: str | None) -> HostSession:
    return join("https://host.test", ca_bundle=bundle, proxy=proxy, retries=1)


def test_a_tunnel_is_dug(inner: Server, tunnel: Tunnel, join: Join, bundle: Path) -> None:
    """The proxy sees its own password and the host's name, and never the token."""
    proxy = tunnel("me:pass")
    session = beyond(join, bundle, f"http://me:pass@{proxy.place}")
    for _ in range(2):
        assert session.exchange("POST", "https://host.test/x", body=b"{}").status == 200
    assert len(proxy.heads) == 1
    assert proxy.heads[0].startswith("CONNECT host.test:443 ")
    assert "Bearer" not in proxy.heads[0]
    assert "proxy-authorization" not in inner.seen[0].headers
    assert inner.seen[0].headers["host"] == "host.test"


def test_the_environments_proxy_is_used(
    inner: Server, tunnel: Tunnel, join: Join, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the settings say nothing."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://{tunnel().place}")
    assert beyond(join, bundle, None).exchange("GET", "https://host.test/x").status == 200
    assert len(inner.seen) == 1


def test_a_proxy_that_is_reached_over_tls(
    authority: trustme.CA, inner: Server, tunnel: Tunnel, join: Join, bundle: Path
) -> None:
    """TLS within TLS, both verified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    proxy = tunnel(tls=context)
    assert beyond(join, bundle, f"https://{proxy.place}").exchange("GET", "https://host.test/x").status == 200
    assert len(inner.seen) == 1


def test_a_proxy_that_asks_for_a_password_is_named(inner: Server, tunnel: Tunnel, join: Join, bundle: Path) -> None:
    """N-60: once, without the password that was wrong, and with nothing in doubt."""
    proxy = tunnel("me:right")
    with pytest.raises(Offline, match="407") as caught:
        beyond(join, bundle, f"http://me:wrong@{proxy.place}").exchange("POST", "https://host.test/x")
    assert proxy.place in str(caught.value)
    assert "wrong" not in str(caught.value)
    assert not caught.value.maybe_done
    assert (len(proxy.heads), inner.seen) == (1, [])


def test_a_proxy_that_is_not_there_is_named(join: Join, bundle: Path) -> None:
    """It is not the host that is down, and it is not gone round."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(Offline, match=f"proxy http://{place}"):
        beyond(join, bundle, f"http://{place}").exchange("GET", "https://host.test/x")


def test_loopback_goes_round_every_proxy(serve: Serve, join: Join) -> None:
    """A forge on this machine is reached directly, whatever the settings say."""

    def script(seen: Seen) -> bytes:
        return answer(200, seen.path)

    server = serve(script)
    session = join(server, proxy="http://127.0.0.1:9")
    assert session.exchange("GET", f"{server.url}/x").body == b"/x"
    assert urlsplit(server.url).hostname == "127.0.0.1"
    assert "https_proxy" not in os.environ
