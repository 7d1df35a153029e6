"""What happened to a pull request. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (activities)"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import about
from pullbridge.model.timeline import TimelineItem


def timeline(api: RepositoryApi, number: int) -> tuple[TimelineItem, ...]:
    """All of it, oldest first: Data Center answers the newest first, page after page, and so all are read at once."""
    rows = api.api.pages(api.pull(number, "activities"), payloads.Happening, about(number))
    return tuple(item for row in reversed(rows) for item in wire.happened(row))
