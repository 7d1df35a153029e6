"""What is to be exchanged, and how far that has come."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from pullbridge.errors import Rejected
from pullbridge.transport import call
from pullbridge.transport.call import Repeat
from pullbridge.transport.egress import Target

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Credentials belong to the signer; the others to the connection, and could be used to smuggle a second request.
_OURS = frozenset(
    {
        "authorization",
        "private-token",
        "job-token",
        "deploy-token",
        "cookie",
        "proxy-authorization",
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "accept-encoding",
        "expect",
        "upgrade",
        "te",
        "trailer",
    }
)
_FIT_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FIT_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@dataclass(slots=True)
class Order:
    """What is to be exchanged, and what has become of it so far. `outer` is what the caller is handling meanwhile."""

    method: str
    target: Target
    headers: dict[str, str]
    body: bytes | None = field(repr=False)
    repeat: Repeat
    accepted: Collection[int] = ()
    signed: Mapping[str, str] = field(default_factory=dict, repr=False)
    attempts: int = 0
    since: float = field(default_factory=time.monotonic)
    in_doubt: bool = False
    outer: BaseException | None = field(default_factory=sys.exception, repr=False)

    @property
    def creates(self) -> bool:
        """Whether this is a write in the eyes of a host that counts them; a POST that may be repeated only reads."""
        return self.method not in _READS and not (self.method == "POST" and self.repeat is Repeat.SAFE)

    def redirected(self, target: Target, status: int) -> Order:
        """The same, elsewhere. A write stays a write, unless "See Other" says where its result is (RFC 9110, 15.4)."""
        moved = replace(self, target=target, attempts=0, since=time.monotonic())
        if status == 303 and self.method != "HEAD":
            headers = {name: value for name, value in self.headers.items() if name.lower() != "content-type"}
            return replace(moved, method="GET", headers=headers, body=None, repeat=Repeat.SAFE)
        return moved


def default_repeat(method: str) -> Repeat:
    """The mark in force, or what the method alone tells (RFC 9110, 9.2.1)."""
    return call.mark() or (Repeat.SAFE if method in _READS else Repeat.NEVER)


def fit(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that a caller may choose. Raises `Rejected` for what cannot stand in a header."""
    chosen = {name: value for name, value in headers.items() if name.lower() not in _OURS}
    unfit = [name for name, value in chosen.items() if not is_fit(name, value)]
    if unfit:
        raise Rejected("A header holds characters that no header can carry.", problems=[f"{name!r}" for name in unfit])
    return chosen


def is_fit(name: str, value: str) -> bool:
    """Whether this can stand in a header (RFC 9110, 5.5); a line break would begin another one."""
    return bool(_FIT_NAME.fullmatch(name) and _FIT_VALUE.fullmatch(value))
