"""What of a forge's secrets stands in what a test printed or logged.

Every forge that a test has is known here, with all that it ever gave: tokens, codes, secrets of applications. Logs are
captured from DEBUG on (`log_level` in pyproject.toml), those of the libraries underneath among them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from weakref import WeakSet

import pytest

from pullbridge.testing.oauth.ledger import Ledger
from pullbridge.testing.store.people import People

#: Nothing shorter is told from other words; a forge's secrets are longer.
SHORTEST = 12


class Keeper(Protocol):
    """What knows secrets."""

    def secrets(self) -> frozenset[str]: ...


class Watch:
    """All that is kept in the forges of this process, those of finished tests while anybody still has them."""

    def __init__(self) -> None:
        self._older: WeakSet[Any] = WeakSet()
        self._of_this_test: list[Keeper] = []

    def follow(self, patch: pytest.MonkeyPatch) -> None:
        """Hear of every forge that is made from now on."""
        for kind in (People, Ledger):
            patch.setattr(kind, "__init__", self._told(kind.__init__))

    def _told(self, made: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(made)
        def init(keeper: Keeper, *args: Any, **more: Any) -> None:
            made(keeper, *args, **more)
            self._of_this_test.append(keeper)

        return init

    def found(self, texts: Iterable[tuple[str, str]]) -> list[str]:
        """The names of those texts that have a secret in them."""
        written = [(name, text) for name, text in texts if text]
        if not written:
            return []
        known = {secret for keeper in (*self._older, *self._of_this_test) for secret in keeper.secrets()}
        long = [secret for secret in known if len(secret) >= SHORTEST]
        return [name for name, text in written if any(secret in text for secret in long)]

    def next_test(self) -> None:
        """A test is over; its forges are gone, unless a fixture of more than one test has them."""
        self._older.update(self._of_this_test)
        self._of_this_test.clear()
