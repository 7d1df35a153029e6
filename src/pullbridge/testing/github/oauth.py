"""Signing in at GitHub: device and code, errors with status 200, scopes divided by commas.

https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps,
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import msgspec
from werkzeug.wrappers import Request, Response

from pullbridge.testing.github.errors import DOCS
from pullbridge.testing.oauth.manners import (
    BASIC,
    CODE,
    DEVICE,
    LOOPBACK,
    NONE,
    POST,
    REFRESH,
    Application,
    Door,
    Fresh,
    Manners,
    Said,
    Trouble,
)

if TYPE_CHECKING:
    from pullbridge.testing.oauth.provider import Provider
    from pullbridge.testing.oauth.records import Client, Issued

APP = "github-app"
API = "(?:/api/v3)?"
#: https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
_TROUBLE = "/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/#"
_WORDS = {
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL for this application.",
    "bad_verification_code": "The code passed is incorrect or expired.",
    "bad_refresh_token": "The refresh token passed is incorrect or expired.",
    "incorrect_device_code": "The device_code provided is not valid.",
    "authorization_pending": "The authorization request is still pending.",
    "slow_down": "Too many requests have been made in the same timeframe.",
    "device_flow_disabled": "Device Flow must be explicitly enabled for this App",
    "expired_token": "This 'device_code' has expired.",
    "access_denied": "The authorization request was denied.",
}
#: The scopes that there are, with what each includes: what is included is not listed beside it.
#: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
SCOPES: Mapping[str, tuple[str, ...]] = {
    "repo": ("repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"),
    "repo:status": (),
    "repo_deployment": (),
    "public_repo": (),
    "repo:invite": (),
    "security_events": (),
    "admin:repo_hook": ("write:repo_hook", "read:repo_hook"),
    "write:repo_hook": ("read:repo_hook",),
    "read:repo_hook": (),
    "admin:org": ("write:org", "read:org"),
    "write:org": ("read:org",),
    "read:org": (),
    "gist": (),
    "notifications": (),
    "user": ("read:user", "user:email", "user:follow"),
    "read:user": (),
    "user:email": (),
    "user:follow": (),
    "delete_repo": (),
    "workflow": (),
    "read:project": (),
    "project": ("read:project",),
}


class GitHubManners(Manners):
    """GitHub's way. `enterprise` tells whether it is an Enterprise Server, which cannot revoke what it is shown."""

    authorize_path = "/login/oauth/authorize"
    token_path = "/login/oauth/access_token"  # noqa: S105 - an address
    device_path = "/login/device/code"
    verification_path = "/login/device"
    authentication: Mapping[str, tuple[str, ...]] = {
        CODE: (POST, BASIC),
        REFRESH: (POST, BASIC, NONE),
        DEVICE: (NONE, POST, BASIC),
    }
    refresh_ends_access = True
    refresh_seconds = 15_897_600
    denied = "The user has denied your application access."
    mismatch = "redirect_uri_mismatch"
    issuer_path = "/login/oauth"
    assumes_code = True

    def __init__(self, enterprise: Callable[[], bool]) -> None:
        self._enterprise = enterprise

    def doors(self) -> tuple[tuple[str, Door], ...]:
        """Revoking tokens, which belongs to the API."""
        application = f"{API}/applications/(?P<client_id>[^/]+)"
        own = ((f"{application}/(?P<what>token|grant)", _application),)
        return own if self._enterprise() else ((f"{API}/credentials/revoke", _revoke_credentials), *own)

    def client_id(self, kind: str) -> str:
        """https://github.blog/changelog/2024-05-01-github-apps-can-now-use-the-client-id-to-fetch-installation-tokens/"""
        return ("Iv23li" if kind == APP else "Ov23li") + secrets.token_hex(7)

    def access_token(self, application: Application) -> str:
        """https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/"""
        return ("ghu_" if application.kind == APP else "gho_") + secrets.token_hex(18)

    def refresh_token(self, application: Application) -> str | None:
        """Those of GitHub Apps' users alone can be refreshed."""
        return f"ghr_{secrets.token_hex(38)}" if application.kind == APP else None

    def refreshes_without_secret(self, grant: str) -> bool:
        """Only for what a device got."""
        return grant == DEVICE

    def access_seconds(self, application: Application) -> int | None:
        """Eight hours for a GitHub App, for ever for an OAuth app."""
        return 28_800 if application.kind == APP else None

    def redirect_fits(self, application: Application, uri: str) -> bool:
        """A GitHub App's is one of those it registered; an OAuth app's may lie below it, on a loopback IP at any port."""
        if application.kind == APP:
            return super().redirect_fits(application, uri)
        return any(_below(uri, registered) for registered in application.redirect_uris)

    def scopes(self, application: Application, asked: tuple[str, ...]) -> tuple[str, ...] | None:
        """Those that there are, without those that another includes. A GitHub App has none."""
        if application.kind == APP:
            return ()
        known = [scope for scope in asked if scope in SCOPES]
        included = {name for scope in known for name in SCOPES[scope]}
        return tuple(sorted(scope for scope in known if scope not in included))

    def divide(self, scope: str) -> tuple[str, ...]:
        """By spaces or by commas."""
        return super().divide(scope.replace(",", " "))

    def tell(self, fresh: Fresh) -> dict[str, object]:
        """`expires_in` and the rest only for tokens that expire."""
        told: dict[str, object] = {"access_token": fresh.access}
        if fresh.seconds is not None:
            told["expires_in"] = fresh.seconds
        if fresh.refresh is not None:
            told |= {"refresh_token": fresh.refresh, "refresh_token_expires_in": fresh.refresh_seconds}
        if fresh.tells_scope:
            told["scope"] = ",".join(fresh.scopes)
        return {**told, "token_type": "bearer"}

    def tell_device(self, told: dict[str, object]) -> dict[str, object]:
        """Without an address that has the code in it."""
        return {name: value for name, value in told.items() if name != "verification_uri_complete"}

    def refuse(self, trouble: Trouble) -> Said:
        """With status 200; nobody's application is not found."""
        if trouble.reason == "unknown-client":
            return Said(status=404, payload={"error": "Not Found"})
        name = _name(trouble)
        # what https://github.com/cli/oauth/blob/trunk/device/device_flow.go expects
        status = 400 if name == "device_flow_disabled" else 200 if trouble.status < 429 else trouble.status
        payload: dict[str, object] = {"error": name, "error_description": _WORDS.get(name, trouble.about)}
        payload["error_uri"] = f"https://docs.github.com{_TROUBLE}{name.replace('_', '-')}"
        if trouble.interval is not None:
            payload["interval"] = trouble.interval
        return Said(status=status, payload=payload)

    def denial(self) -> Mapping[str, str]:
        """https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-authorization-request-errors"""
        page = "/apps/managing-oauth-apps/troubleshooting-authorization-request-errors/#access-denied"
        return {**super().denial(), "error_uri": page}

    def respond(self, said: Said, request: Request) -> Response:
        """As a form, unless JSON is asked for."""
        if request.accept_mimetypes.best_match(["application/x-www-form-urlencoded", "application/json"]) and (
            "json" in request.headers.get("Accept", "")
        ):
            return super().respond(said, request)
        body = urlencode({name: str(value) for name, value in said.payload.items()})
        return Response(body, said.status, content_type="application/x-www-form-urlencoded; charset=utf-8")


