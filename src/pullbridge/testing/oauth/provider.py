"""Signing in at a host of a forge: `forge.github.oauth`."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Error
from werkzeug.wrappers import Request, Response

from pullbridge.testing.oauth import pages
from pullbridge.testing.oauth.engine import Engine
from pullbridge.testing.oauth.knobs import Knobs
from pullbridge.testing.oauth.ledger import Entry, Ledger, What
from pullbridge.testing.oauth.manners import DEVICE, Manners, Said, Trouble
from pullbridge.testing.oauth.person import Person
from pullbridge.testing.oauth.records import Client, Device
from pullbridge.testing.store import Store

COOKIE = "forge_session"
Endpoint = Literal["authorize", "token", "device", "revoke"]


class Registered(NamedTuple):
    """What an application gets when it is registered. Hosts that issue no secret say `None`."""

    client_id: str
    client_secret: str | None


class Provider:
    """Applications, the people who consent, and what happened. Times pass by the store's clock."""

    def __init__(
        self, store: Store, manners: Manners, *, root: str, url: Callable[[], str], behave: Callable[..., None]
    ) -> None:
        self.store = store
        self.manners = manners
        self.knobs: Knobs = Knobs()
        self.ledger: Ledger = Ledger(store)
        self._root = root
        self._url = url
        self._sessions: dict[str, str] = {}
        self._behave = behave

    # -- what a test says ----------------------------------------------------------------------------------------------

    def app(
        self,
        name: str = "Pull requests",
        *,
        redirect_uris: tuple[str, ...] = ("http://127.0.0.1/callback",),
        secret: bool = False,
        device: bool = True,
        scopes: tuple[str, ...] | None = None,
        kind: str = "",
        permissions: dict[str, str] | None = None,
    ) -> Registered:
        """Register an application.

        `secret` asks for one where the host leaves the choice (GitLab); elsewhere each application gets one. `scopes` are
        those that it may have, on the Bitbuckets those that it has. `kind="github-app"` with `permissions` is a GitHub App.
        """
        with self.store.lock:
            client = Client(
                id=self.manners.client_id(kind),
                secret=self.manners.client_secret() if secret or self.manners.always_secret else None,
                name=name,
                redirect_uris=redirect_uris,
                scopes=scopes,
                permissions=permissions,
                device=device,
                kind=kind,
                manners=self.manners,
            )
            self.ledger.clients[client.id] = client
        return Registered(client.id, client.secret)

    def consent(
        self,
        user: str,
        *,
        denies: bool = False,
        only: tuple[str, ...] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> Person:
        """A person who is signed in here and answers what an authorize address asks; the user is made when there is none.

        With `denies` they say no, with `only` they leave no more than those scopes. It can be called with an address, as
        what opens a browser is.
        """
        with self.store.lock:
            self.store.people.user(user)
            cookie = secrets.token_hex(16)
            self._sessions[cookie] = user
        return Person(f"{COOKIE}={cookie}", denies=denies, only=only, tls=tls)

    def approve_device(self, user_code: str, user: str, *, only: tuple[str, ...] | None = None) -> None:
        """Let a person type a device's code and say yes. `LookupError` when no device shows it."""
        with self.store.lock:
            device = self._answered(user_code, user)
            device.approved = True
            if only is not None:
                device.scope = " ".join(name for name in self.manners.divide(device.scope) if name in only)

    def deny_device(self, user_code: str, user: str = "somebody") -> None:
        """Let a person type a device's code and say no."""
        with self.store.lock:
            self._answered(user_code, user).approved = False

    def _answered(self, user_code: str, user: str) -> Device:
        device = self.ledger.device(user_code)
        device.user = self.store.people.user(user)
        return device

    def edit_scopes(self, access_token: str, *scopes: str) -> None:
        """Let a person change what a token was given, after the fact."""
        with self.store.lock:
            issued = self.ledger.by_access(access_token)
            if issued is None:
                raise LookupError("no such token was issued")
            issued.scopes = scopes
            self.store.people.narrow(access_token, scopes)

    def pass_time(self, seconds: float) -> None:
        """Let time pass on this host alone."""
        before, ahead = self.store.clock, timedelta(seconds=seconds)
        self.store.clock = lambda: before() + ahead

    def behave(self, at: Endpoint = "token", **how: Any) -> None:
        """Misbehave at one endpoint (`Fault` has the words); `redirect` answers 307 to there."""
        path = self._root + getattr(self.manners, f"{at}_path")
        if redirect := how.pop("redirect", None):
            how = {"status": 307, "headers": {"Location": redirect}} | how
        self._behave(path=path, **how)

    # -- what a test reads ---------------------------------------------------------------------------------------------

    @property
    def log(self) -> list[Entry]:
        """Every request and what happened to tokens, in order."""
        return self.ledger.entries

    def count(self, what: What) -> int:
        """How often that happened."""
        return sum(entry.what == what for entry in self.log)

    def seen(self, what: What) -> list[Entry]:
        """The requests, or the happenings, of that kind."""
        return [entry for entry in self.log if entry.what == what]

    def url(self, endpoint: Endpoint) -> str:
        """An endpoint's whole address."""
        return self._url() + str(getattr(self.manners, f"{endpoint}_path"))

    @property
    def issuer(self) -> str | None:
        """The `iss` of callbacks."""
        told = self.knobs.issuer
        return (
            {"right": self._url() + self.manners.issuer_path, "wrong": "https://issuer.example"}.get(told, told)
            if told
            else None
        )

    def secrets(self) -> frozenset[str]:
        """Every secret that was made here: tokens, codes, secrets of applications."""
        return self.ledger.secrets()

    # -- answering -----------------------------------------------------------------------------------------------------

    def answer(self, request: Request, address: str) -> Response:
        """Answer a request for the sign-in; `address` is what comes behind the host's root."""
        manners = self.manners
        doors = {
            manners.authorize_path: self._authorize,
            manners.token_path: self._token,
            manners.device_path: self._device,
            manners.revoke_path: self._revoke,
        }
        doors.pop("", None)
        with self.store.lock:
            other = manners.door(address)
            if other is not None:
                return other[0](self, request, other[1])
            if address not in doors:
                return pages.verification()
            return doors[address](request)

    def engine(self, request: Request) -> Engine:
        """The authorization server for one request."""
        return Engine(self.ledger, self.manners, self.knobs, request, self.issuer)

    def note(self, what: What, request: Request, engine: Engine, response: Response) -> Response:
        """Write a request down, and give the answer back."""
        named = request.authorization.username if request.authorization else None
        entry = Entry(
            what=what,
            grant=engine.sent.get("grant_type", ""),
            client_id=engine.sent.get("client_id") or named or "",
            authorization=request.headers.get("Authorization"),
            sent=engine.sent,
            status=response.status_code,
        )
        self.ledger.entries.append(entry)
        return response

    def _token(self, request: Request) -> Response:
        engine = self.engine(request)
        # a request is written down before what it led to
        position = len(self.log)
        response: Any = engine.create_token_response(request)
        self.note("token", request, engine, response)
        self.log.insert(position, self.log.pop())
        return response  # type: ignore[no-any-return] # Authlib gives back what `handle_response` made

    def _revoke(self, request: Request) -> Response:
        engine = self.engine(request)
        response: Response = engine.create_endpoint_response("revocation", request)  # type: ignore[no-untyped-call]
        return self.note("revoke", request, engine, response)

    def _authorize(self, request: Request) -> Response:
        engine = self.engine(request)
        return self.note("authorize", request, engine, self._asked(engine, request))

    def _asked(self, engine: Engine, request: Request) -> Response:
        handle = self._sessions.get(request.cookies.get(COOKIE, ""))
        user = self.store.people.find(handle) if handle else None
        asked = engine.create_oauth2_request(request)
        try:
            grant = engine.get_consent_grant(asked, user)  # type: ignore[no-untyped-call]
        except OAuth2Error as error:
            return self._refused(engine, error)
        if user is None:
            back = urlencode({"return_to": request.full_path})
            return Response("", 302, headers={"Location": f"{self._root}/login?{back}"})
        if request.method == "GET":
            name = self.ledger.clients[engine.sent["client_id"]].name
            return pages.consent(name, user.handle, self.manners.divide(asked.scope or ""))
        says_yes = request.form.get("decision") == "allow"
        made: Any = engine.create_authorization_response(asked, grant_user=user if says_yes else None, grant=grant)
        return made  # type: ignore[no-any-return] # as above

    def _refused(self, engine: Engine, error: OAuth2Error) -> Response:
        """Back to the client where that is safe, else a page that says why."""
        client = self.ledger.clients.get(engine.sent.get("client_id", ""))
        wrong_place = "Redirect URI" in str(error.get_error_description())
        if wrong_place and client is not None and self.manners.mismatch:
            error.redirect_uri, error.error = client.get_default_redirect_uri(), self.manners.mismatch
        if error.redirect_uri:
            return engine.handle_error_response(engine.create_oauth2_request(None), error)
        return pages.problem(str(error.get_error_description() or error.error))

    def _device(self, request: Request) -> Response:
        engine = self.engine(request)
        return self.note("device", request, engine, self._device_answer(engine, request))

    def _device_answer(self, engine: Engine, request: Request) -> Response:
        if not engine.device_grant:
            return pages.problem("Not Found", 404)
        try:
            client = engine.device_client()
        except OAuth2Error as error:
            return engine.handle_error_response(engine.create_oauth2_request(None), error)
        scope = self.manners.scopes(client.application, self.manners.divide(engine.sent.get("scope", "")))
        why = "device_flow_disabled" if not client.device else "invalid_scope" if scope is None else ""
        if why:
            return self.manners.respond(self.manners.refuse(Trouble(error=why, about="", grant=DEVICE)), request)
        return self._new_device(engine, client, " ".join(scope or ()))

    def _new_device(self, engine: Engine, client: Client, scope: str) -> Response:
        user_code, code = self.manners.user_code(), secrets.token_hex(20)
        life, interval = engine.seconds("device_seconds"), engine.interval
        self.ledger.devices[code] = Device(
            code=code,
            user_code=user_code,
            client=client,
            scope=scope,
            expires_at=self.ledger.later(life),
            interval=interval,
        )
        page = self._url() + self.manners.verification_path
        told = {
            "device_code": code,
            "user_code": user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?{urlencode({'user_code': user_code})}",
            "expires_in": life,
            "interval": interval,
        }
        return self.manners.respond(Said(status=200, payload=self.manners.tell_device(told)), engine.request)
