"""Tokens that are renewed before they are over: once, however many threads and processes want it.

A refresh token is good for one use, and a second use may end the whole sign-in
(https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2). So whoever renews holds a lock, looks first whether somebody else
has done it, and keeps what it got before anybody signs with it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from copy import copy

from pullbridge.auth.records import Grant, Key
from pullbridge.auth.store import Store
from pullbridge.errors import BridgeError, SignInNeeded, StoreUnusable
from pullbridge.model.credentials import Token, Unpicklable
from pullbridge.transport import call

#: Seconds before the end at which a token is renewed.
LEEWAY = 60.0


class Renewing(Unpicklable):
    """`ports.Credentials` for a grant that can be renewed.

    `renew` asks the host for the next grant; `None` when there is nothing to ask with. It raises `SignInNeeded` when the
    host gives none any more, and `Offline`, `HostDown`, `RateLimited` or `BadAnswer` for what may be otherwise later; what
    is kept stays as it is then.
    """

    __slots__ = ("_clock", "_ended", "_grant", "_leeway", "_renew", "_store", "_unsaved", "identity", "key")

    def __init__(
        self,
        key: Key,
        grant: Grant,
        store: Store,
        renew: Callable[[Grant], Grant | None],
        *,
        leeway: float = LEEWAY,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.key: Key = key
        self.identity: str = hashlib.sha256(key.text().encode()).hexdigest()[:16]
        self._grant = grant
        self._store = store
        self._renew = renew
        self._leeway = leeway
        self._clock = clock
        self._ended: tuple[Grant, SignInNeeded] | None = None
        self._unsaved = False

    @property
    def grant(self) -> Grant:
        """What signs now; another thread may have renewed it a moment later."""
        return self._grant

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """What was granted, as the host said it; `None` where it did not."""
        return self._grant.scopes

    def current(self) -> Token:
        """The access token, renewed before it is over.

        As long as it is not quite over, what stands in the way of renewing it is not said; and one that cannot be renewed
        is given whatever the clock says, because the host's word counts. Raises what `renew` raises; and `StoreUnusable`,
        `Cancelled`, `DeadlineExceeded` while waiting for somebody else who renews.
        """
        grant = self._grant
        if not self._over(grant, self._leeway):
            return grant.token
        try:
            return (self._renewed(grant) or grant).token
        except BridgeError:
            # A new one that could not be kept is said, too.
            if self._grant is not grant or self._over(grant, 0):
                raise
            return grant.token

    def refresh(self) -> Token | None:
        """The host has refused the access token: another one, or `None` when there is none to be had.

        Raises as `current` does.
        """
        fresh = self._renewed(self._grant)
        return None if fresh is None else fresh.token

    def _renewed(self, old: Grant) -> Grant | None:
        """The grant after `old`, by whoever got it."""
        with self._store.lock(self.key):
            if self._grant is not old:
                return self._grant
            kept = old if self._unsaved else self._kept()
            if self._adopted(kept, old):
                return kept
            self._raise_if_ended(old)
            # Others wait for it too: it does not end with the call that happened to begin it.
            with call.apart():
                return self._asked(kept)

    def _asked(self, old: Grant) -> Grant | None:
        try:
            fresh = self._renew(old)
        except SignInNeeded as refusal:
            # Somebody who knows of no lock may have been faster: https://github.com/buildkite/cli/pull/852
            kept = self._kept()
            if self._adopted(kept, old):
                return kept
            self._ended = (self._grant, refusal)
            raise
        if fresh is not None:
            self._keep(fresh)
        return fresh

    def _kept(self) -> Grant:
        kept = self._store.read(self.key)
        if kept is None:
            raise SignInNeeded(f"{self.key.account} has been signed out meanwhile.", host=self.key.origin)
        return kept

    def _adopted(self, kept: Grant, old: Grant) -> bool:
        """Whether somebody else has renewed it; theirs is ours then."""
        newer = kept.access != old.access and not self._over(kept, 0)
        if newer:
            self._grant = kept
        return newer

    def _keep(self, fresh: Grant) -> None:
        self._grant, self._unsaved = fresh, True
        try:
            self._store.write(self.key, fresh)
        except StoreUnusable as cause:
            text = "The sign-in was renewed, and goes on in this process, but could not be kept for the next one."
            raise StoreUnusable(text, host=self.key.origin, retryable=True) from cause
        self._unsaved = False

    def _over(self, grant: Grant, leeway: float) -> bool:
        return grant.expired(self._clock(), leeway)

    def _raise_if_ended(self, grant: Grant) -> None:
        """Ask no second time for what the host has refused to renew."""
        if self._ended is not None and self._ended[0] is grant:
            raise copy(self._ended[1])

    def __repr__(self) -> str:
        return f"<Renewing: {self.key.account} at {self.key.origin}>"
