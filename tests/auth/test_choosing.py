"""Which way a sign-in takes, and which application is meant."""

from __future__ import annotations

import copy
import pickle

import pytest

from pullbridge import Rejected, SignInFailed, registry
from pullbridge.auth.apps import ClientApp, app_from_environment
from pullbridge.auth.choosing import Via, ways
from pullbridge.auth.redirects import landing
from pullbridge.model.oauth import OAuth
from pullbridge.model.settings import Settings

WEB = {
    "github": "https://github.com",
    "gitlab": "https://gitlab.com",
    "bitbucket-cloud": "https://bitbucket.org",
    "bitbucket-dc": "https://git.example",
}
PUBLIC, SECRET = ClientApp("id"), ClientApp("id", "s3cret")


def oauth(kind: str) -> OAuth:
    told = registry.provider(kind).oauth
    assert told is not None
    return told(WEB[kind], Settings())


def chosen(
    kind: str,
    app: ClientApp,
    *,
    via: Via | None = None,
    headless: bool = False,
    receives: bool = False,
    pastes: bool = True,
) -> tuple[Via, ...]:
    why = "there is no display" if headless else None
    return ways(oauth(kind), app, via, headless=why, receives=receives, pastes=pastes)


@pytest.mark.parametrize(
    ("kind", "app", "headless", "order"),
    [
        ("github", PUBLIC, False, ("device",)),
        ("github", SECRET, False, ("browser", "device", "paste")),
        ("github", SECRET, True, ("device", "paste")),
        ("gitlab", PUBLIC, False, ("browser", "device", "paste")),
        ("gitlab", PUBLIC, True, ("device", "paste")),
        ("bitbucket-cloud", SECRET, False, ("browser", "paste")),
        ("bitbucket-cloud", SECRET, True, ("paste",)),
        ("bitbucket-dc", PUBLIC, False, ("browser", "paste")),
        ("bitbucket-dc", PUBLIC, True, ("paste",)),
    ],
)
def test_the_order(kind: str, app: ClientApp, headless: bool, order: tuple[Via, ...]) -> None:
    """A browser, a code, a pasted address; what cannot work here is not tried first."""
    assert chosen(kind, app, headless=headless) == order


def test_an_editors_own_callback() -> None:
    """Who waits for the browser themselves has one, wherever they run."""
    assert chosen("gitlab", PUBLIC, headless=True, receives=True)[0] == "browser"


def test_who_asks_for_one_gets_that_one() -> None:
    """With a way that is named, no other one is tried; a browser is the caller's to judge."""
    assert chosen("gitlab", PUBLIC, via="device") == ("device",)
    assert chosen("gitlab", PUBLIC, via="browser", headless=True) == ("browser",)


@pytest.mark.parametrize(
    ("kind", "app", "via", "pastes", "reason", "word"),
    [
        ("github", PUBLIC, "browser", True, "application", "secret"),
        ("bitbucket-cloud", PUBLIC, None, True, "application", "secret"),
        ("bitbucket-cloud", SECRET, "device", True, "no-device-flow", "code"),
        ("bitbucket-dc", PUBLIC, None, False, "no-browser", "display"),
        ("gitlab", PUBLIC, "paste", False, "no-browser", "paste"),
    ],
)
def test_no_way(kind: str, app: ClientApp, via: Via | None, pastes: bool, reason: str, word: str) -> None:
    """Where no way is left, each says why it is closed, and what is open is named."""
    with pytest.raises(SignInFailed, match=word) as failed:
        chosen(kind, app, via=via, headless=True, pastes=pastes)
    assert failed.value.reason == reason


@pytest.mark.parametrize("kind", ["gitlab", "bitbucket-dc"])
def test_exactly_the_registered_path(kind: str) -> None:
    """A host that compares the path gets the registered one."""
    app = ClientApp("id", redirect_uri="http://127.0.0.1:7171/cb")
    assert (landing(oauth(kind), app).path, landing(oauth(kind), app).port) == ("/cb", 7171)


