"""Composition: an address becomes a `Repository` or a `Host`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import Lock
from urllib.parse import urlsplit

from pullbridge import addresses, registry
from pullbridge.auth.ambient import Ambient, environment
from pullbridge.errors import Cancelled, Rejected
from pullbridge.host import Host
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.settings import Settings
from pullbridge.ports import Credentials, HostPort, Opening
from pullbridge.repository.repository import Repository
from pullbridge.repository.verb import Session

__all__ = ["connect", "inbox", "open_host", "parse"]

parse = addresses.parse


class _Connection:
    """One host, opened when first needed; every repository made from it shares its sockets."""

    def __init__(self, web: str, credentials: Credentials | None, settings: Settings) -> None:
        self._web = web
        self._credentials = credentials
        self._settings = settings
        self._lock = Lock()
        self._host: HostPort | None = None
        self._closed = False

    @property
    def deadline(self) -> float | None:
        return self._settings.deadline

    def host(self) -> HostPort:
        with self._lock:
            if self._closed:
                raise Cancelled("The connection is closed.", next_step="Connect again.")
            if self._host is None:
                self._host = self._opened()
            return self._host

    def _opened(self) -> HostPort:
        provider = registry.identify(self._web, self._settings)
        credentials = self._credentials if self._credentials is not None else Ambient()
        if isinstance(credentials, Ambient):
            credentials = credentials.bound(urlsplit(self._web).netloc, provider.ambient, environment())
        return provider.open(Opening(web=self._web, credentials=credentials, settings=self._settings))

    def close(self) -> None:
        with self._lock:
            host, self._host, self._closed = self._host, None, True
        if host is not None:
            host.close()


def connect(
    where: str | RepoRef | PullRef, *, credentials: Credentials | None = None, settings: Settings | None = None
) -> Repository:
    """Connect to a repository, named by its address, a clone address or a pull request's address.

    Sends nothing: the first verb does. Without `credentials`, the environment variables of that very host are used. Use
    it as a context manager, or call `close()`. Raises `Rejected` for what is no address; the first verb raises
    `UnknownHost` when neither the address nor an anonymous probe tells the product (`Settings.kind` does).
    """
    named = parse(where) if isinstance(where, str) else where
    ref = named.repository if isinstance(named, PullRef) else named
    chosen = settings or Settings()
    return Repository(Session(_known(ref, chosen), _Connection(ref.web, credentials, chosen)))


def open_host(url: str, *, credentials: Credentials | None = None, settings: Settings | None = None) -> Host:
    """Open a host by the address of its pages, such as `https://github.com`. Sends nothing: the first verb does."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username is not None:
        raise Rejected(f"{url!r} is no address of a host.", problems=("it is not https://host",))
    chosen = settings or Settings()
    web = f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
    ref = _known(RepoRef(web=web, path="-/-"), chosen)
    return Host(Session(ref, _Connection(web, credentials, chosen)))


def inbox(hosts: Iterable[Host], role: Role = Role.REVIEWER) -> Iterator[Pull]:
    """The pull requests that wait for me on several hosts, one host after the other."""
    for host in hosts:
        yield from host.inbox(role)


def _known(ref: RepoRef, settings: Settings) -> RepoRef:
    """With its kind, where the settings or the name itself tell it."""
    found = None if settings.kind else registry.owner(ref.host)
    return RepoRef(web=ref.web, path=ref.path, kind=settings.kind or (found.kind if found else ref.kind))
