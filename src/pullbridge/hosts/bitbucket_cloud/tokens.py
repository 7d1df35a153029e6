"""What kind of credential it is, by how it begins, and how it signs: pure.

OAuth tokens and access tokens go as Bearer, API tokens with the account's e-mail address as Basic. App passwords stopped
working in 2026. https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/ and
https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import Enum

from pullbridge.auth.scopes.table import Credential
from pullbridge.errors import SignInNeeded
from pullbridge.model.credentials import Basic, Token


class TokenKind(Enum):
    """The kinds that differ in what they may do; the value is how people call one."""

    NONE = "nobody"
    API = "an API token"
    ACCESS = "an access token"
    OAUTH = "an OAuth token"

    @property
    def personal(self) -> bool:
        """Whether a person stands behind it: an access token is of a repository, a project or a workspace."""
        return self in {TokenKind.API, TokenKind.OAUTH}

    @property
    def credential(self) -> Credential:
        """What the table of scopes calls it."""
        return "api-token" if self is TokenKind.API else "access-token" if self is TokenKind.ACCESS else "oauth"


#: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication: `ATBB` are app passwords.
_API, _ACCESS, _APP_PASSWORD = "ATATT", "ATCTT", "ATBB"
#: The user names that git takes beside a token that needs none.
_GIT = frozenset({"x-token-auth", "x-bitbucket-api-token-auth"})
#: Where API tokens are made.
TOKENS = "https://id.atlassian.com/manage-profile/security/api-tokens"


def sign(credential: Token | Basic) -> Mapping[str, str]:
    """Bitbucket's header.

    A `Token` may hold `email:token`, as an environment variable has to. Raises `SignInNeeded` for an API token without an
    e-mail address, and for an app password.
    """
    user, secret = _parted(credential)
    if secret.startswith(_APP_PASSWORD):
        text = "What was given is an app password, which Bitbucket Cloud does not take any more."
        raise SignInNeeded(text, next_step=f"Make an API token with scopes ({TOKENS}), and give Basic(email, token).")
    if secret.startswith(_API):
        if not user or user in _GIT:
            text = "An API token signs together with the e-mail address of its Atlassian account."
            raise SignInNeeded(text, next_step="Give Basic(email, token), or a variable that holds email:token.")
        return _basic(user, secret)
    if not user or user in _GIT or secret.startswith(_ACCESS):
        return {"Authorization": f"Bearer {secret}"}
    return _basic(user, secret)


def kind_of(headers: Mapping[str, str]) -> TokenKind:
    """The kind of the credential that requests are signed with."""
    scheme, _, secret = headers.get("Authorization", "").partition(" ")
    if not scheme:
        return TokenKind.NONE
    if scheme == "Basic":
        return TokenKind.API
    return TokenKind.ACCESS if secret.startswith(_ACCESS) else TokenKind.OAUTH


def _parted(credential: Token | Basic) -> tuple[str, str]:
    if isinstance(credential, Basic):
        return credential.user, credential.secret
    user, colon, secret = credential.value.rpartition(":")
    return (user, secret) if colon and "@" in user else ("", credential.value)


def _basic(user: str, secret: str) -> Mapping[str, str]:
    """RFC 7617, section 2."""
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"}
