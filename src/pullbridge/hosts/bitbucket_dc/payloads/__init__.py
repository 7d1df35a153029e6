"""Data Center's answers, as far as they are read: decoding is also validation.

Only what cannot be missing is required, because older versions leave out newer keys. Unknown keys are ignored.
"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import (
    Link,
    Links,
    Paged,
    Rest,
)
from pullbridge.hosts.bitbucket_dc.payloads.branches import (
    Commit,
    Committer,
    MinimalCommit,
    Project,
    Ref,
    Repository,
)
from pullbridge.hosts.bitbucket_dc.payloads.checks import (
    BuildStatus,
    MatcherType,
    RefMatcher,
    RequiredBuild,
)
from pullbridge.hosts.bitbucket_dc.payloads.files import (
    Change,
    FileKind,
    PullChanges,
)
from pullbridge.hosts.bitbucket_dc.payloads.instance import (
    ApplicationProperties,
    ErrorRow,
    RestError,
    ReviewerError,
)
from pullbridge.hosts.bitbucket_dc.payloads.people import (
    Participant,
    User,
)
from pullbridge.hosts.bitbucket_dc.payloads.pulls import (
    BuildStats,
    End,
    Mergeability,
    MergeConfig,
    MergeStrategy,
    Properties,
    PullRequest,
    PullSettings,
    Rebased,
    RefChange,
    Veto,
)
from pullbridge.hosts.bitbucket_dc.payloads.reviews import (
    ReviewerGroup,
)
from pullbridge.hosts.bitbucket_dc.payloads.threads import (
    Activity,
    ActivityDiff,
    Comment,
    CommentProperties,
    CommentReaction,
    DiffAnchor,
    DiffHunk,
    DiffLine,
    DiffSegment,
    Emoticon,
    MultilineMarker,
    Parent,
    Path,
    PathParts,
    with_answers,
)
from pullbridge.hosts.bitbucket_dc.payloads.timeline import (
    Happening,
    Moved,
    Said,
)

__all__ = [
    "Activity",
    "ActivityDiff",
    "ApplicationProperties",
    "BuildStats",
    "BuildStatus",
    "Change",
    "Comment",
    "CommentProperties",
    "CommentReaction",
    "Commit",
    "Committer",
    "DiffAnchor",
    "DiffHunk",
    "DiffLine",
    "DiffSegment",
    "Emoticon",
    "End",
    "ErrorRow",
    "FileKind",
    "Happening",
    "Link",
    "Links",
    "MatcherType",
    "MergeConfig",
    "MergeStrategy",
    "Mergeability",
    "MinimalCommit",
    "Moved",
    "MultilineMarker",
    "Paged",
    "Parent",
    "Participant",
    "Path",
    "PathParts",
    "Project",
    "Properties",
    "PullChanges",
    "PullRequest",
    "PullSettings",
    "Rebased",
    "Ref",
    "RefChange",
    "RefMatcher",
    "Repository",
    "RequiredBuild",
    "Rest",
    "RestError",
    "ReviewerError",
    "ReviewerGroup",
    "Said",
    "User",
    "Veto",
    "with_answers",
]