def _name(trouble: Trouble) -> str:
    """GitHub's name for what is wrong."""
    if trouble.reason == "redirect-uri":
        return "redirect_uri_mismatch"
    if trouble.reason == "device-code":
        return "incorrect_device_code"
    if trouble.error == "invalid_client":
        return "incorrect_client_credentials"
    if trouble.error in {"invalid_grant", "invalid_request"}:
        return {CODE: "bad_verification_code", REFRESH: "bad_refresh_token"}.get(trouble.grant, trouble.error)
    return trouble.error


def _below(uri: str, registered: str) -> bool:
    """Whether an address is the registered one or below it: `Redirect URLs` on the page above."""
    one, other = urlsplit(uri), urlsplit(registered)
    host = (one.scheme, one.hostname) == (other.scheme, other.hostname)
    port = one.hostname in LOOPBACK or one.port == other.port
    return host and port and (one.path == other.path or one.path.startswith(other.path.rstrip("/") + "/"))


# -- of the API --------------------------------------------------------------------------------------------------------


def _json(status: int, payload: object) -> Response:
    body = b"" if status == 204 else msgspec.json.encode(payload)
    return Response(body, status, content_type="application/json; charset=utf-8")


def _refusal(status: int, message: str) -> Response:
    return _json(status, {"message": message, "documentation_url": DOCS, "status": str(status)})


def _revoke_credentials(provider: Provider, request: Request, _: Mapping[str, str]) -> Response:
    """POST /credentials/revoke, for whoever holds a token and shows no other.

    https://docs.github.com/en/rest/credentials/revoke
    """
    engine = provider.engine(request)
    sent = request.get_json(silent=True)
    credentials = sent.get("credentials") if isinstance(sent, dict) else None
    if request.method != "POST":
        response = _refusal(404, "Not Found")
    elif "Authorization" in request.headers:
        response = _refusal(403, "This endpoint does not accept authentication.")
    elif not isinstance(credentials, list) or not 1 <= len(credentials) <= 1000:
        response = _refusal(422, "Validation Failed")
    else:
        for value in credentials:
            _revoke(provider, str(value))
        response = _json(202, {})
    return provider.note("revoke", request, engine, response)


def _revoke(provider: Provider, value: str) -> None:
    issued = provider.ledger.by_access(value) or provider.ledger.by_refresh(value)
    if issued is None:
        provider.store.people.revoke(value)
    else:
        provider.ledger.revoke(issued)


def _application(provider: Provider, request: Request, values: Mapping[str, str]) -> Response:
    """An application's own tokens, for who has its secret: https://docs.github.com/en/rest/apps/oauth-applications"""
    engine, client = provider.engine(request), provider.ledger.clients.get(values["client_id"])
    response = _of_application(provider, request, values["what"], client)
    return provider.note("revoke", request, engine, response)


def _of_application(provider: Provider, request: Request, what: str, client: Client | None) -> Response:
    shown = request.authorization
    if (
        request.method != "DELETE"
        or client is None
        or shown is None
        or not client.check_client_secret(shown.password or "")
    ):
        return _refusal(404, "Not Found")
    sent = request.get_json(silent=True)
    value = str(sent.get("access_token", "")) if isinstance(sent, dict) else ""
    issued = provider.ledger.by_access(value)
    if issued is None or issued.client is not client or issued.revoked:
        return _refusal(422, "Validation Failed") if not value else _refusal(404, "Not Found")
    ended: list[Issued] = provider.ledger.of(client, issued.user) if what == "grant" else [issued]
    for each in ended:
        provider.ledger.revoke(each)
    return _json(204, None)
