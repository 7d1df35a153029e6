"""How Data Center is signed to: pure.

HTTP access tokens and OAuth's tokens as `Bearer`, a user with a password as `Basic`:
https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html and
https://developer.atlassian.com/server/bitbucket/how-tos/example-basic-authentication/
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import Enum

from pullbridge.errors import SignInNeeded
from pullbridge.model.credentials import Basic, Token


class TokenKind(Enum):
    """The kinds that differ in what they may do; the value is how people call one."""

    NONE = "nobody"
    TOKEN = "this token"  # noqa: S105  # what it is called
    PASSWORD = "this account"  # noqa: S105  # as above


#: An HTTP access token. (Those from before 7.21 begin in no way of their own.)
_ACCESS = "BBDC-"
#: What is no credential for Data Center.
_USELESS = {
    "ATATT": "an API token for Atlassian's cloud",
    "ATCTT": "an access token for Bitbucket Cloud",
    "ATBB": "an app password of Bitbucket Cloud",
}


def sign(credential: Token | Basic) -> Mapping[str, str]:
    """Data Center's header. An HTTP access token goes as `Bearer`, whoever it is given with: some are taken in no other way.

    Raises `SignInNeeded` for what can be told to be no credential for it.
    """
    secret = credential.secret if isinstance(credential, Basic) else credential.value
    useless = next((why for prefix, why in _USELESS.items() if secret.startswith(prefix)), None)
    if useless is not None:
        raise SignInNeeded(f"What was given is {useless}.", next_step="Give an HTTP access token of this instance.")
    if isinstance(credential, Basic) and not secret.startswith(_ACCESS):
        pair = base64.b64encode(f"{credential.user}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    return {"Authorization": f"Bearer {secret}"}


def kind_of(headers: Mapping[str, str]) -> TokenKind:
    """The kind of what requests are signed with."""
    if not headers:
        return TokenKind.NONE
    return TokenKind.PASSWORD if headers["Authorization"].startswith("Basic ") else TokenKind.TOKEN
