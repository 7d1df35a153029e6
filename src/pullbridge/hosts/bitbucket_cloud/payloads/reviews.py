"""What was done in a pull request, as far as verdicts need it.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (activity)
"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Rest
from pullbridge.hosts.bitbucket_cloud.payloads.people import Account
from pullbridge.hosts.bitbucket_cloud.payloads.pulls import Endpoint


class Verdict(Rest):
    """An approval, or a request for changes."""

    date: str | None = None
    user: Account | None = None


class Update(Rest):
    """What the pull request was after a change of it, such as a push."""

    date: str | None = None
    source: Endpoint | None = None


class Done(Rest):
    """One thing that was done; all else of it is for the timeline."""

    update: Update | None = None
    approval: Verdict | None = None
    changes_requested: Verdict | None = None
