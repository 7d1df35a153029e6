"""Which fields of GitHub's GraphQL an older server may lack, and by what other way they are asked for: pure.

A GitHub Enterprise Server is older than github.com; see `hosts.gating` for what becomes of a document then.
"""

from __future__ import annotations

from pullbridge.hosts import gating
from pullbridge.hosts.documents import Selection
from pullbridge.hosts.gating import Field, Leave

__all__ = ["OPTIONAL", "PARTS", "ROLLUP", "TYPES", "Field", "kind_of"]

_PERSON = frozenset({"avatarUrl", "url", "name"})
_SAID = frozenset({"createdAt", "updatedAt", "url", "isMinimized", "minimizedReason", "viewerDidAuthor"})
_MAY = (
    "ApplySuggestion Close EnableAutoMerge Label React Reopen Subscribe Update UpdateBranch"  # what the viewer can do
)

#: What may be left out, because the model has `None` for "the host did not say" there. All else is indispensable.
OPTIONAL: dict[str, frozenset[str]] = {
    **dict.fromkeys(("Actor", "User", "Bot", "Mannequin", "Organization"), _PERSON),
    "PullRequest": frozenset(
        [
            "url",
            "isDraft",
            "locked",
            "createdAt",
            "updatedAt",
            "closedAt",
            "mergedBy",
            "mergeCommit",
            "autoMergeRequest",
            "additions",
            "deletions",
            "changedFiles",
            "totalCommentsCount",
            "viewerSubscription",
            "labels",
            "assignees",
            "mergeable",
            "mergeStateStatus",
            "reviewDecision",
            "files",
            "statusCheckRollup",
            "isMergeQueueEnabled",
            "isInMergeQueue",
            "viewerDidAuthor",
        ]
    ).union(f"viewerCan{word}" for word in _MAY.split()),
    "Repository": frozenset(
        [
            "isPrivate",
            "isArchived",
            "viewerPermission",
            "mergeCommitAllowed",
            "squashMergeAllowed",
            "rebaseMergeAllowed",
            "autoMergeAllowed",
            "deleteBranchOnMerge",
            "url",
        ]
    ),
    "AutoMergeRequest": frozenset({"enabledAt"}),
    "Label": frozenset({"color", "description"}),
    "Milestone": frozenset({"state", "dueOn"}),
    "ReviewRequest": frozenset({"asCodeOwner"}),
    "PullRequestReviewComment": _SAID | {"diffHunk"},
    "IssueComment": _SAID,
    "PullRequestReviewThread": frozenset(
        {"isResolved", "resolvedBy", "viewerCanReply", "viewerCanResolve", "viewerCanUnresolve"}
    ),
    "PullRequestReview": frozenset({"submittedAt", "url", "viewerDidAuthor"}),
    "PullRequestChangedFile": frozenset({"viewerViewedState"}),
    "Commit": frozenset({"authoredDate", "committedDate", "url", "author", "statusCheckRollup"}),
    "GitActor": frozenset({"name", "email", "user"}),
    "CheckRun": frozenset({"title", "detailsUrl", "startedAt", "completedAt", "isRequired", "checkSuite"}),
    "CheckSuite": frozenset({"app"}),
    "App": frozenset({"name", "slug"}),
    "StatusContext": frozenset({"description", "targetUrl", "createdAt", "isRequired", "creator"}),
}

#: Which part of a panel is empty without a field.
PARTS: dict[Field, str] = {
    ("Commit", "statusCheckRollup"): "checks",
    ("PullRequest", "files"): "viewed",
    ("PullRequestChangedFile", "viewerViewedState"): "viewed",
}

ROLLUP: Field = ("PullRequest", "statusCheckRollup")
_BY_COMMIT: Field = ("Commit", "statusCheckRollup")
#: The same by another way, as GitHub's own tool goes it: https://github.com/cli/cli/blob/trunk/api/query_builder.go
_INSTEAD = "headCommit: commits(last: 1)"

