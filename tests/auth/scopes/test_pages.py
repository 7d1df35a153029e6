"""The page where a person makes a token by hand, filled in."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pullbridge import Can, Settings, auth
from pullbridge.auth import AUTHOR, MERGE, READ
from pullbridge.auth.scopes.pages import page
from pullbridge.errors import Rejected, UnknownHost
from pullbridge.testing import Forge


def split(made: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(made)
    return made.partition("?")[0], parse_qs(parts.query)


def test_githubs_classic_page_is_filled_in() -> None:
    """Its scopes, and what it is for; the finer kind reads no checks, so that it is not offered for what needs them."""
    place, filled = split(auth.token_page("https://github.com", AUTHOR | MERGE, name="My editor"))
    assert place == "https://github.com/settings/tokens/new"
    assert filled == {"scopes": ["repo"], "description": ["My editor"]}


def test_githubs_fine_grained_page_is_filled_in() -> None:
    """Each permission with its level; what comes by itself is left out."""
    wanted = {Can.READ, Can.CONTENT, Can.COMMENT, Can.MERGE}
    place, filled = split(auth.token_page("https://github.com", wanted))
    assert place == "https://github.com/settings/personal-access-tokens/new"
    assert filled == {"name": ["pullbridge"], "pull_requests": ["write"], "contents": ["write"]}
    chosen = split(auth.token_page("github.com", wanted, credential="classic-token", visibility="public"))
    assert chosen[1] == {"scopes": ["public_repo"], "description": ["pullbridge"]}


@pytest.mark.parametrize(
    ("host", "kind", "place"),
    [
        ("https://gitlab.com", None, "https://gitlab.com/-/user_settings/personal_access_tokens"),
        (
            "https://code.example/gitlab",
            "gitlab",
            "https://code.example/gitlab/-/user_settings/personal_access_tokens",
        ),
        ("https://acme.ghe.com", None, "https://acme.ghe.com/settings/tokens/new"),
        ("https://code.example:8443", "github", "https://code.example:8443/settings/tokens/new"),
        ("https://bitbucket.org", None, "https://id.atlassian.com/manage-profile/security/api-tokens"),
        (
            "https://code.example/bitbucket",
            "bitbucket-dc",
            "https://code.example/bitbucket/plugins/servlet/access-tokens/manage",
        ),
    ],
)
def test_each_host_has_its_page(host: str, kind: Any, place: str) -> None:
    """Of servers too, below a path of their origin."""
    made = auth.token_page(host, AUTHOR, settings=Settings(kind=kind))
    assert made.partition("?")[0] == place


def test_gitlabs_page_is_filled_in() -> None:
    """Name and scopes; a fine-grained token's permissions cannot be."""
    filled = split(auth.token_page("https://gitlab.com", READ))[1]
    assert filled == {"name": ["pullbridge"], "scopes": ["read_api"]}
    assert split(auth.token_page("https://gitlab.com", READ, credential="fine-grained"))[1] == {"name": ["pullbridge"]}


def test_a_server_is_asked_which_product_it_is() -> None:
    """Anonymously, where neither its name nor the settings tell."""
    with Forge() as forge:
        made = auth.token_page(forge.gitlab.url, READ)
        asked = [exchange.headers for exchange in forge.gitlab.requests]
    assert made.startswith(f"{forge.gitlab.url}/-/user_settings/personal_access_tokens?")
    assert asked
    assert not [headers for headers in asked if {"authorization", "private-token"} & {name.lower() for name in headers}]


def test_what_has_no_such_page_is_refused() -> None:
    """A project's tokens are made in its settings, and an app on pages of its own; a kind that nobody knows has none."""
    with pytest.raises(Rejected, match="Name one of classic-token, fine-grained"):
        auth.token_page("https://gitlab.com", READ, credential="access-token")
    with pytest.raises(Rejected):
        auth.token_page("not an address", READ)
    with pytest.raises(UnknownHost):
        page("gitea", "https://code.example", READ)
