"""Tasks. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (tasks)"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Rest, Text
from pullbridge.hosts.bitbucket_cloud.payloads.people import Account
from pullbridge.hosts.bitbucket_cloud.payloads.threads import CommentName


class Task(Rest):
    """A task, of a comment or of the whole: `state` is `RESOLVED` or `UNRESOLVED`."""

    id: int
    content: Text | None = None
    state: str | None = None
    creator: Account | None = None
    comment: CommentName | None = None
