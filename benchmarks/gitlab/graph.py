"""GitLab's GraphQL answers, from the same data as by REST, to whatever document a client sends."""

from __future__ import annotations

from typing import Any

from benchmarks.data import COMMENTS, FILES, Json, file_path, oid
from benchmarks.gitlab.shapes import Shapes
from benchmarks.walking import Connection, Values, answer


class Graph:
    """The data: what GraphQL tells of the projects' merge requests."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._pulls: dict[tuple[str, int], Json] = {}

    def answer(self, document: str, variables: Values) -> Json:
        """Answer one request."""
        root: Json = {"currentUser": self._person(0), "project": self._project}
        return answer(document, variables, root)

    def _project(self, fullPath: str) -> Json:  # noqa: N803  # the schema's name
        rows = lambda iids, **_: Connection(self._pull(fullPath, int(iid)) for iid in iids).page({})  # noqa: E731  # a field
        return {
            "fullPath": fullPath,
            "archived": False,
            "visibility": "public",
            "onlyAllowMergeIfPipelineSucceeds": True,
            "userPermissions": {"pushCode": True, "createMergeRequestIn": True},
            "mergeRequest": lambda iid: self._pull(fullPath, int(iid)),
            "mergeRequests": rows,
        }

    def _pull(self, path: str, number: int) -> Json:
        if (path, number) not in self._pulls:
            self._pulls[path, number] = self._new_pull(path, number)
        return self._pulls[path, number]

    def _new_pull(self, path: str, number: int) -> Json:
        approvers = self._shapes.approvers(number)
        pipeline = self._pipeline(path, number)
        return {
            "id": f"gid://gitlab/MergeRequest/{10_000 + number}",
            "iid": str(number),
            "diffHeadSha": oid("head", number),
            "sourceProject": {"fullPath": path},
            "approvedBy": Connection(self._person(index) for index in approvers),
            "reviewers": Connection(
                {**self._person(index), "mergeRequestInteraction": self._standing(index in approvers)}
                for index in self._shapes.reviewers(number)
            ),
            "approvalState": {
                "rules": [
                    {
                        "name": "All Members",
                        "approvalsRequired": 2,
                        "approved": True,
                        "approvedBy": Connection({"id": self._person(index)["id"]} for index in approvers),
                        "eligibleApprovers": [self._person(index) for index in range(1, 8)],
                    }
                ]
            },
            "headPipeline": pipeline,
            "commits": Connection([{"sha": oid("head", number), "pipelines": Connection([pipeline])}]),
            "diffStats": [{"path": file_path(index), "additions": 5, "deletions": 3} for index in range(FILES)],
            "userPermissions": dict.fromkeys(_RIGHTS, True),
            "notes": Connection(
                {"id": f"gid://gitlab/DiffNote/{500_000 + index}", "awardEmoji": Connection()}
                for index in range(COMMENTS)
            ),
        }

    def _person(self, index: int) -> Json:
        row = self._shapes.person(index)
        return {
            "id": f"gid://gitlab/User/{row['id']}",
            "username": row["username"],
            "name": row["name"],
            "avatarUrl": row["avatar_url"],
            "webUrl": row["web_url"],
            "bot": False,
        }

    def _standing(self, approved: bool) -> Json:
        return {"reviewState": "APPROVED" if approved else "UNREVIEWED", "approved": approved}

    def _pipeline(self, path: str, number: int) -> Json:
        row: Json = self._shapes.pull(path, number)["head_pipeline"]
        return {
            "id": f"gid://gitlab/Ci::Pipeline/{row['id']}",
            "iid": str(row["iid"]),
            "status": "SUCCESS",
            "project": {"fullPath": path},
            "jobs": Connection(self._job(job) for job in self._shapes.jobs(path, str(row["id"]))),
        }

    def _job(self, row: Json) -> Json:
        status: dict[str, Any] = {"label": "passed", "tooltip": "passed"}
        return {
            "id": f"gid://gitlab/Ci::Build/{row['id']}",
            "name": row["name"],
            "status": "SUCCESS",
            "allowFailure": False,
            "createdAt": row["created_at"],
            "startedAt": row["started_at"],
            "finishedAt": row["finished_at"],
            "detailedStatus": {**status, "detailsPath": row["web_url"].removeprefix(self._shapes.web)},
        }


_RIGHTS = (
    "adminMergeRequest",
    "canApprove",
    "canMerge",
    "createNote",
    "pushToSourceBranch",
    "readMergeRequest",
    "updateMergeRequest",
)
