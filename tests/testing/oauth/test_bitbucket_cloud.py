"""Signing in at the forge's Bitbucket Cloud, by plain requests."""

from __future__ import annotations

import pytest
from tests.testing.oauth.application import CALLBACK, App

from pullbridge.testing import Forge


@pytest.fixture
def app(forge: Forge) -> App:
    """A consumer with two scopes."""
    return App(forge.bitbucket_cloud, redirect_uris=(CALLBACK,), scopes=("account", "pullrequest:write"))


def test_key_and_secret_come_as_basic_and_no_other_way(app: App) -> None:
    """In the body they are not seen."""
    code = app.code()
    assert app.exchange(code, expect=400)["error"] == "unauthorized_client"
    token = app.exchange(code, basic=True)
    assert app.refresh(token["refresh_token"], expect=400)["error"] == "unauthorized_client"
    assert "access_token" in app.refresh(token["refresh_token"], basic=True)


def test_scopes_are_the_consumers_and_in_the_plural(app: App) -> None:
    """Whatever is asked for; the API says the same."""
    token = app.exchange(app.code(scope="repository:admin"), basic=True)
    assert token["scopes"] == "account pullrequest:write"
    assert "scope" not in token
    assert token["state"] == "authorization_code"
    assert app.api("/user", token["access_token"]).headers["X-OAuth-Scopes"] == "account, pullrequest:write"


def test_a_callback_begins_with_the_registered_one(app: App) -> None:
    """More may follow it; anything else is a page."""
    assert "code" in app.callback(redirect_uri=f"{CALLBACK}/more?x=1")
    person = app.oauth.consent("ada")
    assert person.answer(app.authorize_url(redirect_uri="http://127.0.0.1:1/callback")) == ""
    assert person.pages[0].status == 400


def test_an_old_refresh_token_works_for_ten_minutes_more(app: App) -> None:
    """Both answers are good; after the grace it is refused, and the newest still works."""
    old = app.exchange(app.code(), basic=True)["refresh_token"]
    newest = [app.refresh(old, basic=True)["refresh_token"] for _ in range(2)][-1]
    assert newest != old
    app.oauth.pass_time(601)
    assert app.refresh(old, basic=True, expect=400)["error"] == "invalid_grant"
    assert "access_token" in app.refresh(newest, basic=True)


def test_tokens_may_be_very_long(app: App) -> None:
    """Longer than many a limit, and the API takes them."""
    app.oauth.knobs.token_length = 2600
    token = app.exchange(app.code(), basic=True)
    assert [len(token[name]) for name in ("access_token", "refresh_token")] == [2600, 2600]
    assert app.api("/user", token["access_token"]).status_code == 200


def test_an_access_token_expires(app: App) -> None:
    """When it was told to."""
    token = app.exchange(app.code(), basic=True)
    app.oauth.pass_time(token["expires_in"] + 1)
    assert app.api("/user", token["access_token"]).status_code == 401


def test_there_is_neither_a_device_grant_nor_a_revocation(app: App) -> None:
    """No such grant; and no such addresses."""
    told = app.token(basic=True, expect=400, grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code="x")
    assert told["error"] == "unsupported_grant_type"
    assert (app.oauth.manners.device_path, app.oauth.manners.revoke_path) == ("", "")
