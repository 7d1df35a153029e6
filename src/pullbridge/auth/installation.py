"""A GitHub App as itself: for bots that no person has signed in.

The app's private key signs a statement that lives for ten minutes, and GitHub gives a token for it that lives for an hour.
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pullbridge.auth.nobody import NoDialect
from pullbridge.auth.records import Grant, Key
from pullbridge.auth.store import MemoryStore
from pullbridge.auth.tokens import Renewing
from pullbridge.errors import BadAnswer, NotThere, Rejected, SignInNeeded
from pullbridge.model.credentials import Token, Unpicklable
from pullbridge.model.settings import Settings

if TYPE_CHECKING:
    from pullbridge.transport.reply import Reply

#: Seconds; ten minutes are the most that GitHub takes, and its clock may be ahead or behind.
_BEFORE, _AFTER = 60, 540
_KEYS = "https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps"


@dataclass(frozen=True, slots=True)
class AppInstallation(Unpicklable):
    """A GitHub App in one account or organisation. `connect(url, credentials=AppInstallation(…))`.

    `app_id` is the app's id or client id, `private_key` the text of the PEM file, `installation_id` the number at the end of
    the installation's address. The token is for `repositories` alone (names without the owner; none means all that the app
    was installed for) and has only `permissions` (such as `pull_requests:write`, as `auth.plan(…, credential="github-app")`
    says them; none means all that the app has). It is renewed before it dies, and signs requests to the connected host only.

    The first verb raises `SignInNeeded` when GitHub does not know the app, its key or the installation, and `Rejected` for
    repositories or permissions that the installation has not.
    """

    app_id: str | int
    private_key: str = field(repr=False)
    installation_id: int
    repositories: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any("/" in name for name in self.repositories):
            raise ValueError("repositories are named without their owner, who is the installation's")
        if any(permission.count(":") != 1 for permission in self.permissions):
            raise ValueError("a permission is written as name:level, such as pull_requests:write")

    def current(self) -> None:
        """Nothing, while no GitHub is named: `connect` binds it to one. Raises `SignInNeeded`."""
        raise SignInNeeded("Only a GitHub has apps like this one.", next_step="Give the credentials of this host.")

    def refresh(self) -> None:
        """Nothing, as `current`."""

    def bound(self, api: str, settings: Settings) -> Renewing:
        """Credentials for one GitHub, whose REST API is at `api`; the first token is asked for when it is wanted."""
        key = Key(api, str(self.app_id), f"installation {self.installation_id}")
        store = MemoryStore()
        # Over before it was ever good: so the first that wants one asks for it.
        nothing = Grant(access="ghs_", expires_at=1.0, obtained_at=0.0)
        store.write(key, nothing)
        return Renewing(key, nothing, store, lambda _: self._asked(api, settings))

    def _asked(self, api: str, settings: Settings) -> Grant:
        from pullbridge.transport.session import Wire  # noqa: PLC0415  # loads requests, only to ask

        url = f"{api}/app/installations/{self.installation_id}/access_tokens"
        statement = _Statement(self.app_id, self.private_key)
        headers = {"Accept": "application/vnd.github+json", "Content-Type": "application/json"}
        with Wire(settings) as wire:
            session = wire.session([api], statement, NoDialect())
            reply = session.exchange("POST", url, headers=headers, body=self._wish())
            there = session.host_now()
            if reply.status == 401 and there is not None and statement.late(there.timestamp()):
                # This machine's clock is wrong: once more, by GitHub's.
                reply = session.exchange("POST", url, headers=headers, body=self._wish())
        return self._granted(reply)

    def _wish(self) -> bytes:
        wish: dict[str, Any] = {}
        if self.repositories:
            wish["repositories"] = list(self.repositories)
        if self.permissions:
            wish["permissions"] = _levels(self.permissions)
        return json.dumps(wish).encode()

    def _granted(self, reply: Reply) -> Grant:
        if reply.status == 401:
            raise SignInNeeded(
                f"GitHub does not take the key of the app {self.app_id}.",
                status=401,
                request_id=reply.request_id,
                next_step=f"Give the app's id or client id, and a private key of the same app: {_KEYS}",
            )
        if reply.status in {403, 404}:
            text = f"The app {self.app_id} has no installation {self.installation_id} that can be used."
            step = "Look for the number at the end of the installation's address; a suspended one has to be resumed."
            raise NotThere(text, what="installation", status=reply.status, request_id=reply.request_id, next_step=step)
        if reply.status == 422:
            raise Rejected(
                "GitHub gives the installation no such token.",
                problems=(_message(reply),),
                status=422,
                next_step="Ask for repositories and permissions that the installation has, or change the app's.",
            )
        return _read(reply)


class _Statement:
    """`transport.session.Signer`: who the app is, signed by its key. RFC 7519; GitHub takes RS256 alone."""

    def __init__(self, app_id: str | int, private_key: str) -> None:
        self._app_id = app_id
        self._key = private_key
        self._ahead = 0.0

    def headers(self) -> Mapping[str, str]:
        import jwt  # noqa: PLC0415  # loads cryptography, only for apps

        now = int(time.time() + self._ahead)
        claims = {"iat": now - _BEFORE, "exp": now + _AFTER, "iss": str(self._app_id)}
        try:
            return {"Authorization": f"Bearer {jwt.encode(claims, self._key, algorithm='RS256')}"}
        except (ValueError, TypeError, jwt.PyJWTError):
            # Without the cause: its text may repeat a part of the key.
            step = "Give the text of the .pem file that GitHub made, not its path."
            raise SignInNeeded("The app's private key cannot be read.", next_step=step) from None

    def late(self, there: float) -> bool:
        """Whether the host's clock is another one, by more than a statement bears; it counts from now on."""
        behind = there - (time.time() + self._ahead)
        if -_AFTER + _BEFORE < behind < _BEFORE:
            return False
        self._ahead += behind
        return True

    def renew(self, refused: Mapping[str, str]) -> bool:
        del refused
        return False

    def account(self) -> str:
        return f"app {self._app_id}"


def _levels(permissions: Iterable[str]) -> dict[str, str]:
    return dict(permission.split(":", 1) for permission in permissions)


def _message(reply: Reply) -> str:
    try:
        return str(json.loads(reply.body)["message"])[:500]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {reply.status}"


def _read(reply: Reply) -> Grant:
    try:
        sent = json.loads(reply.body)
        token = Token(sent["token"])
        ends = datetime.fromisoformat(sent["expires_at"]).timestamp()
        granted = tuple(f"{name}:{level}" for name, level in dict(sent.get("permissions") or {}).items())
    except (ValueError, KeyError, TypeError, AttributeError):
        text = "GitHub's answer holds no token that can be read."
        raise BadAnswer(text, what="an installation's token", status=reply.status) from None
    return Grant(access=token.value, expires_at=ends, obtained_at=time.time(), scopes=granted)
