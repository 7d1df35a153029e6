"""The GraphQL documents. Every one is validated against GitHub's published schema by the contract tests.

Each document is whole: its fragments are appended by name, so that nothing is sent that is not used.
https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from __future__ import annotations

import re

_ACTOR = """
fragment Who on Actor {
  __typename login avatarUrl url
  ... on User { databaseId name }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId }
}"""

_PULL = """
fragment PullFields on PullRequest {
  id number url title body state isDraft locked
  createdAt updatedAt closedAt mergedAt
  author { ...Who }
  mergedBy { ...Who }
  mergeCommit { oid }
  baseRefName baseRefOid headRefName headRefOid
  baseRepository { nameWithOwner url }
  headRepository { nameWithOwner url }
  autoMergeRequest { enabledAt }
  additions deletions changedFiles totalCommentsCount viewerSubscription
  labels(first: 100) { nodes { name color description } }
  milestone { number title state dueOn }
  assignees(first: 20) { nodes { ...Who } }
  reviewRequests(first: 50) { nodes { ...Request } }
  commitTotal: commits { totalCount }
}"""

#: A team's own fields want `read:org` of classic tokens, and refuse the whole answer without it, even where no team was
#: asked: https://github.com/cli/cli/issues/812. REST names teams to whoever may read the pull request.
_REQUEST = """
fragment Request on ReviewRequest {
  asCodeOwner
  requestedReviewer {
    __typename
    ... on User { login databaseId name avatarUrl url }
    ... on Bot { login databaseId avatarUrl url }
    ... on Mannequin { login databaseId avatarUrl url }
  }
}"""

_REVIEW_COMMENT = """
fragment ReviewCommentFields on PullRequestReviewComment {
  id body createdAt updatedAt url state isMinimized minimizedReason viewerDidAuthor diffHunk
  author { ...Who }
  pullRequestReview { id }
  commit { oid }
  originalCommit { oid }
  reactionGroups { content viewerHasReacted reactors { totalCount } }
}"""

_ISSUE_COMMENT = """
fragment IssueCommentFields on IssueComment {
  id body createdAt updatedAt url isMinimized minimizedReason viewerDidAuthor
  author { ...Who }
  reactionGroups { content viewerHasReacted reactors { totalCount } }
}"""

_THREAD = """
fragment ThreadFields on PullRequestReviewThread {
  id path isResolved isOutdated subjectType diffSide line startDiffSide startLine originalLine originalStartLine
  resolvedBy { ...Who }
  viewerCanReply viewerCanResolve viewerCanUnresolve
  comments(first: 30) { totalCount pageInfo { hasNextPage endCursor } nodes { ...ReviewCommentFields } }
}"""

_REVIEW = """
fragment ReviewFields on PullRequestReview {
  id state body submittedAt url viewerDidAuthor
  author { ...Who }
  commit { oid }
}"""

_COMMIT = """
fragment CommitFields on Commit {
  oid messageHeadline message authoredDate committedDate url
  author { name email user { ...Who } }
  parents(first: 20) { nodes { oid } }
}"""

_CONTEXTS = """
fragment ContextFields on StatusCheckRollupContext {
  __typename
  ... on CheckRun {
    name status conclusion title detailsUrl startedAt completedAt isRequired(pullRequestNumber: $number)
    checkSuite { app { name slug } }
  }
  ... on StatusContext {
    context state description targetUrl createdAt isRequired(pullRequestNumber: $number) creator { ...Who }
  }
}"""

_MERGEABLE = """
fragment MergeabilityFields on PullRequest { state isDraft mergeable mergeStateStatus reviewDecision }"""

_FRAGMENTS = {
    re.match(r"\nfragment (\w+)", text)[1]: text  # type: ignore[index]  # each begins with its name
    for text in (
        _ACTOR,
        _PULL,
        _REQUEST,
        _REVIEW_COMMENT,
        _ISSUE_COMMENT,
        _THREAD,
        _REVIEW,
        _COMMIT,
        _CONTEXTS,
        _MERGEABLE,
    )
}


def _whole(document: str) -> str:
    """Append the fragments that a document uses, and those that they use."""
    known = re.findall(r"\.\.\.\s?([A-Z]\w+)", document)
    for name in known:
        known += [inner for inner in re.findall(r"\.\.\.\s?([A-Z]\w+)", _FRAGMENTS[name]) if inner not in known]
    return document + "".join(_FRAGMENTS[name] for name in dict.fromkeys(known))


def _about_one(operation: str, selection: str, more: str = "", beside: str = "") -> str:
    """A query about one pull request."""
    return _whole(
        f"query {operation}($owner: String!, $name: String!, $number: Int!{more}) {{{beside}"
        f"\n  repository(owner: $owner, name: $name) {{ pullRequest(number: $number) {{{selection}\n  }} }}\n}}"
    )


_CHECKS = """
    statusCheckRollup {
      state contexts(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { ...ContextFields } }
    }"""

_PANEL = """
    ...PullFields ...MergeabilityFields
    isMergeQueueEnabled viewerDidAuthor viewerCanUpdate viewerCanClose viewerCanReopen viewerCanEnableAutoMerge
    viewerCanUpdateBranch viewerCanApplySuggestion viewerCanLabel viewerCanReact viewerCanSubscribe
    latestOpinionatedReviews(first: 50) { nodes { ...ReviewFields } }
    reviews(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { ...ReviewFields } }
    comments(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { ...IssueCommentFields } }
    reviewThreads(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { ...ThreadFields } }
    files(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { path viewerViewedState } }
    commits(first: 100) {
      totalCount pageInfo { hasNextPage endCursor } nodes { commit { ...CommitFields } }
    }"""

_REPOSITORY = """
    viewerPermission isPrivate isArchived
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed autoMergeAllowed deleteBranchOnMerge"""


REPOSITORY = _whole(
    "query Repository($owner: String!, $name: String!) {\n  viewer { ...Who }"
    f"\n  repository(owner: $owner, name: $name) {{{_REPOSITORY}\n  }}\n}}"
)


def _panel(checks: str) -> str:
    return _whole(
        "query PullPanel($owner: String!, $name: String!, $number: Int!) {\n  viewer { ...Who }"
        f"\n  repository(owner: $owner, name: $name) {{{_REPOSITORY}\n    pullRequest(number: $number) {{{_PANEL}{checks}"
        "\n    }\n  }\n}"
    )


PANEL = _panel(_CHECKS)
#: For credentials that may not read check runs: refusing that one field refuses the whole answer.
#: https://github.com/orgs/community/discussions/129512
PANEL_WITHOUT_CHECKS = _panel("")

CHECKS = _about_one("PullChecks", _CHECKS)
MERGEABILITY = _about_one("PullMergeability", "\n    ...MergeabilityFields")
PULL = _about_one("Pull", "\n    ...PullFields")

_NEXT = "(first: 50, after: $after)"
REVIEWS = _about_one(
    "PullReviews",
    f"\n    reviews{_NEXT} {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...ReviewFields }} }}",
    ", $after: String",
)
COMMENTS = _about_one(
    "PullComments",
    f"\n    comments{_NEXT} {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...IssueCommentFields }} }}",
    ", $after: String",
)
THREADS = _about_one(
    "PullThreads",
    f"\n    reviewThreads{_NEXT} {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...ThreadFields }} }}",
    ", $after: String",
)
CONVERSATIONS = _about_one(
    "PullConversations",
    """
    reviewThreads(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { ...ThreadFields } }
    comments(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { ...IssueCommentFields } }""",
    beside="\n  viewer { ...Who }",
)
COMMITS = _about_one(
    "PullCommits",
    """
    commits(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { commit { ...CommitFields } }
    }""",
    ", $after: String",
)
CONTEXTS = _about_one(
    "PullCheckContexts",
    """
    statusCheckRollup {
      state contexts(first: 100, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { ...ContextFields }
      }
    }""",
    ", $after: String",
)
REVIEWERS = _about_one(
    "PullReviewers",
    """
    ...PullFields
    latestOpinionatedReviews(first: 50) { nodes { ...ReviewFields } }
    reviews(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { ...ReviewFields } }""",
)

QUEUE = _about_one("PullQueue", "\n    id isMergeQueueEnabled isInMergeQueue autoMergeRequest { enabledAt }")
FILES = _about_one(
    "PullFiles",
    """
    files(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { path viewerViewedState }
    }""",
    ", $after: String",
)
TEMPLATES = (
    "query Templates($owner: String!, $name: String!) {\n"
    "  repository(owner: $owner, name: $name) { pullRequestTemplates { filename body } }\n}"
)
CANDIDATES = _whole(
    "query Candidates($owner: String!, $name: String!, $q: String!, $after: String) {\n"
    "  repository(owner: $owner, name: $name) {\n    assignableUsers(query: $q, first: 100, after: $after) {\n"
    "      totalCount pageInfo { hasNextPage endCursor } nodes { ...Who }\n    }\n  }\n}"
)
BRANCHES = (
    "query Branches($owner: String!, $name: String!, $q: String!, $after: String) {\n"
    "  repository(owner: $owner, name: $name) {\n"
    '    refs(refPrefix: "refs/heads/", query: $q, first: 100, after: $after) {\n'
    "      totalCount pageInfo { hasNextPage endCursor } nodes { name target { oid } }\n    }\n  }\n}"
)

THREAD = _whole("query Thread($id: ID!) {\n  node(id: $id) { ...ThreadFields }\n}")
THREAD_COMMENTS = _whole(
    "query ThreadComments($id: ID!, $after: String) {\n  node(id: $id) { ... on PullRequestReviewThread {"
    " id path comments(first: 100, after: $after) {"
    " totalCount pageInfo { hasNextPage endCursor } nodes { ...ReviewCommentFields } } } }\n}"
)


def _search(more: str = "", name: str = "", parameters: str = "") -> str:
    """A search; with `name` it also tells what its repository is called now, and fails where that is hidden."""
    return _whole(
        f"query PullSearch($q: String!, $first: Int!, $after: String{parameters}) {{{name}\n"
        "  search(query: $q, type: ISSUE, first: $first, after: $after) {\n"
        f"    issueCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...PullFields{more} }}\n  }}\n}}"
    )


_WITH_CHECKS = " ... on PullRequest { rollupState: statusCheckRollup { state } }"
_NAME = "\n  repository(owner: $owner, name: $name) { nameWithOwner }"
SEARCH = _search()
SEARCH_IN = _search("", _NAME, ", $owner: String!, $name: String!")
SEARCH_IN_WITH_CHECKS = _search(_WITH_CHECKS, _NAME, ", $owner: String!, $name: String!")


def _mutation(name: str, payload: str) -> str:
    """A mutation with its one input. https://docs.github.com/en/graphql/reference/mutations"""
    kind = f"{name[0].upper()}{name[1:]}Input"
    return _whole(f"mutation {kind[:-5]}($input: {kind}!) {{\n  {name}(input: $input) {{ {payload} }}\n}}")


