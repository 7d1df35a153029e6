"""Where a GitHub's API is."""

from __future__ import annotations

import pytest

from pullbridge.hosts.github.addresses import addresses, is_github


@pytest.mark.parametrize(
    ("web", "rest", "graphql", "product"),
    [
        ("https://github.com", "https://api.github.com", "https://api.github.com/graphql", "github.com"),
        ("https://acme.ghe.com", "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql", "ghe.com"),
        ("https://code.example", "https://code.example/api/v3", "https://code.example/api/graphql", "server"),
        (
            "http://code.example:8080",
            "http://code.example:8080/api/v3",
            "http://code.example:8080/api/graphql",
            "server",
        ),
    ],
)
def test_every_kind_of_github_has_its_place(web: str, rest: str, graphql: str, product: str) -> None:
    """github.com and its tenants have a host for it, a server has a path."""
    found = addresses(web)
    assert (found.web, found.rest, found.graphql, found.product) == (web, rest, graphql, product)


@pytest.mark.parametrize(
    ("api_url", "graphql"),
    [
        ("https://proxy.example/github/api/v3", "https://proxy.example/github/api/graphql"),
        ("https://proxy.example/github/api/v3/", "https://proxy.example/github/api/graphql"),
        ("https://api.proxy.example", "https://api.proxy.example/graphql"),
    ],
)
def test_an_api_elsewhere_keeps_its_path(api_url: str, graphql: str) -> None:
    """N-30: below a context path, for both of its halves; the pages stay where they are."""
    found = addresses("https://code.example", api_url)
    assert (found.rest, found.graphql, found.host) == (api_url.rstrip("/"), graphql, "code.example")


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("github.com", True),
        ("acme.ghe.com", True),
        ("ghe.com", False),
        ("api.acme.ghe.com", False),
        ("github.com.evil.example", False),
        ("notgithub.com", False),
        ("github.com:443", False),
        ("GitHub.com", False),
        ("gist.github.com", False),
        ("", False),
    ],
)
def test_only_exact_names_are_githubs_own(host: str, ours: bool) -> None:
    """N-28: a token for GitHub goes to no name that only looks like it. Addresses come in small letters."""
    assert is_github(host) is ours
