"""A sign-in that was given: credentials that renew themselves, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from pullbridge.auth.apps import ClientApp
from pullbridge.auth.records import Grant, Key
from pullbridge.auth.scopes import Plan, excess, missing
from pullbridge.auth.store import Store
from pullbridge.auth.tokens import Renewing
from pullbridge.capabilities import Can
from pullbridge.errors import SignInNeeded
from pullbridge.model.credentials import Token, Unpicklable
from pullbridge.model.oauth import OAuth
from pullbridge.model.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a sign-in was made with, and is renewed and ended with."""

    oauth: OAuth
    app: ClientApp
    store: Store
    settings: Settings
    by_device: bool


class SignIn(Unpicklable):
    """Credentials for one host and one account: `connect(url, credentials=sign_in)`. Safe in many threads.

    It is in no `repr` and no pickle with its tokens, and renews them before they are over. Made by `sign_in` and `resume`.
    """

    __slots__ = ("_abilities", "_ended", "_means", "_plan", "_renewing")

    def __init__(self, renewing: Renewing, means: Means, plan: Plan, abilities: frozenset[Can]) -> None:
        self._renewing = renewing
        self._means = means
        self._plan = plan
        self._abilities = abilities
        self._ended = False

    @property
    def host(self) -> str:
        """The root of the host's pages."""
        return self.key.origin

    @property
    def kind(self) -> str:
        """The host's product."""
        return self._plan.kind

    @property
    def account(self) -> str:
        """Who has signed in, by handle; a neutral name where that could not be learned."""
        return self.key.account

    @property
    def key(self) -> Key:
        """Whose sign-in it is, as its store has it."""
        return self._renewing.key

    @property
    def identity(self) -> str:
        """A name for the account that stays when its tokens are renewed, and tells nothing."""
        return self._renewing.identity

    @property
    def grant(self) -> Grant:
        """What it has now; its tokens may be over. Its texts are in no `repr`."""
        return self._renewing.grant

    @property
    def abilities(self) -> frozenset[Can]:
        """What it was asked for; it is used for nothing else."""
        return self._abilities

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """What was granted; `None` where the host does not say, and for applications with permissions of their own."""
        return self._renewing.grant.scopes

    @property
    def missing(self) -> Mapping[Can, tuple[str, ...]]:
        """Those of the abilities that cannot be had with what was granted, each with the scopes that it lacks."""
        if self.scopes is None:
            return {}
        plan = self._plan
        return missing(plan.kind, self.scopes, self._abilities, visibility=plan.visibility, credential=plan.credential)

    @property
    def excess(self) -> tuple[str, ...]:
        """What was granted and is needed for none of the abilities."""
        return () if self.scopes is None else excess(self.kind, self.scopes, self._plan)

    @property
    def expires_at(self) -> datetime | None:
        """When the token that signs now is over (it is renewed before); `None` for one that is not, or not known to be."""
        ends = self._renewing.grant.expires_at
        return None if ends is None else datetime.fromtimestamp(ends, UTC)

    @property
    def renewable(self) -> bool:
        """Whether it outlives its token."""
        return self._renewing.grant.refresh is not None

    def current(self) -> Token:
        """What signs, renewed if it is about to be over. Raises `SignInNeeded` once signed out, and as `Renewing` does."""
        if self._ended:
            self._signed_out()
        return self._renewing.current()

    def refresh(self) -> Token | None:
        """Another one, after the host has refused what `current` gave. Raises as `current` does."""
        if self._ended:
            self._signed_out()
        return self._renewing.refresh()

    def _signed_out(self) -> NoReturn:
        raise SignInNeeded(f"{self.account} has signed out.", host=self.host)

    def __repr__(self) -> str:
        return f"<SignIn: {self.account} at {self.host}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """What became of a sign-in. It is kept nowhere any more; `revoked` says whether the host took its tokens back.

    Where it did not, `reason` says why, and `page` is where the person can see to it.
    """

    host: str
    account: str
    revoked: bool
    reason: str | None = None
    page: str | None = None
