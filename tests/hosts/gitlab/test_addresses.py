"""Where a GitLab's API is, and where its pages begin."""

from __future__ import annotations

import pytest

from pullbridge.hosts.gitlab.addresses import addresses, is_gitlab


@pytest.mark.parametrize(
    ("web", "rest", "graphql"),
    [
        ("https://gitlab.com", "https://gitlab.com/api/v4", "https://gitlab.com/api/graphql"),
        ("https://code.example", "https://code.example/api/v4", "https://code.example/api/graphql"),
        (
            "https://code.example/gitlab",
            "https://code.example/gitlab/api/v4",
            "https://code.example/gitlab/api/graphql",
        ),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/api/v4", "http://127.0.0.1:8080/api/graphql"),
    ],
)
def test_the_api_is_below_the_pages(web: str, rest: str, graphql: str) -> None:
    """GL-78: a relative root is kept in every address."""
    found = addresses(web)
    assert (found.web, found.rest, found.graphql) == (web.rstrip("/"), rest, graphql)


@pytest.mark.parametrize(
    ("api_url", "web"),
    [
        ("https://code.example/gitlab/api/v4", "https://code.example/gitlab"),
        ("https://code.example/tools/git/api/v4/", "https://code.example/tools/git"),
        ("https://code.example/api/v4", "https://code.example"),
        ("https://api.code.example/v4", "https://code.example"),
        ("https://other.example/gitlab/api/v4", "https://code.example"),
        ("http://code.example/gitlab/api/v4", "https://code.example"),
    ],
)
def test_the_apis_address_tells_the_root(api_url: str, web: str) -> None:
    """Only on the pages' own origin; an API that is elsewhere says nothing about pages."""
    found = addresses("https://code.example", api_url)
    assert (found.web, found.rest, found.host) == (web, api_url.rstrip("/"), "code.example")


def test_a_token_tells_of_itself_only_at_home() -> None:
    """What OAuth asks is beside the API: where the API is elsewhere, nobody is asked, and nothing else is let out."""
    here, there = addresses("https://code.example/g"), addresses("https://code.example", "https://api.example/api/v4")
    assert here.token_info == "https://code.example/g/oauth/token/info"
    assert here.places == ("https://code.example/g/api/v4", "https://code.example/g/api/graphql", here.token_info)
    assert there.token_info is None
    assert there.places == ("https://api.example/api/v4", "https://api.example/api/graphql")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("gitlab.com", True),
        ("gitlab.com:8443", False),
        ("gitlab.com.evil.example", False),
        ("evil-gitlab.com", False),
        ("gitlab.example", False),
        ("about.gitlab.com", False),
        ("", False),
    ],
)
def test_only_the_exact_name_is_gitlabs_own(host: str, own: bool) -> None:
    """A name that has `gitlab` in it is anybody's."""
    assert is_gitlab(host) is own
    assert addresses(f"https://{host}").service is own
