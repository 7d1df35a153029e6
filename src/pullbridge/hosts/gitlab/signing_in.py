"""How GitLab signs people in: pure. https://docs.gitlab.com/api/oauth2/"""

from __future__ import annotations

from pullbridge.hosts.gitlab.addresses import addresses
from pullbridge.model.oauth import ClientSecret, OAuth, RedirectRule, Revocation
from pullbridge.model.settings import Settings


def oauth(web: str, settings: Settings) -> OAuth:
    """The addresses and manners of the GitLab whose pages are at `web`, below its relative root where it has one.

    Any port will do only where the host is an address such as `127.0.0.1`; `localhost` has to match in full:
    https://github.com/doorkeeper-gem/doorkeeper/blob/main/lib/doorkeeper/oauth/helpers/uri_checker.rb
    """
    base = addresses(web, settings.api_url).web
    return OAuth(
        web=base,
        issuer=base,
        authorize=f"{base}/oauth/authorize",
        token=f"{base}/oauth/token",
        device=f"{base}/oauth/authorize_device",
        revoke=f"{base}/oauth/revoke",
        metadata=f"{base}/.well-known/openid-configuration",
        secret=ClientSecret.POST,
        revocation=Revocation.STANDARD,
        redirect=RedirectRule.ANY_PORT,
        repeats_redirect=True,
        loopback="http://127.0.0.1/callback",
        grants=f"{base}/-/user_settings/applications",
    )
