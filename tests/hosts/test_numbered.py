"""Numbered pages: which are asked for together, and where a list goes on."""

from __future__ import annotations

import pytest

from pullbridge.errors import Rejected
from pullbridge.hosts import numbered


@pytest.mark.parametrize(
    ("begin", "last", "limit", "pages"),
    [
        (1, None, None, [1]),
        (1, None, 1, [1]),
        (1, None, 0, [1]),
        (1, None, 250, [1, 2, 3]),
        (2, 3, None, [2, 3]),
        (2, 3, 1000, [2, 3]),
        (2, 100, None, list(range(2, 12))),
        (1, None, 1_000_000, list(range(1, 11))),
        (5, 4, 100, [5]),
    ],
)
def test_pages_that_go_out_together(begin: int, last: int | None, limit: int | None, pages: list[int]) -> None:
    """As many as the limit wants or as there are, and ten at most."""
    assert list(numbered.span(begin, last, limit, 100)) == pages


@pytest.mark.parametrize(("after", "last", "cursor"), [(1, 3, "2/3"), (3, 3, None), (1, None, None), (4, 3, None)])
def test_where_a_list_goes_on(after: int, last: int | None, cursor: str | None) -> None:
    """Behind the last page nowhere; a cursor is read as it was written."""
    assert numbered.cursor(after, last) == cursor
    if cursor is not None:
        assert numbered.parted(cursor) == (after + 1, last)


@pytest.mark.parametrize("cursor", ["0", "-1", "1/0", "x", "1/", "9999999999", "\u0661", "1/2/3"])
def test_a_cursor_of_another_list(cursor: str) -> None:
    """It leads nowhere, and is rejected."""
    with pytest.raises(Rejected):
        numbered.parted(cursor)
    assert numbered.parted(None) == (1, None)
