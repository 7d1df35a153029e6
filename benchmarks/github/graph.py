"""GitHub's GraphQL answers, from the same data as by REST, to whatever document a client sends."""

from __future__ import annotations

from typing import Any

from benchmarks.data import (
    CHECKS,
    COMMENTS,
    COMMITS,
    FILES,
    PEOPLE,
    PULLS_EACH,
    REPLIES,
    REPOSITORIES,
    THREADS,
    WAITING_EACH,
    Json,
    file_path,
    repository_path,
)
from benchmarks.github.shapes import REVIEWS, Shapes
from benchmarks.walking import Connection, Values, answer


class Graph:
    """The data: one repository's pull requests, and what waits for me in twenty of them."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._pulls: dict[tuple[str, int], Json] = {}

    def answer(self, document: str, variables: Values) -> Json:
        """Answer one request."""
        root: Json = {
            "viewer": self._person(0),
            "repository": self._repository,
            "search": self._search,
            "rateLimit": {"cost": 1, "limit": 5000, "remaining": 4999, "used": 1, "resetAt": "2026-11-20T00:00:00Z", "nodeCount": 1},
            "addPullRequestReview": self._add_review,
        }  # fmt: skip
        return answer(document, variables, root)

    def _repository(self, owner: str, name: str, **_: Any) -> Json:
        path = f"{owner}/{name}"
        repo = self._shapes.repository(path)
        flags = ("mergeCommitAllowed", "squashMergeAllowed", "rebaseMergeAllowed", "autoMergeAllowed")
        return {
            "__typename": "Repository",
            "id": repo["node_id"],
            "databaseId": repo["id"],
            "nameWithOwner": path,
            "url": repo["html_url"],
            "isPrivate": False,
            "isArchived": False,
            "viewerPermission": "WRITE",
            "viewerDefaultMergeMethod": "SQUASH",
            **dict.fromkeys(flags, True),
            "deleteBranchOnMerge": True,
            "pullRequest": lambda number: self._pull(path, number),
        }

    def _pull(self, path: str, number: int) -> Json:
        if (path, number) not in self._pulls:
            self._pulls[path, number] = self._new_pull(path, number)
        return self._pulls[path, number]

    def _new_pull(self, path: str, number: int) -> Json:
        row = self._shapes.pull(path, number)
        place = {"nameWithOwner": path, "url": f"{self._shapes.web}/{path}", "sshUrl": row["head"]["repo"]["ssh_url"]}
        return {
            "__typename": "PullRequest",
            "id": row["node_id"],
            "fullDatabaseId": str(row["id"]),
            "number": number,
            "url": row["html_url"],
            "title": row["title"],
            "body": row["body"],
            "state": "OPEN",
            **dict.fromkeys(("isDraft", "locked", "merged", "isCrossRepository", "maintainerCanModify"), False),
            **dict.fromkeys(("isInMergeQueue", "isMergeQueueEnabled", "viewerDidAuthor"), False),
            **dict.fromkeys(("activeLockReason", "closedAt", "mergedAt", "mergedBy", "mergeCommit"), None),
            **dict.fromkeys(("mergeQueueEntry", "autoMergeRequest", "viewerLatestReview", "reviewDecision"), None),
            **dict.fromkeys(_VIEWER_CAN, True),
            "viewerCanMergeAsAdmin": False,
            "viewerSubscription": "SUBSCRIBED",
            "createdAt": row["created_at"],
            "updatedAt": row["updated_at"],
            "publishedAt": row["created_at"],
            "author": self._person(number),
            "authorAssociation": "MEMBER",
            "baseRefName": "main",
            "baseRefOid": row["base"]["sha"],
            "headRefName": row["head"]["ref"],
            "headRefOid": row["head"]["sha"],
            "baseRepository": place,
            "headRepository": place,
            "repository": place,
            "potentialMergeCommit": {"oid": row["merge_commit_sha"]},
            "mergeable": "MERGEABLE",
            "mergeStateStatus": "CLEAN",
            "additions": row["additions"],
            "deletions": row["deletions"],
            "changedFiles": row["changed_files"],
            "totalCommentsCount": COMMENTS,
            "labels": Connection(
                {"name": each["name"], "color": each["color"], "description": each["description"], "id": each["node_id"]}
                for each in row["labels"]
            ),
            "milestone": {"number": 1, "title": "v1.0", "state": "OPEN", "dueOn": row["milestone"]["due_on"]},
            "assignees": Connection([self._person(1), self._person(2)]),
            "reactionGroups": _REACTIONS,
            "reviewRequests": Connection(
                {"asCodeOwner": False, "requestedReviewer": self._person(index)} for index in (0, 3)
            ),
            "latestOpinionatedReviews": Connection(self._review(path, number, index) for index in range(3)),
            "reviews": Connection(self._review(path, number, index) for index in range(REVIEWS)),
            "comments": Connection(),
            "reviewThreads": Connection(self._thread(path, number, index) for index in range(THREADS)),
            "files": Connection(
                {"path": file_path(index), "changeType": "MODIFIED", "additions": 5, "deletions": 3, "viewerViewedState": "UNVIEWED"}
                for index in range(FILES)
            ),
            "commits": Connection({"commit": self._commit(path, number, index)} for index in range(COMMITS)),
            "statusCheckRollup": {
                "state": "SUCCESS",
                "contexts": Connection(self._check(path, number, index) for index in range(CHECKS)),
            },
        }  # fmt: skip

    def _person(self, index: int) -> Json:
        row = self._shapes.person(index)
        return {
            "__typename": "User",
            "login": row["login"],
            "databaseId": row["id"],
            "name": row["login"].title(),
            "avatarUrl": row["avatar_url"],
            "url": row["html_url"],
        }

    def _review(self, path: str, number: int, index: int) -> Json:
        row = self._shapes.review(path, number, index)
        return {
            "__typename": "PullRequestReview",
            "id": row["node_id"],
            "fullDatabaseId": str(row["id"]),
            "state": row["state"],
            "body": row["body"],
            **dict.fromkeys(("submittedAt", "createdAt", "updatedAt"), row["submitted_at"]),
            "url": row["html_url"],
            "viewerDidAuthor": index % len(PEOPLE) == 0,
            "author": self._person(index),
            "commit": {"oid": row["commit_id"]},
        }

    def _thread(self, path: str, number: int, index: int, drafts: tuple[Json, ...] = ()) -> Json:
        """An existing conversation, or a new one with what was written just now."""
        draft = drafts[0] if drafts else {}
        at = {
            "path": draft.get("path", file_path(index)),
            "line": draft.get("line", 14),
            "startLine": draft.get("startLine"),
        }
        comments = range(index * REPLIES, index * REPLIES + (1 if draft else REPLIES))
        return {
            "__typename": "PullRequestReviewThread",
            "id": f"PRRT_{number}_{index}",
            "isResolved": not draft and index % 4 == 0,
            **dict.fromkeys(("isOutdated", "isCollapsed"), False),
            "subjectType": "LINE",
            **at,
            "diffSide": draft.get("side", "RIGHT"),
            "startDiffSide": draft.get("startSide"),
            "originalLine": at["line"],
            "originalStartLine": at["startLine"],
            "resolvedBy": None,
            **dict.fromkeys(("viewerCanReply", "viewerCanResolve", "viewerCanUnresolve"), True),
            "comments": Connection(self._comment(path, number, each, at, draft) for each in comments),
        }

    def _comment(self, path: str, number: int, index: int, at: Json, draft: Json) -> Json:
        row = self._shapes.review_comment(path, number, index)
        return {
            "__typename": "PullRequestReviewComment",
            "id": row["node_id"],
            "fullDatabaseId": str(row["id"]),
            "state": "SUBMITTED",
            "body": draft.get("body", row["body"]),
            "createdAt": row["created_at"],
            "updatedAt": row["updated_at"],
            "url": row["html_url"],
            "author": self._person(0 if draft else index),
            "replyTo": None,
            "pullRequestReview": {"id": f"PRR_{row['pull_request_review_id']}", "fullDatabaseId": "1", "state": "COMMENTED"},
            "commit": {"oid": row["commit_id"]},
            "originalCommit": {"oid": row["commit_id"]},
            "diffHunk": row["diff_hunk"],
            **{name: at[name] for name in ("line", "startLine")},
            "originalLine": at["line"],
            "originalStartLine": at["startLine"],
            **dict.fromkeys(("outdated", "isMinimized"), False),
            "minimizedReason": None,
            "viewerDidAuthor": bool(draft),
            **dict.fromkeys(("viewerCanUpdate", "viewerCanDelete"), True),
            "reactionGroups": _REACTIONS,
        }  # fmt: skip

    def _commit(self, path: str, number: int, index: int) -> Json:
        row = self._shapes.commit(path, number, index)
        message: str = row["commit"]["message"]
        headline, _, body = message.partition("\n\n")
        return {
            "__typename": "Commit",
            "oid": row["sha"],
            "abbreviatedOid": row["sha"][:7],
            "messageHeadline": headline,
            "messageBody": body,
            "message": message,
            **dict.fromkeys(("authoredDate", "committedDate"), row["commit"]["author"]["date"]),
            "url": row["html_url"],
            "author": {"name": "Ada", "email": "ada@example.org", "user": self._person(1)},
            "parents": Connection({"oid": parent["sha"]} for parent in row["parents"]),
        }

    def _check(self, path: str, number: int, index: int) -> Json:
        row = self._shapes.check_run(path, number, index)
        return {
            "__typename": "CheckRun",
            "databaseId": row["id"],
            "name": row["name"],
            "status": "COMPLETED",
            "conclusion": "SUCCESS",
            "startedAt": row["started_at"],
            "completedAt": row["completed_at"],
            "detailsUrl": row["details_url"],
            "title": row["output"]["title"],
            "summary": row["output"]["summary"],
            "isRequired": index < 3,
            "checkSuite": {
                "app": {"slug": "github-actions", "name": "GitHub Actions"},
                "workflowRun": {"workflow": {"name": "build"}},
            },
        }

    def _search(self, query: str, **asked: Any) -> Json:
        """What waits for me; without such words, the newest pull requests of the repository that is named."""
        if "review-requested:" in query:
            rows = [
                self._pull(repository_path(at), number)
                for at in range(REPOSITORIES)
                for number in range(1, WAITING_EACH + 1)
            ]
        else:
            rows = [self._pull(repository_path(0), number) for number in range(1, PULLS_EACH + 1)]
        return Connection(rows).page(asked)

    def _add_review(self, **asked: Any) -> Json:
        given: Json = asked["input"]
        number = int(given["pullRequestId"].removeprefix("PR_"))
        path, drafts = repository_path(None), given.get("threads") or ()
        pull = self._pull(path, number)
        new = [self._thread(path, number, 1000 + at, (draft,)) for at, draft in enumerate(drafts)]
        review = {
            **self._review(path, number, 0),
            "id": f"PRR_{number}_new",
            "body": given.get("body", ""),
            "state": "COMMENTED",
            "pullRequest": {**pull, "reviewThreads": Connection([*pull["reviewThreads"], *new])},
        }
        for thread in new:
            for comment in thread["comments"]:
                comment["pullRequestReview"] = {"id": review["id"], "fullDatabaseId": "2", "state": "COMMENTED"}
        return {"pullRequestReview": review}


_VIEWER_CAN = (
    "viewerCanUpdate",
    "viewerCanClose",
    "viewerCanReopen",
    "viewerCanEnableAutoMerge",
    "viewerCanUpdateBranch",
    "viewerCanApplySuggestion",
    "viewerCanLabel",
    "viewerCanReact",
    "viewerCanSubscribe",
)
_REACTIONS = [
    {"content": content, "viewerHasReacted": False, "reactors": {"totalCount": 0}}
    for content in ("THUMBS_UP", "THUMBS_DOWN", "LAUGH", "HOORAY", "CONFUSED", "HEART", "ROCKET", "EYES")
]
