"""How tokens are given back to GitHub, how a bot gets its own, and what the forge answers, are what GitHub documents."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from tests.auth.bots import APP, PRIVATE, Hands
from tests.auth.signins import register
from tests.contract.openapi import Exchange, Judge
from tests.contract.specs import DOTCOM, GHES, github_openapi
from tests.contract.test_github_rest_forge import below
from tests.contract.watching import exchange, told

from pullbridge import AppInstallation, auth, errors
from pullbridge.testing import Forge

pytestmark = pytest.mark.contract

REVOKE, TOKEN, GRANT = "/credentials/revoke", "/applications/{}/token", "/applications/{}/grant"


def asked(forge: Forge, method: str, path: str, body: dict[str, Any], *, proof: tuple[str, str] | None = None) -> int:
    """Ask the forge's API plainly; the status."""
    with requests.Session() as session:
        session.trust_env = False
        url = forge.github.api_url + path
        return session.request(method, url, json=body, auth=proof, timeout=20).status_code


def documented(forge: Forge, flavour: str) -> str:
    """What is undocumented of what was said about credentials; and that there was something."""
    said = [exchange(each, below) for each in forge.github.requests]
    about = [each for each in said if each.path.startswith(("/credentials", "/applications", "/app/"))]
    judge = Judge(github_openapi(flavour))
    assert about
    assert [str(each) for each in about if _is_missing(judge, each)] == []
    return told(judge, about, refused_requests=False)


def _is_missing(judge: Judge, each: Exchange) -> bool:
    return judge.operation(each.method, each.path) is None


@pytest.fixture
def whole() -> None:
    """A slice of the document is about pull requests alone."""
    if REVOKE not in github_openapi(DOTCOM).paths:
        pytest.skip("only a slice of GitHub's document is at hand; the whole one comes from npm")


@pytest.mark.usefixtures("whole")
def test_what_anybody_holds_is_revoked_as_documented() -> None:
    """For one token, for none, and for one that nobody knows."""
    with Forge() as forge:
        token = forge.github.token("ann")
        for credentials, status in (([token], 202), ([], 422), (["unknown"], 202)):
            assert asked(forge, "POST", REVOKE, {"credentials": credentials}) == status
        assert documented(forge, DOTCOM) == ""


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("flavour", [DOTCOM, *GHES])
def test_an_application_ends_tokens_as_documented(flavour: str) -> None:
    """This library's sign-out with a secret, at a server; and the same for the grant, a foreign and a missing token."""
    with Forge(enterprise_version=None if flavour == DOTCOM else "3.19.0") as forge:
        host, app = register(forge, "github")
        person = host.oauth.consent("ann")
        signed = auth.sign_in(host.url, app, auth.READ, "browser", settings=host.settings, open_browser=person)
        person.wait()
        assert auth.sign_out(signed).revoked
        proof = (app.client_id, app.client_secret or "")
        for method, path, body, status in (
            ("DELETE", TOKEN, {"access_token": "unknown"}, 404),
            ("DELETE", GRANT, {"access_token": ""}, 422),
        ):
            assert asked(forge, method, path.format(app.client_id), body, proof=proof) == status
        assert documented(forge, flavour) == ""


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("flavour", [DOTCOM, *GHES])
def test_a_bot_gets_its_token_as_documented(flavour: str) -> None:
    """For all it was installed for, for what was named, and for what it was not installed for."""
    hands = Hands(enterprise_version=None if flavour == DOTCOM else "3.19.0")
    with hands.forge:
        number = hands.installed()
        for wish in ({}, {"repositories": ("app",), "permissions": ("pull_requests:read",)}):
            with hands.connect(AppInstallation(APP, PRIVATE, number, **wish)) as repo:
                assert repo.pulls.get(1).title == "Fix"
        refused = AppInstallation(APP, PRIVATE, number, repositories=("secret",))
        with hands.connect(refused) as repo, pytest.raises(errors.Rejected):
            repo.pulls.get(1)
        assert hands.asked() == [201, 201, 422]
        assert documented(hands.forge, flavour) == ""
