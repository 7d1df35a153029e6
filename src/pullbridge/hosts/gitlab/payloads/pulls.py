"""Merge requests. https://docs.gitlab.com/api/merge_requests/"""

from __future__ import annotations

import msgspec

from pullbridge.hosts.gitlab.payloads.base import Rest
from pullbridge.hosts.gitlab.payloads.people import User
from pullbridge.hosts.graphql import Connection, Struct


class LabelDetails(Rest):
    """A label, where `with_labels_details` was asked for; elsewhere only its name is said."""

    name: str
    color: str | None = None
    description: str | None = None


class Milestone(Rest):
    """`id` is what a write takes; `iid` is the number that people see."""

    id: int
    title: str
    state: str | None = None
    due_date: str | None = None


class DiffRefs(Rest):
    """The commits that a diff was made of: merge base, head, and the target's tip then. Each is null until it is made."""

    base_sha: str | None = None
    head_sha: str | None = None
    start_sha: str | None = None


class HeadPipeline(Rest):
    """The newest pipeline of the head."""

    status: str | None = None
    id: int | None = None
    sha: str | None = None
    web_url: str | None = None


class References(Rest):
    """`full` is `group/project!7`."""

    full: str | None = None


class PullRights(Rest):
    """What I may do with it."""

    can_merge: bool | None = None


class MergeRequest(Rest):
    """One merge request. Rows of a list leave out what comes behind `has_conflicts`.

    `draft` is 13.2's, `reviewers` 13.8's, `detailed_merge_status` 15.6's, `prepared_at` 16.0's.
    """

    iid: int
    title: str
    state: str
    source_branch: str
    target_branch: str
    id: int | None = None
    project_id: int | None = None
    source_project_id: int | None = None
    target_project_id: int | None = None
    description: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    merged_at: str | None = None
    closed_at: str | None = None
    prepared_at: str | None = None
    merged_by: User | None = None
    merge_user: User | None = None
    author: User | None = None
    assignee: User | None = None
    assignees: list[User] | None = None
    reviewers: list[User] | None = None
    labels: list[str | LabelDetails] | None = None
    milestone: Milestone | None = None
    draft: bool | None = None
    work_in_progress: bool | None = None
    user_notes_count: int | None = None
    merge_when_pipeline_succeeds: bool | None = None
    merge_status: str | None = None
    detailed_merge_status: str | None = None
    sha: str | None = None
    merge_commit_sha: str | None = None
    squash_commit_sha: str | None = None
    discussion_locked: bool | msgspec.UnsetType | None = msgspec.UNSET
    should_remove_source_branch: bool | None = None
    force_remove_source_branch: bool | None = None
    squash: bool | None = None
    squash_on_merge: bool | None = None
    references: References | None = None
    web_url: str | None = None
    has_conflicts: bool | None = None
    blocking_discussions_resolved: bool | None = None
    subscribed: bool | None = None
    changes_count: str | None = None
    diff_refs: DiffRefs | None = None
    head_pipeline: HeadPipeline | None = None
    merge_error: str | None = None
    rebase_in_progress: bool | None = None
    user: PullRights | None = None

    @property
    def is_draft(self) -> bool | None:
        """By the name it has since 13.2, or by the older one."""
        return self.work_in_progress if self.draft is None else self.draft


class Outcome(Rest):
    """What a service of GitLab's did, which comes with a 201 even where it is a refusal.

    `cancel_merge_when_pipeline_succeeds` answers so: https://docs.gitlab.com/api/merge_requests/ (cancel merge)
    """

    status: str | None = None
    message: str | None = None


class TemplateName(Rest):
    """https://docs.gitlab.com/api/project_templates/"""

    key: str
    name: str | None = None


class TemplateText(Rest):
    content: str | None = None
    name: str | None = None


class ProjectTemplate(Rest):
    """The project's own setting, of Premium: https://docs.gitlab.com/user/project/description_templates/"""

    merge_requests_template: str | None = None


class GraphSource(Struct):
    full_path: str | None = None


class GraphState(Struct):
    status: str | None = None


class GraphRow(Struct):
    """What the rows of REST's lists do not say."""

    iid: str
    head_pipeline: GraphState | None = None
    source_project: GraphSource | None = None


class GraphRows(Struct):
    merge_requests: Connection[GraphRow] | None = None


class GraphRowsAnswer(Struct):
    project: GraphRows | None = None