_KINDS: dict[str, dict[str, str]] = {
    "Query": {
        "viewer": "User",
        "repository": "Repository",
        "node": "Node",
        "search": "SearchResultItemConnection",
    },
    "Repository": {
        "pullRequest": "PullRequest",
        "assignableUsers": "UserConnection",
        "refs": "RefConnection",
        "pullRequestTemplates": "PullRequestTemplate",
    },
    "PullRequest": {
        "author": "Actor",
        "mergedBy": "Actor",
        "mergeCommit": "Commit",
        "baseRepository": "Repository",
        "headRepository": "Repository",
        "autoMergeRequest": "AutoMergeRequest",
        "labels": "LabelConnection",
        "milestone": "Milestone",
        "assignees": "UserConnection",
        "reviewRequests": "ReviewRequestConnection",
        "commits": "PullRequestCommitConnection",
        "latestOpinionatedReviews": "PullRequestReviewConnection",
        "reviews": "PullRequestReviewConnection",
        "comments": "IssueCommentConnection",
        "reviewThreads": "PullRequestReviewThreadConnection",
        "files": "PullRequestChangedFileConnection",
        "statusCheckRollup": "StatusCheckRollup",
    },
    "ReviewRequest": {"requestedReviewer": "RequestedReviewer"},
    "PullRequestReviewComment": {
        "author": "Actor",
        "pullRequestReview": "PullRequestReview",
        "commit": "Commit",
        "originalCommit": "Commit",
        "reactionGroups": "ReactionGroup",
    },
    "IssueComment": {"author": "Actor", "reactionGroups": "ReactionGroup"},
    "ReactionGroup": {"reactors": "ReactorConnection"},
    "PullRequestReviewThread": {"resolvedBy": "User", "comments": "PullRequestReviewCommentConnection"},
    "PullRequestReview": {"author": "Actor", "commit": "Commit", "pullRequest": "PullRequest"},
    "Commit": {"author": "GitActor", "parents": "CommitConnection", "statusCheckRollup": "StatusCheckRollup"},
    "GitActor": {"user": "User"},
    "PullRequestCommit": {"commit": "Commit"},
    "StatusCheckRollup": {"contexts": "StatusCheckRollupContextConnection"},
    "CheckRun": {"checkSuite": "CheckSuite"},
    "CheckSuite": {"app": "App"},
    "StatusContext": {"creator": "Actor"},
    "Ref": {"target": "GitObject"},
}
#: What mutations give back, whichever it is.
_WRITTEN = {
    "comment": "PullRequestReviewComment",
    "commit": "Commit",
    "issueComment": "IssueComment",
    "lockedRecord": "Lockable",
    "unlockedRecord": "Lockable",
    "mergeQueueEntry": "MergeQueueEntry",
    "pullRequest": "PullRequest",
    "pullRequestReview": "PullRequestReview",
    "pullRequestReviewComment": "PullRequestReviewComment",
    "subscribable": "Subscribable",
    "thread": "PullRequestReviewThread",
}


def kind_of(parent: str | None, field: str) -> str | None:
    """The type of a field's objects in this library's documents; `None` for a field without any."""
    if parent is None:
        return None
    if parent == "Mutation":
        return f"{field[0].upper()}{field[1:]}Payload"
    if parent.endswith("Connection"):
        return {"nodes": parent.removesuffix("Connection"), "pageInfo": "PageInfo"}.get(field)
    return (_WRITTEN if parent.endswith("Payload") else _KINDS.get(parent, {})).get(field)


def _by_commit(selection: Selection, leave: Leave) -> Selection | None:
    """The checks of the last commit, which is the head, in place of the pull request's."""
    by_commit = leave(selection, _BY_COMMIT[0])
    if by_commit is None:
        return None
    commit = Selection(head="commit", field="commit", inner=(by_commit,))
    nodes = Selection(head="nodes", field="nodes", inner=(commit,))
    return Selection(head=_INSTEAD, field="commits", inner=(nodes,))


TYPES = gating.Types(optional=OPTIONAL, kind_of=kind_of, instead={ROLLUP: _by_commit})
