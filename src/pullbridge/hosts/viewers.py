"""Who I am, by account: asked once for each, by whichever thread comes first."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Protocol, TypeVar

from pullbridge.auth.signing import Signing
from pullbridge.errors import BridgeError
from pullbridge.model.people import Person
from pullbridge.transport.fanout import kept

T = TypeVar("T")


class Viewers:
    """Who each account is. Safe in many threads."""

    def __init__(self, signing: Signing, *, kept: bool = True) -> None:
        """`kept` tells whether an account of which the host does not say whose it is is not asked for again."""
        self._signing = signing
        self._kept = kept
        self._people: dict[str, Person | None] = {}
        self._asking = Lock()

    @property
    def told(self) -> bool:
        """Whether there is nothing left to ask."""
        return self._signing.account() in self._people

    def me(self, ask: Callable[[], Person | None]) -> Person | None:
        """Me, by what is known or by asking; `None` for nobody, and for a credential of which it is not said."""
        account = self._signing.account()
        if account in self._people or self._signing.anonymous:
            return self._people.get(account)
        with self._asking:
            if account not in self._people:
                found = ask()
                if found is None and not self._kept:
                    return None
                self._people[account] = found
            return self._people[account]

    def keep(self, person: Person) -> Person:
        """Keep what was told of me just now; gives it back."""
        self._people[self._signing.account()] = person
        return person

    def forget(self) -> None:
        """Ask again."""
        self._people.clear()


class _Api(Protocol):
    viewers: Viewers

    def gather(self, *thunks: Callable[[], Any]) -> list[Any]: ...


def beside(api: _Api, write: Callable[[], T], me: Callable[[], Person | None]) -> tuple[T, Person | None]:
    """Write, and find out at the same time who I am. Only the write can fail: what it did must not be lost for that."""
    if api.viewers.told:
        return write(), me()
    both: list[Callable[[], Any]] = [write, lambda: _if_told(me)]
    written, found = kept(api.gather, both)
    if isinstance(written, BridgeError):
        raise written
    return written, None if isinstance(found, BridgeError) else found


def _if_told(me: Callable[[], Person | None]) -> Person | None:
    try:
        return me()
    except BridgeError:
        return None
