"""GitLab's answers, as far as they are read: decoding is also validation.

Only what cannot be missing is required, because older versions leave out newer keys. Unknown keys are ignored.
"""

from __future__ import annotations

from typing import TypeVar

from pullbridge.hosts import decoding
from pullbridge.hosts.gitlab.payloads.approvals import (
    Approval,
    ApprovalRule,
    Approvals,
    ApprovalState,
    AskedPeople,
    ReviewerRow,
)
from pullbridge.hosts.gitlab.payloads.base import (
    Rest,
)
from pullbridge.hosts.gitlab.payloads.branches import (
    Branch,
    ProjectName,
    Tip,
)
from pullbridge.hosts.gitlab.payloads.checks import (
    CheckedPipeline,
    CheckedPull,
    CommitStatus,
    Job,
    StatusCheck,
)
from pullbridge.hosts.gitlab.payloads.files import (
    Commit,
    Compare,
    Diff,
    DiffHead,
    FileAt,
    MergeRequestChanges,
)
from pullbridge.hosts.gitlab.payloads.graph import (
    GraphApprovalState,
    GraphAward,
    GraphDetailedStatus,
    GraphDiffStats,
    GraphHeadCommit,
    GraphHome,
    GraphId,
    GraphInteraction,
    GraphJob,
    GraphNote,
    GraphPipeline,
    GraphProject,
    GraphProjectRights,
    GraphPull,
    GraphPullAnswer,
    GraphPullRights,
    GraphReviewer,
    GraphRule,
    GraphUser,
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
    GraphRow,
    GraphRows,
    GraphRowsAnswer,
    GraphSource,
    GraphState,
    HeadPipeline,
    LabelDetails,
    MergeRequest,
    Milestone,
    Outcome,
    ProjectTemplate,
    PullRights,
    References,
    TemplateName,
    TemplateText,
)
from pullbridge.hosts.gitlab.payloads.reviews import (
    GraphDone,
    MyApproval,
)
from pullbridge.hosts.gitlab.payloads.threads import (
    AwardEmoji,
    DiffVersion,
    Discussion,
    DraftAsKept,
    DraftNote,
    LineEnd,
    LineRange,
    Note,
    NoteSuggestion,
    Position,
)
from pullbridge.hosts.gitlab.payloads.timeline import (
    Happening,
    LabelEvent,
    MilestoneEvent,
    StateEvent,
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
    "Approval",
    "ApprovalRule",
    "ApprovalState",
    "Approvals",
    "AskedPeople",
    "AwardEmoji",
    "Branch",
    "CheckedPipeline",
    "CheckedPull",
    "Commit",
    "CommitStatus",
    "Compare",
    "Connection",
    "Diff",
    "DiffHead",
    "DiffRefs",
    "DiffVersion",
    "Discussion",
    "DraftAsKept",
    "DraftNote",
    "FileAt",
    "ForkedFrom",
    "GraphAnswer",
    "GraphApprovalState",
    "GraphAward",
    "GraphDetailedStatus",
    "GraphDiffStats",
    "GraphDone",
    "GraphError",
    "GraphHeadCommit",
    "GraphHome",
    "GraphId",
    "GraphInteraction",
    "GraphJob",
    "GraphNote",
    "GraphPipeline",
    "GraphProject",
    "GraphProjectRights",
    "GraphPull",
    "GraphPullAnswer",
    "GraphPullRights",
    "GraphReviewer",
    "GraphRow",
    "GraphRows",
    "GraphRowsAnswer",
    "GraphRule",
    "GraphSource",
    "GraphState",
    "GraphUser",
    "Happening",
    "HeadPipeline",
    "Job",
    "LabelDetails",
    "LabelEvent",
    "LineEnd",
    "LineRange",
    "MergeRequest",
    "MergeRequestChanges",
    "Metadata",
    "Milestone",
    "MilestoneEvent",
    "MyApproval",
    "Namespace",
    "Note",
    "NoteSuggestion",
    "Outcome",
    "PageInfo",
    "Permissions",
    "Position",
    "Project",
    "ProjectName",
    "ProjectTemplate",
    "PullRights",
    "References",
    "Rest",
    "RestError",
    "ReviewerRow",
    "StateEvent",
    "StatusCheck",
    "TemplateName",
    "TemplateText",
    "Tip",
    "User",
    "decode",
]

T = TypeVar("T")


def decode(body: bytes, shape: type[T], what: str) -> T:
    """Decode an answer of GitLab's; `BadAnswer` where it does not look like `what`."""
    return decoding.decode(body, shape, what, "GitLab")
