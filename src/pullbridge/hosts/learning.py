"""What is learned from answers about a host, a repository and who asks, and what follows from it.

How each host judges is its own; that it is learned for one account, kept, and judged once for the same facts, is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from pullbridge.capabilities import Capabilities


class Account(Protocol):
    """What is known of a connection: at least by whose credential it is made."""

    @property
    def account(self) -> str: ...


C = TypeVar("C", bound=Account)
H = TypeVar("H", bound=Any)


@dataclass(frozen=True, slots=True)
class _Judged(Generic[C, H]):
    connected: C
    home: H | None
    answers: Capabilities


class Learning(Generic[C, H]):
    """Learns from answers; `capabilities` is what is known so far, without I/O.

    What was learned counts for one account: with another credential it is unknown again. `connected` is asked every time;
    `home` makes what is known of a repository before anything is, a frozen dataclass; `everywhere`: of the whole host, so
    that there is no repository to know of.
    """

    def __init__(
        self,
        connected: Callable[[], C],
        home: Callable[[], H],
        judge: Callable[[C, H | None], Capabilities],
        *,
        everywhere: bool = False,
    ) -> None:
        self._connected = connected
        self._fresh = home
        self._judge = judge
        self._everywhere = everywhere
        self._lock = Lock()
        self._account: str | None = None
        self._home: H = home()
        self._probed = False
        self._judged: _Judged[C, H] | None = None

    @property
    def probed(self) -> bool:
        """Whether `probe` has asked for this account."""
        self.facts()
        return self._probed

    def forget(self) -> None:
        """Learn all of it again: rights and settings may have changed."""
        with self._lock:
            self._home, self._probed = self._fresh(), False

    def learn_probe(self) -> None:
        """All was asked that a probe asks."""
        self.learn(seen=True)
        with self._lock:
            self._probed = True

    @property
    def capabilities(self) -> Capabilities:
        """What is known of the repository, or of the host."""
        connected, home = self.facts()
        judged = self._judged
        if judged is None or (judged.connected, judged.home) != (connected, home):
            judged = self._judged = _Judged(connected, home, self._judge(connected, home))
        return judged.answers

    def learn(self, **told: Any) -> None:
        """Keep what was told of the repository; `None` tells nothing."""
        self.facts()
        with self._lock:
            self._home = replace(self._home, **{name: value for name, value in told.items() if value is not None})

    def facts(self) -> tuple[C, H | None]:
        """All that is known: of the connection, and of the repository."""
        connected = self._connected()
        with self._lock:
            if connected.account != self._account:
                self._account, self._home, self._probed = connected.account, self._fresh(), False
            return connected, None if self._everywhere else self._home
