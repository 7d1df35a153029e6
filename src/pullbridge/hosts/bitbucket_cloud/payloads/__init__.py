"""Bitbucket's answers, as far as they are read: decoding is also validation. Unknown keys are ignored."""

from __future__ import annotations

from typing import TypeVar

from pullbridge.hosts import decoding
from pullbridge.hosts.bitbucket_cloud.payloads.base import (
    Link,
    Links,
    Paged,
    Rest,
    Text,
)
from pullbridge.hosts.bitbucket_cloud.payloads.branches import (
    Branch,
)
from pullbridge.hosts.bitbucket_cloud.payloads.checks import (
    CommitStatus,
)
from pullbridge.hosts.bitbucket_cloud.payloads.files import (
    Commit,
    CommitAuthor,
    CommitFile,
    DiffStat,
)
from pullbridge.hosts.bitbucket_cloud.payloads.instance import (
    BranchRestriction,
    Parent,
    Problem,
    Repository,
    RepositoryPermission,
    RestError,
    WorkspaceAccess,
)
from pullbridge.hosts.bitbucket_cloud.payloads.merging import (
    FileConflict,
    MergeTask,
)
from pullbridge.hosts.bitbucket_cloud.payloads.people import (
    Account,
    Membership,
    Participant,
)
from pullbridge.hosts.bitbucket_cloud.payloads.pulls import (
    Endpoint,
    EndpointBranch,
    Hash,
    PullRequest,
)
from pullbridge.hosts.bitbucket_cloud.payloads.reviews import (
    Verdict,
)
from pullbridge.hosts.bitbucket_cloud.payloads.tasks import (
    Task,
)
from pullbridge.hosts.bitbucket_cloud.payloads.threads import (
    Comment,
    CommentName,
    Inline,
    Resolution,
)
from pullbridge.hosts.bitbucket_cloud.payloads.timeline import (
    Activity,
    Changed,
    ChangedPeople,
    Snapshot,
)

__all__ = [
    "Account",
    "Activity",
    "Branch",
    "BranchRestriction",
    "Changed",
    "ChangedPeople",
    "Comment",
    "CommentName",
    "Commit",
    "CommitAuthor",
    "CommitFile",
    "CommitStatus",
    "DiffStat",
    "Endpoint",
    "EndpointBranch",
    "FileConflict",
    "Hash",
    "Inline",
    "Link",
    "Links",
    "Membership",
    "MergeTask",
    "Paged",
    "Parent",
    "Participant",
    "Problem",
    "PullRequest",
    "Repository",
    "RepositoryPermission",
    "Resolution",
    "Rest",
    "RestError",
    "Snapshot",
    "Task",
    "Text",
    "Verdict",
    "WorkspaceAccess",
    "decode",
]

T = TypeVar("T")


def decode(body: bytes, shape: type[T], what: str) -> T:
    """Decode an answer's body; raises `BadAnswer` naming `what` and where in it the trouble is, never its content."""
    return decoding.decode(body, shape, what, "Bitbucket")
