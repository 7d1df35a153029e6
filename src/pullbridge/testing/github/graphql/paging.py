"""Connections: cursors, page sizes, and what GitHub says when they are wrong.

https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode

from pullbridge.testing.github.graphql.errors import Refusal

LARGEST_PAGE = 100


def cursor_of(index: int) -> str:
    """The opaque name of a place in a list."""
    return b64encode(f"cursor:v2:{index}".encode()).decode()


def _index_of(cursor: str) -> int:
    try:
        head, _, number = b64decode(cursor, validate=True).decode().rpartition(":")
    except (binascii.Error, UnicodeDecodeError):
        head, number = "", ""
    if head != "cursor:v2" or not number.isdigit():
        raise Refusal("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.")
    return int(number)


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list was asked for."""

    first: int | None = None
    last: int | None = None
    after: str | None = None
    before: str | None = None

    def cut(self, size: int) -> tuple[int, int]:
        """The first index, and the one behind the last."""
        start = _index_of(self.after) + 1 if self.after else 0
        end = min(size, _index_of(self.before)) if self.before else size
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
        """How many there are in all."""
        return len(self.items)

    @property
    def nodes(self) -> Sequence[Any]:
        """The page's items."""
        start, end = self._cut
        return self.items[start:end]

    @property
    def edges(self) -> list[Edge]:
        """The page's items with their cursors."""
        return [Edge(node, cursor_of(self._cut[0] + offset)) for offset, node in enumerate(self.nodes)]

    @property
    def page_info(self) -> PageInfo:
        """Where the page begins and ends."""
        start, end = self._cut
        if start >= end:
            return PageInfo(None, None, has_next_page=end < len(self.items), has_previous_page=start > 0)
        return PageInfo(
            cursor_of(start), cursor_of(end - 1), has_next_page=end < len(self.items), has_previous_page=start > 0
        )


def window_of(info: GraphQLResolveInfo[Any], arguments: dict[str, Any]) -> Window:
    """Take the paging arguments out of a field's; raise `Refusal` when they are missing or too large.

    A connection may be counted without `first` or `last`, but not listed.
    """
    window = Window(*(arguments.pop(name, None) for name in ("first", "last", "after", "before")))
    for name, size in (("first", window.first), ("last", window.last)):
        if size is not None and size > LARGEST_PAGE:
            raise Refusal(
                "EXCESSIVE_PAGINATION",
                f"Requesting {size} records on the `{info.field_name}` connection exceeds the `{name}` limit of "
                f"{LARGEST_PAGE} records.",
            )
        if size is not None and size < 0:
            message = f"`{name}` on the `{info.field_name}` connection cannot be less than zero."
            raise Refusal("INVALID_PAGINATION", message)
    if window.first is None and window.last is None and _lists(info):
        message = f"You must provide a `first` or `last` value to properly paginate the `{info.field_name}` connection."
        raise Refusal("MISSING_PAGINATION_BOUNDARIES", message)
    return window


def _lists(info: GraphQLResolveInfo[Any]) -> bool:
    """Whether the items are asked for, not only their number."""
    return any(_selects(node.selection_set, info) for node in info.field_nodes)


def _selects(selected: SelectionSetNode | None, info: GraphQLResolveInfo[Any]) -> bool:
    for selection in selected.selections if selected else ():
        if isinstance(selection, FieldNode):
            if selection.name.value in ("nodes", "edges", "pageInfo"):
                return True
        elif isinstance(selection, InlineFragmentNode):
            if _selects(selection.selection_set, info):
                return True
        elif isinstance(selection, FragmentSpreadNode) and _selects(
            info.fragments[selection.name.value].selection_set, info
        ):
            return True
    return False
