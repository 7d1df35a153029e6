"""Lists in stretches: pure.

Offset paging tells its pages in headers, but no totals above 10,000 rows; keyset paging tells only the next link, of
which the query is taken and not the address. https://docs.gitlab.com/api/rest/#pagination
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pullbridge.hosts.budgets import number

#: The most rows that a page holds.
PER_PAGE = 100
#: GitLab counts no further than 10,000 rows, and a page has one at least: a larger number is out of the air.
_MOST_TOLD = 10_000
_NEXT = re.compile(r'<([^>]*)>\s*;[^<]*\brel="?next"?')


def query(params: Mapping[str, Any] | None, cursor: str | None) -> dict[str, Any]:
    """The query of the stretch at a cursor: a page's number, or a keyset link's whole query behind a question mark."""
    wanted = {"per_page": PER_PAGE, **(params or {})}
    if cursor is None:
        return wanted
    if cursor.startswith("?"):
        return {**wanted, **dict(parse_qsl(cursor[1:]))}
    return {**wanted, "page": cursor}


def following(headers: Mapping[str, str], rows: int, cursor: str | None) -> str | None:
    """The cursor after a stretch; `None` at the end. It only ever goes forward, and an empty stretch is the end."""
    if not rows:
        return None
    here, there = number(cursor) or 1, number(headers.get("x-next-page"))
    if there is not None:
        return str(there) if there == here + 1 else None
    link = _NEXT.search(headers.get("link", ""))
    if "x-next-page" in headers or link is None:
        return None
    told = f"?{urlsplit(link[1]).query}"
    return told if told not in {cursor, "?"} else None


def last(headers: Mapping[str, str]) -> int | None:
    """The number of the last page, where GitLab says it and can know it."""
    told = number(headers.get("x-total-pages"))
    return told if told is not None and told <= _MOST_TOLD else None
