"""Composition: an address becomes a `Repository` or a `Host`.

What the verbs need is loaded by the first call, so that an editor can import these names while it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullbridge import addresses
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.settings import Settings

if TYPE_CHECKING:
    from pullbridge.host import Host
    from pullbridge.ports import Credentials
    from pullbridge.repository.repository import Repository

__all__ = ["connect", "open_host", "parse"]

parse = addresses.parse


def connect(
    where: str | RepoRef | PullRef, *, credentials: Credentials | None = None, settings: Settings | None = None
) -> Repository:
    """Connect to a repository, named by its address, a clone address or a pull request's address.

    Sends nothing: the first verb does. Without `credentials`, the environment variables of that very host are used. Use
    it as a context manager, or call `close()`. Raises `Rejected` for what is no address; the first verb raises
    `UnknownHost` when neither the address nor an anonymous probe tells the product (`Settings.kind` does).
    """
    from pullbridge import connection  # noqa: PLC0415  # loads the verbs, only when they are wanted

    named = parse(where) if isinstance(where, str) else where
    ref = named.repository if isinstance(named, PullRef) else named
    return connection.repository(addresses.checked(ref), credentials, settings or Settings())


def open_host(url: str, *, credentials: Credentials | None = None, settings: Settings | None = None) -> Host:
    """Open a host by the address of its pages, such as `https://github.com`. Sends nothing: the first verb does.

    Raises `Rejected` for what is no such address. Credentials are taken as `connect` takes them.
    """
    from pullbridge import connection  # noqa: PLC0415  # as above

    return connection.host(addresses.site(url), credentials, settings or Settings())
