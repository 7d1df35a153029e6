"""What happened to a pull request. https://docs.github.com/en/rest/issues/timeline"""

from __future__ import annotations

from pullbridge.hosts.github import payloads, search, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.model.listing import Page
from pullbridge.model.timeline import TimelineItem

PAGE = 100


def timeline(api: RepositoryApi, number: int, cursor: str | None) -> Page[TimelineItem]:
    """One page; the cursor is the next page's number."""
    page = int(cursor or "1")
    asked = about(number)
    reply = api.api.reply("GET", api.path("issues", number, "timeline"), asked, params={"per_page": PAGE, "page": page})
    rows = api.api.decoded(reply, list[payloads.RestEvent], asked)
    return Page(
        items=tuple(wire.timeline_item(row) for row in rows),
        cursor=search.next_page(page, rows, reply.headers.get("link", "")),
    )
