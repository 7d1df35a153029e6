"""The documents that a client of pull requests sends are answered as GitHub answers them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.testing.github.graphql.scene import WEB, Scene

from pullbridge.testing.github.graphql import Allowance, execute
from pullbridge.testing.github.node_ids import node_id
from pullbridge.testing.store import Protection

PANEL = """
query PullPanel($owner: String!, $name: String!, $number: Int!, $filesAfter: String, $threadsAfter: String,
                $commitsAfter: String, $commentsAfter: String, $reviewsAfter: String, $checksAfter: String) {
  rateLimit { cost limit remaining used resetAt nodeCount }
  viewer { login databaseId }
  repository(owner: $owner, name: $name) {
    id databaseId nameWithOwner isPrivate viewerPermission mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
    autoMergeAllowed deleteBranchOnMerge viewerDefaultMergeMethod
    pullRequest(number: $number) {
      id fullDatabaseId number url title body state isDraft locked activeLockReason createdAt updatedAt closedAt mergedAt
      publishedAt author { __typename login avatarUrl url ... on User { databaseId name } ... on Bot { databaseId } }
      authorAssociation isCrossRepository maintainerCanModify baseRefName baseRefOid headRefName headRefOid
      baseRepository { nameWithOwner url } headRepository { nameWithOwner url sshUrl }
      mergeable mergeStateStatus reviewDecision merged mergedBy { login } mergeCommit { oid }
      potentialMergeCommit { oid } isInMergeQueue isMergeQueueEnabled
      mergeQueueEntry { position state estimatedTimeToMerge }
      autoMergeRequest { enabledAt mergeMethod enabledBy { login } commitHeadline commitBody }
      additions deletions changedFiles totalCommentsCount viewerCanUpdate viewerCanClose viewerCanReopen
      viewerCanEnableAutoMerge viewerCanUpdateBranch viewerDidAuthor viewerSubscription viewerCanMergeAsAdmin
      viewerCanApplySuggestion
      labels(first: 50) { nodes { id name color description } } milestone { number title state dueOn }
      assignees(first: 20) { nodes { login databaseId avatarUrl } }
      reactionGroups { content viewerHasReacted reactors { totalCount } }
      reviewRequests(first: 50) { nodes { asCodeOwner requestedReviewer { __typename
        ... on User { login databaseId } ... on Team { slug name combinedSlug } ... on Bot { login }
        ... on Mannequin { login } } } }
      latestOpinionatedReviews(first: 50) {
        nodes { id fullDatabaseId state submittedAt author { login } commit { oid } } }
      viewerLatestReview { id state commit { oid } }
      reviews(first: 50, after: $reviewsAfter) { totalCount pageInfo { hasNextPage endCursor }
        nodes { id fullDatabaseId state body submittedAt createdAt updatedAt url author { login avatarUrl }
          commit { oid } } }
      comments(first: 50, after: $commentsAfter) { totalCount pageInfo { hasNextPage endCursor }
        nodes { id fullDatabaseId body createdAt updatedAt url isMinimized author { login avatarUrl } viewerCanUpdate
          viewerCanDelete reactionGroups { content viewerHasReacted reactors { totalCount } } } }
      reviewThreads(first: 50, after: $threadsAfter) { totalCount pageInfo { hasNextPage endCursor }
        nodes { id isResolved isOutdated isCollapsed subjectType path diffSide line startDiffSide startLine
          originalLine originalStartLine resolvedBy { login } viewerCanReply viewerCanResolve viewerCanUnresolve
          comments(first: 30) { totalCount pageInfo { hasNextPage endCursor }
            nodes { id fullDatabaseId state body createdAt updatedAt url author { login avatarUrl }
              replyTo { id fullDatabaseId } pullRequestReview { id fullDatabaseId state } commit { oid }
              originalCommit { oid } diffHunk line startLine originalLine originalStartLine outdated viewerCanUpdate
              viewerCanDelete isMinimized } } } }
      files(first: 100, after: $filesAfter) { totalCount pageInfo { hasNextPage endCursor }
        nodes { path changeType additions deletions viewerViewedState } }
      commits(first: 100, after: $commitsAfter) { totalCount pageInfo { hasNextPage endCursor }
        nodes { commit { oid abbreviatedOid messageHeadline messageBody authoredDate committedDate
          author { name email user { login } } parents(first: 3) { nodes { oid } } } } }
      statusCheckRollup { state contexts(first: 100, after: $checksAfter) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { __typename
          ... on CheckRun { databaseId name status conclusion startedAt completedAt detailsUrl title summary
            isRequired(pullRequestNumber: $number)
            checkSuite { app { slug name } workflowRun { workflow { name } } } }
          ... on StatusContext { context state description targetUrl createdAt
            isRequired(pullRequestNumber: $number) creator { login } } } } }
    }
  }
}
"""
INBOX = """
query Inbox($q: String!, $after: String) {
  rateLimit { cost remaining }
  search(query: $q, type: ISSUE, first: 50, after: $after) {
    issueCount pageInfo { hasNextPage endCursor }
    nodes { ... on PullRequest { number title url state isDraft updatedAt headRefOid repository { nameWithOwner }
      author { login } reviewDecision statusCheckRollup { state } } }
  }
}
"""


def panel(scene: Scene) -> Any:
    return scene.data(PANEL, owner="octo", name="app", number=1)["repository"]["pullRequest"]


def test_the_panel_is_one_answer(scene: Scene) -> None:
    """One query gives the pull request with its files, commits, threads, reviews, reviewers and checks."""
    pull = panel(scene)

    assert (pull["title"], pull["state"], pull["locked"], pull["activeLockReason"]) == (
        "Change one line",
        "OPEN",
        True,
        "TOO_HEATED",
    )
    assert {file["path"]: file["changeType"] for file in pull["files"]["nodes"]} == {
        "a.py": "MODIFIED",
        "b.py": "MODIFIED",
        "new.py": "ADDED",
        "old.py": "DELETED",
    }
    assert [node["commit"]["messageHeadline"] for node in pull["commits"]["nodes"]] == ["Change"]
    assert [node["commit"]["messageBody"] for node in pull["commits"]["nodes"]] == ["With a body"]
    assert [label["name"] for label in pull["labels"]["nodes"]] == ["bug"]
    assert pull["url"] == f"{WEB}/octo/app/pull/1"


def test_reviewers_are_people_and_teams(scene: Scene) -> None:
    """Requests name users by login and teams by slug."""
    asked = [node["requestedReviewer"] for node in panel(scene)["reviewRequests"]["nodes"]]

    assert [(one["__typename"], one.get("login") or one["combinedSlug"]) for one in asked] == [
        ("User", "bob"),
        ("Team", "octo/core"),
    ]


def test_checks_are_runs_and_statuses(scene: Scene) -> None:
    """The rollup has both kinds; a failure outweighs what still runs, and what was skipped is no failure."""
    rollup = panel(scene)["statusCheckRollup"]

    states = {
        node.get("name") or node["context"]: node.get("conclusion") or node.get("state") or node["status"]
        for node in rollup["contexts"]["nodes"]
    }
    assert states == {"e2e": "IN_PROGRESS", "docs": "SKIPPED", "ci": "NEUTRAL", "lint": "SUCCESS", "unit": "FAILURE"}
    assert rollup["state"] == "FAILURE"


def test_required_checks_are_those_of_the_target(scene: Scene) -> None:
    """`isRequired` follows the rule of the branch that the pull request aims at."""
    scene.store.repositories.protect(scene.repository, "main", Protection(checks=("lint", "e2e")))

    nodes = panel(scene)["statusCheckRollup"]["contexts"]["nodes"]

    assert {node.get("name") or node["context"] for node in nodes if node["isRequired"]} == {"lint", "e2e"}


def test_other_peoples_pending_reviews_are_not_shown(scene: Scene) -> None:
    """A pending review and its comments are its author's alone."""
    mine = panel(scene)
    theirs = scene.about(
        "totalCommentsCount reviews(first: 9) { nodes { state } } reviewThreads(first: 9) { nodes { path } }",
        token=scene.token_of("carol"),
    )

    assert [review["state"] for review in mine["reviews"]["nodes"]] == ["APPROVED", "PENDING", "COMMENTED", "COMMENTED"]
    assert {thread["path"] for thread in mine["reviewThreads"]["nodes"]} == {"a.py", "b.py"}
    assert "PENDING" not in {review["state"] for review in theirs["reviews"]["nodes"]}
    assert [thread["path"] for thread in theirs["reviewThreads"]["nodes"]] == ["a.py"]
    assert mine["totalCommentsCount"] == theirs["totalCommentsCount"] + 1


