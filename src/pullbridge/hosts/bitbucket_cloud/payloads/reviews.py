"""Verdicts, as events.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (activity)
"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Rest
from pullbridge.hosts.bitbucket_cloud.payloads.people import Account


class Verdict(Rest):
    """An approval, or a request for changes."""

    date: str | None = None
    user: Account | None = None
