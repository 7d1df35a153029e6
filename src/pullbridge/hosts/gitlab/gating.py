"""Which fields of GitLab's GraphQL a server may lack: pure.

A self-managed GitLab is older than gitlab.com, and the Community Edition has no approval rules; see `hosts.gating` for what
becomes of a document then. https://docs.gitlab.com/api/graphql/reference/
"""

from __future__ import annotations

from pullbridge.hosts.gating import Field, Types

#: What may be left out, because the model has `None` for "the host did not say" there, or REST says it, too.
OPTIONAL: dict[str, frozenset[str]] = {
    "User": frozenset({"id", "name", "avatarUrl", "webUrl", "bot"}),
    "MergeRequestReviewer": frozenset({"mergeRequestInteraction"}),
    "Project": frozenset({"archived", "visibility", "onlyAllowMergeIfPipelineSucceeds", "userPermissions"}),
    "ProjectPermissions": frozenset({"pushCode", "createMergeRequestIn"}),
    "MergeRequest": frozenset(
        {
            "approvedBy",
            "approvalState",
            "commits",
            "diffStats",
            "diffHeadSha",
            "headPipeline",
            "notes",
            "reviewers",
            "sourceProject",
            "userPermissions",
        }
    ),
    "MergeRequestPermissions": frozenset(
        {"adminMergeRequest", "canApprove", "canMerge", "createNote", "pushToSourceBranch", "updateMergeRequest"}
    ),
    "UserMergeRequestInteraction": frozenset({"reviewState", "approved"}),
    "MergeRequestApprovalState": frozenset({"rules"}),
    "ApprovalRule": frozenset({"name", "approved", "approvedBy", "eligibleApprovers", "approvalsRequired"}),
    "Commit": frozenset({"pipelines"}),
    "Pipeline": frozenset({"jobs", "project"}),
    "CiJob": frozenset({"detailedStatus", "allowFailure", "createdAt", "startedAt", "finishedAt"}),
    "DetailedStatus": frozenset({"detailsPath", "label", "tooltip"}),
    "Note": frozenset({"awardEmoji"}),
}

#: Which part of a panel says less without a field, and what the rest of it is had by.
PARTS: dict[Field, str] = {
    ("MergeRequest", "userPermissions"): "can",
    ("Note", "awardEmoji"): "reactions",
}

_PIPELINES = {"headPipeline": "Pipeline", "pipelines": "PipelineConnection"}
_KINDS: dict[str, dict[str, str]] = {
    "Query": {"currentUser": "UserCore", "project": "Project"},
    "Project": {
        "mergeRequest": "MergeRequest",
        "mergeRequests": "MergeRequestConnection",
        "pipeline": "Pipeline",
        "userPermissions": "ProjectPermissions",
    },
    "MergeRequest": {
        "approvedBy": "UserCoreConnection",
        "approvalState": "MergeRequestApprovalState",
        "commits": "CommitConnection",
        "diffStats": "DiffStats",
        "notes": "NoteConnection",
        "reviewers": "MergeRequestReviewerConnection",
        "sourceProject": "Project",
        "userPermissions": "MergeRequestPermissions",
        **_PIPELINES,
    },
    "MergeRequestReviewer": {"mergeRequestInteraction": "UserMergeRequestInteraction"},
    "MergeRequestApprovalState": {"rules": "ApprovalRule"},
    "ApprovalRule": {"approvedBy": "UserCoreConnection", "eligibleApprovers": "UserCore"},
    "Commit": _PIPELINES,
    "Pipeline": {"jobs": "CiJobConnection", "project": "Project"},
    "CiJob": {"detailedStatus": "DetailedStatus"},
    "Note": {"awardEmoji": "AwardEmojiConnection"},
    "AwardEmoji": {"user": "UserCore"},
}


def kind_of(parent: str | None, field: str) -> str | None:
    """The type of a field's objects in this library's documents; `None` for a field without any."""
    if parent is None:
        return None
    if parent == "Mutation":
        return f"{field[0].upper()}{field[1:]}Payload"
    if parent.endswith("Connection"):
        return {"nodes": parent.removesuffix("Connection"), "pageInfo": "PageInfo"}.get(field)
    return _KINDS.get(parent, {}).get(field)


TYPES = Types(optional=OPTIONAL, kind_of=kind_of)
