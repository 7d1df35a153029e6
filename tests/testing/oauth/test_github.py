"""Signing in at the forge's GitHub, by plain requests."""

from __future__ import annotations

import pytest
import requests
from tests.testing.oauth.application import CALLBACK, App

from pullbridge.testing import Forge


@pytest.fixture
def app(forge: Forge) -> App:
    """An OAuth app."""
    return App(forge.github)


@pytest.fixture
def github_app(forge: Forge) -> App:
    """A GitHub App whose user tokens expire."""
    permissions = {"pull_requests": "write"}
    return App(forge.github, kind="github-app", permissions=permissions, redirect_uris=(CALLBACK,))


def test_a_device_waits_then_gets_a_token(app: App) -> None:
    """Pending comes with status 200 until somebody says yes; then the token works, once."""
    device = app.device("repo")
    assert (device["expires_in"], device["interval"]) == (900, 5)
    assert "verification_uri_complete" not in device
    assert app.poll(device)["error"] == "authorization_pending"
    app.oauth.approve_device(device["user_code"], "ada")
    token = app.poll(device)["access_token"]
    assert token.startswith("gho_")
    assert app.api("/user", token).json()["login"] == "ada"
    assert app.poll(device)["error"] == "incorrect_device_code"


def test_haste_costs_five_seconds_for_good(app: App) -> None:
    """Each poll that comes too soon is told to slow down, and by how much."""
    device = app.device()
    app.poll(device)
    assert [app.poll(device)["interval"] for _ in range(2)] == [10, 15]
    app.oauth.pass_time(15)
    assert app.poll(device)["error"] == "authorization_pending"


@pytest.mark.parametrize("name", ["expired_token", "token_expired"])
def test_a_device_code_expires(app: App, name: str) -> None:
    """After fifteen minutes the code is worthless, under either name that is documented."""
    app.oauth.knobs.expired_error = name
    device = app.device()
    app.oauth.approve_device(device["user_code"], "ada")
    app.oauth.pass_time(901)
    assert app.poll(device)["error"] == name


def test_a_person_may_say_no_to_a_device(app: App) -> None:
    """Denied is an error of its own."""
    device = app.device()
    app.oauth.deny_device(device["user_code"])
    assert app.poll(device)["error"] == "access_denied"


def test_devices_have_to_be_enabled(forge: Forge) -> None:
    """An app without the device flow hears so at once."""
    app = App(forge.github, device=False)
    answer = app.post(app.oauth.url("device"), {"client_id": app.id})
    assert (answer.status_code, answer.json()["error"]) == (400, "device_flow_disabled")


def test_an_unknown_application_is_not_found(app: App) -> None:
    """Neither for a device nor for a token."""
    for endpoint in (app.oauth.url("device"), app.oauth.url("token")):
        answer = app.post(endpoint, {"client_id": "Ov23liNobody", "grant_type": "refresh_token", "refresh_token": "x"})
        assert (answer.status_code, answer.json()) == (404, {"error": "Not Found"})


def test_answers_are_forms_unless_json_is_asked_for(app: App) -> None:
    """Without `Accept: application/json` the answer is a form."""
    answer = requests.post(app.oauth.url("device"), data={"client_id": app.id}, timeout=20)
    assert answer.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert "&interval=5" in answer.text


def test_scopes_are_normalised_and_divided_by_commas(app: App) -> None:
    """What another scope includes is left out, what does not exist is dropped, and the API tells the same."""
    device = app.device("repo,public_repo read:org nonsense")
    app.oauth.approve_device(device["user_code"], "ada")
    told = app.poll(device)
    assert told["scope"] == "read:org,repo"
    assert app.api("/user", told["access_token"]).headers["X-OAuth-Scopes"] == "read:org, repo"


def test_no_scope_means_what_was_granted_before(app: App) -> None:
    """Who leaves the scope out gets the former one; the least has to be asked for."""
    app.exchange(app.code(scope="repo"))
    assert app.exchange(app.code())["scope"] == "repo"


def test_people_may_leave_less_and_change_it_later(app: App) -> None:
    """The page lets people take scopes away, and so do their settings."""
    there = app.oauth.consent("ada", only=("read:org",)).answer(app.authorize_url(scope="repo read:org"))
    token = app.exchange(there.partition("code=")[2].partition("&")[0])
    assert token["scope"] == "read:org"
    app.oauth.edit_scopes(token["access_token"], "gist")
    assert app.api("/user", token["access_token"]).headers["X-OAuth-Scopes"] == "gist"


def test_a_code_is_good_once_with_its_verifier_and_the_secret(app: App) -> None:
    """Anything less is refused with status 200, and does not use the code up."""
    code = app.code(scope="repo")
    assert app.exchange(code, client_secret="")["error"] == "incorrect_client_credentials"
    assert app.exchange(code, client_secret="wrong")["error"] == "incorrect_client_credentials"
    assert app.exchange(code, code_verifier="w" * 43)["error"] == "bad_verification_code"
    assert app.exchange(code, redirect_uri=f"{CALLBACK}/else")["error"] == "redirect_uri_mismatch"
    assert "error" not in app.exchange(code)
    assert app.exchange(code)["error"] == "bad_verification_code"