def test_mergeability_is_unknown_first_and_computed_then(plain: Scene) -> None:
    """The first look finds UNKNOWN in every field of the answer, the next one finds the truth."""
    looks = [plain.about("mergeable mergeStateStatus canBeRebased") for _ in range(2)]

    assert looks == [
        {"mergeable": "UNKNOWN", "mergeStateStatus": "UNKNOWN", "canBeRebased": False},
        {"mergeable": "MERGEABLE", "mergeStateStatus": "CLEAN", "canBeRebased": True},
    ]


def test_conflicts_are_dirty(plain: Scene) -> None:
    """A conflict with the target's news shows."""
    text = plain.repository.git.blob("main", "a.py")
    assert text is not None
    plain.store.repositories.commit(plain.repository, "main", {"a.py": text.replace(b"line 5\n", b"other\n")})
    plain.pull.checks_left = 0

    assert plain.about("mergeable mergeStateStatus") == {"mergeable": "CONFLICTING", "mergeStateStatus": "DIRTY"}


def test_a_deleted_author_is_null(plain: Scene) -> None:
    """Who deleted their account is nobody, not a ghost with a name."""
    plain.store.people.delete("alice")

    assert plain.about("author { login } title") == {"author": None, "title": "Change a line"}


def test_a_bot_is_a_bot(scene: Scene) -> None:
    """A bot's login has no suffix in GraphQL, and its type says what it is."""
    [comment] = scene.about("comments(first: 1) { nodes { author { __typename login } } }")["comments"]["nodes"]

    assert comment["author"] == {"__typename": "Bot", "login": "helper"}


