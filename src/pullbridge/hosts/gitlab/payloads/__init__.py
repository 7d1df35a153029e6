"""GitLab's answers, as far as they are read: decoding is also validation.

Only what cannot be missing is required, because older versions leave out newer keys. Unknown keys are ignored.
"""

from __future__ import annotations

from typing import TypeVar

from pullbridge.hosts import decoding
from pullbridge.hosts.gitlab.payloads.base import (
    Rest,
)
from pullbridge.hosts.gitlab.payloads.instance import (
    Access,
    AccessToken,
    ForkedFrom,
    Metadata,
    Namespace,
    Permissions,
    Project,
    RestError,
)
from pullbridge.hosts.gitlab.payloads.people import (
    User,
)
from pullbridge.hosts.gitlab.payloads.pulls import (
    DiffRefs,
    HeadPipeline,
    LabelDetails,
    MergeRequest,
    Milestone,
    PullRights,
    References,
)
from pullbridge.hosts.graphql import (
    Connection,
    GraphAnswer,
    GraphError,
    PageInfo,
)

__all__ = [
    "Access",
    "AccessToken",
    "Connection",
    "DiffRefs",
    "ForkedFrom",
    "GraphAnswer",
    "GraphError",
    "HeadPipeline",
    "LabelDetails",
    "MergeRequest",
    "Metadata",
    "Milestone",
    "Namespace",
    "PageInfo",
    "Permissions",
    "Project",
    "PullRights",
    "References",
    "Rest",
    "RestError",
    "User",
    "decode",
]

T = TypeVar("T")


def decode(body: bytes, shape: type[T], what: str) -> T:
    """Decode an answer of GitLab's; `BadAnswer` where it does not look like `what`."""
    return decoding.decode(body, shape, what, "GitLab")
