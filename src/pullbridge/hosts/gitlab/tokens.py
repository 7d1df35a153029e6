"""What kind of credential a token is, by how it begins: pure.

https://docs.gitlab.com/security/tokens/#token-prefixes; an instance may give personal tokens a prefix of its own, and
OAuth's have none, so that a beginning that is not listed here tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from pullbridge.errors import SignInNeeded
from pullbridge.hosts.gitlab.payloads import AccessToken
from pullbridge.model.credentials import Basic, Token


class TokenKind(Enum):
    """The kinds that differ in what they may do; the value is how people call one."""

    NONE = "nobody"
    PERSONAL = "an access token"
    JOB = "a job token"
    OTHER = "this token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token was granted: classic `scopes`, `None` where it does not tell; or, `granular`, permissions instead."""

    scopes: tuple[str, ...] | None = None
    granular: bool = False

    @classmethod
    def of(cls, told: AccessToken) -> Grant:
        """What a token says of itself. A fine-grained one has the scope `granular`, which is none."""
        listed = told.scopes if told.scopes is not None else told.scope
        scopes = None if listed is None else tuple(listed.split() if isinstance(listed, str) else listed)
        granular = bool(told.granular) or scopes == ("granular",)
        return cls(scopes=None if granular else scopes, granular=granular)


#: Personal, project and group tokens; and those of a running job.
_PERSONAL, _JOB = "glpat-", "glcbt-"
#: What is no credential for the API, and what to use instead.
_USELESS = {
    "gloas-": "the secret of an OAuth application, and no token",
    "gldt-": "a deploy token, which only git and registries take",
    "glrt-": "a runner's token",
    "glft-": "a feed token",
    "glptt-": "a trigger token",
    "glagent-": "an agent's token",
    "glimt-": "a token for incoming mail",
}


def sign(credential: Token | Basic) -> Mapping[str, str]:
    """GitLab's header. https://docs.gitlab.com/api/rest/authentication/

    A token of an unknown kind goes as OAuth's do: personal tokens may go so as well. Raises `SignInNeeded` for what can
    be told to be no token for the API.
    """
    secret = credential.secret if isinstance(credential, Basic) else credential.value
    useless = next((why for prefix, why in _USELESS.items() if secret.startswith(prefix)), None)
    if useless is not None:
        raise SignInNeeded(f"What was given is {useless}.", next_step="Give a personal, project or group access token.")
    if secret.startswith(_PERSONAL):
        return {"PRIVATE-TOKEN": secret}
    return {"JOB-TOKEN": secret} if secret.startswith(_JOB) else {"Authorization": f"Bearer {secret}"}


def kind_of(headers: Mapping[str, str]) -> TokenKind:
    """The kind of the token that requests are signed with."""
    if not headers:
        return TokenKind.NONE
    if "JOB-TOKEN" in headers:
        return TokenKind.JOB
    return TokenKind.PERSONAL if "PRIVATE-TOKEN" in headers else TokenKind.OTHER