def test_a_deleted_fork_is_null(plain: Scene) -> None:
    """A pull request from a fork that is gone stays, with its branch's name and commit."""
    store, mallory = plain.store, plain.user("mallory")
    fork = store.repositories.fork(plain.repository, mallory)
    sha = store.repositories.commit(fork, "topic", {"c.py": "new\n"}, start="main")
    pull = store.pulls.create(
        plain.repository, mallory, title="From a fork", source_branch="topic", target_branch="main", source=fork
    )
    store.repositories.delete(fork)

    found = plain.data(
        "query($id: ID!) { node(id: $id) { ... on PullRequest { isCrossRepository headRefName headRefOid headRef { id } "
        "headRepository { id } headRepositoryOwner { login } } } }",
        id=node_id(pull),
    )["node"]

    assert found == {
        "isCrossRepository": True,
        "headRefName": "topic",
        "headRefOid": sha,
        "headRef": None,
        "headRepository": None,
        "headRepositoryOwner": None,
    }


def test_reaction_groups_have_every_kind(scene: Scene) -> None:
    """All eight kinds are there, also those that nobody chose."""
    groups = panel(scene)["comments"]["nodes"][0]["reactionGroups"]

    assert len(groups) == 8
    assert [group for group in groups if group["reactors"]["totalCount"]] == [
        {"content": "THUMBS_UP", "viewerHasReacted": True, "reactors": {"totalCount": 1}}
    ]


def test_the_inbox_finds_what_waits_for_me(scene: Scene) -> None:
    """A search gives pull requests by their qualifiers, with a count."""
    found = scene.data(INBOX, q="is:open is:pr archived:false user-review-requested:@me")["search"]

    assert found["issueCount"] == 1
    assert [(hit["repository"]["nameWithOwner"], hit["number"]) for hit in found["nodes"]] == [("octo/app", 1)]


