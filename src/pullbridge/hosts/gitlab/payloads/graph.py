"""GraphQL's answers, as the documents in `queries` ask for them. https://docs.gitlab.com/api/graphql/reference/"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from pullbridge.hosts.graphql import Connection, Struct

T = TypeVar("T")


class GraphUser(Struct):
    """The fragment `Who`. An id is `gid://gitlab/User/12`."""

    username: str = ""
    id: str | None = None
    name: str | None = None
    avatar_url: str | None = None
    web_url: str | None = None
    bot: bool | None = None


class GraphInteraction(Struct):
    review_state: str | None = None
    approved: bool | None = None


class GraphReviewer(Struct):
    """The fragment `Who`, with how this person stands to the merge request."""

    username: str = ""
    id: str | None = None
    name: str | None = None
    avatar_url: str | None = None
    web_url: str | None = None
    bot: bool | None = None
    merge_request_interaction: GraphInteraction | None = None


class GraphId(Struct):
    id: str | None = None


class GraphRule(Struct):
    """An approval rule, with who may fulfil it."""

    name: str | None = None
    approvals_required: int | None = None
    approved: bool | None = None
    approved_by: Connection[GraphId] | None = None
    eligible_approvers: list[GraphUser] | None = None


class GraphApprovalState(Struct):
    rules: list[GraphRule] | None = None


class GraphDetailedStatus(Struct):
    """A status in words; `details_path` is a path of the instance, or the whole address that a report of others gave."""

    label: str | None = None
    tooltip: str | None = None
    details_path: str | None = None


class GraphJob(Struct):
    """The fragment `JobFields`: a job, a trigger of another pipeline, or a report of others, told apart by its id."""

    id: str | None = None
    name: str | None = None
    status: str | None = None
    allow_failure: bool | None = None
    created_at: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    detailed_status: GraphDetailedStatus | None = None


class GraphHome(Struct):
    full_path: str | None = None


class GraphPipeline(Struct):
    """The fragment `PipelineFields`."""

    id: str | None = None
    iid: str | None = None
    project: GraphHome | None = None
    jobs: Connection[GraphJob] | None = None


class GraphHeadCommit(Struct):
    sha: str
    pipelines: Connection[GraphPipeline] | None = None


class GraphDiffStats(Struct):
    path: str
    additions: int = 0
    deletions: int = 0


class GraphPullRights(Struct):
    """What I may do with a merge request."""

    admin_merge_request: bool | None = None
    can_approve: bool | None = None
    can_merge: bool | None = None
    create_note: bool | None = None
    push_to_source_branch: bool | None = None
    read_merge_request: bool | None = None
    update_merge_request: bool | None = None


class GraphAward(Struct):
    name: str = ""
    user: GraphId | None = None


class GraphNote(Struct):
    """A note's reactions. An id is `gid://gitlab/DiffNote/301`."""

    id: str
    award_emoji: Connection[GraphAward] | None = None


class GraphPull(Struct):
    """What the documents ask of a merge request; `None` where one does not ask for it, or the server does not have it."""

    diff_head_sha: str | None = None
    source_project: GraphHome | None = None
    reviewers: Connection[GraphReviewer] | None = None
    approved_by: Connection[GraphUser] | None = None
    approval_state: GraphApprovalState | None = None
    head_pipeline: GraphPipeline | None = None
    commits: Connection[GraphHeadCommit] | None = None
    diff_stats: list[GraphDiffStats] | None = None
    user_permissions: GraphPullRights | None = None
    notes: Connection[GraphNote] | None = None
    newest: Connection[GraphNote] | None = None


class GraphProjectRights(Struct):
    push_code: bool | None = None
    create_merge_request_in: bool | None = None


class GraphProject(Struct, Generic[T]):
    """`project { mergeRequest }`, with the settings that decide about merging."""

    merge_request: T | None = None
    pipeline: GraphPipeline | None = None
    only_allow_merge_if_pipeline_succeeds: bool | None = None
    archived: bool | None = None
    visibility: str | None = None
    user_permissions: GraphProjectRights | None = None


class GraphPullAnswer(Struct, Generic[T]):
    """The root of an answer about one merge request."""

    project: GraphProject[T] | None = None
    current_user: GraphUser | msgspec.UnsetType | None = msgspec.UNSET
