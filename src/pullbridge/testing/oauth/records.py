"""What a sign-in consists of, in Authlib's terms: applications, codes, devices, tokens."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc8628 import DeviceCredentialMixin

from pullbridge.testing.oauth.manners import DEVICE, NONE, Application, Manners
from pullbridge.testing.store import User


@dataclass(eq=False, kw_only=True)
class Client(ClientMixin):
    """An application that somebody registered. `scopes` are those it may ask for, `None` for all."""

    id: str
    secret: str | None = field(repr=False)
    name: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...] | None
    permissions: dict[str, str] | None
    device: bool
    kind: str
    manners: Manners = field(repr=False)

    @property
    def application(self) -> Application:
        """What manners know of it."""
        return Application(kind=self.kind, redirect_uris=self.redirect_uris, scopes=self.scopes)

    def get_client_id(self) -> str:
        return self.id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uris[0] if self.redirect_uris else ""

    def get_allowed_scope(self, scope: object) -> str:
        text = scope if isinstance(scope, str) else ""
        allowed = self.manners.scopes(self.application, self.manners.divide(text))
        return None if allowed is None else " ".join(allowed)  # type: ignore[return-value] # None refuses

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return self.manners.redirect_fits(self.application, redirect_uri)

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret is not None and hmac.compare_digest(self.secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        del endpoint
        return method != NONE or self.secret is None or self.manners.always_secret

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return self.device or grant_type != DEVICE


@dataclass(eq=False, kw_only=True)
class Code(AuthorizationCodeMixin):
    """An authorization code: good once, until `expires_at`, for who knows the verifier."""

    value: str = field(repr=False)
    client: Client
    user: User
    scope: str
    redirect_uri: str
    code_challenge: str | None = field(repr=False)
    code_challenge_method: str | None
    expires_at: datetime
    used: bool = False

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass(eq=False, kw_only=True)
class Device(DeviceCredentialMixin):
    """A device that waits for somebody. `user` is who answered, `approved` what they said."""

    code: str = field(repr=False)
    user_code: str
    client: Client
    scope: str
    expires_at: datetime
    interval: float
    expired: bool = False
    polled_at: datetime | None = None
    user: User | None = None
    approved: bool = False
    used: bool = False

    def get_client_id(self) -> str:
        return self.client.id

    def get_scope(self) -> str:
        return self.scope

    def get_user_code(self) -> str:
        return self.user_code

    def is_expired(self) -> bool:
        return self.expired


@dataclass(eq=False, kw_only=True)
class Issued(TokenMixin):
    """An access token and its refresh token. All that descend from one sign-in have its `family`, and its first `grant`."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    client: Client
    user: User
    scopes: tuple[str, ...]
    grant: str
    family: int
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    used_at: datetime | None = None
    revoked: bool = False

    def check_client(self, client: object) -> bool:
        return client is self.client

    def get_scope(self) -> str:
        return " ".join(self.scopes)


class Told(dict[str, object]):
    """What is told of tokens. Authlib logs it, and shall log nothing of it."""

    def __repr__(self) -> str:
        return "<tokens>"
