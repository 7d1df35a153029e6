"""What an exchange ends in, and what a host and an account supply to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from urllib3 import HTTPHeaderDict as Headers

from pullbridge.capabilities import Budget
from pullbridge.transport.pace import Refusal

__all__ = ["Dialect", "Headers", "Reply", "Signer", "request_id", "unechoed"]

#: GitHub; GitLab; Bitbucket Data Center; Bitbucket Cloud and what else stands before a host.
_REQUEST_IDS = ("X-GitHub-Request-Id", "X-Request-Id", "X-AREQUESTID", "Atl-Traceid", "X-Request-UUID")


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. `headers` ignore case; `body` is decoded from gzip; `url` is where redirects ended.

    `from_cache` says that the host confirmed with a 304 an answer that was already here.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str
    request_id: str | None = None
    from_cache: bool = False
    reason: str = ""


class Signer(Protocol):
    """An account, as far as the wire needs to know it."""

    def headers(self) -> Mapping[str, str]:
        """The headers that sign a request; asked at each attempt. Empty for nobody in particular."""

    def renew(self, refused: Mapping[str, str]) -> bool:
        """After a 401 for these headers: whether other ones are there now, so that one more try is worth it."""

    def account(self) -> str:
        """A key that keeps cached answers of different accounts apart; never the secret itself."""


class Dialect(Protocol):
    """How a host says that too much is asked of it. Pure."""

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """The refusal in this answer, if it is one: nothing was done, and it may be asked again later."""

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        """What is left, where the answer says so."""


def unechoed(body: bytes, signed: Mapping[str, str]) -> bytes:
    """A refusal's body without the secrets of the request's signature, which a proxy that explains itself may repeat."""
    words = (word for value in signed.values() for word in value.split())
    for word in words:
        if len(word) > len("Bearer"):
            body = body.replace(word.encode("latin-1", "replace"), b"[secret]")
    return body


def request_id(headers: Mapping[str, str]) -> str | None:
    """The host's own name for an exchange, as its support wants to hear it."""
    return next((headers[name] for name in _REQUEST_IDS if name in headers), None)
