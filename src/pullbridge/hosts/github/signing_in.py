"""How GitHub signs people in: pure.

https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps and
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

from pullbridge.hosts.github.addresses import addresses
from pullbridge.model.oauth import ClientSecret, OAuth, RedirectRule, Revocation
from pullbridge.model.settings import Settings

#: How the client ids of GitHub Apps begin; their callback has to be one that is registered, in full.
_APPS = ("Iv1.", "Iv23")


def oauth(web: str, settings: Settings) -> OAuth:
    """The addresses and manners of the GitHub whose pages are at `web`.

    The device grant is the only one that works without a secret. Anybody may give a token back by showing it, but not
    to an Enterprise Server: https://docs.github.com/en/rest/credentials/revoke
    """
    place = addresses(web, settings.api_url)
    login = f"{place.web}/login"
    server = place.product == "server"
    return OAuth(
        web=place.web,
        issuer=f"{login}/oauth",
        authorize=f"{login}/oauth/authorize",
        token=f"{login}/oauth/access_token",
        device=f"{login}/device/code",
        revoke=None if server else f"{place.rest}/credentials/revoke",
        client_tokens=f"{place.rest}/applications",
        secret=ClientSecret.POST,
        code_needs_secret=True,
        revocation=Revocation.NONE if server else Revocation.CREDENTIALS,
        redirect=RedirectRule.BELOW,
        app_ids=_APPS,
        device_secret=False,
        loopback="http://127.0.0.1/callback",
        grants=f"{place.web}/settings/connections/applications/{{client_id}}",
    )
