"""Signing in at Bitbucket Data Center: code alone, which lives for ten seconds; redirects to the letter, with TLS.

https://confluence.atlassian.com/bitbucketserver/bitbucket-oauth-2-0-provider-api-1108483661.html
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from pullbridge.testing.bitbucket_dc.knobs import Version
from pullbridge.testing.oauth.manners import BASIC, CODE, LOOPBACK, NONE, POST, REFRESH, Application, Manners

#: From the least on; an application may have one that includes those before it.
#: https://confluence.atlassian.com/bitbucketserver/configure-an-incoming-link-1108483657.html
SCOPES = (
    "PUBLIC_REPOS",
    "ACCOUNT_WRITE",
    "REPO_READ",
    "REPO_WRITE",
    "REPO_ADMIN",
    "PROJECT_ADMIN",
    "ADMIN",
    "SYSTEM_ADMIN",
)
_WAYS = (POST, BASIC, NONE)


class DataCenterManners(Manners):
    """Data Center's way, from 7.20 on. An application always has a secret, and needs none with PKCE."""

    authorize_path = "/rest/oauth2/latest/authorize"
    token_path = "/rest/oauth2/latest/token"  # noqa: S105 - an address
    revoke_path = "/rest/oauth2/latest/revoke"
    authentication: Mapping[str, tuple[str, ...]] = {CODE: _WAYS, REFRESH: _WAYS}
    secret_for_pkce = True
    code_seconds = 10
    refresh_seconds = 7_776_000

    def __init__(self, version: Callable[[], Version]) -> None:
        self._version = version

    def serves(self, address: str) -> bool:
        """Whether an address is for the sign-in: nothing is before 7.20."""
        return self._version().at_least(7, 20) and super().serves(address)

    def client_id(self, kind: str) -> str:
        """What an administrator copies from the incoming link."""
        del kind
        return secrets.token_hex(16)

    def client_secret(self) -> str:
        """The same, beside it."""
        return secrets.token_hex(32)

    def access_seconds(self, application: Application) -> int | None:
        """https://confluence.atlassian.com/bitbucketserver/bitbucket-oauth-2-0-provider-system-properties-1108483660.html"""
        del application
        return 3600

    def redirect_fits(self, application: Application, uri: str) -> bool:
        """To the letter, and with TLS except on this machine."""
        address = urlsplit(uri)
        safe = address.scheme == "https" or address.hostname in LOOPBACK | {"localhost"}
        return safe and super().redirect_fits(application, uri)

    def scopes(self, application: Application, asked: tuple[str, ...]) -> tuple[str, ...] | None:
        """No more than the application may have; a higher one includes the lower."""
        if not asked or not set(asked) <= set(SCOPES):
            return None
        most = max((SCOPES.index(scope) for scope in application.scopes or SCOPES), default=-1)
        return asked if all(SCOPES.index(scope) <= most for scope in asked) else None
