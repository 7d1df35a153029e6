"""Lists in stretches: pure.

Only `nextPageStart` leads on. Rows that one may not see lie between those that come, so that counting leads nowhere.
https://developer.atlassian.com/server/bitbucket/rest/v902/intro/#paged-apis
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pullbridge.errors import BadAnswer, Rejected
from pullbridge.hosts.bitbucket_dc.payloads import Paged

#: More rows than any page holds: the instance cuts it to its own limit for each kind of rows.
#: https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html (page.max.…)
MOST = 1_000


def query(params: Mapping[str, Any] | None, cursor: str | None) -> dict[str, Any]:
    """The query of the stretch at a cursor, which is where it begins. Raises `Rejected` for the cursor of another list."""
    wanted = {"limit": MOST, **(params or {})}
    if cursor is None:
        return wanted
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 12):
        problems = ("a cursor of another list, or of another host",)
        step = "Give the `cursor` of a listing with the same filters."
        raise Rejected(f"{cursor!r} is no cursor of this list.", problems=problems, next_step=step)
    return {**wanted, "start": cursor}


def following(page: Paged[Any], cursor: str | None) -> str | None:
    """The cursor after a stretch; `None` at the end. Raises `BadAnswer` when it does not lead on."""
    if page.is_last_page or page.next_page_start is None:
        return None
    if page.next_page_start <= int(cursor or 0):
        raise BadAnswer("Bitbucket's pages lead in a circle, so that the list has no end.", what="a list")
    return str(page.next_page_start)
