"""The sign-in itself, by Authlib over the guarded wire. The one file that knows Authlib.

Authlib builds the requests and the proof (PKCE); what it would guess, follow, remember or let pass is settled here:
callbacks are read by `callback`, answers are checked by `answers` before Authlib takes one for a token, no redirect is
followed, and nothing but the wire signs. https://docs.authlib.org/en/latest/client/oauth2.html
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlencode, urlsplit

from authlib.common.security import generate_token
from authlib.oauth2 import OAuth2Client, OAuth2Error

from pullbridge.auth import answers, revoking
from pullbridge.auth.answers import DeviceCode, Told
from pullbridge.auth.apps import ClientApp
from pullbridge.auth.callback import Callback, Code, Expected, MixUp, Refusal, Stranger
from pullbridge.auth.nobody import Nobody, NoDialect
from pullbridge.auth.records import Grant
from pullbridge.errors import BadAnswer, BridgeError, SignInFailed
from pullbridge.model.oauth import ClientSecret, OAuth
from pullbridge.model.settings import Settings
from pullbridge.transport.call import Repeat
from pullbridge.transport.session import HostSession, Wire

T = TypeVar("T")

_DEVICE: Final = "urn:ietf:params:oauth:grant-type:device_code"
#: Answers that lead elsewhere: they come back as they are. https://www.rfc-editor.org/rfc/rfc9700#section-4.12
_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})
_FORM: Final = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
_JSON: Final = {"Accept": "application/json", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A sign-in that waits for a browser. `url` is where the person goes; it has the state in it."""

    url: str = field(repr=False)
    redirect_uri: str
    expected: Expected
    verifier: str = field(repr=False)


