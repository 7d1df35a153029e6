"""What a test may say to a host's sign-in, and what it reads of it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from tests.testing.oauth.application import CALLBACK, App

from pullbridge.testing import Forge


@pytest.fixture
def app(forge: Forge) -> App:
    """An application at the forge's GitLab."""
    return App(forge.gitlab, redirect_uris=(CALLBACK,))


def test_every_request_is_written_down_with_its_authorization(forge: Forge) -> None:
    """And what happened to tokens, in the order of it; none of the secrets is in the words for it."""
    app = App(forge.bitbucket_cloud, redirect_uris=(CALLBACK,))
    token = app.exchange(app.code(), basic=True)
    app.refresh(token["refresh_token"], basic=True)
    what = [entry.what for entry in app.oauth.log]
    assert what == ["authorize", "authorize", "token", "issued", "token", "issued", "refreshed"]
    shown = [entry.authorization or "" for entry in app.oauth.seen("token")]
    assert all(header.startswith("Basic ") for header in shown)
    assert not [secret for secret in app.oauth.secrets() if secret in repr(app.oauth.log)]
    assert {token["access_token"], token["refresh_token"], app.secret} <= app.oauth.secrets()


def test_nothing_of_a_token_is_logged(app: App, caplog: pytest.LogCaptureFixture) -> None:
    """Authlib logs what it issues; what it logs says nothing."""
    with caplog.at_level(logging.DEBUG):
        token = app.exchange(app.code(scope="api"))
        app.refresh(token["refresh_token"])
    assert "Issue token <tokens>" in caplog.text
    assert not [secret for secret in app.oauth.secrets() if secret in caplog.text]


@pytest.mark.parametrize(("knob", "expected"), [("right", True), ("wrong", False), (None, None)])
def test_callbacks_may_name_the_issuer(app: App, knob: str | None, expected: bool | None) -> None:
    """The right one, a wrong one or none; for a denial, too."""
    app.oauth.knobs.issuer = knob
    for told in (app.callback(scope="api"), app.callback(scope="api", denies=True)):
        assert (told["iss"] == app.host.url if "iss" in told else None) is expected
    metadata = requests.get(f"{app.host.url}/.well-known/openid-configuration", timeout=20).json()
    assert ("authorization_response_iss_parameter_supported" in metadata) is (knob is not None)


def test_an_endpoint_may_redirect(app: App) -> None:
    """307 to another place, at that endpoint alone; nothing was issued."""
    app.oauth.behave("token", redirect="http://localhost:1/steal")
    answer = app.post(app.oauth.url("token"), {"client_id": app.id})
    assert (answer.status_code, answer.headers["Location"]) == (307, "http://localhost:1/steal")
    assert "code" in app.callback(scope="api")
    assert app.oauth.count("issued") == 0


@pytest.mark.parametrize(("status", "body"), [(429, b'{"message": "slow"}'), (503, b"<html>"), (200, b"{}")])
def test_an_endpoint_may_be_in_trouble(app: App, status: int, body: bytes) -> None:
    """As often as one says, then it answers again."""
    app.oauth.behave("token", status=status, body=body, times=1)
    code = app.code(scope="api")
    answer = app.post(app.oauth.url("token"), {"client_id": app.id})
    assert (answer.status_code, answer.content) == (status, body)
    assert "access_token" in app.exchange(code)


@pytest.mark.parametrize(("how", "has"), [("rotates", True), ("same", True), ("silent", False)])
def test_what_a_refresh_gives(app: App, how: str, has: bool) -> None:
    """A new refresh token, the same again, or none; where it is not new, the old one stays good."""
    app.oauth.knobs.refreshing = how  # type: ignore[assignment] # one of its words
    old = app.exchange(app.code(scope="api"))["refresh_token"]
    new = app.refresh(old)
    assert ("refresh_token" in new) is has
    assert (new.get("refresh_token") == old) is (how == "same")
    app.refresh(old, expect=400 if how == "rotates" else 200)


@pytest.mark.parametrize(
    ("how", "told"), [("always", [True, True]), ("sign-in", [True, False]), ("never", [False] * 2)]
)
def test_whether_scopes_are_told(app: App, how: str, told: list[bool]) -> None:
    """At the sign-in, and at a refresh."""
    app.oauth.knobs.tells_scope = how  # type: ignore[assignment] # one of its words
    first = app.exchange(app.code(scope="api"))
    assert ["scope" in answer for answer in (first, app.refresh(first["refresh_token"]))] == told


def test_lifetimes_and_statuses_may_be_turned(app: App) -> None:
    """Short-lived tokens, tokens without an end, none to refresh with, and errors with status 200."""
    app.oauth.knobs.access_seconds, app.oauth.knobs.refresh_tokens = 3, False
    token = app.exchange(app.code(scope="api"))
    assert (token["expires_in"], "refresh_token" in token) == (3, False)
    app.oauth.pass_time(3)
    assert app.api("/user", token["access_token"]).status_code == 401
    app.oauth.knobs.access_seconds = 0
    assert "expires_in" not in app.exchange(app.code(scope="api"))
    app.oauth.knobs.pending_status = 200
    assert app.exchange("unknown", expect=200)["error"] == "invalid_grant"


def test_nobody_is_asked_who_is_not_signed_in(app: App) -> None:
    """A browser without a session is sent to sign in first."""
    answer = requests.get(app.authorize_url(scope="api"), timeout=20, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].startswith("/login?")) == (302, True)


def test_the_page_says_who_asks_for_what(app: App) -> None:
    """The name is shown as text, whatever is in it."""
    hostile = App(app.host, name="<script>x</script>", redirect_uris=(CALLBACK,))
    page = app.oauth.consent("ada")._open(hostile.authorize_url(scope="api"), cookie=True)
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "<li>api</li>" in page.text


def test_a_person_opens_an_address_as_a_browser_does(app: App) -> None:
    """It returns at once, and the application's own address is seen without the host's cookie."""
    seen: list[tuple[str, str | None]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers["Cookie"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"you can close this")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        person = app.oauth.consent("ada")
        serving = threading.Thread(target=server.handle_request)
        assert person(app.authorize_url(scope="api", redirect_uri=f"http://127.0.0.1:{server.server_port}/callback"))
        serving.start()
        person.wait()
        serving.join()
    assert [page.text for page in person.pages] == ["you can close this"]
    assert seen[0][0].startswith("/callback?code=")
    assert seen[0][1] is None


def test_a_code_that_no_device_shows(app: App) -> None:
    """Cannot be answered."""
    with pytest.raises(LookupError):
        app.oauth.approve_device("ABCD-EFGH", "ada")


def test_authlib_is_not_loaded_for_who_does_not_sign_in() -> None:
    """A forge that answers API calls knows nothing of it."""
    code = (
        "import sys; from pullbridge.testing import Forge\n"
        "with Forge() as forge: forge.github.url; forge.gitlab.url; forge.bitbucket_cloud.url; forge.bitbucket_dc.url\n"
        "sys.exit('authlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
