"""Connections: which part of a list was asked for, and how a page of it looks.

https://relay.dev/graphql/connections.htm
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol


class Cursors(Protocol):
    """How a host names a place in a list."""

    def name(self, index: int) -> str:
        """The opaque name of the item at an index."""
        ...

    def index(self, name: str) -> int:
        """The index that a name stands for; the host's refusal when it stands for none."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list was asked for."""

    cursors: Cursors
    first: int | None = None
    last: int | None = None
    after: str | None = None
    before: str | None = None

    def cut(self, size: int) -> tuple[int, int]:
        """The first index, and the one behind the last."""
        start = self.cursors.index(self.after) + 1 if self.after else 0
        end = min(size, self.cursors.index(self.before)) if self.before else size
        if self.first is not None:
            end = min(end, start + self.first)
        if self.last is not None:
            start = max(start, end - self.last)
        return start, max(start, end)


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Where a page begins and ends, and whether there is more."""

    start_cursor: str | None
    end_cursor: str | None
    has_next_page: bool
    has_previous_page: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A node and its cursor."""

    node: Any
    cursor: str


class Page:
    """A connection: the whole list, and the window that was asked for."""

    def __init__(self, items: Sequence[Any], window: Window) -> None:
        self.items = items
        self.window = window

    @cached_property
    def _cut(self) -> tuple[int, int]:
        return self.window.cut(len(self.items))

    @property
    def total_count(self) -> int:
        """How many there are in all, as GitHub calls it."""
        return len(self.items)

    @property
    def count(self) -> int:
        """How many there are in all, as GitLab calls it."""
        return len(self.items)

    @property
    def nodes(self) -> Sequence[Any]:
        """The page's items."""
        start, end = self._cut
        return self.items[start:end]

    @property
    def edges(self) -> list[Edge]:
        """The page's items with their cursors."""
        name, start = self.window.cursors.name, self._cut[0]
        return [Edge(node, name(start + offset)) for offset, node in enumerate(self.nodes)]

    @property
    def page_info(self) -> PageInfo:
        """Where the page begins and ends."""
        start, end = self._cut
        name, more = self.window.cursors.name, end < len(self.items)
        if start >= end:
            return PageInfo(None, None, has_next_page=more, has_previous_page=start > 0)
        return PageInfo(name(start), name(end - 1), has_next_page=more, has_previous_page=start > 0)
