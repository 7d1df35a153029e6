"""A host: who I am on it, what waits for me, and its repositories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self

from pullbridge.addresses import checked_path
from pullbridge.capabilities import Budget, Can, Capabilities
from pullbridge.errors import Rejected, UnknownHost
from pullbridge.model.listing import Listing
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import RepoRef
from pullbridge.repository.repository import Repository
from pullbridge.repository.verb import Session

_INBOX = {Role.AUTHOR: Can.INBOX_AUTHOR, Role.REVIEWER: Can.INBOX_REVIEWER, Role.ASSIGNEE: Can.INBOX_ASSIGNEE}


class Host:
    """One host. Made by `open_host`; sends nothing until a verb is called. Safe to use from many threads."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def url(self) -> str:
        """Where its web pages are."""
        return self._session.ref.web

    @property
    def can(self) -> Capabilities:
        """What is known so far of what can be done here; asks nobody."""
        known = self._session.connection.known()
        return Capabilities({}) if known is None else known.can

    @property
    def budget(self) -> Budget:
        """What is left of the rate limit, as of the last answer."""
        known = self._session.connection.known()
        return Budget() if known is None else known.budget

    @property
    def native(self) -> Any:
        """The host SDK's live client, over the same guarded transport.

        Raises `UnknownHost` while nobody has told which product the address runs; `probe()` asks it.
        """
        known = self._session.connection.known()
        if known is None:
            raise UnknownHost(f"{self.url} has not been asked yet what it is.", address=self.url)
        return known.native

    def viewer(self) -> Person:
        """Tell who is signed in. Raises `SignInNeeded` for nobody."""
        with self._session.bounded("viewer"):
            return self._session.connection.host().viewer()

    def version(self) -> str | None:
        """Tell the product's version; `None` where it is a service that has none."""
        with self._session.bounded("version"):
            return self._session.connection.host().version()

    def probe(self, again: bool = False) -> Capabilities:
        """Learn what can be done here with this credential. One or two requests.

        What was learned is kept for as long as the same account signs; `again` asks once more, after a change of rights or
        settings.
        """
        with self._session.bounded("probe"):
            return self._session.connection.host().probe(again)

    def repository(self, path: str | RepoRef) -> Repository:
        """A repository of this host, over the same connection. One of another host is `Rejected`."""
        if isinstance(path, RepoRef):
            found = self._session.connection.located(path)
            if found.web.lower() != self.url.lower():
                raise Rejected(f"{path} is not on {self.url}.", problems=("another host's",))
            path = found.path
        ref = RepoRef(web=self.url, path=checked_path(path), kind=self._session.ref.kind)
        return Repository(Session(ref, self._session.connection, owns=False))

    def inbox(self, role: Role = Role.REVIEWER) -> Listing[Pull]:
        """List the open pull requests that wait for me, over all repositories, newest change first."""
        self._session.require_of_host(_INBOX[Role(role)])
        fetch = self._session.connection.host().inbox
        return self._session.listing("inbox", lambda cursor: fetch(Role(role), cursor, None))

    def search(self, text: str) -> Listing[Pull]:
        """Search pull requests in the host's own words, over all repositories."""
        self._session.require_of_host(Can.SEARCH)
        fetch = self._session.connection.host().search
        return self._session.listing("search", lambda cursor: fetch(text, cursor, None))

    def close(self) -> None:
        """Let go of sockets and threads; calls in flight end with `Cancelled`. Idempotent."""
        self._session.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Host {self.url}>"


def inbox(hosts: Iterable[Host], role: Role = Role.REVIEWER) -> Iterator[Pull]:
    """The pull requests that wait for me on several hosts, one host after the other."""
    for host in hosts:
        yield from host.inbox(role)
