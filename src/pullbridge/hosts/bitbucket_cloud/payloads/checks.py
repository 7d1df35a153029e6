"""Build statuses. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Rest


class CommitStatus(Rest):
    """A report on a commit: `state` is `INPROGRESS`, `SUCCESSFUL`, `FAILED` or `STOPPED`."""

    key: str = ""
    name: str | None = None
    state: str | None = None
    url: str | None = None
    description: str | None = None
    created_on: str | None = None
    updated_on: str | None = None