def test_a_path_of_its_own() -> None:
    """Where paths below the registered one are taken, no two sign-ins come back to the same."""
    first, second = (landing(oauth("github"), PUBLIC).path for _ in range(2))
    assert first != second
    assert first.startswith("/callback/")
    assert second.startswith("/callback/")
    assert landing(oauth("github"), ClientApp("Iv23liabc", redirect_uri="http://127.0.0.1:81/cb")).path == "/cb"


@pytest.mark.parametrize(
    ("kind", "app"),
    [
        ("gitlab", ClientApp("id", redirect_uri="https://127.0.0.1/cb")),
        ("gitlab", ClientApp("id", redirect_uri="http://git.example/cb")),
        ("gitlab", ClientApp("id", redirect_uri="http://127.0.0.1.evil.example/cb")),
        ("gitlab", ClientApp("id", redirect_uri="vscode://x/cb")),
        ("gitlab", ClientApp("id", redirect_uri="http://localhost/cb")),
        ("gitlab", ClientApp("id", redirect_uri="http://127.0.0.1:x/cb")),
        ("bitbucket-dc", ClientApp("id", redirect_uri="http://127.0.0.1/cb")),
        ("github", ClientApp("Iv23liabc")),
    ],
)
def test_where_nobody_can_listen(kind: str, app: ClientApp) -> None:
    """An address that is not this machine's, or that has no port where the host compares it, is refused before anything."""
    with pytest.raises(Rejected):
        landing(oauth(kind), app)


@pytest.mark.parametrize(
    ("kind", "host", "environment", "found"),
    [
        ("github", "github.com", {"PULLBRIDGE_GITHUB_CLIENT_ID": "a"}, "a"),
        ("github", "octo.ghe.com", {"PULLBRIDGE_GITHUB_CLIENT_ID": "a"}, None),
        ("github", "github.com.evil.example", {"PULLBRIDGE_GITHUB_CLIENT_ID": "a"}, None),
        ("gitlab", "gitlab.com", {"PULLBRIDGE_GITHUB_CLIENT_ID": "a"}, None),
        (
            "gitlab",
            "git.example:8443",
            {"PULLBRIDGE_GITLAB_CLIENT_ID": "a", "PULLBRIDGE_GITLAB_CLIENT_HOST": "Git.example:8443"},
            "a",
        ),
        (
            "gitlab",
            "gitlab.com",
            {"PULLBRIDGE_GITLAB_CLIENT_ID": "a", "PULLBRIDGE_GITLAB_CLIENT_HOST": "git.example"},
            None,
        ),
        ("bitbucket-dc", "git.example", {"PULLBRIDGE_BITBUCKET_DC_CLIENT_ID": "a"}, None),
        ("bitbucket-cloud", "bitbucket.org", {"PULLBRIDGE_BITBUCKET_CLOUD_CLIENT_ID": " a "}, "a"),
        ("bitbucket-cloud", "bitbucket.org", {"PULLBRIDGE_BITBUCKET_CLOUD_CLIENT_ID": " "}, None),
    ],
)
def test_the_environments_application(kind: str, host: str, environment: dict[str, str], found: str | None) -> None:
    """An application that the environment names is for one very host, and its secret goes to no other."""
    app = app_from_environment(kind, host, environment)
    assert (app.client_id if app else None) == found


def test_an_application_keeps_its_secret() -> None:
    """A secret is in no repr and no pickle; an id that no request can carry is refused."""
    assert "s3cret" not in repr(SECRET)
    assert copy.deepcopy(SECRET) is SECRET
    with pytest.raises(TypeError):
        pickle.dumps(SECRET)
    for wrong in ("", "a b", "a\r\nb"):
        with pytest.raises(ValueError, match="application"):
            ClientApp(wrong)
