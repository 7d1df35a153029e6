"""Build statuses. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Rest
from pullbridge.hosts.bitbucket_cloud.payloads.pulls import Hash


class CommitStatus(Rest):
    """A report on a commit: `state` is `INPROGRESS`, `SUCCESSFUL`, `FAILED` or `STOPPED`."""

    key: str = ""
    name: str | None = None
    state: str | None = None
    url: str | None = None
    description: str | None = None
    refname: str | None = None
    commit: Hash | None = None
    created_on: str | None = None
    updated_on: str | None = None
