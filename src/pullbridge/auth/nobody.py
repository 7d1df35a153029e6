"""Asking a host anonymously, before anybody knows which product it is: nothing signs, nothing is known of its manners."""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.capabilities import Budget
from pullbridge.transport.pace import Refusal


class Nobody:
    """`transport.session.Signer`."""

    def headers(self) -> Mapping[str, str]:
        return {}

    def renew(self, refused: Mapping[str, str]) -> bool:
        del refused
        return False

    def account(self) -> str:
        return "anonymous"


class NoDialect:
    """`transport.session.Dialect`: only what every host means alike."""

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        del headers, body
        return Refusal() if status == 429 else None

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        del headers
        return None
