"""What is in the way of a merge, and what became of one that takes long."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Rest
from pullbridge.hosts.bitbucket_cloud.payloads.pulls import PullRequest


class FileConflict(Rest):
    """A file that cannot be merged.

    https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-file-conflicts-spec-get
    """

    path: str | None = None
    message: str | None = None


class MergeTask(Rest):
    """What a merge that takes long tells of itself: `PENDING`, then `SUCCESS` with the pull request."""

    task_status: str | None = None
    merge_result: PullRequest | None = None
