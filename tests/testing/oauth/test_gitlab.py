"""Signing in at the forge's GitLab, by plain requests."""

from __future__ import annotations

import pytest
import requests
from tests.testing.oauth.application import CALLBACK, App

from pullbridge.testing import Forge

REGISTERED = ("http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost:7171/callback")


@pytest.fixture
def app(forge: Forge) -> App:
    """An application that is not confidential, so that it has no secret."""
    return App(forge.gitlab, redirect_uris=REGISTERED, scopes=("api", "read_api"))


def test_a_code_and_its_verifier_are_enough(app: App) -> None:
    """A public client gets two hours and a refresh token without any secret."""
    token = app.exchange(app.code(scope="read_api"))
    assert app.secret is None
    assert (token["expires_in"], token["scope"], token["token_type"]) == (7200, "read_api", "Bearer")
    assert app.api("/user", token["access_token"]).json()["username"] == "ada"


def test_a_wrong_verifier_is_refused(app: App) -> None:
    """With status 400, and the code stays good."""
    code = app.code(scope="api")
    assert app.exchange(code, code_verifier="w" * 43, expect=400)["error"] == "invalid_grant"
    assert "access_token" in app.exchange(code)


def test_plain_challenges_are_refused(app: App) -> None:
    """Only S256 is taken."""
    assert app.callback(code_challenge_method="plain")["error"] == "invalid_request"


def test_a_confidential_application_has_to_show_its_secret(forge: Forge) -> None:
    """As a header or in the body; without it, it is not authenticated."""
    app = App(forge.gitlab, secret=True)
    code = app.code(scope="api")
    assert (app.secret or "").startswith("gloas-")
    assert app.exchange(code, client_secret="", expect=401)["error"] == "invalid_client"
    assert "access_token" in app.exchange(code, basic=True)


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        ("http://127.0.0.1:5000/callback", True),
        ("http://[::1]:5000/callback", True),
        ("http://localhost:7171/callback", True),
        ("http://localhost:5000/callback", False),
        ("http://127.0.0.1:5000/callback/below", False),
    ],
)
def test_where_an_application_may_be_called_back(app: App, uri: str, fits: bool) -> None:
    """At any port of a loopback IP, else to the letter; who may not be is told on a page, not at the address."""
    person = app.oauth.consent("ada")
    assert person.answer(app.authorize_url(redirect_uri=uri, scope="api")).startswith(uri if fits else "") is True
    assert [page.status for page in person.pages] == ([] if fits else [400])


def test_more_than_the_application_may_ask_for_is_refused(app: App) -> None:
    """All of it, with the state."""
    told = app.callback(scope="api sudo")
    assert (told["error"], told["state"]) == ("invalid_scope", "the-state")


def test_a_refresh_ends_the_old_pair(app: App) -> None:
    """Neither the old access token nor the old refresh token works; the new pair does, unless reuse ends the family."""
    old = app.exchange(app.code(scope="api"))
    new = app.refresh(old["refresh_token"])
    assert app.api("/user", old["access_token"]).status_code == 401
    assert app.refresh(old["refresh_token"], expect=400)["error"] == "invalid_grant"
    assert app.oauth.count("reuse-detected") == 1
    assert app.api("/user", new["access_token"]).status_code == 200


def test_reuse_may_end_the_family(app: App) -> None:
    """With the knob, a used refresh token takes its descendants along: RFC 9700, section 4.14.2."""
    app.oauth.knobs.reuse_revokes_family = True
    old = app.exchange(app.code(scope="api"))
    new = app.refresh(old["refresh_token"])
    app.refresh(old["refresh_token"], expect=400)
    assert app.api("/user", new["access_token"]).status_code == 401
    assert app.refresh(new["refresh_token"], expect=400)["error"] == "invalid_grant"


def test_revoking_a_refresh_token_ends_the_access_token(app: App) -> None:
    """The application's id is enough; an unknown token is fine, another application's is not."""
    token = app.exchange(app.code(scope="api"))
    url, other = app.oauth.url("revoke"), App(app.host)
    foreign = app.post(url, {"client_id": other.id, "token": token["refresh_token"]})
    assert (foreign.status_code, foreign.json()["error"]) == (403, "unauthorized_client")
    assert app.api("/user", token["access_token"]).status_code == 200
    for value in (token["refresh_token"], "unknown"):
        assert app.post(url, {"client_id": app.id, "token": value}).status_code == 200
    assert app.api("/user", token["access_token"]).status_code == 401


def test_a_token_tells_about_itself(app: App) -> None:
    """Its scopes, how long it has left and whose it is; an expired one tells nothing."""
    token = app.exchange(app.code(scope="api"))["access_token"]
    url, headers = f"{app.host.url}/oauth/token/info", {"Authorization": f"Bearer {token}"}
    app.oauth.pass_time(7000)
    told = requests.get(url, headers=headers, timeout=20).json()
    assert told["scope"] == ["api"]
    assert 190 < told["expires_in"] <= 200
    assert told["application"]["uid"] == app.id
    app.oauth.pass_time(300)
    assert requests.get(url, headers=headers, timeout=20).status_code == 400


def test_a_device_gets_a_token_that_cannot_be_refreshed(app: App) -> None:
    """Pending comes with status 400, and slowing down without an interval."""
    device = app.device("read_api")
    assert (device["expires_in"], device["interval"]) == (300, 5)
    assert device["verification_uri_complete"].endswith(f"?user_code={device['user_code']}")
    assert app.poll(device, expect=400)["error"] == "authorization_pending"
    hasty = app.poll(device, expect=400)
    assert (hasty["error"], "interval" in hasty) == ("slow_down", False)
    app.oauth.approve_device(device["user_code"], "ada")
    assert "refresh_token" not in app.poll(device)


def test_before_17_3_there_is_no_device_grant(app: App, forge: Forge) -> None:
    """The address is not found, and the grant unknown."""
    forge.gitlab.version = "17.2.0-ee"
    assert app.post(app.oauth.url("device"), {"client_id": app.id}).status_code == 404
    assert app.poll({"device_code": "x"}, expect=400)["error"] == "unsupported_grant_type"


def test_the_metadata_names_the_endpoints_below_the_root() -> None:
    """At an instance with a relative root, which is in every address."""
    with Forge(gitlab_root="/gitlab") as forge:
        told = requests.get(f"{forge.gitlab.url}/.well-known/openid-configuration", timeout=20).json()
        assert told["issuer"] == forge.gitlab.url
        assert told["token_endpoint"] == forge.gitlab.oauth.url("token")
        app = App(forge.gitlab, redirect_uris=(CALLBACK,))
        assert "access_token" in app.exchange(app.code(scope="api"))
