"""Asking a host anonymously, before anybody knows which product it is: nothing signs, nothing is known of its manners."""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.capabilities import Budget
from pullbridge.transport.pace import Refusal


class Nobody:
    """`transport.session.Signer`."""

    def headers(self) -> Mapping[str, str]:
        """Nothing signs."""
        return {}

    def renew(self, refused: Mapping[str, str]) -> bool:
        """There is nothing to renew."""
        del refused
        return False

    def account(self) -> str:
        """The name under which answers to nobody are kept."""
        return "anonymous"


class NoDialect:
    """`transport.session.Dialect`: only what every host means alike."""

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Only 429 says the same everywhere: too many requests. https://www.rfc-editor.org/rfc/rfc6585#section-4"""
        del headers, body
        return Refusal() if status == 429 else None

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        """Unknown: every product names its own headers."""
        del headers
        return None
