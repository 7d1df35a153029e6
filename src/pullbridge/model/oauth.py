"""How a host signs people in: what its provider says of it. https://www.rfc-editor.org/rfc/rfc6749"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class RedirectRule(Enum):
    """How a host compares the address that a sign-in comes back to with the one that its application was registered with.

    What is looser than the exact comparison is so for addresses of this very machine only: RFC 8252, section 7.3.
    """

    BELOW = "any port, and the registered path or one below it"
    ANY_PORT = "any port, and exactly the registered path"
    EXACT = "exactly the registered address"


class ClientSecret(Enum):
    """How an application that has a secret proves it at the token endpoint: RFC 6749, section 2.3.1."""

    POST = "in the request's body"
    BASIC = "in a Basic header"


class Revocation(Enum):
    """How a token is given back."""

    STANDARD = "RFC 7009"
    CREDENTIALS = "a list of credentials, by anybody who holds them"
    NONE = "not at all"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """How a host signs people in. All addresses are absolute.

    `web` is the root of its pages, by which sign-ins are kept; `issuer` is what it calls itself in a callback's `iss`.
    `device` and `revoke` are `None` where it has none, `metadata` where there is nothing to learn from them.
    `client_tokens` is where an application with a secret gives tokens back. `code_needs_secret`: no code is exchanged
    without one. `device_secret` is false where a device proves nothing, even if it could. `redirect` is its rule;
    `loopback` is the address to register. Applications whose id begins with one of `app_ids` have permissions of their
    own instead of scopes, and come back to exactly the address that is theirs. `repeats_redirect`: a refresh names the redirect
    address, too. `grants` is the page on which a person takes a grant back; `{client_id}` in it is the application's.
    """

    web: str
    issuer: str
    authorize: str
    token: str
    loopback: str
    grants: str
    device: str | None = None
    revoke: str | None = None
    client_tokens: str | None = None
    metadata: str | None = None
    secret: ClientSecret = ClientSecret.POST
    code_needs_secret: bool = False
    revocation: Revocation = Revocation.NONE
    redirect: RedirectRule = RedirectRule.EXACT
    app_ids: tuple[str, ...] = ()
    device_secret: bool = True
    repeats_redirect: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """All that a sign-in ever asks by itself; the page at `authorize` is the browser's."""
        wanted = (self.token, self.device, self.revoke, self.client_tokens, self.metadata)
        return tuple(place for place in wanted if place is not None)

    def has_permissions(self, client_id: str) -> bool:
        """Whether an application asks for no scopes: its registration says what it may do."""
        return client_id.startswith(self.app_ids)

    def rule(self, client_id: str) -> RedirectRule:
        """The rule for one application."""
        return RedirectRule.EXACT if self.has_permissions(client_id) else self.redirect
