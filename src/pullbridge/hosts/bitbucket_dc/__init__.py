"""Bitbucket Data Center: instances of one's own, below a context path too."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pullbridge.hosts.bitbucket_dc.addresses import root
from pullbridge.hosts.bitbucket_dc.signing_in import oauth
from pullbridge.hosts.naming import hosts
from pullbridge.ports import HostPort, Opening, Provider, Sign

#: Variables that name the instance, or its REST, that the token beside them is for.
_NAMING = ("BITBUCKET_SERVER_URL", "BITBUCKET_URL", "BITBUCKET_HOST")
_SERVERS, _ANYBODYS = "BITBUCKET_SERVER_TOKEN", ("BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN")


class _Properties(msgspec.Struct, rename="camel"):
    display_name: str = ""
    version: str = ""


def _open(opening: Opening) -> HostPort:
    from pullbridge.hosts.bitbucket_dc.host import (  # noqa: PLC0415  # loads atlassian-python-api, only when it is needed
        DataCenterHost,
    )

    return DataCenterHost(opening)


def _owns(host: str) -> bool:
    """Nobody's name is Data Center's own: it is told by a probe."""
    del host
    return False


def _ambient(host: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Data Center has no tool of its own with variables: a token counts only where another variable names the very host.

    Where two of these name two hosts, only the token counts that is a server's by its name, and for that server.
    """
    if hosts(environment, _NAMING) == {host}:
        return (_SERVERS, *_ANYBODYS)
    return (_SERVERS,) if hosts(environment, _NAMING[:1]) == {host} else ()


def _shows_server(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """An instance tells its name to anybody: Jira and Confluence have the resource elsewhere, and another name in it."""
    del headers
    try:
        told = msgspec.json.decode(body, type=_Properties)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return status == 200 and told.display_name == "Bitbucket" and bool(told.version)


PROVIDER = Provider(
    kind="bitbucket-dc",
    name="Bitbucket Data Center",
    owns=_owns,
    open=_open,
    ambient=_ambient,
    sign=Sign(path="/rest/api/latest/application-properties", shows=_shows_server, below=True),
    root=root,
    oauth=oauth,
)
