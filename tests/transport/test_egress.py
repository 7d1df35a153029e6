"""Where bytes may go. The parser first, then real servers: the foreign one must see nothing."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import answer

from pullbridge.errors import EgressRefused
from pullbridge.transport.egress import Egress, parse

GITHUB = Egress(["https://api.github.com"])
ENTERPRISE = Egress(["https://ghe.test/api/v3", "https://ghe.test/api/graphql"])

FOREIGN = [
    "https://api.github.com.evil.example/",
    "https://api.github.com@evil.example/",
    "https://api.github.com:443@evil.example/",
    "https://evil.example/#@api.github.com/",
    "https://evil.example?https://api.github.com/",
    "https://evil.example\\@api.github.com/",
    "https://api.github.com\\@evil.example/",
    "https:\\\\api.github.com/",
    "https:/api.github.com/",
    "https:///api.github.com/",
    "//api.github.com/",
    "/repos/o/r",
    "https://api.github.com:444/",
    "https://api.github.com:0443444/",
    "https://api.github.com:x/",
    "https://api.github.com:-1/",
    "https://api.github.com:65536/",
    "https://api.github.com:٤٤٣/",
    "http://api.github.com/",
    "http://api.github.com:443/",
    "ftp://api.github.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://api.github.com./../x",
    "https://api.github.com../",
    "https://.api.github.com/",
    "https://sub.api.github.com/",
    "https://github.com/",
    "https://api.g\u0456thub.com/",
    "https://api.github.com。evil.example/",
    "https://api.github.com%2eevil.example/",
    "https://api%2egithub.com/",
    "https://[::1]/",
    "https://[api.github.com]/",
    "https://[fe80::1%25eth0]/",
    "https://127.0.0.1/",
    "https://api.github.com/\r\nHost: evil.example",
    "https://api.github.com\t/",
    "https://api.github.com /",
    " https://api.github.com/",
    "https://api.github.com/a/../../b",
    "https://api.github.com/a/%2e%2e/b",
    "https://api.github.com/a/.%2E/b",
    "https://api.github.com/a/%252e%252e/b",
    "https://api.github.com/a%2f..%2fb",
    "https://api.github.com/a%5c..%5cb",
    "https://api.github.com/a/..;/b",
    "https://api.github.com/a/..;x=y/b",
    "https://api.github.com/a/./b",
    "",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_what_is_not_surely_the_named_host_is_refused(url: str) -> None:
    """Look-alikes, tricks with user information and ports, other schemes and climbing paths are refused."""
    with pytest.raises(EgressRefused):
        GITHUB.admit(url)


@pytest.mark.parametrize(
    ("url", "resource"),
    [
        ("https://api.github.com", "/"),
        ("https://api.github.com/repos/o/r?page=2#x", "/repos/o/r?page=2"),
        ("HTTPS://API.GitHub.COM:443/Repos", "/Repos"),
        ("https://api.github.com./repos", "/repos"),
        ("https://api.github.com?page=2", "/?page=2"),
        ("https://\uff41\uff50\uff49.github.com/x", "/x"),
        ("https://api.github.com/repos/o/r/compare/a...b", "/repos/o/r/compare/a...b"),
        ("https://api.github.com/contents/..hidden/x..", "/contents/..hidden/x.."),
        ("https://api.github.com/contents/a%2Fb%20c.py", "/contents/a%2Fb%20c.py"),
        ("https://api.github.com/contents/é b", "/contents/%C3%A9%20b"),
        ("https://api.github.com/search?q=é a/../b", "/search?q=%C3%A9%20a/../b"),
    ],
)
def test_other_spellings_of_the_named_host_are_the_named_host(url: str, resource: str) -> None:
    """Case, the default port, the root's dot and full-width letters change nothing; text is percent-encoded."""
    target = GITHUB.admit(url)
    assert (target.origin, target.resource) == ("https://api.github.com", resource)


@pytest.mark.parametrize("path", ["/api/v3", "/api/v3/", "/api/v3/repos", "/api/v3?x=1", "/api/graphql"])
def test_a_place_admits_what_lies_below_its_path(path: str) -> None:
    """The prefix itself and whole segments below it are admitted."""
    assert ENTERPRISE.admit(f"https://ghe.test{path}").host == "ghe.test"


@pytest.mark.parametrize("path", ["", "/", "/api", "/api/v33", "/api/v3x/repos", "//api/v3/repos", "/API/v3", "/login"])
def test_a_place_admits_nothing_beside_its_path(path: str) -> None:
    """A longer name, another case, a doubled slash and the rest of the host are refused."""
    with pytest.raises(EgressRefused) as caught:
        ENTERPRISE.admit(f"https://ghe.test{path}")
    assert caught.value.origin == "https://ghe.test"


