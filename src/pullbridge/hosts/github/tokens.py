"""What kind of credential a token is, by how it begins: pure.

https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from pullbridge.auth.scopes.table import Credential


class TokenKind(Enum):
    """The kinds that differ in what they may do; the value is how people call one."""

    NONE = "nobody"
    CLASSIC = "a classic token"
    FINE_GRAINED = "a fine-grained token"
    INSTALLATION = "an app's installation token"
    APP_USER = "an app's user token"
    OTHER = "this token"

    @property
    def has_scopes(self) -> bool:
        """Whether its answers may tell what was granted to it; the others have permissions, which no answer lists."""
        return self in {TokenKind.CLASSIC, TokenKind.OTHER}

    @property
    def credential(self) -> Credential:
        """What the table of scopes calls it; one that cannot be told apart is taken for a classic one."""
        apps = {TokenKind.INSTALLATION, TokenKind.APP_USER}
        return "fine-grained" if self is TokenKind.FINE_GRAINED else "github-app" if self in apps else "classic-token"


_PREFIXES = {
    "ghp_": TokenKind.CLASSIC,
    "gho_": TokenKind.CLASSIC,
    "github_pat_": TokenKind.FINE_GRAINED,
    "ghs_": TokenKind.INSTALLATION,
    "ghu_": TokenKind.APP_USER,
}


def kind_of(headers: Mapping[str, str]) -> TokenKind:
    """The kind of the token that requests are signed with."""
    signature = headers.get("Authorization")
    if signature is None:
        return TokenKind.NONE
    token = signature.partition(" ")[2]
    return next((kind for prefix, kind in _PREFIXES.items() if token.startswith(prefix)), TokenKind.OTHER)
