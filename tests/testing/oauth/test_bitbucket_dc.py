"""Signing in at the forge's Bitbucket Data Center, by plain requests."""

from __future__ import annotations

import pytest
from tests.testing.oauth.application import CALLBACK, App

from pullbridge.testing import Forge


@pytest.fixture
def app(forge: Forge) -> App:
    """An incoming link that may write to repositories."""
    return App(forge.bitbucket_dc, redirect_uris=(CALLBACK, "http://git.example/callback"), scopes=("REPO_WRITE",))


def test_a_verifier_stands_in_for_the_secret(app: App) -> None:
    """With PKCE the secret may be left out; without either nothing is given."""
    token = app.exchange(app.code(scope="REPO_READ"), client_secret="")
    assert (token["expires_in"], token["scope"]) == (3600, "REPO_READ")
    assert "access_token" in app.refresh(token["refresh_token"])
    bare = app.code(scope="REPO_READ", code_challenge="", code_challenge_method="")
    assert app.exchange(bare, client_secret="", code_verifier="", expect=400)["error"] == "invalid_request"
    assert "access_token" in app.exchange(bare, code_verifier="")


def test_a_code_lives_ten_seconds(app: App) -> None:
    """After eleven it is refused."""
    code = app.code(scope="REPO_READ")
    app.oauth.pass_time(11)
    assert app.exchange(code, expect=400)["error"] == "invalid_grant"


@pytest.mark.parametrize("uri", [f"{CALLBACK}/", CALLBACK.replace("49999", "5000"), "http://git.example/callback"])
def test_a_callback_is_compared_to_the_letter(app: App, uri: str) -> None:
    """Another port, a slash more, or no TLS elsewhere: a page says so, and nobody is sent there."""
    person = app.oauth.consent("ada")
    assert person.answer(app.authorize_url(redirect_uri=uri, scope="REPO_READ")) == ""
    assert person.pages[0].status == 400


@pytest.mark.parametrize("scope", ["", "REPO_ADMIN", "nonsense"])
def test_more_than_the_link_allows_is_refused(app: App, scope: str) -> None:
    """And so is nothing at all."""
    assert app.callback(scope=scope)["error"] == "invalid_scope"


def test_a_token_does_what_its_scope_says(app: App, forge: Forge) -> None:
    """Reading is not writing, and a public repository is all that PUBLIC_REPOS reads."""
    forge.bitbucket_dc.repository("PRJ/open", {"a": "a"})
    forge.bitbucket_dc.repository("PRJ/shut", {"a": "a"}, private=True)
    reading = app.exchange(app.code(scope="REPO_READ"))["access_token"]
    public = app.exchange(app.code(scope="PUBLIC_REPOS"))["access_token"]
    seen = {
        (name, slug): app.api(f"/projects/PRJ/repos/{slug}", token).status_code
        for name, token in (("reading", reading), ("public", public))
        for slug in ("open", "shut")
    }
    assert seen[("reading", "open")] == seen[("reading", "shut")] == seen[("public", "open")] == 200
    assert seen[("public", "shut")] != 200


def test_revoking_takes_the_clients_id(app: App) -> None:
    """The pair ends, whichever of it is shown."""
    token = app.exchange(app.code(scope="REPO_READ"))
    answer = app.post(app.oauth.url("revoke"), {"client_id": app.id, "token": token["refresh_token"]})
    assert answer.status_code == 200
    assert app.api("/users", token["access_token"]).status_code == 401


def test_before_7_20_there_is_no_sign_in(app: App, forge: Forge) -> None:
    """The addresses are not found."""
    forge.bitbucket_dc.version = "7.19.0"
    assert app.post(app.oauth.url("token"), {"client_id": app.id}).status_code == 404
