"""What happened to a pull request. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (activity)"""

from __future__ import annotations

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
