"""Clients that others wrote sign in at each host of the forge."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

import pytest
from authlib.integrations.requests_client import OAuth2Session as Authlib
from oauthlib.oauth2.rfc8628.clients import DeviceClient  # type: ignore[import-untyped]
from requests import Session
from requests_oauthlib import OAuth2Session as Oauthlib  # type: ignore[import-untyped]
from tests.testing.oauth.application import CALLBACK, App

from pullbridge.testing import Forge
from pullbridge.testing.host import Host

HOSTS: dict[str, Callable[[Forge], Host]] = {
    "github": lambda forge: forge.github,
    "gitlab": lambda forge: forge.gitlab,
    "bitbucket-cloud": lambda forge: forge.bitbucket_cloud,
    "bitbucket-dc": lambda forge: forge.bitbucket_dc,
}
SCOPE = {"github": "repo", "gitlab": "api", "bitbucket-cloud": "pullrequest:write", "bitbucket-dc": "REPO_WRITE"}
WAY = {
    "github": "client_secret_post",
    "gitlab": "none",
    "bitbucket-cloud": "client_secret_basic",
    "bitbucket-dc": "client_secret_post",
}


@pytest.fixture(params=list(HOSTS))
def app(request: pytest.FixtureRequest, forge: Forge) -> App:
    """An application at each host."""
    return App(HOSTS[request.param](forge), redirect_uris=(CALLBACK,))


def test_authlib_exchanges_refreshes_and_revokes(app: App) -> None:
    """Its session, with PKCE, against each host's own way to authenticate."""
    kind = app.host.kind
    session = Authlib(
        app.id,
        app.secret,
        token_endpoint_auth_method=WAY[kind],
        revocation_endpoint_auth_method="none",
        scope=SCOPE[kind],
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    session.trust_env = False
    verifier = secrets.token_urlsafe(48)
    url, state = session.create_authorization_url(app.oauth.url("authorize"), code_verifier=verifier)
    there = app.oauth.consent("ada").answer(url)
    token = session.fetch_token(
        app.oauth.url("token"), authorization_response=there, state=state, code_verifier=verifier
    )
    assert app.oauth.seen("issued")[-1].user == "ada"
    if "refresh_token" in token:
        session.scope = None
        session.refresh_token(app.oauth.url("token"), refresh_token=token["refresh_token"])
        assert app.oauth.count("refreshed") == 1
    if app.oauth.manners.revoke_path:
        session.client_secret = None
        session.revoke_token(app.oauth.url("revoke"), token=session.token["access_token"])  # type: ignore[no-untyped-call]
        assert app.oauth.count("revoked") == 1


def test_oauthlib_exchanges_a_code(app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Its session, with PKCE."""
    caplog.set_level(logging.INFO, "requests_oauthlib")  # it logs what it gets
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    kind = app.host.kind
    session = Oauthlib(app.id, redirect_uri=CALLBACK, scope=[SCOPE[kind]], pkce="S256")
    session.trust_env = False
    url, _ = session.authorization_url(app.oauth.url("authorize"))
    there = app.oauth.consent("ada").answer(url)
    basic = kind == "bitbucket-cloud"
    token = session.fetch_token(
        app.oauth.url("token"),
        authorization_response=there,
        client_secret=app.secret,
        include_client_id=not basic,
        auth=(app.id, app.secret) if basic else None,
    )
    assert app.oauth.ledger.by_access(token["access_token"]) is not None


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_oauthlib_signs_a_device_in(forge: Forge, kind: str) -> None:
    """Its requests for a device code, and for the token."""
    app = App(HOSTS[kind](forge))
    client = DeviceClient(app.id, scope=[SCOPE[kind]])
    device = app.device(SCOPE[kind])
    app.oauth.approve_device(device["user_code"], "ada")
    with Session() as session:
        session.trust_env = False
        body = client.prepare_request_body(device["device_code"], include_client_id=True)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = session.post(app.oauth.url("token"), data=body, headers=headers, timeout=20)
    assert app.oauth.ledger.by_access(answer.json()["access_token"]) is not None
