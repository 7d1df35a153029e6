"""Signing in at GitLab: Doorkeeper, with rotation, revocation, devices and what a token tells about itself.

https://docs.gitlab.com/api/oauth2/
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec
from werkzeug.wrappers import Request, Response

from pullbridge.testing.gitlab.access import scopes_of
from pullbridge.testing.oauth.manners import (
    BASIC,
    CODE,
    DEVICE,
    NONE,
    POST,
    REFRESH,
    Application,
    Door,
    Fresh,
    Manners,
    Said,
    Trouble,
    same_but_port,
)

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App
    from pullbridge.testing.oauth.provider import Provider

#: https://github.com/doorkeeper-gem/doorkeeper/blob/main/config/locales/en.yml
_WORDS = {
    "invalid_request": "The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed.",
    "invalid_client": "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
    "invalid_grant": "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "unsupported_grant_type": "The authorization grant type is not supported by the authorization server.",
    "authorization_pending": "The authorization request is still pending as the end user hasn't yet completed the user interaction steps.",
    "slow_down": "The authorization request is still pending and polling should continue, but the interval must be increased by 5 seconds.",
    "expired_token": "The device_code has expired.",
    "access_denied": "The resource owner or authorization server denied the request.",
}
#: What an application has that was made without choosing.
SCOPES = ("api", "read_api", "read_user", "read_repository", "write_repository", "openid", "profile", "email")
_WAYS = (NONE, BASIC, POST)


class GitLabManners(Manners):
    """GitLab's way, at the version that the instance says it has."""

    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"  # noqa: S105 - an address
    device_path = "/oauth/authorize_device"
    revoke_path = "/oauth/revoke"
    verification_path = "/oauth/device"
    authentication: Mapping[str, tuple[str, ...]] = {CODE: _WAYS, REFRESH: _WAYS, DEVICE: _WAYS}
    always_secret = False
    refresh_ends_access = True
    device_seconds = 300

    def __init__(self, app: Callable[[], App]) -> None:
        self._app = app

    def doors(self) -> tuple[tuple[str, Door], ...]:
        """What a token tells about itself, and what the server tells of itself."""
        return (("/oauth/token/info", self._token_info), ("/.well-known/openid-configuration", self._metadata))

    def has_device_grant(self) -> bool:
        """From 17.3 on: https://docs.gitlab.com/api/oauth2/#device-authorization-grant-flow"""
        return self._app().version.at_least(17, 3)

    def client_id(self, kind: str) -> str:
        """An `Application ID`."""
        del kind
        return secrets.token_hex(32)

    def client_secret(self) -> str:
        """https://docs.gitlab.com/security/tokens/#token-prefixes"""
        return f"gloas-{secrets.token_hex(32)}"

    def gives_refresh(self, grant: str) -> bool:
        """The documented answer to a device has no refresh token."""
        return grant != DEVICE

    def redirect_fits(self, application: Application, uri: str) -> bool:
        """To the letter, but for the port on a loopback IP.

        https://github.com/doorkeeper-gem/doorkeeper/blob/main/lib/doorkeeper/oauth/helpers/uri_checker.rb
        """
        known = application.redirect_uris
        return uri in known or any(same_but_port(uri, registered) for registered in known)

    def scopes(self, application: Application, asked: tuple[str, ...]) -> tuple[str, ...] | None:
        """All of what was asked for, if the application has all of it; `api` for who asks for nothing."""
        allowed, wanted = application.scopes or SCOPES, asked or ("api",)
        return wanted if set(wanted) <= set(allowed) else None

    def tell(self, fresh: Fresh) -> dict[str, object]:
        """With the time that it was made at."""
        return super().tell(fresh) | {"created_at": fresh.made_at}

    def user_code(self) -> str:
        """Eight characters: `0A44L90H`."""
        letters = string.ascii_uppercase + string.digits
        return "".join(secrets.choice(letters) for _ in range(8))

    def refuse(self, trouble: Trouble) -> Said:
        """401 for an unknown client; the interval stays what it was told to be."""
        status = 401 if trouble.error == "invalid_client" and trouble.status < 429 else trouble.status
        name = "invalid_grant" if trouble.reason == "device-code" else trouble.error
        headers = {"WWW-Authenticate": f'Bearer realm="Doorkeeper", error="{name}"'} if status == 401 else {}
        if not trouble.grant and name == "invalid_grant":
            # a token of another application's, at the address to revoke it
            told = {"error": "unauthorized_client", "error_description": "You are not authorized to revoke this token"}
            return Said(status=403, payload=told)
        return Said(
            status=status,
            payload={"error": name, "error_description": _WORDS.get(name, trouble.about)},
            headers=headers,
        )

    def _token_info(self, provider: Provider, request: Request, values: Mapping[str, str]) -> Response:
        """https://docs.gitlab.com/api/oauth2/#retrieve-the-token-information"""
        del values
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        sent = value.strip() if scheme.lower() == "bearer" else request.args.get("access_token", "")
        token = provider.store.people.authenticate(sent)
        if token is None or token.kind != "oauth":
            return _json({"error": "invalid_request", "error_description": _WORDS["invalid_request"]}, 400)
        issued, scopes = provider.ledger.by_access(sent), list(scopes_of(token))
        left: int | None = self._app().knobs.oauth_seconds
        if issued is not None:
            ends = issued.expires_at
            left = None if ends is None else int((ends - provider.store.now()).total_seconds())
        told = {
            "resource_owner_id": token.user.id,
            "scope": scopes,
            "expires_in": left,
            "application": {"uid": issued.client.id if issued else "1" * 64},
            "created_at": int(token.created_at.timestamp()),
            "scopes": scopes,
            "expires_in_seconds": left,
        }
        return _json(told, 200)

    def _metadata(self, provider: Provider, request: Request, _: Mapping[str, str]) -> Response:
        """https://www.rfc-editor.org/rfc/rfc8414#section-2. It does not list the refresh grant's every use, nor `iss`."""
        base = self._app().web_base(request)
        told: dict[str, object] = {
            "issuer": base,
            "authorization_endpoint": base + self.authorize_path,
            "token_endpoint": base + self.token_path,
            "revocation_endpoint": base + self.revoke_path,
            "introspection_endpoint": f"{base}/oauth/introspect",
            "userinfo_endpoint": f"{base}/oauth/userinfo",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["plain", "S256"],
        }
        if provider.issuer is not None:
            told["authorization_response_iss_parameter_supported"] = True
        return _json(told | provider.knobs.metadata, 200)


def _json(payload: object, status: int) -> Response:
    return Response(msgspec.json.encode(payload), status, mimetype="application/json")
