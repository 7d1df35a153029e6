"""Which fields a server lacks, and documents without them: pure.

A GitHub Enterprise Server is older than github.com, and one field that it does not know refuses a whole document. It names
them all: `extensions: {code: undefinedField, typeName, fieldName}`. What is left out becomes `None` in the model, and so
only what may be `None` there is ever left out. https://graphql-ruby.org/queries/validation.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from pullbridge.hosts.github.documents import Definition, Selection, parse, written
from pullbridge.hosts.github.payloads import GraphError

#: A type and a field of it; the field `*` stands for the whole type.
Field = tuple[str, str]

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


def unknown(problems: Iterable[GraphError]) -> frozenset[Field]:
    """The fields and types that the server says it does not have."""
    found = set[Field]()
    for each in problems:
        told = each.extensions
        if told is not None and told.type_name is not None:
            if told.code == "undefinedField" and told.field_name is not None:
                found.add((told.type_name, told.field_name))
            elif told.code == "undefinedType":
                found.add((told.type_name, "*"))
    return frozenset(found)


def dispensable(field: Field) -> bool:
    """Whether a document is still of use without it: a field that may be `None`, or a type that nobody there can have."""
    kind, name = field
    return name == "*" or name in OPTIONAL.get(kind, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduced:
    """A document without some fields; `text` is `None` when nothing would be left. `dropped` are those that it had."""

    text: str | None
    dropped: frozenset[Field]


@lru_cache(maxsize=256)
def without(document: str, missing: frozenset[Field]) -> Reduced:
    """Leave the missing fields out, with what would be left empty or unused: selections, fragments, variables."""
    if not missing:
        return Reduced(text=document, dropped=frozenset())
    definitions = parse(document)
    dropping = _Dropping(missing, definitions)
    kept = [dropping.operation(each) for each in definitions if each.fragment is None]
    whole = tuple(each for each in kept if each is not None)
    if not dropping.dropped:
        return Reduced(text=document, dropped=frozenset())
    text = written((*whole, *dropping.fragments())) if len(whole) == len(kept) else None
    return Reduced(text=text, dropped=frozenset(dropping.dropped))


class _Dropping:
    """One document on its way to a smaller one."""

    def __init__(self, missing: frozenset[Field], definitions: tuple[Definition, ...]) -> None:
        self.dropped: set[Field] = set()
        self._missing = missing
        self._given = {each.fragment: each for each in definitions if each.fragment is not None}
        self._done: dict[str, Definition | None] = {}

    def operation(self, definition: Definition) -> Definition | None:
        """The operation without them; `None` when it lost a root field: half of what was asked is no answer."""
        inner = self._all(definition.inner, definition.on)
        return replace(definition, inner=inner) if len(inner) == len(definition.inner) else None

    def fragments(self) -> tuple[Definition, ...]:
        """What is left of the fragments that were met."""
        return tuple(each for each in self._done.values() if each is not None)

    def _all(self, selections: tuple[Selection, ...], parent: str | None) -> tuple[Selection, ...]:
        kept = (self._one(each, parent) for each in selections)
        return tuple(each for each in kept if each is not None)

    def _one(self, selection: Selection, parent: str | None) -> Selection | None:
        if selection.fragment is not None:
            return selection if self._fragment(selection.fragment) is not None else None
        if selection.field is None:
            return self._inline(selection, parent)
        if parent is not None and (parent, selection.field) in self._missing:
            self.dropped.add((parent, selection.field))
            return self._instead(selection) if (parent, selection.field) == ROLLUP else None
        if selection.inner is None:
            return selection
        inner = self._all(selection.inner, kind_of(parent, selection.field))
        return replace(selection, inner=inner) if inner else None

    def _inline(self, selection: Selection, parent: str | None) -> Selection | None:
        kind = selection.on or parent
        if kind is not None and self._gone(kind):
            return None
        inner = self._all(selection.inner or (), kind)
        return replace(selection, inner=inner) if inner else None

    def _fragment(self, name: str) -> Definition | None:
        if name not in self._done:
            given = self._given[name]
            inner = () if self._gone(given.on) else self._all(given.inner, given.on)
            self._done[name] = replace(given, inner=inner) if inner else None
        return self._done[name]

    def _gone(self, kind: str) -> bool:
        if (kind, "*") in self._missing:
            self.dropped.add((kind, "*"))
            return True
        return False

    def _instead(self, selection: Selection) -> Selection | None:
        """The checks of the last commit, which is the head, in place of the pull request's."""
        by_commit = self._one(selection, _BY_COMMIT[0])
        if by_commit is None:
            return None
        commit = Selection(head="commit", field="commit", inner=(by_commit,))
        nodes = Selection(head="nodes", field="nodes", inner=(commit,))
        return Selection(head=_INSTEAD, field="commits", inner=(nodes,))
