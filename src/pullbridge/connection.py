"""A connection to one host, opened by the first verb, and what is made over it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pullbridge import promise, registry
from pullbridge.auth.ambient import Ambient, environment
from pullbridge.errors import Cancelled
from pullbridge.host import Host
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.ports import Credentials, HostPort, Opening, RepositoryPort
from pullbridge.repository.repository import Repository
from pullbridge.repository.verb import Session
from pullbridge.transport.call import Cancel, limits

if TYPE_CHECKING:
    from pullbridge.local.checkout import Checkout


class HostConnection:
    """One host, opened when first needed; every repository made from it shares its sockets."""

    def __init__(self, web: str, credentials: Credentials | None, settings: Settings, path: str = "") -> None:
        """`path` is a repository's, whose first parts may turn out to lead to the server's root."""
        self._web = web
        self._path = path
        self._root = web
        self._credentials = credentials
        self._settings = settings
        self._lock = Lock()
        # Apart from the other, so that `close` does not wait for an address that takes its time to answer.
        self._opening = Lock()
        self._repositories: dict[str, RepositoryPort] = {}
        self._host: HostPort | None = None
        self._closing = Cancel("The connection is closed.")

    @property
    def deadline(self) -> float | None:
        return self._settings.deadline

    def host(self) -> HostPort:
        """The host, opened by the first call; that may ask the address, anonymously, which product it is."""
        with self._opening:
            if self._host is None and not self._closing.cancelled:
                with limits(cancel=self._closing):
                    self._keep(self._opened())
        return self._open()

    def known(self) -> HostPort | None:
        """The host, where nobody has to be asked for it; `None` while its product is unknown."""
        if self._host is None and self._settings.kind is None and registry.owner(urlsplit(self._web).netloc) is None:
            return None
        return self.host()

    def repository(self, ref: RepoRef) -> RepositoryPort:
        """The host's side of a repository, one for all who ask for it."""
        opened = self.host()
        ref = self.located(ref)
        with self._lock:
            if ref.path not in self._repositories:
                self._repositories[ref.path] = opened.repository(ref)
            return self._repositories[ref.path]

    def located(self, ref: RepoRef) -> RepoRef:
        """The name of a repository of this host, as it is known now: asking what runs here may have found its root."""
        return registry.below(ref, self._root) if ref.web == self._web else ref

    def _open(self) -> HostPort:
        with self._lock:
            if self._closing.cancelled or self._host is None:
                raise Cancelled("The connection is closed.", next_step="Connect again.")
            return self._host

    def _keep(self, opened: HostPort) -> None:
        with self._lock:
            if not self._closing.cancelled:
                self._host = opened
                return
        opened.close()

    def _opened(self) -> HostPort:
        provider, self._root = registry.locate(self._web, self._settings, self._path)
        credentials = self._credentials if self._credentials is not None else Ambient()
        if isinstance(credentials, Ambient):
            host, root = urlsplit(self._web).netloc, self._root
            credentials = credentials.bound(host, provider.ambient, environment(), kind=provider.kind, web=root)
        opened = provider.open(Opening(web=self._root, credentials=credentials, settings=self._settings))
        return promise.kept(opened, credentials)

    def close(self) -> None:
        """Close the host if it is open, and open none any more. To repeat it does nothing."""
        self._closing.cancel()
        with self._lock:
            host, self._host = self._host, None
            self._repositories.clear()
        if host is not None:
            host.close()


def repository(
    ref: RepoRef, credentials: Credentials | None, settings: Settings, checkout: Checkout | None = None
) -> Repository:
    """A repository over a connection of its own, and the folder that it was named by."""
    ref = registry.rooted(ref, settings)
    connection = HostConnection(ref.web, credentials, settings, ref.path)
    return Repository(Session(ref, connection, checkout=checkout))


def host(web: str, credentials: Credentials | None, settings: Settings) -> Host:
    """A host over a connection of its own."""
    ref = registry.rooted(RepoRef(web=web, path="-/-"), settings)
    return Host(Session(ref, HostConnection(ref.web, credentials, settings)))
