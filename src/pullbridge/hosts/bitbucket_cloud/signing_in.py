"""How Bitbucket Cloud signs people in: pure. https://developer.atlassian.com/cloud/bitbucket/oauth-2/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.addresses import addresses
from pullbridge.model.oauth import ClientSecret, OAuth, RedirectRule
from pullbridge.model.settings import Settings


def oauth(web: str, settings: Settings) -> OAuth:
    """The addresses and manners of the Bitbucket whose pages are at `web`.

    Its consumers always have a secret, have one callback each, and are granted what they were registered with. There is
    no way to give a token back but the person's own page.
    """
    base = addresses(web, settings.api_url).web
    return OAuth(
        web=base,
        issuer=base,
        authorize=f"{base}/site/oauth2/authorize",
        token=f"{base}/site/oauth2/access_token",
        secret=ClientSecret.BASIC,
        code_needs_secret=True,
        redirect=RedirectRule.EXACT,
        loopback="http://localhost:34106/",
        grants=f"{base}/account/settings/app-authorizations/",
    )
