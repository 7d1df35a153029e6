"""Composition: an address becomes a `Repository` or a `Host`.

What the verbs need is loaded by the first call, so that an editor can import these names while it starts.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pullbridge import addresses
from pullbridge.addresses import parse
from pullbridge.errors import Rejected
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.settings import Settings

if TYPE_CHECKING:
    from pullbridge.host import Host
    from pullbridge.local.checkout import Checkout
    from pullbridge.ports import Credentials
    from pullbridge.repository.repository import Repository

__all__ = ["connect", "open_host", "parse"]


def connect(
    where: str | os.PathLike[str] | RepoRef | PullRef = ".",
    *,
    credentials: Credentials | None = None,
    settings: Settings | None = None,
) -> Repository:
    """Connect to a repository, named by its address, a clone address, a pull request's address or a checkout's folder.

    A checkout's repository is that of the remote `upstream`, else `origin`, else the only one; git is asked for it, and
    reaches no network. Sends nothing: the first verb does. Without `credentials`, the environment variables of that very
    host are used. Use it as a context manager, or call `close()`.

    Raises `Rejected` for what is neither address nor checkout, and `Unsupported` for a checkout where there is no git;
    the first verb raises `UnknownHost` when neither the address nor an anonymous probe tells the product
    (`Settings.kind` does).
    """
    from pullbridge import connection  # noqa: PLC0415  # loads the verbs, only when they are wanted

    found = named(where) if isinstance(where, (str, os.PathLike)) else where
    ref = found if isinstance(found, RepoRef) else found.repository
    here = None if isinstance(found, (RepoRef, PullRef)) else found
    return connection.repository(addresses.checked(ref), credentials, settings or Settings(), here)


def open_host(url: str, *, credentials: Credentials | None = None, settings: Settings | None = None) -> Host:
    """Open a host by the address of its pages, such as `https://github.com`. Sends nothing: the first verb does.

    Raises `Rejected` for what is no such address. Credentials are taken as `connect` takes them.
    """
    from pullbridge import connection  # noqa: PLC0415  # as above

    return connection.host(addresses.site(url), credentials, settings or Settings())


def named(where: str | os.PathLike[str]) -> RepoRef | PullRef | Checkout:
    """What an address names, or a folder has checked out. Only a text that is no address may be a folder."""
    if isinstance(where, str):
        try:
            return parse(where)
        except Rejected:
            if not os.path.isdir(where):  # noqa: PTH112  # a `Path` raises for a name that is too long
                raise
    from pullbridge.local import checkout  # noqa: PLC0415  # starts processes, only when a checkout is meant

    return checkout.read(where)