@pytest.mark.parametrize(
    "query",
    [
        "is:closed",
        "author:bob",
        "-author:alice",
        "label:docs",
        "is:draft",
        "updated:<2001-01-01",
        "head:main",
        "nonsense",
    ],
)
def test_the_inbox_leaves_out_what_does_not_fit(scene: Scene, query: str) -> None:
    """A qualifier that does not hold hides the pull request."""
    assert scene.data(INBOX, q=f"is:pr {query}")["search"]["issueCount"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "repo:octo/app state:open",
        "author:alice -is:draft",
        "label:bug assignee:alice",
        "review-requested:carol",
        "reviewed-by:carol",
        "base:main head:feature",
        "updated:>=2001-01-01",
        "draft:false",
        '"one line" in:title',
        "review:none repo:octo/app repo:octo/other",
    ],
)
def test_the_inbox_shows_what_fits(scene: Scene, query: str) -> None:
    """Qualifiers and words that hold find it."""
    if query.startswith("review:none"):
        scene.pull.reviews.clear()

    assert scene.data(INBOX, q=f"is:pr {query}")["search"]["issueCount"] == 1


def test_a_query_without_a_budget_has_no_rate_limit(scene: Scene) -> None:
    """An Enterprise Server without limits says so by null."""
    assert scene.data("{ rateLimit { cost } }") == {"rateLimit": None}


def test_the_budget_is_told(scene: Scene) -> None:
    """The cost counts connections, and what is left already lacks it."""
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    scene.allowance = Allowance(limit=5000, used=10, resets_at=moment)

    told = scene.data(PANEL, owner="octo", name="app", number=1)["rateLimit"]

    assert told == {
        "cost": 2,
        "limit": 5000,
        "remaining": 4988,
        "used": 12,
        "resetAt": "2026-01-02T03:04:05Z",
        "nodeCount": 2420,
    }


def test_a_spent_budget_refuses(scene: Scene) -> None:
    """With nothing left the answer has status 200 and an error of type RATE_LIMITED."""
    scene.allowance = Allowance(limit=10, used=10, resets_at=datetime(2026, 1, 2, tzinfo=UTC))

    answer = scene.ask("{ viewer { login } }")

    assert answer == {
        "errors": [{"type": "RATE_LIMITED", "message": f"API rate limit exceeded for user ID {scene.token.user.id}."}]
    }


def test_too_many_nodes_are_refused(scene: Scene) -> None:
    """A query that could give more than half a million nodes does not run."""
    answer = scene.ask(
        '{ repository(owner: "octo", name: "app") { pullRequests(first: 100) { nodes { reviewThreads(first: 100) '
        "{ nodes { comments(first: 100) { nodes { id } } } } } } } }"
    )

    assert answer["errors"][0]["type"] == "MAX_NODE_LIMIT_EXCEEDED"
    assert "data" not in answer


def test_anybody_is_refused(scene: Scene) -> None:
    """GraphQL is for the signed-in: without a token the status is 401."""
    reply = execute(scene.store, None, "{ viewer { login } }", web=WEB)

    assert (reply.status, reply.payload["message"]) == (401, "This endpoint requires you to be authenticated.")


def test_a_syntax_error_is_told(scene: Scene) -> None:
    """A document that cannot be read is an error with its place, and no data."""
    answer = scene.ask("{ viewer {")

    assert list(answer) == ["errors"]
    assert answer["errors"][0]["locations"] == [{"line": 1, "column": 11}]


def test_a_missing_variable_is_told(scene: Scene) -> None:
    """Nothing runs without a variable that must be there."""
    answer = scene.ask("query($id: ID!) { node(id: $id) { id } }")

    assert list(answer) == ["errors"]
    assert "$id" in answer["errors"][0]["message"]


def test_an_argument_that_is_not_taken_is_told(scene: Scene) -> None:
    """An unknown argument is named as GitHub names it."""
    [error] = scene.ask("{ viewer(login: 1) { login } }")["errors"]

    assert error["message"] == "Field 'viewer' doesn't accept argument 'login'"
    assert error["extensions"]["code"] == "argumentNotAccepted"


def test_the_operation_is_chosen_by_name(scene: Scene) -> None:
    """Of several operations the named one runs; without a name none does."""
    document = "query A { viewer { login } } query B { viewer { id } }"

    chosen = execute(scene.store, scene.token, document, {}, "A", web=WEB).payload
    unnamed = execute(scene.store, scene.token, document, {}, None, web=WEB).payload

    assert chosen == {"data": {"viewer": {"login": "bob"}}}
    assert unnamed == {"errors": [{"message": "An operation name is required"}]}
