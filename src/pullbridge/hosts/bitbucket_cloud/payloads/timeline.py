"""What happened. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (activity)"""

from __future__ import annotations

from typing import Any

from pullbridge.hosts.bitbucket_cloud.payloads.base import Rest
from pullbridge.hosts.bitbucket_cloud.payloads.people import Account
from pullbridge.hosts.bitbucket_cloud.payloads.pulls import Endpoint
from pullbridge.hosts.bitbucket_cloud.payloads.reviews import Verdict
from pullbridge.hosts.bitbucket_cloud.payloads.threads import Comment


class ChangedPeople(Rest):
    added: list[Account] | None = None
    removed: list[Account] | None = None


class Changed(Rest):
    """What an update changed, as far as only this tells it. It stands in answers, and in no documentation."""

    reviewers: ChangedPeople | None = None
    description: Any = None


class Snapshot(Rest):
    """What it was like after a change; what has changed shows beside the one before."""

    title: str | None = None
    description: str | None = None
    state: str | None = None
    draft: bool | None = None
    source: Endpoint | None = None
    destination: Endpoint | None = None
    changes: Changed | None = None
    author: Account | None = None
    date: str | None = None
    reason: str | None = None


class Activity(Rest):
    """One event: each has one of these."""

    update: Snapshot | None = None
    approval: Verdict | None = None
    changes_requested: Verdict | None = None
    comment: Comment | None = None
