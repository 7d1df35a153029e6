"""REST's answers. https://docs.github.com/en/rest/pulls"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Rest(msgspec.Struct, gc=False):
    """REST's spelling."""


class RestUser(Rest):
    """An account. A commit by nobody whom GitHub knows has an empty object instead, and so no login."""

    login: str = ""
    id: int | None = None
    type: str | None = None
    name: str | None = None
    avatar_url: str | None = None
    html_url: str | None = None


class RestTeam(Rest):
    slug: str
    id: int | None = None
    name: str | None = None
    html_url: str | None = None


class RestRepository(Rest):
    full_name: str
    html_url: str | None = None
    default_branch: str | None = None
    private: bool | None = None
    archived: bool | None = None
    allow_merge_commit: bool | None = None
    allow_squash_merge: bool | None = None
    allow_rebase_merge: bool | None = None
    allow_auto_merge: bool | None = None
    delete_branch_on_merge: bool | None = None


class RestHome(Rest):
    """The repository of one end: rows of a list carry it whole, and only its name is read."""

    full_name: str


class RestEnd(Rest):
    """`head` or `base` of a pull request."""

    ref: str
    sha: str | None = None
    repo: RestHome | None = None


class RestLabel(Rest):
    name: str | None = None
    color: str | None = None
    description: str | None = None


class RestMilestone(Rest):
    number: int
    title: str = ""
    state: str | None = None
    due_on: datetime | None = None


class RestPull(Rest):
    number: int
    title: str
    state: str
    head: RestEnd
    base: RestEnd
    node_id: str | None = None
    body: str | None = None
    draft: bool | None = None
    locked: bool | None = None
    user: RestUser | None = None
    html_url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merge_commit_sha: str | None = None
    merged_by: RestUser | None = None
    auto_merge: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET
    requested_reviewers: list[RestUser] | None = None
    requested_teams: list[RestTeam] | None = None
    assignees: list[RestUser] | None = None
    labels: list[RestLabel] | None = None
    milestone: RestMilestone | None = None
    comments: int | None = None
    review_comments: int | None = None
    commits: int | None = None
    changed_files: int | None = None
    additions: int | None = None
    deletions: int | None = None
    mergeable: bool | None = None
    mergeable_state: str | None = None


class RestFile(Rest):
    filename: str
    status: str | None = None
    previous_filename: str | None = None
    additions: int | None = None
    deletions: int | None = None
    changes: int | None = None
    patch: str | None = None
    contents_url: str | None = None


class RestGitActor(Rest):
    name: str | None = None
    email: str | None = None
    date: datetime | None = None


class RestGitCommit(Rest):
    message: str = ""
    author: RestGitActor | None = None
    committer: RestGitActor | None = None


class RestParent(Rest):
    sha: str


class RestCommit(Rest):
    sha: str
    commit: RestGitCommit
    author: RestUser | None = None
    parents: list[RestParent] = []
    html_url: str | None = None


class RestComparison(Rest):
    merge_base_commit: RestCommit | None = None
    commits: list[RestCommit] = []
    files: list[RestFile] | None = None
    total_commits: int | None = None
    ahead_by: int | None = None
    behind_by: int | None = None
    html_url: str | None = None


class RestComment(Rest):
    """An issue comment, or a review comment."""

    id: int
    node_id: str | None = None
    body: str | None = None
    user: RestUser | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    html_url: str | None = None
    path: str | None = None
    side: str | None = None
    start_side: str | None = None
    line: int | None = None
    start_line: int | None = None
    original_line: int | None = None
    original_start_line: int | None = None
    commit_id: str | None = None
    original_commit_id: str | None = None
    diff_hunk: str | None = None
    in_reply_to_id: int | None = None
    pull_request_review_id: int | None = None
    subject_type: str | None = None


class RestMerged(Rest):
    sha: str | None = None
    merged: bool | None = None
    message: str | None = None


class RestMergeDetails(Rest):
    message: str | None = None
    uuid: str | None = None
    sha: str | None = None


class RestBackgroundMerge(Rest):
    """What has become of a merge in the background: `pending`, `merged`, `enqueued` or `failed`."""

    status: str
    details: RestMergeDetails = msgspec.field(default_factory=RestMergeDetails)


class RestStatus(Rest):
    context: str
    state: str | None = None
    description: str | None = None
    target_url: str | None = None
    created_at: datetime | None = None
    creator: RestUser | None = None


class RestBranchCommit(Rest):
    sha: str


class RestBranch(Rest):
    name: str
    commit: RestBranchCommit


class RestProblem(Rest):
    """One entry of an error's `errors`; some servers send bare strings instead."""

    message: str | None = None
    code: str | None = None
    field: str | None = None
    resource: str | None = None


class RestError(Rest):
    message: str | None = None
    documentation_url: str | None = None
    errors: list[RestProblem | str] | str | None = None
    details: Any = None

    @property
    def said(self) -> str:
        """The message, which a merge in the background has among its details."""
        inner = self.details.get("message") if isinstance(self.details, dict) else None
        return self.message or (inner if isinstance(inner, str) else "")


class RestMeta(Rest):
    installed_version: str | None = None


class RestRename(Rest):
    to: str | None = None


class RestNamed(Rest):
    """A milestone in an event has a title alone."""

    title: str | None = None


class RestEvent(Rest):
    """One row of a timeline: each kind of event has its own fields."""

    event: str | None = None
    id: int | str | None = None
    node_id: str | None = None
    actor: RestUser | None = None
    user: RestUser | None = None
    author: RestGitActor | None = None
    created_at: datetime | None = None
    submitted_at: datetime | None = None
    sha: str | None = None
    commit_id: str | None = None
    message: str | None = None
    body: str | None = None
    state: str | None = None
    lock_reason: str | None = None
    label: RestLabel | None = None
    milestone: RestNamed | None = None
    rename: RestRename | None = None
    assignee: RestUser | None = None
    requested_reviewer: RestUser | None = None
    requested_team: RestTeam | None = None
    html_url: str | None = None
