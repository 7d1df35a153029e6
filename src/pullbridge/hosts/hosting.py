"""What `ports.HostPort` and `ports.RepositoryPort` are on every host: what was learned, and the connection it was learned by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pullbridge.capabilities import Budget, Capabilities, Limits
from pullbridge.hosts.learning import Learning
from pullbridge.hosts.typed import TypedApi
from pullbridge.model.refs import RepoRef

T = TypeVar("T")
F = TypeVar("F", bound=Learning[Any, Any])


class _Seen(Protocol):
    """A host, seen from one repository."""

    @property
    def api(self) -> TypedApi: ...
    @property
    def ref(self) -> RepoRef: ...


A = TypeVar("A", bound=TypedApi)
R = TypeVar("R", bound=_Seen)


class _Probed(ABC, Generic[F]):
    """What is learned by asking once."""

    _features: F

    @property
    def can(self) -> Capabilities:
        return self._features.capabilities

    def probe(self, again: bool = False) -> Capabilities:
        """Ask what can be done, once for each account."""
        if again:
            self._forget()
            self._features.forget()
        if not self._features.probed:
            self._ask()
            self._features.learn_probe()
        return self.can

    @abstractmethod
    def _forget(self) -> None:
        """Let go of what was learned of the connection."""

    @abstractmethod
    def _ask(self) -> None:
        """Ask, and learn from the answers."""


class HostBase(_Probed[F], Generic[A, F]):
    """A host: a subclass says who asks, what is asked, and how it is searched."""

    def __init__(self, api: A, features: F) -> None:
        self._api = api
        self._features = features

    @property
    def budget(self) -> Budget:
        return self._api.session.budget

    @property
    def native(self) -> Any:
        """The SDK's client, over the same session."""
        return self._api.requests

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        return self._api.gather(*thunks)

    def close(self) -> None:
        self._api.wire.close()


class RepositoryBase(_Probed[F], Generic[R, F]):
    """A repository: a subclass has its ports, and says what is asked of it and where its pages are."""

    #: What it takes at most.
    limits: ClassVar[Limits]

    def __init__(self, api: R, features: F) -> None:
        self._api = api
        self._features = features

    @property
    def budget(self) -> Budget:
        return self._api.api.session.budget

    @property
    def native(self) -> Any:
        """The SDK's object of the repository, over the same session."""
        return self._api.api.native(self._api.ref.path)

    def host_now(self) -> datetime | None:
        return self._api.api.session.host_now()
