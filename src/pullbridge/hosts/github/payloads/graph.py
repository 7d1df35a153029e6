"""GraphQL's answers, as the documents in `queries` ask for them. https://docs.github.com/en/graphql/reference/objects"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from pullbridge.hosts.graphql import Connection, PageInfo, Struct

T = TypeVar("T")


def _rows(connection: Connection[T] | None) -> list[T]:
    return [] if connection is None else connection.items


class GraphActor(Struct):
    """`Actor`, and `RequestedReviewer`, whose teams are told by their type alone."""

    typename: str | None = msgspec.field(name="__typename", default=None)
    login: str | None = None
    database_id: int | None = None
    name: str | None = None
    avatar_url: str | None = None
    url: str | None = None


class GraphOid(Struct):
    oid: str


class GraphRepositoryName(Struct):
    name_with_owner: str
    url: str | None = None


class GraphLabel(Struct):
    name: str
    color: str | None = None
    description: str | None = None


class GraphMilestone(Struct):
    number: int
    title: str = ""
    state: str | None = None
    due_on: datetime | None = None


class GraphReviewRequest(Struct):
    as_code_owner: bool | None = None
    requested_reviewer: GraphActor | None = None


class GraphRollupState(Struct):
    state: str | None = None


class GraphHead(Struct):
    rollup_state: GraphRollupState | None = None
    status_check_rollup: GraphRollup | None = None


class GraphHeadCommit(Struct):
    commit: GraphHead


class GraphPull(Struct):
    """The fragment `PullFields`."""

    id: str
    number: int
    title: str
    state: str
    base_ref_name: str
    head_ref_name: str
    base_ref_oid: str | None = None
    head_ref_oid: str | None = None
    url: str | None = None
    body: str | None = None
    is_draft: bool | None = None
    locked: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    author: GraphActor | None = None
    merged_by: GraphActor | None = None
    merge_commit: GraphOid | None = None
    base_repository: GraphRepositoryName | None = None
    head_repository: GraphRepositoryName | None = None
    auto_merge_request: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET
    additions: int | None = None
    deletions: int | None = None
    changed_files: int | None = None
    total_comments_count: int | None = None
    viewer_subscription: str | None = None
    labels: Connection[GraphLabel] | None = None
    milestone: GraphMilestone | None = None
    assignees: Connection[GraphActor] | None = None
    review_requests: Connection[GraphReviewRequest] | None = None
    commit_total: Connection[Any] | None = None
    rollup_state: GraphRollupState | None = None
    head_commit: Connection[GraphHeadCommit] | None = None

    def __post_init__(self) -> None:
        """Take the checks from the head commit, where the server has none on the pull request itself."""
        if self.rollup_state is None:
            self.rollup_state = next((each.commit.rollup_state for each in _rows(self.head_commit)), None)


class GraphReaction(Struct):
    content: str
    viewer_has_reacted: bool | None = None
    reactors: Connection[Any] | None = None


class GraphId(Struct):
    id: str


class GraphComment(Struct):
    """The fragments `ReviewCommentFields` and `IssueCommentFields`."""

    id: str
    body: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    url: str | None = None
    author: GraphActor | None = None
    state: str | None = None
    is_minimized: bool | None = None
    minimized_reason: str | None = None
    viewer_did_author: bool | None = None
    reaction_groups: list[GraphReaction] | None = None
    pull_request_review: GraphId | None = None
    commit: GraphOid | None = None
    original_commit: GraphOid | None = None
    diff_hunk: str | None = None


class GraphThread(Struct):
    """The fragment `ThreadFields`."""

    id: str
    path: str
    comments: Connection[GraphComment]
    is_resolved: bool | None = None
    is_outdated: bool | None = None
    subject_type: str | None = None
    diff_side: str | None = None
    line: int | None = None
    start_diff_side: str | None = None
    start_line: int | None = None
    original_line: int | None = None
    original_start_line: int | None = None
    resolved_by: GraphActor | None = None
    viewer_can_reply: bool | None = None
    viewer_can_resolve: bool | None = None
    viewer_can_unresolve: bool | None = None


class GraphReview(Struct):
    """The fragment `ReviewFields`."""

    id: str
    state: str | None = None
    body: str | None = None
    submitted_at: datetime | None = None
    url: str | None = None
    author: GraphActor | None = None
    commit: GraphOid | None = None
    viewer_did_author: bool | None = None


class GraphGitActor(Struct):
    name: str | None = None
    email: str | None = None
    user: GraphActor | None = None


class GraphCommit(Struct):
    oid: str
    message_headline: str = ""
    message: str = ""
    authored_date: datetime | None = None
    committed_date: datetime | None = None
    url: str | None = None
    author: GraphGitActor | None = None
    parents: Connection[GraphOid] | None = None


class GraphPullCommit(Struct):
    commit: GraphCommit


class GraphViewedFile(Struct):
    path: str
    viewer_viewed_state: str | None = None


class GraphApp(Struct):
    name: str | None = None
    slug: str | None = None


class GraphCheckSuite(Struct):
    app: GraphApp | None = None


class GraphContext(Struct):
    """A `CheckRun` or a `StatusContext`."""

    typename: str | None = msgspec.field(name="__typename", default=None)
    name: str | None = None
    status: str | None = None
    conclusion: str | None = None
    title: str | None = None
    details_url: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    check_suite: GraphCheckSuite | None = None
    context: str | None = None
    state: str | None = None
    description: str | None = None
    target_url: str | None = None
    created_at: datetime | None = None
    creator: GraphActor | None = None
    is_required: bool | None = None


class GraphRollup(Struct):
    state: str | None = None
    contexts: Connection[GraphContext] | None = None


class GraphMergeability(Struct):
    """What tells whether a pull request can be merged."""

    state: str | None = None
    is_draft: bool | None = None
    mergeable: str | None = None
    merge_state_status: str | None = None
    review_decision: str | None = None


def _of_head(commits: Connection[GraphHeadCommit] | None) -> GraphRollup | None:
    return next((each.commit.status_check_rollup for each in _rows(commits)), None)


class GraphConversations(Struct):
    """The lists of a pull request, each `None` where the query does not ask for it."""

    reviews: Connection[GraphReview] | None = None
    comments: Connection[GraphComment] | None = None
    review_threads: Connection[GraphThread] | None = None
    files: Connection[GraphViewedFile] | None = None
    commits: Connection[GraphPullCommit] | None = None
    status_check_rollup: GraphRollup | None = None
    head_commit: Connection[GraphHeadCommit] | None = None

    def __post_init__(self) -> None:
        """Take the checks from the head commit, where the server has none on the pull request itself."""
        if self.status_check_rollup is None:
            self.status_check_rollup = _of_head(self.head_commit)


class GraphFullPull(GraphPull):
    """A pull request with all that belongs to it, and what the viewer may do with it."""

    mergeable: str | None = None
    merge_state_status: str | None = None
    review_decision: str | None = None
    latest_opinionated_reviews: Connection[GraphReview] | None = None
    reviews: Connection[GraphReview] | None = None
    comments: Connection[GraphComment] | None = None
    review_threads: Connection[GraphThread] | None = None
    files: Connection[GraphViewedFile] | None = None
    commits: Connection[GraphPullCommit] | None = None
    status_check_rollup: GraphRollup | None = None
    viewer_did_author: bool | None = None
    viewer_can_update: bool | None = None
    viewer_can_close: bool | None = None
    viewer_can_reopen: bool | None = None
    viewer_can_enable_auto_merge: bool | None = None
    viewer_can_update_branch: bool | None = None
    viewer_can_apply_suggestion: bool | None = None
    viewer_can_label: bool | None = None
    viewer_can_react: bool | None = None
    viewer_can_subscribe: bool | None = None
    is_merge_queue_enabled: bool | None = None

    def __post_init__(self) -> None:
        """Take the checks from the head commit, where the server has none on the pull request itself."""
        if self.status_check_rollup is None:
            self.status_check_rollup = _of_head(self.head_commit)


class GraphRepository(Struct, Generic[T]):
    """`repository { pullRequest }` with the settings that decide about merging."""

    pull_request: T | None = None
    viewer_permission: str | None = None
    is_private: bool | None = None
    is_archived: bool | None = None
    merge_commit_allowed: bool | None = None
    squash_merge_allowed: bool | None = None
    rebase_merge_allowed: bool | None = None
    auto_merge_allowed: bool | None = None
    delete_branch_on_merge: bool | None = None


class GraphPullAnswer(Struct, Generic[T]):
    repository: GraphRepository[T] | None = None
    viewer: GraphActor | None = None


class GraphNodeAnswer(Struct, Generic[T]):
    node: T | None = None


class GraphQueue(Struct):
    """How this pull request would be merged when it is ready."""

    id: str
    is_merge_queue_enabled: bool | None = None
    is_in_merge_queue: bool | None = None
    auto_merge_request: dict[str, Any] | None = None


class GraphTemplate(Struct):
    filename: str | None = None
    body: str | None = None


class GraphRef(Struct):
    name: str
    target: GraphOid | None = None


class GraphLists(Struct):
    """A repository's lists, each `None` where the query does not ask for it."""

    pull_request_templates: list[GraphTemplate] | None = None
    assignable_users: Connection[GraphActor] | None = None
    refs: Connection[GraphRef] | None = None


class GraphListsAnswer(Struct):
    repository: GraphLists | None = None


class GraphSearchHits(Struct):
    issue_count: int | None = None
    page_info: PageInfo = msgspec.field(default_factory=PageInfo)
    nodes: list[GraphPull | None] | None = None


class GraphSearchAnswer(Struct):
    """`repository` is there when the search was about one."""

    search: GraphSearchHits | None = None
    repository: GraphRepositoryName | None = None
