"""Lists whose pages have numbers, so that several can be asked for at once. Pure.

A cursor is the next page's number, and the last one's behind a slash where the host has told it.
"""

from __future__ import annotations

import re

from pullbridge.errors import Rejected

_CURSOR = re.compile(r"([1-9][0-9]{0,8})(?:/([1-9][0-9]{0,8}))?")
#: Pages asked for at once, at most.
_AHEAD = 10


def parted(cursor: str | None) -> tuple[int, int | None]:
    """The next page, and the last one where it is known. Raises `Rejected` for the cursor of another list."""
    found = _CURSOR.fullmatch(cursor or "1")
    if found is None:
        raise Rejected(
            f"{cursor!r} is no cursor of this list.",
            problems=("a cursor of another list, or of another host",),
            next_step="Give the `cursor` of a listing with the same filters.",
        )
    return int(found[1]), int(found[2]) if found[2] else None


def span(begin: int, last: int | None, limit: int | None, size: int) -> range:
    """The pages to ask for together, one at least: as many as hold `limit` rows of `size` a page, or as there are."""
    wanted = begin + max(-(-limit // size), 1) - 1 if limit is not None else last or begin
    return range(begin, max(begin, min(wanted, last or wanted, begin + _AHEAD - 1)) + 1)


def cursor(after: int, last: int | None) -> str | None:
    """The cursor behind page `after`; `None` at the end."""
    return f"{after + 1}/{last}" if last is not None and last > after else None
