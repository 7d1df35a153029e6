"""Where and how each host signs people in."""

from __future__ import annotations

import pytest

from pullbridge import registry
from pullbridge.model.oauth import OAuth, RedirectRule
from pullbridge.model.settings import Settings


def oauth(kind: str, web: str, settings: Settings | None = None) -> OAuth:
    told = registry.provider(kind).oauth
    assert told is not None
    return told(web, settings or Settings())


@pytest.mark.parametrize(
    ("kind", "web", "expected"),
    [
        (
            "github",
            "https://github.com",
            (
                "https://github.com/login/oauth/authorize",
                "https://github.com/login/oauth/access_token",
                "https://github.com/login/device/code",
                "https://api.github.com/credentials/revoke",
            ),
        ),
        (
            "github",
            "https://octo.ghe.com",
            (
                "https://octo.ghe.com/login/oauth/authorize",
                "https://octo.ghe.com/login/oauth/access_token",
                "https://octo.ghe.com/login/device/code",
                "https://api.octo.ghe.com/credentials/revoke",
            ),
        ),
        (
            "github",
            "https://git.example",
            (
                "https://git.example/login/oauth/authorize",
                "https://git.example/login/oauth/access_token",
                "https://git.example/login/device/code",
                None,
            ),
        ),
        (
            "gitlab",
            "https://git.example/gitlab",
            (
                "https://git.example/gitlab/oauth/authorize",
                "https://git.example/gitlab/oauth/token",
                "https://git.example/gitlab/oauth/authorize_device",
                "https://git.example/gitlab/oauth/revoke",
            ),
        ),
        (
            "bitbucket-cloud",
            "https://bitbucket.org",
            (
                "https://bitbucket.org/site/oauth2/authorize",
                "https://bitbucket.org/site/oauth2/access_token",
                None,
                None,
            ),
        ),
        (
            "bitbucket-dc",
            "https://git.example/bitbucket",
            (
                "https://git.example/bitbucket/rest/oauth2/latest/authorize",
                "https://git.example/bitbucket/rest/oauth2/latest/token",
                None,
                "https://git.example/bitbucket/rest/oauth2/latest/revoke",
            ),
        ),
    ],
)
def test_endpoints(kind: str, web: str, expected: tuple[str | None, ...]) -> None:
    """The addresses of a sign-in are those that the hosts document, below an instance's own path, too."""
    told = oauth(kind, web)
    assert (told.authorize, told.token, told.device, told.revoke) == expected


@pytest.mark.parametrize(
    ("kind", "api", "web"),
    [
        ("gitlab", "https://git.example/gitlab/api/v4", "https://git.example/gitlab"),
        ("bitbucket-dc", "https://git.example/bitbucket/rest", "https://git.example/bitbucket"),
    ],
)
def test_the_api_address_tells_the_root(kind: str, api: str, web: str) -> None:
    """An instance whose root only its API's address tells signs in below that root."""
    assert oauth(kind, "https://git.example", Settings(api_url=api)).web == web


@pytest.mark.parametrize("kind", ["github", "gitlab", "bitbucket-cloud", "bitbucket-dc"])
def test_only_the_hosts_own_places(kind: str) -> None:
    """A sign-in reaches the host that was named and its API, and not even the page that the browser opens."""
    told = oauth(kind, "https://git.example")
    assert all(place.split("/")[2] in {"git.example", "api.git.example"} for place in told.places)
    assert not any(told.authorize.startswith(place) for place in told.places)


def test_a_github_app_has_no_path_below_its_callback() -> None:
    """GitHub compares the callback of an App in full, and takes paths below that of an OAuth app."""
    told = oauth("github", "https://github.com")
    assert told.rule("Iv23liabc") is RedirectRule.EXACT
    assert told.rule("Ov23liabc") is RedirectRule.BELOW
