"""What a host gave at a sign-in, as it is kept: pure.

https://www.rfc-editor.org/rfc/rfc6749#section-5.1
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from pullbridge.errors import StoreUnusable
from pullbridge.model.credentials import Token, Unpicklable

#: What is kept says how it is to be read. A record of a later version is left alone.
VERSION = 1


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Whose sign-in it is: the host's origin and root (`https://git.example/gitlab`), the application, the account."""

    origin: str
    client_id: str
    account: str

    def text(self) -> str:
        """All of it in one line, from which `parsed` makes it again."""
        return json.dumps([self.origin, self.client_id, self.account])

    @classmethod
    def parsed(cls, text: str) -> Key:
        """Read what `text` wrote. Raises `StoreUnusable` for anything else."""
        try:
            origin, client_id, account = json.loads(text)
        except (ValueError, TypeError):
            raise StoreUnusable("What was kept of the sign-ins cannot be read.") from None
        return cls(str(origin), str(client_id), str(account))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Unpicklable):
    """An access token and what goes with it. Times are seconds since the epoch, by this machine's clock.

    `scopes` are those that were granted, `None` where the host did not say. `expires_at` is `None` for a token that lasts
    until it is revoked, or where the host did not say.
    """

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: float | None = None
    scopes: tuple[str, ...] | None = None
    obtained_at: float = 0.0

    @property
    def token(self) -> Token:
        """What signs a request."""
        return Token(self.access)

    def expired(self, now: float, leeway: float) -> bool:
        """Whether it is over at `now`, or will be within `leeway` seconds or the last tenth of its life.

        One that was over when it came is not judged by the clock: renewing would bring the next one like it.
        """
        if self.expires_at is None or self.expires_at <= self.obtained_at:
            return False
        return self.expires_at <= now + min(leeway, (self.expires_at - self.obtained_at) / 10)

    def text(self) -> str:
        """JSON, from which `parsed` makes it again. It holds the secrets."""
        return json.dumps({"version": VERSION, **asdict(self)})

    @classmethod
    def parsed(cls, text: str) -> Grant:
        """Read what `text` wrote. Raises `StoreUnusable` for anything else, and for what a later version wrote."""
        try:
            written: dict[str, Any] = json.loads(text)
            version = int(written.pop("version"))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise _unreadable() from None
        if version != VERSION:
            raise StoreUnusable(
                f"The sign-in was kept by a later version of pullbridge (form {version}); it is left as it is.",
                next_step="Update pullbridge, or sign in with another store.",
            )
        return _grant(written)


def _grant(written: dict[str, Any]) -> Grant:
    access, refresh, scopes = written.get("access"), written.get("refresh"), written.get("scopes")
    expires_at, obtained_at = written.get("expires_at"), written.get("obtained_at")
    fits = (
        isinstance(access, str)
        and isinstance(refresh, str | None)
        and isinstance(expires_at, float | int | None)
        and isinstance(scopes, list | None)
        and isinstance(obtained_at, float | int)
    )
    if not fits:
        raise _unreadable()
    return Grant(
        access=str(access),
        refresh=refresh,
        expires_at=expires_at,
        scopes=None if scopes is None else tuple(map(str, scopes)),
        obtained_at=float(obtained_at or 0),
    )


def _unreadable() -> StoreUnusable:
    # Without the cause: its text may repeat what could not be read.
    return StoreUnusable("A kept sign-in cannot be read.", next_step="Sign in again.")
