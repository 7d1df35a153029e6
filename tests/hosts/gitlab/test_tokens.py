"""Which header a token goes in, what it is for, and which variables are for which host."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.hosts.gitlab.signatures import watched

import pullbridge
from pullbridge.errors import SignInNeeded
from pullbridge.hosts.gitlab import PROVIDER
from pullbridge.hosts.gitlab.payloads import AccessToken
from pullbridge.hosts.gitlab.tokens import Grant, TokenKind, kind_of, sign
from pullbridge.model.credentials import Basic, Token
from pullbridge.testing import Forge

OAUTH = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("secret", "headers", "kind"),
    [
        ("glpat-abc", {"PRIVATE-TOKEN": "glpat-abc"}, TokenKind.PERSONAL),
        ("glcbt-64_abc", {"JOB-TOKEN": "glcbt-64_abc"}, TokenKind.JOB),
        (OAUTH, {"Authorization": f"Bearer {OAUTH}"}, TokenKind.OTHER),
        ("acme-own-prefix-abc", {"Authorization": "Bearer acme-own-prefix-abc"}, TokenKind.OTHER),
        ("x" * 20, {"Authorization": f"Bearer {'x' * 20}"}, TokenKind.OTHER),
    ],
)
def test_each_kind_of_token_goes_in_its_header(secret: str, headers: Mapping[str, str], kind: TokenKind) -> None:
    """A beginning that is not known tells nothing, and such a token goes where every kind is taken."""
    assert sign(Token(secret)) == headers
    assert kind_of(headers) is kind


def test_a_secret_with_a_name_is_a_token() -> None:
    """What git's own credentials hold: the name is of no use to the API."""
    assert sign(Basic("ada", "glpat-abc")) == {"PRIVATE-TOKEN": "glpat-abc"}
    assert kind_of({}) is TokenKind.NONE


@pytest.mark.parametrize("secret", ["gloas-abc", "gldt-abc", "glrt-abc", "glft-abc", "glptt-abc"])
def test_what_is_no_token_for_the_api_is_not_sent(secret: str) -> None:
    """An application's secret pasted for a token is told apart before it leaves, and not repeated."""
    with pytest.raises(SignInNeeded, match="What was given is") as caught:
        sign(Token(secret))
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("told", "scopes", "granular"),
    [
        (AccessToken(scopes=["api"]), ("api",), False),
        (AccessToken(scope=["read_api", "read_user"]), ("read_api", "read_user"), False),
        (AccessToken(scope="read_api read_user"), ("read_api", "read_user"), False),
        (AccessToken(scopes=[]), (), False),
        (AccessToken(), None, False),
        (AccessToken(scopes=["granular"], granular=True), None, True),
        (AccessToken(scopes=["granular"]), None, True),
    ],
)
def test_what_was_granted_is_read_in_every_form(
    told: AccessToken, scopes: tuple[str, ...] | None, granular: bool
) -> None:
    """Access tokens and OAuth spell it differently; a fine-grained token has no scopes, whatever its list says."""
    grant = Grant.of(told)
    assert (grant.scopes, grant.granular) == (scopes, granular)


SET = {"GITLAB_TOKEN": "t", "GITLAB_ACCESS_TOKEN": "t", "OAUTH_TOKEN": "t", "CI_JOB_TOKEN": "t"}
OWN = ("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN")


@pytest.mark.parametrize(
    ("environment", "host", "names"),
    [
        ({}, "gitlab.com", OWN),
        ({}, "code.example", ()),
        ({"GITLAB_HOST": "code.example"}, "code.example", (*OWN, "OAUTH_TOKEN")),
        ({"GITLAB_HOST": "code.example"}, "gitlab.com", ()),
        ({"GITLAB_HOST": "https://Code.example/gitlab"}, "code.example", (*OWN, "OAUTH_TOKEN")),
        ({"GITLAB_URI": "https://code.example:8443"}, "code.example:8443", (*OWN, "OAUTH_TOKEN")),
        ({"GITLAB_URI": "https://code.example:8443"}, "code.example", ()),
        ({"GL_HOST": "code.example"}, "code.example", (*OWN, "OAUTH_TOKEN")),
        ({"GITLAB_HOST": " ", "GL_HOST": "code.example"}, "code.example", (*OWN, "OAUTH_TOKEN")),
        ({"GITLAB_HOST": "a.example", "GL_HOST": "b.example"}, "b.example", ()),
        ({"CI_SERVER_HOST": "code.example"}, "code.example", OWN),
        ({"CI_SERVER_HOST": "code.example"}, "gitlab.com", ()),
        ({"CI_SERVER_URL": "https://code.example:8443/gitlab"}, "code.example:8443", OWN),
        ({"CI_SERVER_HOST": "code.example", "GITLAB_HOST": "gitlab.com"}, "code.example", ()),
        (
            {"CI_SERVER_HOST": "code.example", "GLAB_ENABLE_CI_AUTOLOGIN": "true"},
            "code.example",
            (*OWN, "CI_JOB_TOKEN"),
        ),
        (
            {"CI_SERVER_HOST": "code.example", "GLAB_ENABLE_CI_AUTOLOGIN": "true", "GITLAB_HOST": "gitlab.com"},
            "gitlab.com",
            (*OWN, "OAUTH_TOKEN"),
        ),
    ],
)
def test_a_variable_is_for_one_host(environment: dict[str, str], host: str, names: tuple[str, ...]) -> None:
    """The one that is named beside it; a token of another instance is never looked at, nor a job's without being asked."""
    assert PROVIDER.ambient(host, {**SET, **environment}) == names


def test_a_token_of_another_instance_is_not_sent(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    """By default the environment is looked at, and what it holds is for gitlab.com until somebody says otherwise."""
    gitlab = forge.gitlab
    address = f"{gitlab.repository('team/app', files={'a': 'b'}).url}"
    for name in ("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN", "OAUTH_TOKEN", "CI_JOB_TOKEN"):
        monkeypatch.setenv(name, f"glpat-{name.lower()}")
    for name in ("GITLAB_HOST", "GITLAB_URI", "GL_HOST", "CI_SERVER_HOST", "CI_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    seen = watched(gitlab)
    with pullbridge.connect(address, settings=gitlab.settings) as repo:
        assert repo.files.content("a", at="main") == b"b"
    assert {signed for _, signed in seen} == {frozenset()}
    monkeypatch.setenv("GITLAB_HOST", gitlab.url)
    monkeypatch.setenv("GITLAB_TOKEN", gitlab.token("ada"))
    seen.clear()
    with pullbridge.open_host(gitlab.url, settings=gitlab.settings) as host:
        assert host.viewer().handle == "ada"
    assert {signed for _, signed in seen} == {frozenset({"private-token"})}
