"""Authlib's authorization server over werkzeug's requests, with a host's manners. There is one for each request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import AuthorizationServer, BaseGrant, OAuth2Payload
from werkzeug.wrappers import Request, Response

from pullbridge.testing.oauth.grants import (
    Challenge,
    CodeGrant,
    DeviceGrant,
    Issuer,
    RefreshGrant,
    Revocation,
)
from pullbridge.testing.oauth.knobs import Knobs
from pullbridge.testing.oauth.ledger import Ledger
from pullbridge.testing.oauth.manners import CODE, DEVICE, POST, REFRESH, Fresh, Manners, Said, Trouble
from pullbridge.testing.oauth.records import Client, Issued, Told
from pullbridge.testing.store import User

Seconds = Literal["code_seconds", "refresh_seconds", "device_seconds", "grace_seconds"]


class Asked(OAuth2Request):
    """A request as Authlib reads it."""

    def __init__(self, request: Request, sent: dict[str, str]) -> None:
        # Authlib insists on https, and a forge may stand under any name: as behind a proxy that ends TLS
        super().__init__(request.method, f"https://{request.host}{request.path}", headers=dict(request.headers))
        self._sent = sent
        self.payload: OAuth2Payload = _Payload(request, sent)

    @property
    def form(self) -> dict[str, str]:
        return self._sent


class _Payload(OAuth2Payload):
    def __init__(self, request: Request, sent: dict[str, str]) -> None:
        self._sent = sent
        self._lists: dict[str, list[str]] = {name: list(values) for name, values in request.args.lists()}

    @property
    def data(self) -> dict[str, str]:
        return self._sent

    @property
    def datalist(self) -> dict[str, list[str]]:
        return self._lists


class Engine(AuthorizationServer):
    """The endpoints of one host, for one request. Whoever uses it holds the store's lock."""

    def __init__(self, ledger: Ledger, manners: Manners, knobs: Knobs, request: Request, issuer: str | None) -> None:
        super().__init__()
        self.ledger = ledger
        self.manners = manners
        self.knobs = knobs
        self.request = request
        self.now: datetime = ledger.store.now()
        self.sent: dict[str, str] = _parameters(request)
        if manners.assumes_code:
            self.sent.setdefault("response_type", "code")
        for grant, extensions in self._grants():
            self.register_grant(grant, extensions)
        self.register_endpoint(Revocation(self))
        if issuer is not None:
            self.register_extension(Issuer(issuer))

    def _grants(self) -> list[tuple[type[BaseGrant], list[Any]]]:
        """Authlib reads from the class of a grant how clients may authenticate."""

        def with_ways(grant: type[BaseGrant], name: str) -> type[BaseGrant]:
            ways = list(self.manners.authentication.get(name, ()))
            return type(grant.__name__, (grant,), {"TOKEN_ENDPOINT_AUTH_METHODS": ways})

        pkce = Challenge(required=self.manners.secret_for_pkce)
        made: list[tuple[type[BaseGrant], list[Any]]] = [(with_ways(CodeGrant, CODE), [pkce])]
        made.append((with_ways(RefreshGrant, REFRESH), []))
        if self.device_grant:
            made.append((with_ways(DeviceGrant, DEVICE), []))
        return made

    # -- what Authlib asks of a framework ------------------------------------------------------------------------------

    def query_client(self, client_id: str) -> Client:
        return self.ledger.clients.get(client_id)  # type: ignore[return-value] # None is unknown, as Authlib documents

    def save_token(self, token: object, request: object) -> None:
        """Nothing: `issue` has it already."""

    def send_signal(self, name: object, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: object) -> Asked:
        del request
        return Asked(self.request, self.sent)

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        if status == 302:
            return Response("", status, headers=dict(headers))
        return self.manners.respond(Said(status=status, payload=body), self.request)

    def handle_error_response(self, request: OAuth2Request, error: OAuth2Error) -> Response:
        """The host's words for an error, or the redirect that carries it."""
        if error.redirect_uri:
            words = dict(self.manners.denial()) if error.error == "access_denied" else None
            return _redirect(error, request.payload.state if request.payload else None, words)
        return self.manners.respond(self.manners.refuse(self._trouble(error)), self.request)

    def _trouble(self, error: OAuth2Error) -> Trouble:
        about = str(error.get_error_description() or "")
        name = self.knobs.expired_error if error.error == "expired_token" else str(error.error)
        known = self.sent.get("client_id", "") in self.ledger.clients or self.request.authorization is not None
        device = self.ledger.devices.get(self.sent.get("device_code", ""))
        reasons = {
            "unknown-client": name == "invalid_client" and not known,
            "secret": name == "invalid_client",
            "redirect-uri": "redirect_uri" in about or "Redirect URI" in about,
            "device-code": name == "invalid_request" and "device_code" in about,
        }
        return Trouble(
            error=name,
            about=about,
            reason=next((reason for reason, it_is in reasons.items() if it_is), ""),
            grant=self.sent.get("grant_type", ""),
            status=self.knobs.pending_status or error.status_code or 400,
            interval=device.interval if device is not None and name == "slow_down" else None,
        )

    # -- tokens --------------------------------------------------------------------------------------------------------

    @property
    def device_grant(self) -> bool:
        """Whether there is a device grant."""
        return self.knobs.device_grant and self.manners.has_device_grant()

    @property
    def refreshing(self) -> str:
        """What a refresh gives."""
        return self.knobs.refreshing or self.manners.refreshing

    def seconds(self, name: Seconds) -> int:
        """A lifetime: the knob's, else the host's own."""
        turned: int | None = getattr(self.knobs, name)
        own: int = getattr(self.manners, name)
        return own if turned is None else turned

    @property
    def interval(self) -> float:
        """How long a device waits between two questions, in seconds."""
        return self.manners.interval if self.knobs.interval is None else self.knobs.interval

    def narrowed(self, scope: str) -> str:
        """What the person left of the scopes on the page."""
        kept = self.request.form.get("granted")
        if kept is None:
            return scope
        return " ".join(name for name in self.manners.divide(scope) if name in kept.split())

    def issue(self, asked: OAuth2Request, user: User | None, scope: str, grant: str) -> Told:
        """Make tokens, and what is told of them."""
        client, old = asked.client, asked.refresh_token
        if not isinstance(client, Client) or user is None:
            raise TypeError(client, user)
        seconds = self._access_seconds(client)
        made = Issued(
            access=self._long(self.manners.access_token(client.application)),
            refresh=self._refresh_token(client, old, grant),
            client=client,
            user=user,
            scopes=self._scopes(client, user, scope, grant),
            grant=grant if old is None else old.grant,
            family=self.ledger.store.next_id() if old is None else old.family,
            expires_at=None if seconds is None else self.ledger.later(seconds),
            refresh_expires_at=self.ledger.later(self.seconds("refresh_seconds")),
        )
        self._keep(made)
        return Told(self.manners.tell(self._fresh(made, old, grant, seconds)))

    def _fresh(self, made: Issued, old: Issued | None, grant: str, seconds: int | None) -> Fresh:
        tells = self.knobs.tells_scope
        return Fresh(
            access=made.access,
            refresh=None if old is not None and self.refreshing == "silent" else made.refresh,
            scopes=made.scopes,
            seconds=seconds,
            refresh_seconds=self.seconds("refresh_seconds"),
            grant=grant,
            made_at=int(self.now.timestamp()),
            tells_scope=tells == "always" or (tells == "sign-in" and old is None),
        )

    def _keep(self, made: Issued) -> None:
        self.ledger.issued.append(made)
        permissions = made.client.permissions
        self.ledger.store.people.token(
            made.user.handle,
            value=made.access,
            scopes=made.scopes if permissions is None else None,
            permissions=permissions,
            kind=self.manners.token_kind,
            expires_at=made.expires_at,
        )
        self.ledger.consents[made.client.id, made.user.id] = made.scopes
        self.ledger.note("issued", made)

    def _scopes(self, client: Client, user: User, scope: str, grant: str) -> tuple[str, ...]:
        asked = self.manners.divide(scope)
        if asked or grant == REFRESH:
            return asked
        return self.ledger.consents.get((client.id, user.id), ())

    def _access_seconds(self, client: Client) -> int | None:
        turned = self.knobs.access_seconds
        return self.manners.access_seconds(client.application) if turned is None else turned or None

    def _refresh_token(self, client: Client, old: Issued | None, grant: str) -> str | None:
        if old is not None and self.refreshing != "rotates":
            return old.refresh
        usual = self.manners.refresh_token(client.application)
        wanted = self.knobs.refresh_tokens
        if wanted is None:
            wanted = usual is not None and self.manners.gives_refresh(grant)
        if not wanted:
            return None
        return self._long(usual or "r" + self.manners.access_token(client.application))

    def _long(self, token: str) -> str:
        missing = self.knobs.token_length - len(token)
        return token if missing <= 0 else token + (token[-20:] * (missing // 20 + 1))[:missing]

    # -- devices -------------------------------------------------------------------------------------------------------

    def device_client(self) -> Client:
        """Who asks for a device code. Raises `OAuth2Error`."""
        ways = list(self.manners.authentication.get(DEVICE, ()))
        found = self.authenticate_client(Asked(self.request, self.sent), [*ways, POST], "device_authorization")
        if not isinstance(found, Client):
            raise TypeError(found)
        return found


def _parameters(request: Request) -> dict[str, str]:
    """What was sent: in the query of an authorize address, else in the body, as a form or as JSON."""
    sent = {**request.args.to_dict(), **request.form.to_dict()}
    if request.is_json:
        body = request.get_json(silent=True)
        sent |= {str(name): str(value) for name, value in (body.items() if isinstance(body, dict) else ())}
    return sent


def _redirect(error: OAuth2Error, state: str | None, words: Mapping[str, str] | None) -> Response:
    """To the client, with what went wrong."""
    if words is None:
        words = {"error": str(error.error), "error_description": str(error.get_error_description() or "")}
    said = [*words.items(), *([("state", state)] if state else [])]
    return Response("", 302, headers={"Location": add_params_to_uri(error.redirect_uri, said)})
