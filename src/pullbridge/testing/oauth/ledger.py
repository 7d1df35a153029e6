"""Where applications, codes, devices and tokens are kept, and what happened to them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pullbridge.testing.store import Store, User

if TYPE_CHECKING:
    from pullbridge.testing.oauth.records import Client, Code, Device, Issued

#: Requests, then what happened to tokens.
What = Literal["authorize", "token", "device", "revoke", "issued", "refreshed", "reuse-detected", "revoked"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One request to an endpoint, or one thing that happened to a token.

    `authorization` is the header of that name, `sent` the parameters, `at` seconds by a clock that only runs.
    """

    what: What
    grant: str = ""
    client_id: str = ""
    user: str = ""
    authorization: str | None = field(default=None, repr=False)
    sent: Mapping[str, str] = field(default_factory=dict, repr=False)
    status: int | None = None
    at: float = field(default_factory=time.monotonic)


class Ledger:
    """The records of one host's sign-ins."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.entries: list[Entry] = []
        self.clients: dict[str, Client] = {}
        self.codes: dict[str, Code] = {}
        self.devices: dict[str, Device] = {}
        self.issued: list[Issued] = []
        #: What a person once granted an application: GitHub gives it again to who asks for nothing.
        self.consents: dict[tuple[str, int], tuple[str, ...]] = {}

    def later(self, seconds: float) -> datetime:
        """The time in so many seconds."""
        return self.store.now() + timedelta(seconds=seconds)

    def secrets(self) -> frozenset[str]:
        """Every secret that was made here: tokens, codes, secrets of applications."""
        tokens = {value for each in self.issued for value in (each.access, each.refresh) if value}
        clients = {client.secret for client in self.clients.values() if client.secret}
        return frozenset(tokens | clients | set(self.codes) | set(self.devices))

    def note(self, what: What, token: Issued) -> None:
        """Write down what happened to a token."""
        self.entries.append(Entry(what=what, grant=token.grant, client_id=token.client.id, user=token.user.handle))

    def device(self, user_code: str) -> Device:
        """The device that shows a code; `LookupError` when none does."""
        wanted = user_code.replace("-", "").upper()
        for device in self.devices.values():
            if device.user_code.replace("-", "") == wanted:
                return device
        raise LookupError("no device shows that code")

    def by_refresh(self, value: str) -> Issued | None:
        """The newest tokens with that refresh token."""
        return next((each for each in reversed(self.issued) if each.refresh == value), None)

    def by_access(self, value: str) -> Issued | None:
        """The tokens with that access token."""
        return next((each for each in reversed(self.issued) if each.access == value), None)

    def of(self, client: Client, user: User) -> list[Issued]:
        """All tokens that an application has for somebody."""
        return [each for each in self.issued if each.client is client and each.user is user]

    def revoke(self, token: Issued) -> None:
        """Make an access token and its refresh token worthless."""
        if not token.revoked:
            token.revoked = True
            self.store.people.revoke(token.access)
            self.note("revoked", token)

    def end_family(self, family: int) -> None:
        """Make all that descends from one sign-in worthless."""
        for token in self.issued:
            if token.family == family:
                self.revoke(token)