_POSTED = "pullRequestReview { ...ReviewFields pullRequest { headRefOid reviewThreads(last: 100) { nodes { ...ThreadFields } } } }"

ADD_REVIEW = _mutation("addPullRequestReview", _POSTED)
SUBMIT_REVIEW = _mutation("submitPullRequestReview", _POSTED)
DELETE_REVIEW = _mutation("deletePullRequestReview", "pullRequestReview { id }")
REPLY = _mutation("addPullRequestReviewThreadReply", "comment { ...ReviewCommentFields }")
EDIT_REVIEW_COMMENT = _mutation("updatePullRequestReviewComment", "pullRequestReviewComment { ...ReviewCommentFields }")
EDIT_ISSUE_COMMENT = _mutation("updateIssueComment", "issueComment { ...IssueCommentFields }")
DELETE_REVIEW_COMMENT = _mutation("deletePullRequestReviewComment", "pullRequestReview { id }")
DELETE_ISSUE_COMMENT = _mutation("deleteIssueComment", "clientMutationId")
RESOLVE = _mutation("resolveReviewThread", "thread { ...ThreadFields }")
UNRESOLVE = _mutation("unresolveReviewThread", "thread { ...ThreadFields }")
TO_DRAFT = _mutation("convertPullRequestToDraft", "pullRequest { ...PullFields }")
READY = _mutation("markPullRequestReadyForReview", "pullRequest { ...PullFields }")

