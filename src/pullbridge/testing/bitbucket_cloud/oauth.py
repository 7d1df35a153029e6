"""Signing in at Bitbucket Cloud: code alone, Basic always, `scopes` in the plural, and scopes of the consumer's.

https://developer.atlassian.com/cloud/bitbucket/oauth-2/
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from pullbridge.testing.bitbucket_cloud.scopes import EVERYTHING
from pullbridge.testing.oauth.manners import BASIC, CODE, REFRESH, Application, Fresh, Manners, Said, Trouble

#: https://github.com/harness/harness/issues/1650, https://github.com/p2/OAuth2/issues/96; the last two are unverified.
_WORDS = {
    "secret": "Invalid OAuth client credentials",
    "nobody": "Requests must be authenticated using OAuth client credentials",
    REFRESH: "The specified refresh_token is invalid",
    CODE: "The specified code is not valid.",
}
#: https://github.com/git-ecosystem/git-credential-manager/issues/2429
GRACE, MONTHS = 600, 7_776_000


class BitbucketCloudManners(Manners):
    """Bitbucket Cloud's way, with the refresh tokens that rotate."""

    authorize_path = "/site/oauth2/authorize"
    token_path = "/site/oauth2/access_token"  # noqa: S105 - an address
    authentication: Mapping[str, tuple[str, ...]] = {CODE: (BASIC,), REFRESH: (BASIC,)}
    grace_seconds = GRACE
    refresh_seconds = MONTHS

    def client_id(self, kind: str) -> str:
        """A consumer's `Key`."""
        del kind
        return secrets.token_hex(9)

    def client_secret(self) -> str:
        """A consumer's `Secret`."""
        return secrets.token_hex(16)

    def redirect_fits(self, application: Application, uri: str) -> bool:
        """Anything that begins with the one that was registered."""
        return any(uri.startswith(registered) for registered in application.redirect_uris)

    def scopes(self, application: Application, asked: tuple[str, ...]) -> tuple[str, ...] | None:
        """The consumer's, whatever is asked for (unverified)."""
        del asked
        return EVERYTHING["oauth"] if application.scopes is None else application.scopes

    def tell(self, fresh: Fresh) -> dict[str, object]:
        """As reported: https://github.com/terrakube-io/terrakube/issues/47"""
        told: dict[str, object] = {"scopes": " ".join(fresh.scopes)} if fresh.tells_scope else {}
        told |= {"access_token": fresh.access, "token_type": "bearer", "state": fresh.grant}
        if fresh.seconds is not None:
            told["expires_in"] = fresh.seconds
        return told if fresh.refresh is None else told | {"refresh_token": fresh.refresh}

    def refuse(self, trouble: Trouble) -> Said:
        """400, and a consumer that did not show its key and secret is unauthorized."""
        name, about = trouble.error, _WORDS.get(trouble.grant, trouble.about)
        if name == "invalid_client":
            name, about = "unauthorized_client", _WORDS["nobody" if trouble.reason == "unknown-client" else "secret"]
        status = trouble.status if trouble.status >= 429 or trouble.status == 200 else 400
        return Said(status=status, payload={"error_description": about, "error": name})
