"""Authlib's grants over the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.oauth2 import OAuth2Request
from authlib.oauth2.rfc6749 import BaseGrant, InvalidClientError, InvalidGrantError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceCodeGrant
from authlib.oauth2.rfc9207 import IssuerParameter

from pullbridge.testing.oauth.manners import BASIC, NONE, POST
from pullbridge.testing.oauth.records import Client, Code, Device, Issued
from pullbridge.testing.store import User

if TYPE_CHECKING:
    from pullbridge.testing.oauth.engine import Engine


class _Issuing(BaseGrant):
    """Who issues tokens needs to know more than Authlib's generators are told."""

    server: Engine

    def generate_token(self, user: User | None = None, scope: str | None = None, *_args: Any, **_more: Any) -> Any:
        return self.server.issue(self.request, user, scope or "", self.GRANT_TYPE or "")


class CodeGrant(_Issuing, AuthorizationCodeGrant):
    """https://www.rfc-editor.org/rfc/rfc6749#section-4.1"""

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        client, user, sent = request.client, request.user, self.server.sent
        if not isinstance(client, Client) or not isinstance(user, User):
            raise TypeError(client, user)
        scope = self.server.narrowed(request.scope or "")
        self.server.ledger.codes[code] = Code(
            value=code,
            client=client,
            user=user,
            scope=scope,
            redirect_uri=sent.get("redirect_uri", ""),
            code_challenge=sent.get("code_challenge"),
            code_challenge_method=sent.get("code_challenge_method"),
            expires_at=self.server.ledger.later(self.server.seconds("code_seconds")),
        )

    def query_authorization_code(self, code: str, client: object) -> Code | None:
        known = self.server.ledger.codes.get(code)
        if known is None or known.used or known.client is not client or known.expires_at <= self.server.now:
            return None
        return known

    def delete_authorization_code(self, authorization_code: Code) -> None:
        authorization_code.used = True

    def authenticate_user(self, authorization_code: Code) -> User:
        return authorization_code.user


class Challenge(CodeChallenge):
    """PKCE with S256 alone: https://www.rfc-editor.org/rfc/rfc7636#section-4.2"""

    SUPPORTED_CODE_CHALLENGE_METHOD: list[str] = ["S256"]  # noqa: RUF012 - Authlib's way to be told


class RefreshGrant(_Issuing, RefreshTokenGrant):
    """https://www.rfc-editor.org/rfc/rfc6749#section-6"""

    def authenticate_refresh_token(self, refresh_token: str) -> Issued:
        ledger, now = self.server.ledger, self.server.now
        known = ledger.by_refresh(refresh_token)
        if known is None or known.revoked or (known.refresh_expires_at is not None and known.refresh_expires_at <= now):
            raise InvalidGrantError
        if self.request.auth_method == NONE and not self._needs_no_secret(known):
            raise InvalidClientError
        if known.used_at is not None and (now - known.used_at).total_seconds() >= self.server.seconds("grace_seconds"):
            ledger.note("reuse-detected", known)
            if self.server.knobs.reuse_revokes_family:
                ledger.end_family(known.family)
            raise InvalidGrantError
        return known

    def _needs_no_secret(self, known: Issued) -> bool:
        return known.client.secret is None or self.server.manners.refreshes_without_secret(known.grant)

    def authenticate_user(self, refresh_token: Issued) -> User:
        return refresh_token.user

    def revoke_old_credential(self, refresh_token: Any) -> None:
        self.server.ledger.note("refreshed", refresh_token)
        if refresh_token.used_at is None and self.server.refreshing == "rotates":
            refresh_token.used_at = self.server.now
        if self.server.manners.refresh_ends_access:
            self.server.ledger.store.people.revoke(refresh_token.access)


class DeviceGrant(_Issuing, DeviceCodeGrant):
    """https://www.rfc-editor.org/rfc/rfc8628#section-3.4"""

    def query_device_credential(self, device_code: str) -> Device | None:
        known = self.server.ledger.devices.get(device_code)
        if known is None or known.used:
            return None
        known.expired = known.expires_at <= self.server.now
        return known

    def query_user_grant(self, user_code: str) -> tuple[User, bool] | None:
        device = self.server.ledger.device(user_code)
        if device.user is None:
            return None
        device.used = True
        return device.user, device.approved

    def should_slow_down(self, credential: Device) -> bool:
        """Whether it asked too soon; then it has to wait longer from now on."""
        last, credential.polled_at = credential.polled_at, self.server.now
        hasty = last is not None and (self.server.now - last).total_seconds() < credential.interval
        if hasty:
            credential.interval += 5
        return hasty


class Revocation(RevocationEndpoint):
    """https://www.rfc-editor.org/rfc/rfc7009#section-2. An access token takes its refresh token along, and the reverse."""

    server: Engine
    CLIENT_AUTH_METHODS: list[str] = [NONE, BASIC, POST]  # noqa: RUF012 - as above

    def query_token(self, token_string: str, token_type_hint: str | None) -> Issued | None:
        del token_type_hint
        return self.server.ledger.by_access(token_string) or self.server.ledger.by_refresh(token_string)

    def revoke_token(self, token: Issued, request: OAuth2Request) -> None:
        del request
        self.server.ledger.revoke(token)


class Issuer(IssuerParameter):
    """https://www.rfc-editor.org/rfc/rfc9207#section-2"""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def get_issuer(self) -> str:
        return self._issuer
