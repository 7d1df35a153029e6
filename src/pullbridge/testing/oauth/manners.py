"""What differs between the hosts when somebody signs in: addresses, lifetimes, words. Pure."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from pullbridge.testing.oauth.provider import Provider

CODE = "authorization_code"
REFRESH = "refresh_token"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"

LOOPBACK = frozenset({"127.0.0.1", "::1"})
#: Client authentication, by the names of https://www.rfc-editor.org/rfc/rfc7591#section-2
NONE, POST, BASIC = "none", "client_secret_post", "client_secret_basic"


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer in a host's own words: `payload` is sent as JSON unless the host has another way."""

    status: int
    payload: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why a request to an endpoint is refused, in the words of OAuth.

    `error` and `about` are the standard's; `reason` tells apart what it calls by one name: `unknown-client`, `secret`,
    `redirect-uri`, `device-code` or nothing. `interval` is a device's after `slow_down`.
    """

    error: str
    about: str
    reason: str = ""
    grant: str = ""
    status: int = 400
    interval: float | None = None


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """Tokens as they are about to be told. `seconds` is how long the access token lives, `None` is for ever."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    scopes: tuple[str, ...]
    seconds: int | None
    refresh_seconds: int | None
    grant: str
    made_at: int
    tells_scope: bool


@dataclass(frozen=True, kw_only=True)
class Application:
    """What the manners need to know of an application."""

    kind: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...] | None


Door = Callable[["Provider", Request, Mapping[str, str]], Response]


class Manners:
    """One host's way to sign people in; what is here is what most do. Addresses are below the host's web address."""

    authorize_path: str = ""
    token_path: str = ""
    device_path: str = ""
    revoke_path: str = ""
    verification_path: str = ""
    #: How a client may prove who it is, by grant; `NONE` is for those that have no secret to prove it with.
    authentication: Mapping[str, tuple[str, ...]] = {}
    #: Whether each application gets a secret, whoever asks for it.
    always_secret: bool = True
    #: Whether an application with a secret may do without, when it uses PKCE.
    secret_for_pkce: bool = False
    token_kind: str = "oauth"  # noqa: S105 - a word for what it is

    refreshing: Literal["rotates", "same", "silent"] = "rotates"
    refresh_ends_access: bool = False
    grace_seconds: int = 0
    code_seconds: int = 600
    refresh_seconds: int = 15_552_000
    device_seconds: int = 900
    interval: int = 5
    denied: str = "The resource owner or authorization server denied the request."
    #: Where a wrong redirect URI leads: to the registered one with this error, else nowhere.
    mismatch: str = ""
    #: Where the `iss` of callbacks is, below the host's web address.
    issuer_path: str = ""
    #: Whether `response_type` may be left out.
    assumes_code: bool = False

    def serves(self, address: str) -> bool:
        """Whether an address (below the host's root) is for the sign-in."""
        paths = {self.authorize_path, self.token_path, self.device_path, self.revoke_path, self.verification_path} - {
            ""
        }
        return address in paths or self.door(address) is not None

    def doors(self) -> tuple[tuple[str, Door], ...]:
        """What this host serves besides: patterns of whole addresses, and who answers there."""
        return ()

    def door(self, address: str) -> tuple[Door, Mapping[str, str]] | None:
        """Who answers at an address, and what its pattern's names stand for."""
        found = ((re.fullmatch(pattern, address), answer) for pattern, answer in self.doors())
        return next(((answer, match.groupdict()) for match, answer in found if match), None)

    def has_device_grant(self) -> bool:
        """Whether devices can be signed in."""
        return bool(self.device_path)

    def client_id(self, kind: str) -> str:
        """A new application's id."""
        del kind
        return secrets.token_hex(10)

    def client_secret(self) -> str:
        """A new application's secret."""
        return secrets.token_hex(20)

    def access_token(self, application: Application) -> str:
        """A new access token."""
        del application
        return secrets.token_hex(32)

    def refresh_token(self, application: Application) -> str | None:
        """A new refresh token, `None` where tokens have none."""
        del application
        return secrets.token_hex(32)

    def gives_refresh(self, grant: str) -> bool:
        """Whether what a grant gives can be refreshed."""
        del grant
        return True

    def refreshes_without_secret(self, grant: str) -> bool:
        """Whether an application that has a secret needs none for what a grant gave."""
        del grant
        return self.secret_for_pkce or not self.always_secret

    def access_seconds(self, application: Application) -> int | None:
        """How long an access token lives; `None` is for ever."""
        del application
        return 7200

    def redirect_fits(self, application: Application, uri: str) -> bool:
        """Whether a redirect URI is one of those that were registered: to the letter."""
        return uri in application.redirect_uris

    def scopes(self, application: Application, asked: tuple[str, ...]) -> tuple[str, ...] | None:
        """What may be granted of what was asked for; `None` refuses all of it."""
        allowed = application.scopes
        return asked if allowed is None or set(asked) <= set(allowed) else None

    def divide(self, scope: str) -> tuple[str, ...]:
        """The scopes that a parameter names, each once."""
        return tuple(dict.fromkeys(scope.split()))

    def tell(self, fresh: Fresh) -> dict[str, object]:
        """The token endpoint's answer: https://www.rfc-editor.org/rfc/rfc6749#section-5.1"""
        told: dict[str, object] = {"access_token": fresh.access, "token_type": "Bearer"}
        if fresh.seconds is not None:
            told["expires_in"] = fresh.seconds
        if fresh.refresh is not None:
            told["refresh_token"] = fresh.refresh
        if fresh.tells_scope:
            told["scope"] = " ".join(fresh.scopes)
        return told

    def tell_device(self, told: dict[str, object]) -> dict[str, object]:
        """The device endpoint's answer, from all that there is to tell."""
        return told

    def user_code(self) -> str:
        """What a person types: `BCDF-GHJK`."""
        letters = "BCDFGHJKLMNPQRSTVWXZ"
        return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(2))

    def refuse(self, trouble: Trouble) -> Said:
        """An endpoint's error: https://www.rfc-editor.org/rfc/rfc6749#section-5.2"""
        return Said(status=trouble.status, payload={"error": trouble.error, "error_description": trouble.about})

    def denial(self) -> Mapping[str, str]:
        """What a callback says when the person said no."""
        return {"error": "access_denied", "error_description": self.denied}

    def respond(self, said: Said, request: Request) -> Response:
        """The answer as it is sent."""
        del request
        headers = {"Cache-Control": "no-store", "Pragma": "no-cache", **said.headers}
        return Response(json.dumps(said.payload), said.status, headers=headers, content_type="application/json")


def same_but_port(uri: str, registered: str) -> bool:
    """Whether two addresses on a loopback IP differ in the port at most: https://www.rfc-editor.org/rfc/rfc8252#section-7.3"""
    one, other = urlsplit(uri), urlsplit(registered)
    if one.hostname not in LOOPBACK or one.hostname != other.hostname:
        return False
    return (one.scheme, one.path, one.query) == (other.scheme, other.path, other.query)