LOCK = _mutation("lockLockable", "lockedRecord { locked }")
UNLOCK = _mutation("unlockLockable", "unlockedRecord { locked }")
SUBSCRIBE = _mutation("updateSubscription", "subscribable { viewerSubscription }")
UPDATE_BRANCH = _mutation("updatePullRequestBranch", "pullRequest { ...PullFields }")
AUTO_MERGE = _mutation("enablePullRequestAutoMerge", "pullRequest { state }")
CANCEL_AUTO_MERGE = _mutation("disablePullRequestAutoMerge", "pullRequest { state }")
ENQUEUE = _mutation("enqueuePullRequest", "mergeQueueEntry { state position }")
DEQUEUE = _mutation("dequeuePullRequest", "mergeQueueEntry { state position }")
VIEWED = _mutation("markFileAsViewed", "clientMutationId")
UNVIEWED = _mutation("unmarkFileAsViewed", "clientMutationId")
REACT = _mutation("addReaction", "clientMutationId")
UNREACT = _mutation("removeReaction", "clientMutationId")
DISMISS = _mutation("dismissPullRequestReview", "pullRequestReview { ...ReviewFields }")
ADD_THREAD = _mutation("addPullRequestReviewThread", "thread { ...ThreadFields }")
COMMIT = _mutation("createCommitOnBranch", "commit { oid }")

_BUILD = """mutation BuildReview({parameters}) {{
{steps}
}}"""


def build_review(threads: int, replies: int) -> str:
    """Build one document that adds threads and replies to a pending review, each on its own.

    The steps run one after the other and fail one by one (GraphQL specification, section 6.2.2), so that a comment which
    the host refuses takes no other with it. Variables: `$t0…` (AddPullRequestReviewThreadInput) and `$r0…`
    (AddPullRequestReviewThreadReplyInput).
    """
    parameters = [f"$t{i}: AddPullRequestReviewThreadInput!" for i in range(threads)]
    parameters += [f"$r{i}: AddPullRequestReviewThreadReplyInput!" for i in range(replies)]
    steps = [
        f"  t{i}: addPullRequestReviewThread(input: $t{i}) {{ thread {{ ...ThreadFields }} }}" for i in range(threads)
    ]
    steps += [
        f"  r{i}: addPullRequestReviewThreadReply(input: $r{i}) {{ comment {{ ...ReviewCommentFields }} }}"
        for i in range(replies)
    ]
    return _whole(_BUILD.format(parameters=", ".join(parameters), steps="\n".join(steps)))