class Client:
    """One application at one host. Sends nothing until it is asked to; `close` when it is done.

    `by_device`: what it renews came by a device's code. Every method raises `EgressRefused`, `Offline`, `HostDown`,
    `RateLimited`, `BadAnswer`, `DeadlineExceeded`, `Cancelled`, and `SignInFailed` for what the host refuses.
    """

    def __init__(
        self,
        oauth: OAuth,
        app: ClientApp,
        settings: Settings,
        *,
        by_device: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.oauth = oauth
        self.app = app
        self.host: str = urlsplit(oauth.web).netloc
        self._by_device = by_device
        self._clock = clock
        # A code, a refresh token and a device's code are good for one use: what got no answer is not sent again.
        self._wire = Wire(replace(settings, retries=min(settings.retries, 1)), host=self.host)
        secret = app.client_secret
        self._proves = secret is not None and oauth.secret is ClientSecret.BASIC
        signer = _Basic(app.client_id, secret) if secret is not None and self._proves else Nobody()
        self._session = self._wire.session(oauth.places, signer, NoDialect())
        self._plain = self._wire.session(oauth.places, Nobody(), NoDialect())

    def expect(self) -> Expected:
        """What a callback has to have: a state that nobody can guess (RFC 6749, section 10.12), and this host's name."""
        names = frozenset({self.oauth.issuer, self.oauth.web})
        return Expected(state=generate_token(43), issuers=names, issuer_required=self.issuer_required())

    def begin(self, scopes: tuple[str, ...], redirect_uri: str, expected: Expected) -> Pending:
        """Make the address that the person visits, with a proof that only this object can complete."""
        verifier = generate_token(64)
        asked = {"scope": " ".join(scopes)} if scopes else {}
        url, _ = self._authlib().create_authorization_url(
            self.oauth.authorize, state=expected.state, code_verifier=verifier, redirect_uri=redirect_uri, **asked
        )
        if "code_challenge=" not in url or "code_challenge_method=S256" not in url:
            raise RuntimeError("an authorization address without PKCE")
        return Pending(url=url, redirect_uri=redirect_uri, expected=expected, verifier=verifier)

    def issuer_required(self) -> bool:
        """Whether the host says that its callbacks name it; `False` where it publishes nothing about itself."""
        place = self.oauth.metadata
        if place is None:
            return False
        reply = self._plain.exchange("GET", place, headers={"Accept": "application/json"}, accept_statuses=_ELSEWHERE)
        if reply.status != 200:
            return False
        return _bare(
            lambda: answers.issuer_required(self._read(reply.status, reply.body), self.oauth.issuer, self.host)
        )

    def exchange(self, pending: Pending, code: Code) -> Grant:
        """Change a code into a grant, at once: on Data Center it is over in ten seconds."""
        return self._granted(
            lambda client: client.fetch_token(
                self.oauth.token,
                grant_type="authorization_code",
                code=code.value,
                code_verifier=pending.verifier,
                redirect_uri=pending.redirect_uri,
            )
        )

    def finish(self, pending: Pending, found: Callback) -> Grant:
        """Make the best of a callback. Raises `SignInFailed` for a refusal, another host's, and one of no sign-in here."""
        match found:
            case Code():
                return self.exchange(pending, found)
            case Refusal(error, description):
                raise answers.failure(Told(error, description, None, 0), self.host)
            case MixUp():
                text = "Another host has answered than the one that was asked; it was told nothing."
                raise SignInFailed(text, reason="mix-up", host=self.host)
            case Stranger():
                text = "The address does not belong to this sign-in."
                step = "Sign in again, and copy the whole address that the browser ends at."
                raise SignInFailed(text, reason="refused", host=self.host, next_step=step)

    def device(self, scopes: tuple[str, ...]) -> DeviceCode:
        """Get a code for a person to enter. `SignInFailed` (`no-device-flow`) where that is not to be had."""
        place = self.oauth.device
        if place is None:
            raise no_devices(self.host)

        def ask() -> DeviceCode:
            secret = self._secret(by_device=True)
            form = {"client_id": self.app.client_id, **({"scope": " ".join(scopes)} if scopes else {})}
            form |= {"client_secret": secret} if secret is not None else {}
            reply = self._door().post(place, data=form, headers=_FORM)
            # A GitLab before 17.2 has no such page at all.
            if reply.status_code == 404 and not reply.content.startswith(b"{"):
                raise no_devices(self.host)
            return answers.device(self._read(reply.status_code, reply.content), self.host)

        return _bare(lambda: self._failing(ask))

    def poll(self, device: DeviceCode) -> Grant | Told:
        """Ask whether the code was entered; `Told` for not yet, and for too often."""

        def ask(client: OAuth2Client) -> Any:
            return client.fetch_token(self.oauth.token, grant_type=_DEVICE, device_code=device.device_code)

        try:
            return self._granted(ask, by_device=True, patient=True)
        except Told as told:
            # A new one: the other's frames hold the device's code.
            return Told(told.error, told.description, told.interval, told.status)

    def renew(self, grant: Grant) -> Grant | None:
        """The next grant; `None` when this one cannot be renewed."""
        if grant.refresh is None:
            return None
        again = {"redirect_uri": self.app.redirect_uri or self.oauth.loopback} if self.oauth.repeats_redirect else {}
        return self._granted(
            lambda client: client.refresh_token(self.oauth.token, refresh_token=grant.refresh, **again),
            before=grant,
            by_device=self._by_device,
        )

    def revoke(self, grant: Grant) -> str | None:
        """Give the tokens back, in the host's own way, the refresh token first. Gives a reason when that cannot be said.

        https://www.rfc-editor.org/rfc/rfc7009#section-2.1 and https://docs.github.com/en/rest/credentials/revoke
        """
        return _bare(lambda: revoking.revoke(self, grant))

    def standard_revocation(self, place: str, token: str, hint: str) -> int:
        """RFC 7009: the status of the answer."""
        client: Any = self._authlib(by_device=self._by_device)
        return int(client.revoke_token(place, token=token, token_type_hint=hint).status_code)

    def send_json(self, method: str, place: str, payload: Mapping[str, Any], *, proven: bool) -> int:
        """Send JSON, `proven` by the application's secret or signed by nobody: the status of the answer."""
        session, secret = self._plain, self.app.client_secret
        if proven and secret is not None:
            session = self._wire.session(self.oauth.places, _Basic(self.app.client_id, secret), NoDialect())
        body = json.dumps(payload).encode()
        return _bare(
            lambda: session.exchange(
                method, place, headers=_JSON, body=body, repeat=Repeat.SAFE, accept_statuses=_ELSEWHERE
            )
        ).status

    def close(self) -> None:
        """Let go of the sockets."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Everything about Authlib's object is said here, because it takes a name that it does not know for metadata; and
    # each request has its own, because one that has failed remembers what it guessed.
    def _authlib(self, *, by_device: bool = False) -> OAuth2Client:
        secret = self._secret(by_device=by_device)
        way = "wire" if self._proves else "none" if secret is None else "client_secret_post"
        client = OAuth2Client(
            session=self._door(),
            client_id=self.app.client_id,
            client_secret=secret,
            token_endpoint_auth_method=way,
            revocation_endpoint_auth_method=way,
            code_challenge_method="S256",
        )
        client.register_client_auth_method(("wire", _left_to_the_wire))
        for hook in ("access_token_response", "refresh_token_response"):
            client.register_compliance_hook(hook, self._checked)
        return client

    def _secret(self, *, by_device: bool) -> str | None:
        return None if by_device and not self.oauth.device_secret else self.app.client_secret

    def _door(self) -> _Door:
        return _Door(self._session)

    def _checked(self, reply: _Reply) -> _Reply:
        """What Authlib is to take for a token: refused here, before it puts it in the place of another."""
        told = self._read(reply.status_code, reply.content)
        answers.grant(told, self.host, 0.0)
        reply.told = told
        return reply

    def _read(self, status: int, body: bytes) -> dict[str, Any]:
        return answers.read(status, body, self.host)

    def _granted(
        self,
        ask: Callable[[OAuth2Client], Any],
        *,
        before: Grant | None = None,
        by_device: bool = False,
        patient: bool = False,
    ) -> Grant:
        """The grant that Authlib got; an error without the frames in which the secrets are."""

        def run() -> Grant:
            told = ask(self._authlib(by_device=by_device))
            return self._scoped(answers.grant(told, self.host, self._clock(), before))

        return _bare(lambda: self._failing(run, patient=patient))

    def _failing(self, run: Callable[[], T], *, patient: bool = False) -> T:
        try:
            return run()
        except Told as told:
            if patient and told.error in {"authorization_pending", "slow_down"}:
                raise
            raise answers.failure(told, self.host) from None
        except (OAuth2Error, ValueError, KeyError) as error:
            raise BadAnswer(
                f"The answer to the sign-in cannot be read ({type(error).__name__}).", what="a token", host=self.host
            ) from None

    def _scoped(self, grant: Grant) -> Grant:
        """An application with permissions is told of no scopes, which does not mean that it has no rights."""
        return replace(grant, scopes=None) if self.oauth.has_permissions(self.app.client_id) else grant


def no_devices(host: str) -> SignInFailed:
    """No code can be entered at this host."""
    text = f"{host} has no sign-in by a code that is entered."
    return SignInFailed(text, reason="no-device-flow", host=host, next_step="Sign in by another way.")


class _Basic:
    """`transport.session.Signer`: the application proves itself. https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1"""

    def __init__(self, client_id: str, secret: str) -> None:
        self._header = "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": self._header}

    def renew(self, refused: Mapping[str, str]) -> bool:
        """There is no other secret."""
        del refused
        return False

    def account(self) -> str:
        """Answers to it are not kept."""
        return "application"


def _left_to_the_wire(client: object, method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    """Authlib's way to prove an application, for one whose proof the wire adds."""
    del client, method
    return uri, headers, body


class _Reply:
    """What Authlib reads of an answer."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status_code = status
        self.content = body
        self.told: dict[str, Any] | None = None

    def json(self) -> dict[str, Any] | None:
        return self.told

    def raise_for_status(self) -> None:
        """Nothing: `_checked` has looked at it by now."""


class _Door:
    """What Authlib takes for a `requests.Session`: each request leaves by the wire, and leads nowhere else."""

    def __init__(self, session: HostSession) -> None:
        self._session = session

    def post(
        self,
        url: str,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Any = None,
    ) -> _Reply:
        body, sent = urlencode(data or {}), dict(headers or {})
        if auth is not None:
            url, sent, body = auth.prepare("POST", url, sent, body)
        reply = self._session.exchange(
            "POST", url, headers=sent, body=body.encode(), repeat=Repeat.NEVER, accept_statuses=_ELSEWHERE
        )
        return _Reply(reply.status, reply.body)


def _bare(ask: Callable[[], T]) -> T:
    """Call it; what it raises has no frame of it, for they hold codes, verifiers and secrets."""
    try:
        return ask()
    except (BridgeError, Told) as error:
        failed = error
    failed.__traceback__ = failed.__context__ = None
    raise failed
