"""Which hosts the environment names, for the credentials beside those names: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

_USUAL = {"http": ":80", "https": ":443"}


def hosts(environment: Mapping[str, str], names: Iterable[str]) -> frozenset[str]:
    """The hosts, with ports that are not the usual ones, in variables that hold an address, or just a host.

    What cannot be read as either stands as it is: it names a host that nobody has, and so no credential goes there.
    """
    return frozenset(_host(text) for text in (environment.get(name, "").strip() for name in names) if text)


def _host(text: str) -> str:
    try:
        parts = urlsplit((text if "://" in text else f"https://{text}").lower())
    except ValueError:
        return text
    return parts.netloc.rpartition("@")[2].removesuffix(_USUAL.get(parts.scheme, ""))
