"""GitHub's cursors and page sizes, and what it says when they are wrong.

https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode

from pullbridge.testing.github.graphql.errors import Refusal
from pullbridge.testing.graphql.paging import Edge, Page, Window

LARGEST_PAGE = 100


class _Cursors:
    """`cursor:v2:` and an index, in base 64."""

    def name(self, index: int) -> str:
        return b64encode(f"cursor:v2:{index}".encode()).decode()

    def index(self, name: str) -> int:
        try:
            head, _, number = b64decode(name, validate=True).decode().rpartition(":")
        except (binascii.Error, UnicodeDecodeError):
            head, number = "", ""
        if head != "cursor:v2" or not number.isdigit():
            raise Refusal("INVALID_CURSOR_ARGUMENTS", f"`{name}` does not appear to be a valid cursor.")
        return int(number)


_CURSORS = _Cursors()
#: The opaque name of a place in a list.
cursor_of: Callable[[int], str] = _CURSORS.name


def window_of(info: GraphQLResolveInfo[Any], arguments: dict[str, Any]) -> Window:
    """Take the paging arguments out of a field's; raise `Refusal` when they are missing or too large.

    A connection may be counted without `first` or `last`, but not listed.
    """
    window = Window(_CURSORS, *(arguments.pop(name, None) for name in ("first", "last", "after", "before")))
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


__all__ = ["Edge", "Page", "cursor_of", "window_of"]
