"""What happened to a pull request. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (activity)"""

from __future__ import annotations

from datetime import datetime

from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.hosts.bitbucket_cloud.paging import PULLS
from pullbridge.model.timeline import TimelineItem


def timeline(api: RepositoryApi, number: int) -> tuple[TimelineItem, ...]:
    """All of it, oldest first.

    Bitbucket answers the newest first, page after page, and each update has to be seen beside the one before: so all are
    read at once.
    """
    path, params = api.pull(number, "activity"), {"pagelen": PULLS}
    rows = api.api.pages(path, payloads.Activity, about(number), params=params)
    return wire.timeline(reversed(rows))


def ended(api: RepositoryApi, number: int, state: str) -> datetime | None:
    """When it came to be what it is, `MERGED` or `DECLINED`: the pull request itself does not tell."""
    path, params, cursor = api.pull(number, "activity"), {"pagelen": PULLS}, None
    rows: list[payloads.Activity] = []
    while not rows or cursor is not None:
        page = api.api.page(path, payloads.Activity, about(number), params=params, cursor=cursor)
        rows += page.items
        if not page.items or any(row.update is not None and row.update.state != state for row in page.items):
            break
        cursor = page.cursor
    return wire.ended(rows, state)
