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
from pullbridge.hosts.bitbucket_cloud.payloads.instance import (
    BranchRestriction,
    Parent,
    Problem,
    Repository,
    RepositoryPermission,
    RestError,
    WorkspaceAccess,
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
    MergeTask,
    PullRequest,
)

__all__ = [
    "Account",
    "BranchRestriction",
    "Endpoint",
    "EndpointBranch",
    "Hash",
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
    "Rest",
    "RestError",
    "Text",
    "WorkspaceAccess",
    "decode",
]

T = TypeVar("T")


def decode(body: bytes, shape: type[T], what: str) -> T:
    """Decode an answer's body; raises `BadAnswer` naming `what` and where in it the trouble is, never its content."""
    return decoding.decode(body, shape, what, "Bitbucket")
