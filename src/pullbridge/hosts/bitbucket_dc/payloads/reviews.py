"""Reviewers and their groups. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import Rest
from pullbridge.hosts.bitbucket_dc.payloads.people import User


class ReviewerGroup(Rest):
    """People who are asked together: https://confluence.atlassian.com/bitbucketserver/reviewer-groups-1063171142.html"""

    id: int
    name: str
    description: str | None = None
    users: list[User] | None = None
