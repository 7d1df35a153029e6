"""People, and what they attach to a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class PersonKind(Enum):
    """Who is behind a name. `GHOST` is an account that no longer exists."""

    USER = "user"
    BOT = "bot"
    TEAM = "team"
    GHOST = "ghost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account. `id` never changes and is what to compare; `handle` is what one types to mention it, and may change."""

    id: str
    handle: str
    name: str | None = None
    kind: PersonKind = PersonKind.USER
    avatar_url: str | None = None
    url: str | None = None

    def __str__(self) -> str:
        return self.handle


#: The author of what a deleted account has written. https://docs.github.com/en/account-and-profile (user "ghost")
GHOST = Person(id="", handle="ghost", kind=PersonKind.GHOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label; `color` is six hexadecimal digits without `#`, where the host says one."""

    name: str
    color: str | None = None
    description: str | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A milestone; `id` is what the host wants in a write."""

    id: str
    title: str
    open: bool | None = None
    due_at: datetime | None = None

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """How many people reacted in one way, and whether I am among them. `name` is the host's own word."""

    name: str
    count: int
    mine: bool | None = None