def test_a_code_expires(app: App) -> None:
    """After ten minutes."""
    code = app.code()
    app.oauth.pass_time(601)
    assert app.exchange(code)["error"] == "bad_verification_code"


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        ("http://127.0.0.1:5000/callback", True),
        ("http://127.0.0.1:5000/callback/below", True),
        ("http://127.0.0.1:5000/callbacks", False),
        ("http://127.0.0.1:5000/", False),
        ("http://localhost:5000/callback", False),
        ("https://127.0.0.1:5000/callback", False),
    ],
)
def test_where_an_oauth_app_may_be_called_back(app: App, uri: str, fits: bool) -> None:
    """At any port of the registered loopback address, and below its path."""
    there = app.oauth.consent("ada").answer(app.authorize_url(redirect_uri=uri))
    assert there.startswith(uri if fits else "http://127.0.0.1/callback?error=redirect_uri_mismatch")


def test_a_github_app_is_called_back_to_the_letter(github_app: App) -> None:
    """Another port or a path below is refused."""
    for uri in (CALLBACK.replace("49999", "5000"), f"{CALLBACK}/below"):
        assert github_app.callback(redirect_uri=uri)["error"] == "redirect_uri_mismatch"
    assert "code" in github_app.callback()


def test_no_is_told_with_the_state(app: App) -> None:
    """The callback of who was denied has no code."""
    told = app.callback(denies=True)
    assert (told["error"], told["state"]) == ("access_denied", "the-state")
    assert "code" not in told


def test_an_oauth_apps_token_lasts(app: App) -> None:
    """It has neither an end nor a refresh token."""
    token = app.exchange(app.code())
    assert not {"expires_in", "refresh_token"} & set(token)
    app.oauth.pass_time(10**7)
    assert app.api("/user", token["access_token"]).status_code == 200


def test_a_github_apps_token_lives_eight_hours(github_app: App) -> None:
    """Then it is refreshed, which ends the old pair; no scopes are told."""
    token = github_app.exchange(github_app.code())
    assert (token["expires_in"], token["scope"]) == (28800, "")
    assert token["access_token"].startswith("ghu_")
    github_app.oauth.pass_time(28801)
    assert github_app.api("/user", token["access_token"]).status_code == 401
    secret = github_app.secret or ""
    fresh = github_app.refresh(token["refresh_token"], client_secret=secret)
    assert fresh["refresh_token"].startswith("ghr_")
    assert github_app.api("/user", fresh["access_token"]).status_code == 200
    assert github_app.refresh(token["refresh_token"], client_secret=secret)["error"] == "bad_refresh_token"


def test_only_a_devices_token_is_refreshed_without_the_secret(github_app: App) -> None:
    """What came by a code needs it."""
    token = github_app.exchange(github_app.code())
    assert github_app.refresh(token["refresh_token"])["error"] == "incorrect_client_credentials"
    device = github_app.device()
    github_app.oauth.approve_device(device["user_code"], "ada")
    assert "access_token" in github_app.refresh(github_app.poll(device)["refresh_token"])


def test_anybody_may_revoke_what_they_hold(app: App) -> None:
    """Shown without a credential it is revoked; with one, the call is refused."""
    token = app.exchange(app.code())["access_token"]
    url, body = f"{app.host.api_url}/credentials/revoke", {"credentials": [token]}
    signed = requests.post(url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=20)
    assert signed.status_code == 403
    assert app.api("/user", token).status_code == 200
    assert requests.post(url, json=body, timeout=20).status_code == 202
    assert app.api("/user", token).status_code == 401
    assert requests.post(url, json={"credentials": []}, timeout=20).status_code == 422


def test_an_enterprise_server_cannot_revoke_what_it_is_shown(app: App, forge: Forge) -> None:
    """There is no such address, as in the documents of 3.17 to 3.19."""
    forge.github.enterprise_version = "3.19.0"
    url = f"{app.host.api_url}/credentials/revoke"
    assert requests.post(url, json={"credentials": ["x"]}, timeout=20).status_code == 404


@pytest.mark.parametrize(("what", "others"), [("token", 200), ("grant", 401)])
def test_an_application_ends_its_tokens_with_its_secret(app: App, what: str, others: int) -> None:
    """One token, or with the grant all that somebody gave it."""
    one, other = (app.exchange(app.code())["access_token"] for _ in range(2))
    url = f"{app.host.api_url}/applications/{app.id}/{what}"
    body = {"access_token": one}
    assert requests.delete(url, json=body, timeout=20).status_code == 404
    assert requests.delete(url, json=body, auth=(app.id, app.secret or ""), timeout=20).status_code == 204
    assert app.api("/user", one).status_code == 401
    assert app.api("/user", other).status_code == others


def test_a_github_apps_user_token_has_its_permissions(github_app: App) -> None:
    """Neither scopes nor more than the app may: what it lacks is refused as an integration's."""
    github_app.host.repository("octo/app", {"a": "a"}, private=True)
    token = github_app.exchange(github_app.code())["access_token"]
    pulls = github_app.api("/repos/octo/app/pulls", token)
    assert (pulls.status_code, "X-OAuth-Scopes" in pulls.headers) == (200, False)
    content = github_app.api("/repos/octo/app/contents/a", token)
    assert (content.status_code, content.json()["message"]) == (403, "Resource not accessible by integration")
