"""Bitbucket Data Center: instances of one's own, below a context path too."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from pullbridge.hosts.bitbucket_dc.addresses import root
from pullbridge.ports import HostPort, Opening, Provider, Sign

#: Variables that name the instance, or its REST, that the token beside them is for.
_NAMING = ("BITBUCKET_SERVER_URL", "BITBUCKET_URL", "BITBUCKET_HOST")
_TOKENS = ("BITBUCKET_SERVER_TOKEN", "BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN")


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
    """Data Center has no tool of its own with variables: a token counts only where another variable names the very host."""
    named = next((_host(environment[name]) for name in _NAMING if environment.get(name, "").strip()), None)
    return _TOKENS if named == host else ()


def _host(text: str) -> str:
    """The host, and its port, in what may be a whole address."""
    text = text.strip().lower()
    return urlsplit(text if "://" in text else f"https://{text}").netloc.rpartition("@")[2]


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
)
