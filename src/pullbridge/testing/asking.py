"""What requests and answers have in common on every host of a forge."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import msgspec

from pullbridge.testing.store import Store, Token, User


@dataclass(kw_only=True)
class AnswerBase:
    """What goes back: JSON, or bytes of another type, or nothing."""

    payload: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    @property
    def bare(self) -> bool:
        """Whether it has no body: RFC 9110, sections 15.3.5 and 15.4.5."""
        return self.status in {204, 304}

    @cached_property
    def body(self) -> bytes:
        """The bytes on the wire."""
        if self.bare:
            return b""
        return self.payload if isinstance(self.payload, bytes) else msgspec.json.encode(self.payload)


class _App(Protocol):
    @property
    def store(self) -> Store: ...


class AskBase(ABC):
    """One request: who asks, and of what the host remembers."""

    app: _App
    token: Token | None

    @property
    def store(self) -> Store:
        """What the host remembers."""
        return self.app.store

    @property
    def user(self) -> User | None:
        """Who asks; `None` for anybody."""
        return self.token.user if self.token else None

    @property
    def me(self) -> User:
        """Who asks, where that must be somebody."""
        if self.token is None:
            raise self.nobody()
        return self.token.user

    @abstractmethod
    def nobody(self) -> Exception:
        """The host's refusal of somebody who has not said who they are."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """Where an operation is."""

    method: str
    rule: str

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method not in {"GET", "HEAD"}
