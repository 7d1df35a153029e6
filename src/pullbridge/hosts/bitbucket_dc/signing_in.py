"""How Bitbucket Data Center signs people in, since 7.20: pure.

https://confluence.atlassian.com/bitbucketserver/bitbucket-oauth-2-0-provider-api-1108483661.html
"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.addresses import root
from pullbridge.model.oauth import ClientSecret, OAuth, RedirectRule, Revocation
from pullbridge.model.settings import Settings


def oauth(web: str, settings: Settings) -> OAuth:
    """The addresses and manners of the instance whose pages are at `web`, below its context path where it has one.

    Its incoming links need https to come back to, but for this very machine:
    https://github.com/git-ecosystem/git-credential-manager/blob/main/docs/bitbucket-authentication.md
    """
    base = root(web.rstrip("/"), settings.api_url)
    service = f"{base}/rest/oauth2/latest"
    return OAuth(
        web=base,
        issuer=base,
        authorize=f"{service}/authorize",
        token=f"{service}/token",
        revoke=f"{service}/revoke",
        secret=ClientSecret.POST,
        revocation=Revocation.STANDARD,
        redirect=RedirectRule.EXACT,
        loopback="http://localhost:34106/",
        grants=f"{base}/account",
    )