@pytest.mark.parametrize(
    "url", ["http://localhost:8080/x", "http://127.0.0.1/x", "http://127.9.8.7/x", "http://[::1]:81/x"]
)
def test_plain_http_reaches_this_machine(url: str) -> None:
    """Loopback may be reached without encryption."""
    assert Egress([url]).admit(url).scheme == "http"


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://[::2]/",
        "http://0.0.0.0/",
    ],
)
def test_plain_http_reaches_nothing_else(url: str) -> None:
    """A place without encryption is refused when the session is made."""
    with pytest.raises(EgressRefused):
        Egress([url])


def test_names_that_lead_elsewhere_in_other_programs_are_refused() -> None:
    """`ß` is one host in IDNA 2003 and another in IDNA 2008; the xn-- form is unambiguous, and an umlaut always was."""
    with pytest.raises(EgressRefused, match="xn--"):
        parse("https://straße.example/")
    assert parse("https://xn--strae-oqa.example/").host == "xn--strae-oqa.example"
    assert parse("https://müller.example/").host == "xn--mller-kva.example"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/repositories/7/pulls", "https://api.github.com/repositories/7/pulls"),
        ("https://api.github.com/repositories/7", "https://api.github.com/repositories/7"),
        ("8?page=2", "https://api.github.com/repos/o/8?page=2"),
        ("?page=2", "https://api.github.com/repos/o/r?page=2"),
        ("/caf\u00c3\u00a9", "https://api.github.com/caf%C3%A9"),
    ],
)
def test_a_redirect_within_the_place_leads_on(location: str, url: str) -> None:
    """Absolute and relative locations are resolved, UTF-8 in them too."""
    assert GITHUB.follow(parse("https://api.github.com/repos/o/r"), location).url == url


@pytest.mark.parametrize(
    "location", ["//evil.example/x", "https://evil.example", "/\\evil.example", "http://api.github.com/x"]
)
def test_a_redirect_out_of_the_place_is_refused(location: str) -> None:
    """Another host, an ambiguous one and less encryption are refused."""
    with pytest.raises(EgressRefused):
        GITHUB.follow(parse("https://api.github.com/repos/o/r"), location)


def test_a_redirect_down_to_loopback_http_is_refused() -> None:
    """Even where both places were named, https does not lead down to http."""
    both = Egress(["https://localhost:1", "http://localhost:2"])
    with pytest.raises(EgressRefused, match="encryption"):
        both.follow(parse("https://localhost:1/x"), "http://localhost:2/x")


@given(st.text(max_size=40), st.text(max_size=20))
def test_whatever_is_admitted_has_the_named_origin(before: str, after: str) -> None:
    """No text around the host's name gets an address admitted whose canonical form leads elsewhere."""
    try:
        target = GITHUB.admit(f"https://{before}api.github.com{after}")
    except EgressRefused:
        return
    assert target.url.startswith("https://api.github.com/")
    assert parse(target.url) == target


def test_the_foreign_server_sees_nothing(serve: Serve, join: Join) -> None:
    """Neither our verb, nor an SDK's absolute address, nor a prepared request reaches another origin."""
    foreign = serve(lambda _: answer())
    session = join(serve(lambda _: answer()))
    with pytest.raises(EgressRefused) as caught:
        session.exchange("GET", f"{foreign.url}/x")
    assert caught.value.origin == foreign.url
    assert not caught.value.maybe_done
    with pytest.raises(EgressRefused):
        session.get(f"{foreign.url}/x")
    with pytest.raises(EgressRefused):
        session.post(f"{foreign.url}/x", data="x")
    with pytest.raises(EgressRefused):
        session.request("GET", "nonsense")
    assert foreign.connections == 0


def test_an_sdks_climbing_path_is_refused_before_requests_resolves_it(serve: Serve, join: Join) -> None:
    """requests would turn `/api/v3/repos/../admin` into `/api/v3/admin` unseen."""
    server = serve(lambda _: answer())
    session = join(f"{server.url}/api/v3")
    for path in ("/api/v3/repos/../admin", "/api/v3/repos/%2e%2e/admin", "/api/v3/../../admin"):
        with pytest.raises(EgressRefused):
            session.get(server.url + path)
    assert server.seen == []


def test_egress_is_refused_without_assertions_too() -> None:
    """Under `python -O` nothing is let out either."""
    program = """
        import socket, threading
        from pullbridge.errors import EgressRefused
        from pullbridge.model.settings import Settings
        from pullbridge.transport.session import Wire
        from tests.transport.scripted import Account, Plain
        assert False, "assertions are off"
        foreign = socket.create_server(("127.0.0.1", 0))
        foreign.settimeout(0.2)
        url = f"http://127.0.0.1:{foreign.getsockname()[1]}/x"
        with Wire(Settings(proxy="")) as wire:
            session = wire.session(["https://api.github.com"], Account(), Plain())
            for send in (lambda: session.exchange("GET", url), lambda: session.get(url)):
                try:
                    send()
                except EgressRefused as refused:
                    print("refused", refused.origin == url[:-2])
        try:
            foreign.accept()
        except TimeoutError:
            print("untouched")
    """
    done = subprocess.run(
        [sys.executable, "-O", "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.split("\n") == ["refused True", "refused True", "untouched", ""], done.stderr
