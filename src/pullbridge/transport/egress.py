"""Where bytes may go: the places that the caller named, and nowhere else. Pure; no assertion, so `-O` changes nothing.

What `parse` reads is what is connected to: scheme, host, port and path travel on as parsed, so that no second parser can
read another host out of the same text (RFC 3986; the classic list is Orange Tsai, "A New Era of SSRF", 2017).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, unquote, urljoin

from pullbridge.errors import EgressRefused

_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\]")
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9%/:@!$&'()*+,;=~._-]*")
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9%/?:@!$&'()*+,;=~._-]*")
_PORTS = {"http": 80, "https": 443}
#: IDNA 2003 and 2008 lead these to different hosts: https://unicode.org/reports/tr46/#Deviations
_DEVIATING = frozenset("ßς\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Target:
    """One address, in its canonical form. `path` begins with a slash; `query` is `None` where there is none."""

    scheme: str
    host: str
    port: int
    path: str
    query: str | None = None

    @property
    def place(self) -> str:
        """Host and, unless it is the default, port: how people name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if _PORTS[self.scheme] == self.port else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and, unless it is the default, port."""
        return f"{self.scheme}://{self.place}"

    @property
    def resource(self) -> str:
        """What stands in the request line."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.resource


def parse(url: str) -> Target:
    """Read an absolute http or https address. Raises `EgressRefused` for one that can be read in two ways.

    Refused are user information, backslashes, control characters, ports that are no number, plain http to anything but
    this very machine, and paths that climb (`..`, also encoded, and Tomcat's `..;`).
    """
    found = _URL.fullmatch(url)
    if found is None or _UNFIT.search(url):
        raise EgressRefused("This is not an http or https address that can be read in one way only.")
    scheme, authority, path, query = found.groups()
    scheme = scheme.lower()
    host, port = _authority(authority, scheme)
    target = Target(scheme, host, port, _path(path or "/"), query and _query(query))
    if scheme == "http" and not is_loopback(host):
        raise EgressRefused(f"{target.origin} would be reached without encryption.", origin=target.origin)
    return target


def is_loopback(host: str) -> bool:
    """Whether this is the machine itself: `localhost`, 127.0.0.0/8 and ::1."""
    address = _address(host)
    if isinstance(address, IPv4Address):
        return address.is_loopback
    return host in {"localhost", "::1"}


class Egress:
    """The places that one connection may reach: each an origin and a path prefix."""

    def __init__(self, places: Sequence[str]) -> None:
        """Take URL prefixes such as `https://ghe.example/api/v3`; a place without a path admits its whole origin."""
        if not places:
            raise ValueError("a connection needs at least one place")
        self.places: tuple[Target, ...] = tuple(parse(place) for place in places)
        self._admitted = tuple((place.origin, place.path.rstrip("/")) for place in self.places)

    @property
    def host(self) -> str:
        """The host of the first place, for messages."""
        return self.places[0].place

    def admit(self, url: str) -> Target:
        """Read an address and let it through, or raise `EgressRefused`: nothing is sent then."""
        target = parse(url)
        origin, path = target.origin, target.path
        for admitted, prefix in self._admitted:
            if origin == admitted and path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in {"", "/"}:
                return target
        named = ", ".join(place.url.rstrip("/") for place in self.places)
        reached = "That path on it" if origin in dict(self._admitted) else origin
        raise EgressRefused(f"{reached} is not part of what was named ({named}).", origin=origin, host=self.host)

    def follow(self, current: Target, location: str) -> Target:
        """Where a redirect's `Location` leads; admitted like any other address, and never from https down to http."""
        target = self.admit(urljoin(current.url, _as_utf8(location.strip())))
        if current.scheme == "https" and target.scheme == "http":
            raise EgressRefused("A redirect leads away from encryption.", origin=target.origin, host=self.host)
        return target


def _authority(authority: str, scheme: str) -> tuple[str, int]:
    if "@" in authority:
        raise EgressRefused("The address carries user information, which hides the host it leads to.")
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::([0-9]*))?", authority)
    named = re.fullmatch(r"([^:\[\]]+)(?::([0-9]*))?", authority)
    match = bracketed or named
    if match is None:
        raise EgressRefused("The address has no host that can be read.")
    host, port = match.groups()
    number = int(port) if port and port.isascii() and len(port) <= 5 else _PORTS[scheme]
    if (port and len(port) > 5) or not 0 < number < 65536:
        raise EgressRefused("The address has a port that does not exist.")
    return (_ipv6(host) if bracketed else _name(host)), number


def _ipv6(text: str) -> str:
    address = _address(text)
    if not isinstance(address, IPv6Address):
        raise EgressRefused("The address has no host that can be read.")
    return str(address)


def _name(text: str) -> str:
    """A host name in lower case, in its ASCII form (RFC 5891) and without the root's dot."""
    name = text.lower()
    if not name.isascii():
        if _DEVIATING & set(name):
            raise EgressRefused("This host name leads to different hosts in different programs; write it as xn--….")
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            name = ""
    name = name.removesuffix(".")
    if not _NAME.fullmatch(name) or ".." in name:
        raise EgressRefused("The address has no host that can be read.")
    return name


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _path(path: str) -> str:
    if "." in path or "%" in path:
        # Decoded twice, because a proxy may decode once and the host behind it once more.
        segments = re.split(r"[/\\]", unquote(unquote(path)))
        if any(segment.partition(";")[0] in {".", ".."} for segment in segments):
            raise EgressRefused("The path climbs out of the place it begins in (`..`).")
    return path if _PLAIN_PATH.fullmatch(path) else quote(path, safe="%/:@!$&'()*+,;=~._-")


def _query(query: str) -> str:
    return query if _PLAIN_QUERY.fullmatch(query) else quote(query, safe="%/?:@!$&'()*+,;=~._-")


def _as_utf8(header: str) -> str:
    """A header arrives decoded as Latin-1; hosts write UTF-8 into `Location` all the same."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
