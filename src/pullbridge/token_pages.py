"""The page where a person makes a token by hand: composition. Finds out which product runs at an address."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge import addresses, registry
from pullbridge.auth.scopes import Credential, Visibility
from pullbridge.auth.scopes.pages import page
from pullbridge.capabilities import Can
from pullbridge.model.settings import Settings

__all__ = ["token_page"]


def token_page(
    host: str,
    abilities: Iterable[Can],
    *,
    visibility: Visibility = "private",
    credential: Credential | None = None,
    name: str = "pullbridge",
    settings: Settings | None = None,
) -> str:
    """Give the address of the page where a token for `host` (`https://github.com`) is made, filled in with the least scopes.

    GitHub and GitLab take them from the address; for Bitbucket, show what `plan` says beside it. `credential` is one of
    "fine-grained", "classic-token", "api-token" and "access-token"; without it, it is the finest kind that can do all of
    `abilities`. `name` is what the token will be called in the person's list. Opens nothing, and sends nothing where the
    name or the settings tell the product; else the address is asked once, anonymously.

    Raises `Rejected` for what is no address, or a credential that the host has no such page for; `UnknownHost`, `Offline`.
    """
    web = addresses.site(host)
    provider, root = registry.locate(web, settings or Settings())
    return page(provider.kind, root, abilities, visibility=visibility, credential=credential, name=name)
