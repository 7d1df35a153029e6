"""Pages: `values`, `pagelen`, and `next`, which is to be followed as it is.

https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from pullbridge.testing.bitbucket_cloud.errors import bad_request

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_cloud.asking import Ask

Item = TypeVar("Item")
USUAL, MOST = 10, 100


def length(ask: Ask, usual: int, most: int) -> int:
    """How many rows a page has; more than there may be is refused, not cut: `400 Invalid pagelen`."""
    text = ask.request.args.get("pagelen")
    if text is None:
        return usual
    number = int(text) if re.fullmatch(r"\d{1,6}", text) else 0
    if not 1 <= number <= most:
        raise bad_request("Invalid pagelen")
    return number


def counted(ask: Ask, items: Sequence[Item], *, usual: int = USUAL, most: int = MOST) -> tuple[Sequence[Item], Any]:
    """A page by its number, with the number of all rows."""
    rows, text = length(ask, usual, most), ask.request.args.get("page", "1")
    if re.fullmatch(r"[1-9]\d{0,8}", text) is None:
        raise bad_request("Invalid page")
    number = int(text)
    page: dict[str, Any] = {"pagelen": rows}
    if number * rows < len(items):
        page["next"] = _url(ask, {"page": str(number + 1)})
    if number > 1:
        page["previous"] = _url(ask, {"page": str(number - 1)})
    page |= {"page": number, "size": len(items)}
    return items[(number - 1) * rows : number * rows], page


def uncounted(ask: Ask, items: Sequence[Item], *, usual: int = USUAL, most: int = MOST) -> tuple[Sequence[Item], Any]:
    """A page that only its `next` leads on from: without `size`, and a `page` without its `ctx` begins anew."""
    rows, context = length(ask, usual, most), ask.request.args.get("ctx")
    start = 0 if context is None else _start(context)
    page: dict[str, Any] = {"pagelen": rows}
    if start + rows < len(items):
        page["next"] = _url(ask, {"ctx": _context(start + rows), "page": str(start // rows + 2)})
    return items[start : start + rows], page


def _context(start: int) -> str:
    return base64.urlsafe_b64encode(f"from {start:>12}".encode()).decode()


def _start(context: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(context).decode().removeprefix("from"))
    except ValueError as error:
        raise bad_request("Invalid ctx") from error


def _url(ask: Ask, new: dict[str, str]) -> str:
    query = [(name, value) for name, value in ask.request.args.items(multi=True) if name not in {"page", "ctx"}]
    return f"{ask.here}?{urlencode([*query, *new.items()])}"
