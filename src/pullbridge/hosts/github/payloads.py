"""GitHub's answers, as far as they are read: decoding is also validation.

Only what cannot be missing is required, because older servers leave out newer keys. Unknown keys are ignored.
https://docs.github.com/en/rest/pulls and https://docs.github.com/en/graphql/reference/objects
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from pullbridge.errors import BadAnswer

T = TypeVar("T")


def decode(body: bytes, shape: type[T], what: str) -> T:
    """Decode an answer's body; raises `BadAnswer` naming `what` and where in it the trouble is, never its content."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadAnswer(f"GitHub's answer does not look like {what}: {_where(error)}.", what=what) from None


def _where(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        # msgspec quotes no content of the body but for enum values, which are not used here.
        return str(error)
    return "it is not JSON"


class Struct(msgspec.Struct, rename="camel", gc=False):
    """GraphQL's spelling."""


class Rest(msgspec.Struct, gc=False):
    """REST's spelling."""


# REST ----------------------------------------------------------------------------------------------------------------


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
    permissions: dict[str, bool] | None = None
    allow_merge_commit: bool | None = None
    allow_squash_merge: bool | None = None
    allow_rebase_merge: bool | None = None
    allow_auto_merge: bool | None = None
    delete_branch_on_merge: bool | None = None


class RestEnd(Rest):
    """`head` or `base` of a pull request."""

    ref: str
    sha: str | None = None
    repo: RestRepository | None = None


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
    auto_merge: dict[str, Any] | None = None
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


class RestReview(Rest):
    id: int
    node_id: str | None = None
    state: str | None = None
    body: str | None = None
    user: RestUser | None = None
    commit_id: str | None = None
    submitted_at: datetime | None = None
    html_url: str | None = None


class RestMerged(Rest):
    sha: str | None = None
    merged: bool | None = None
    message: str | None = None


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


class RestMeta(Rest):
    installed_version: str | None = None


# GraphQL -------------------------------------------------------------------------------------------------------------


class PageInfo(Struct):
    has_next_page: bool = False
    end_cursor: str | None = None


class Connection(Struct, Generic[T]):
    """A stretch of a list; GraphQL allows null rows."""

    nodes: list[T | None] | None = None
    total_count: int | None = None
    page_info: PageInfo = msgspec.field(default_factory=PageInfo)

    @property
    def items(self) -> list[T]:
        return [node for node in self.nodes or () if node is not None]

    @property
    def rest(self) -> str | None:
        """The cursor of what is missing, `None` when this is all."""
        return self.page_info.end_cursor if self.page_info.has_next_page else None


class GraphActor(Struct):
    """`Actor`, and `RequestedReviewer` with its teams."""

    typename: str | None = msgspec.field(name="__typename", default=None)
    login: str | None = None
    slug: str | None = None
    combined_slug: str | None = None
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
    auto_merge_request: dict[str, Any] | None = None
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


class GraphConversations(Struct):
    """The lists of a pull request, each `None` where the query does not ask for it."""

    latest_opinionated_reviews: Connection[GraphReview] | None = None
    reviews: Connection[GraphReview] | None = None
    comments: Connection[GraphComment] | None = None
    review_threads: Connection[GraphThread] | None = None
    files: Connection[GraphViewedFile] | None = None
    commits: Connection[GraphPullCommit] | None = None
    status_check_rollup: GraphRollup | None = None


class GraphFullPull(GraphPull):
    """A pull request with all that belongs to it."""

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


class GraphRepository(Struct, Generic[T]):
    """`repository { pullRequest }` with the settings that decide about merging."""

    pull_request: T | None = None
    viewer_permission: str | None = None
    is_private: bool | None = None
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


class GraphPullWritten(Struct):
    """The payload of a mutation that gives the pull request back."""

    pull_request: GraphPull


class GraphThreadWritten(Struct):
    """The payload of a mutation that gives the thread back; `None` when GitHub dropped it without an error."""

    thread: GraphThread | None = None


class GraphCommentWritten(Struct):
    """The payload of the mutations that give a comment back, each under its own name."""

    comment: GraphComment | None = None
    pull_request_review_comment: GraphComment | None = None
    issue_comment: GraphComment | None = None

    @property
    def written(self) -> GraphComment | None:
        return self.comment or self.pull_request_review_comment or self.issue_comment


class GraphBuilt(Struct):
    """The payload of one step of `queries.build_review`."""

    thread: GraphThread | None = None
    comment: GraphComment | None = None


class GraphPostedPull(Struct):
    head_ref_oid: str | None = None
    review_threads: Connection[GraphThread] | None = None


class GraphPostedReview(GraphReview):
    pull_request: GraphPostedPull | None = None


class GraphReviewWritten(Struct):
    pull_request_review: GraphPostedReview


class GraphNothing(Struct):
    """A payload that is only asked for because GraphQL wants a selection."""


class GraphSearchHits(Struct):
    issue_count: int | None = None
    page_info: PageInfo = msgspec.field(default_factory=PageInfo)
    nodes: list[GraphPull | None] | None = None


class GraphSearchAnswer(Struct):
    search: GraphSearchHits | None = None


class GraphErrorExtensions(Struct):
    code: str | None = None
    type_name: str | None = None
    field_name: str | None = None


class GraphError(Struct):
    message: str = ""
    type: str | None = None
    path: list[str | int] | None = None
    extensions: GraphErrorExtensions | None = None


class GraphAnswer(Struct, Generic[T]):
    """The envelope: partial data may come with errors."""

    data: T | None = None
    errors: list[GraphError] | None = None
