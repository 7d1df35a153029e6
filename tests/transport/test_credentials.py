"""Who signs, and who does not."""

from __future__ import annotations

import copy
import pickle
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import CANARY, Account, Seen, answer

from pullbridge.errors import BridgeError, Rejected, SignInNeeded
from pullbridge.transport.session import HostSession, Wire

FOREIGN = {
    "Authorization": "Bearer of-an-sdk",
    "PRIVATE-TOKEN": "of-an-sdk",
    "job-token": "of-an-sdk",
    "Cookie": "session=of-an-sdk",
    "Proxy-Authorization": "Basic of-an-sdk",
    "Host": "of-an-sdk.example",
}


def test_the_signers_credential_replaces_an_sdks(serve: Serve, join: Join) -> None:
    """Whatever an SDK put on the session or the request, only the account's own header arrives."""
    server = serve(lambda _: answer())
    session = join(server)
    session.headers.update(FOREIGN)
    session.auth = ("of-an-sdk", "of-an-sdk")
    session.get(f"{server.url}/a")
    session.get(f"{server.url}/b", headers=FOREIGN, cookies={"a": "of-an-sdk"})
    session.exchange("GET", f"{server.url}/c", headers=FOREIGN)
    assert len(server.seen) == 3
    for seen in server.seen:
        assert "of-an-sdk" not in str(seen.headers)
        assert seen.headers["authorization"] == f"Bearer {CANARY}"
        assert seen.headers["host"] == server.url.removeprefix("http://")


def test_netrc_is_not_read(serve: Serve, join: Join, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anonymous stays anonymous, and a token stays, beside an entry for this very host."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login nosy password nosy\ndefault login nosy password nosy\n")
    netrc.chmod(stat.S_IRUSR | stat.S_IWUSR)
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve(lambda _: answer())
    assert requests.get(f"{server.url}/", timeout=5).request.headers["Authorization"].startswith("Basic")
    server.seen.clear()
    join(server, Account(token=None)).get(f"{server.url}/a")
    session = join(server, Account(token=None))
    session.trust_env = True
    session.get(f"{server.url}/b")
    join(server).get(f"{server.url}/c")
    assert [seen.headers.get("authorization") for seen in server.seen] == [None, None, f"Bearer {CANARY}"]


def test_cookies_are_not_kept(serve: Serve, join: Join) -> None:
    """An answer's cookie is neither shown nor sent back."""
    server = serve(lambda _: answer(headers={"Set-Cookie": "sid=1; Path=/"}))
    session = join(server)
    assert not session.get(f"{server.url}/a").cookies
    assert "Set-Cookie" not in session.exchange("GET", f"{server.url}/b").headers
    assert not session.cookies
    assert all("cookie" not in seen.headers for seen in server.seen)


def test_what_comes_back_carries_no_credential(serve: Serve, join: Join) -> None:
    """The request beside a response is a scrubbed copy, also of what the SDK put on itself."""
    server = serve(lambda _: answer())
    response = join(server).post(f"{server.url}/a", headers={**FOREIGN, "X-Mine": "1"}, data="secret=of-an-sdk")
    assert response.request.headers["X-Mine"] == "1"
    assert "of-an-sdk" not in str(vars(response.request))
    assert CANARY not in str(vars(response.request))
    assert pickle.loads(pickle.dumps(response)).content == b"{}"


def test_an_sdk_changes_nothing_about_the_transport(serve: Serve, join: Join) -> None:
    """Adapters, proxies, certificates and `close` of an SDK have no effect."""
    server = serve(lambda _: answer())
    session = join(server)
    with pytest.raises(TypeError):
        session.mount("https://", requests.adapters.HTTPAdapter())
    session.adapters.clear()
    session.proxies = {"http": "http://127.0.0.1:9", "all": "http://127.0.0.1:9"}
    session.verify = False
    session.close()
    with session:
        assert session.get(f"{server.url}/a", timeout=0.000001, proxies={"http": "http://127.0.0.1:9"}).ok
    assert session.get(f"{server.url}/b").ok
    assert server.connections == 1


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_live_connection_is_not_copied(
    serve: Serve, join: Join, wires: Callable[..., Wire], duplicate: Callable[[object], object]
) -> None:
    """Neither session nor wire is pickled, so no token lands in a file or another process."""
    for live in (join(serve(lambda _: answer())), wires()):
        with pytest.raises(TypeError, match="not pickled"):
            duplicate(live)


def test_a_refused_signature_is_renewed_once(serve: Serve, join: Join) -> None:
    """After a 401 the signer may renew, and the same request, even a write, goes out once more."""

    def script(seen: Seen) -> bytes:
        return answer(201 if seen.headers["authorization"] == "Bearer fresh" else 401)

    server = serve(script)
    account = Account(token="stale", fresh=["fresh", "unused"])
    assert join(server, account).exchange("POST", f"{server.url}/x", body=b"{}").status == 201
    assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer stale", "Bearer fresh"]
    assert account.renewals == 1


def test_a_second_401_is_an_answer(serve: Serve, join: Join) -> None:
    """It is not tried for ever, and the adapter maps the 401."""
    server = serve(lambda _: answer(401))
    account = Account(fresh=["second", "third"])
    assert join(server, account).exchange("GET", f"{server.url}/x").status == 401
    assert len(server.seen) == 2


def test_nobody_in_particular_is_not_renewed(serve: Serve, join: Join) -> None:
    """An anonymous 401 is final."""
    server = serve(lambda _: answer(401))
    account = Account(token=None, fresh=["fresh"])
    assert join(server, account).exchange("GET", f"{server.url}/x").status == 401
    assert account.renewals == 0


@pytest.mark.parametrize("token", [f"{CANARY}\n", f"{CANARY}\r\nX-Injected: 1", f"{CANARY}\u20ac", f"{CANARY}\x00"])
def test_a_token_that_fits_no_header_is_not_printed(serve: Serve, join: Join, token: str) -> None:
    """A pasted line break is the commonest one; http.client's own error would show the token."""
    server = serve(lambda _: answer())
    with pytest.raises(SignInNeeded) as caught:
        join(server, Account(token=token)).exchange("GET", f"{server.url}/x")
    assert CANARY not in repr(caught.value)
    assert server.seen == []


def test_a_header_that_fits_no_header_is_refused(serve: Serve, join: Join) -> None:
    """It would begin another header; through requests as well."""
    server = serve(lambda _: answer())
    session = join(server)
    with pytest.raises(Rejected):
        session.exchange("GET", f"{server.url}/x", headers={"X-A": "1\r\nX-B: 2"})
    with pytest.raises(Rejected):
        session.get(f"{server.url}/x", headers={"X-A": "1\r\nX-B: 2"})
    with pytest.raises(Rejected):
        session.get(f"{server.url}/x", headers={"X-A": "1", "X é": "2"})
    assert server.seen == []


def test_a_signers_own_error_passes(serve: Serve, join: Join) -> None:
    """What a failed refresh says reaches the caller, and nothing is sent."""

    class Broken(Account):
        def headers(self) -> dict[str, str]:
            raise SignInNeeded("the refresh token is revoked")

    server = serve(lambda _: answer())
    session: HostSession = join(server, Broken())
    with pytest.raises(BridgeError, match="revoked"):
        session.exchange("GET", f"{server.url}/x")
    assert server.seen == []
