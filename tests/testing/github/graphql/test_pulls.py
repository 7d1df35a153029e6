"""Mutations of pull requests as a whole: drafts, states, merges, queues, labels, comments, branches."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from tests.testing.github.graphql.scene import TEXT, Scene

from pullbridge.testing.github.node_ids import node_id
from pullbridge.testing.store import Protection, Role


def guarded(scene: Scene, **rule: Any) -> None:
    """Protect the target branch."""
    scene.store.repositories.protect(scene.repository, "main", Protection(**rule))


def test_a_draft_is_made_and_unmade(plain: Scene) -> None:
    """Both ways; a draft's merge state says so."""
    fields = "pullRequest { isDraft }"

    made = plain.do("convertPullRequestToDraft", fields, pullRequestId=plain.pull_id)
    plain.pull.checks_left = 0
    state = plain.about("mergeStateStatus")
    unmade = plain.do("markPullRequestReadyForReview", fields, pullRequestId=plain.pull_id)

    assert made == {"pullRequest": {"isDraft": True}}
    assert state == {"mergeStateStatus": "DRAFT"}
    assert unmade == {"pullRequest": {"isDraft": False}}


def test_it_is_closed_and_opened_again(plain: Scene) -> None:
    """What the viewer may do follows the state."""
    fields = "pullRequest { state closed viewerCanClose viewerCanReopen }"

    closed = plain.do("closePullRequest", fields, pullRequestId=plain.pull_id)["pullRequest"]
    opened = plain.do("reopenPullRequest", fields, pullRequestId=plain.pull_id)["pullRequest"]

    assert closed == {"state": "CLOSED", "closed": True, "viewerCanClose": False, "viewerCanReopen": True}
    assert opened == {"state": "OPEN", "closed": False, "viewerCanClose": True, "viewerCanReopen": False}


def test_it_is_edited(plain: Scene) -> None:
    """What is given changes; an empty body is a body, and null clears the milestone."""
    store, bob = plain.store, plain.user("bob")
    label = store.repositories.label(plain.repository, "docs")
    store.pulls.set_milestone(plain.pull, bob, store.repositories.milestone(plain.repository, "One", bob))

    pull = plain.do(
        "updatePullRequest",
        "pullRequest { title body milestone { title } labels(first: 5) { nodes { name } } "
        "assignees(first: 5) { nodes { login } } state }",
        pullRequestId=plain.pull_id,
        title="Another",
        body="",
        milestoneId=None,
        labelIds=[node_id(label)],
        assigneeIds=[node_id(bob)],
        state="CLOSED",
    )["pullRequest"]

    assert pull == {
        "title": "Another",
        "body": "",
        "milestone": None,
        "labels": {"nodes": [{"name": "docs"}]},
        "assignees": {"nodes": [{"login": "bob"}]},
        "state": "CLOSED",
    }


def test_labels_and_assignees_come_and_go(plain: Scene) -> None:
    """Adding keeps what is there, removing leaves the rest."""
    labels = [plain.store.repositories.label(plain.repository, name) for name in ("one", "two")]
    ids, bob = [node_id(label) for label in labels], [node_id(plain.user("bob"))]
    names = "labelable { labels(first: 5) { nodes { name } } }"
    people = "assignable { assignees(first: 5) { nodes { login } } }"

    added = plain.do("addLabelsToLabelable", names, labelableId=plain.pull_id, labelIds=ids)
    removed = plain.do("removeLabelsFromLabelable", names, labelableId=plain.pull_id, labelIds=ids[:1])
    assigned = plain.do("addAssigneesToAssignable", people, assignableId=plain.pull_id, assigneeIds=bob)
    free = plain.do("removeAssigneesFromAssignable", people, assignableId=plain.pull_id, assigneeIds=bob)

    assert [label["name"] for label in added["labelable"]["labels"]["nodes"]] == ["one", "two"]
    assert [label["name"] for label in removed["labelable"]["labels"]["nodes"]] == ["two"]
    assert [user["login"] for user in assigned["assignable"]["assignees"]["nodes"]] == ["bob"]
    assert free["assignable"]["assignees"]["nodes"] == []


def test_a_merge_is_a_commit_on_the_target(plain: Scene) -> None:
    """A squash with its own words lands on the target branch."""
    pull = plain.do(
        "mergePullRequest",
        "pullRequest { state merged mergedBy { login } mergeCommit { oid message parents(first: 2) { totalCount } } }",
        pullRequestId=plain.pull_id,
        mergeMethod="SQUASH",
        commitHeadline="Headline",
        commitBody="Body",
        expectedHeadOid=plain.pull.head,
    )["pullRequest"]

    assert (pull["state"], pull["merged"], pull["mergedBy"]) == ("MERGED", True, {"login": "bob"})
    assert pull["mergeCommit"] == {
        "oid": plain.repository.git.head("main"),
        "message": "Headline\n\nBody",
        "parents": {"totalCount": 1},
    }


def test_a_merge_of_another_head_is_refused(plain: Scene) -> None:
    """The guard compares the head, and nothing is merged."""
    error = plain.refused("mergePullRequest", pullRequestId=plain.pull_id, expectedHeadOid="0" * 40)

    assert (error["type"], plain.pull.state) == ("UNPROCESSABLE", "open")
    assert error["message"].startswith("Head branch was modified")


def test_a_draft_is_not_merged(plain: Scene) -> None:
    """The reason is in GitHub's words."""
    plain.pull.draft = True

    error = plain.refused("mergePullRequest", pullRequestId=plain.pull_id)

    assert error["message"] == "Pull Request is still a draft"


def test_a_merge_needs_a_role(plain: Scene) -> None:
    """Who may only read may not merge."""
    plain.repository.members = {"alice": Role.WRITE}

    error = plain.refused("mergePullRequest", pullRequestId=plain.pull_id)

    assert error["message"] == "bob does not have the correct permissions to execute `MergePullRequest`"


def test_auto_merge_waits_for_requirements(plain: Scene) -> None:
    """It is refused when nothing is missing, waits when something is, and merges by itself then."""
    fields = "pullRequest { autoMergeRequest { mergeMethod commitHeadline enabledBy { login } } }"
    given: dict[str, Any] = {"pullRequestId": plain.pull_id, "mergeMethod": "SQUASH", "commitHeadline": "Later"}

    clean = plain.refused("enablePullRequestAutoMerge", **given)
    guarded(plain, checks=("ci",))
    waiting = plain.do("enablePullRequestAutoMerge", fields, **given)["pullRequest"]["autoMergeRequest"]
    plain.store.checks.report(plain.repository, plain.pull.head, "ci", "success")

    assert clean["message"] == "Pull request Pull request is in clean status"
    assert waiting == {"mergeMethod": "SQUASH", "commitHeadline": "Later", "enabledBy": {"login": "bob"}}
    assert plain.about("state autoMergeRequest { enabledAt }") == {"state": "MERGED", "autoMergeRequest": None}


def test_auto_merge_is_called_off(plain: Scene) -> None:
    """Then it is not there, and cannot be called off again."""
    guarded(plain, reviews=1)
    plain.do("enablePullRequestAutoMerge", "clientMutationId", pullRequestId=plain.pull_id)

    off = plain.do(
        "disablePullRequestAutoMerge", "pullRequest { autoMergeRequest { enabledAt } }", pullRequestId=plain.pull_id
    )
    error = plain.refused("disablePullRequestAutoMerge", pullRequestId=plain.pull_id)

    assert off == {"pullRequest": {"autoMergeRequest": None}}
    assert error["type"] == "UNPROCESSABLE"


def test_auto_merge_may_be_switched_off(plain: Scene) -> None:
    """A repository that does not allow it says so."""
    plain.repository.allow_auto_merge = False

    error = plain.refused("enablePullRequestAutoMerge", pullRequestId=plain.pull_id)

    assert error["message"] == "Auto merge is not allowed for this repository"


def test_a_queue_has_places(plain: Scene) -> None:
    """A pull request gets a place, shows it, and leaves it."""
    guarded(plain, queue=True)
    entry = "mergeQueueEntry { position state estimatedTimeToMerge enqueuer { login } headCommit { oid } }"

    queued = plain.do("enqueuePullRequest", entry, pullRequestId=plain.pull_id, expectedHeadOid=plain.pull.head)
    shown = plain.about(f"isMergeQueueEnabled isInMergeQueue {entry}")
    plain.do("dequeuePullRequest", entry, id=plain.pull_id)

    assert queued["mergeQueueEntry"] == {
        "position": 1,
        "state": "QUEUED",
        "estimatedTimeToMerge": 60,
        "enqueuer": {"login": "bob"},
        "headCommit": {"oid": plain.pull.head},
    }
    assert shown == {"isMergeQueueEnabled": True, "isInMergeQueue": True, **queued}
    assert plain.about("isInMergeQueue") == {"isInMergeQueue": False}


def test_a_queue_merges_its_first(plain: Scene) -> None:
    """When its turn has come it is merged, and the queue is empty."""
    guarded(plain, queue=True)
    plain.do("enqueuePullRequest", "clientMutationId", pullRequestId=plain.pull_id)

    commit = plain.store.merging.merge_queued(plain.repository, "main")

    assert plain.about("state mergeCommit { oid } isInMergeQueue") == {
        "state": "MERGED",
        "mergeCommit": {"oid": commit},
        "isInMergeQueue": False,
    }


def test_a_push_loses_the_place(plain: Scene) -> None:
    """Whoever pushes leaves the queue."""
    guarded(plain, queue=True)
    plain.do("enqueuePullRequest", "clientMutationId", pullRequestId=plain.pull_id)

    plain.push(new="other\n")

    assert plain.about("mergeQueueEntry { position }") == {"mergeQueueEntry": None}


def test_there_is_not_always_a_queue(plain: Scene) -> None:
    """Without one there is no place in it."""
    assert plain.refused("enqueuePullRequest", pullRequestId=plain.pull_id)["type"] == "UNPROCESSABLE"


def test_the_branch_is_brought_up_to_date(plain: Scene) -> None:
    """The target's news are merged into the source branch, for the head that was expected."""
    plain.store.repositories.commit(plain.repository, "main", {"c.py": "news\n"})
    before = plain.pull.head

    stale = plain.refused("updatePullRequestBranch", pullRequestId=plain.pull_id, expectedHeadOid="0" * 40)
    pull = plain.do(
        "updatePullRequestBranch",
        "pullRequest { headRefOid viewerCanUpdateBranch }",
        pullRequestId=plain.pull_id,
        expectedHeadOid=before,
    )["pullRequest"]

    assert stale["type"] == "UNPROCESSABLE"
    assert pull["headRefOid"] == plain.repository.git.head("feature") != before
    assert pull["viewerCanUpdateBranch"] is False


def test_files_are_ticked_off(plain: Scene) -> None:
    """A tick holds until the file changes."""
    states = "pullRequest { files(first: 9) { nodes { path viewerViewedState } } }"

    def seen(answer: Any) -> dict[str, str]:
        return {file["path"]: file["viewerViewedState"] for file in answer["pullRequest"]["files"]["nodes"]}

    ticked = seen(plain.do("markFileAsViewed", states, pullRequestId=plain.pull_id, path="a.py"))
    plain.do("markFileAsViewed", states, pullRequestId=plain.pull_id, path="b.py")
    plain.push(a=TEXT.replace("line 5\n", "line V\n"))
    pushed = seen(plain.do("unmarkFileAsViewed", states, pullRequestId=plain.pull_id, path="b.py"))

    assert (ticked["a.py"], ticked["b.py"]) == ("VIEWED", "UNVIEWED")
    assert (pushed["a.py"], pushed["b.py"]) == ("DISMISSED", "UNVIEWED")


def test_a_conversation_is_locked(plain: Scene) -> None:
    """Then only those who may write can comment."""
    plain.repository.members = {"bob": Role.WRITE}
    carol = plain.token_of("carol")
    fields = "lockedRecord { locked activeLockReason }"

    locked = plain.do("lockLockable", fields, lockableId=plain.pull_id, lockReason="OFF_TOPIC")
    error = plain.refused("addComment", token=carol, subjectId=plain.pull_id, body="But")
    plain.do("unlockLockable", "clientMutationId", lockableId=plain.pull_id)
    plain.do("addComment", "clientMutationId", token=carol, subjectId=plain.pull_id, body="But")

    assert locked == {"lockedRecord": {"locked": True, "activeLockReason": "OFF_TOPIC"}}
    assert error["type"] == "FORBIDDEN"
    assert len(plain.pull.comments) == 1


def test_a_comment_lives(plain: Scene) -> None:
    """It is written, edited, hidden, shown and deleted."""
    edge = plain.do("addComment", "commentEdge { node { id body } }", subjectId=plain.pull_id, body="One")[
        "commentEdge"
    ]
    comment = edge["node"]["id"]

    edited = plain.do("updateIssueComment", "issueComment { body }", id=comment, body="Two")
    hidden = plain.do(
        "minimizeComment", "minimizedComment { isMinimized minimizedReason }", subjectId=comment, classifier="OFF_TOPIC"
    )
    shown = plain.do("unminimizeComment", "unminimizedComment { isMinimized }", subjectId=comment)
    plain.do("deleteIssueComment", "clientMutationId", id=comment)

    assert edge["node"]["body"] == "One"
    assert edited == {"issueComment": {"body": "Two"}}
    assert hidden == {"minimizedComment": {"isMinimized": True, "minimizedReason": "off-topic"}}
    assert shown == {"unminimizedComment": {"isMinimized": False}}
    assert plain.about("comments { totalCount }") == {"comments": {"totalCount": 0}}


def test_an_empty_comment_is_refused(plain: Scene) -> None:
    """There is nothing to say."""
    assert plain.refused("addComment", subjectId=plain.pull_id, body=" \n")["message"] == "Body can't be blank"


def test_others_comments_are_not_mine(plain: Scene) -> None:
    """Who may only read edits nobody else's words."""
    plain.repository.members = {"alice": Role.WRITE}
    comment = plain.store.pulls.comment(plain.pull, plain.user("alice"), "Mine")

    error = plain.refused("updateIssueComment", id=node_id(comment), body="Yours")

    assert (error["type"], comment.body) == ("FORBIDDEN", "Mine")


def test_reactions_come_and_go(plain: Scene) -> None:
    """Reacting twice is reacting once."""
    groups = "reactionGroups { content viewerHasReacted reactors(first: 5) { edges { reactedAt node { ... on User { login } } } } }"
    given: dict[str, Any] = {"subjectId": plain.pull_id, "content": "ROCKET"}

    plain.do("addReaction", "reaction { content user { login } }", **given)
    added = plain.do("addReaction", groups, **given)["reactionGroups"]
    removed = plain.do("removeReaction", groups, **given)["reactionGroups"]

    [rocket] = [group for group in added if group["viewerHasReacted"]]
    assert rocket["content"] == "ROCKET"
    assert [edge["node"]["login"] for edge in rocket["reactors"]["edges"]] == ["bob"]
    assert not any(group["viewerHasReacted"] for group in removed)


def test_one_subscribes(plain: Scene) -> None:
    """Who took no part is not subscribed until they say so."""
    before = plain.about("viewerSubscription")

    after = plain.do(
        "updateSubscription", "subscribable { viewerSubscription }", subscribableId=plain.pull_id, state="SUBSCRIBED"
    )

    assert before == {"viewerSubscription": "UNSUBSCRIBED"}
    assert after == {"subscribable": {"viewerSubscription": "SUBSCRIBED"}}


def test_branches_are_made_and_deleted(plain: Scene) -> None:
    """A branch at a commit; deleting the source branch closes the pull request."""
    home = node_id(plain.repository)

    made = plain.do(
        "createRef", "ref { id name target { oid } }", repositoryId=home, name="refs/heads/topic", oid=plain.pull.head
    )["ref"]
    again = plain.refused("createRef", repositoryId=home, name="refs/heads/topic", oid=plain.pull.head)
    plain.do("deleteRef", "clientMutationId", refId=plain.about("headRef { id }")["headRef"]["id"])

    assert (made["name"], made["target"]) == ("topic", {"oid": plain.pull.head})
    assert again["message"] == "Reference already exists"
    assert plain.about("state headRef { id }") == {"state": "CLOSED", "headRef": None}


def test_a_commit_is_made_on_a_branch(plain: Scene) -> None:
    """Files are written and deleted in one commit of the viewer's, and the pull request moves along."""
    given: dict[str, Any] = {
        "branch": {"repositoryNameWithOwner": "octo/app", "branchName": "feature"},
        "message": {"headline": "Apply a suggestion", "body": "As asked"},
        "expectedHeadOid": plain.pull.head,
        "fileChanges": {
            "additions": [{"path": "new.py", "contents": b64encode(b"newer\n").decode()}],
            "deletions": [{"path": "b.py"}],
        },
    }

    commit = plain.do("createCommitOnBranch", "commit { oid message author { user { login } } }", **given)["commit"]
    stale = plain.refused("createCommitOnBranch", **given)

    assert (commit["message"], commit["author"]["user"]) == ("Apply a suggestion\n\nAs asked", {"login": "bob"})
    assert plain.pull.head == commit["oid"]
    assert plain.repository.git.blob("feature", "new.py") == b"newer\n"
    assert plain.repository.git.blob("feature", "b.py") is None
    assert (stale["type"], stale["message"]) == (
        "STALE_DATA",
        f'Expected branch to point to "{given["expectedHeadOid"]}" but it did not.  Pull and try again.',
    )


@pytest.mark.parametrize(
    "branch", [{"repositoryNameWithOwner": "octo/app", "branchName": "nope"}, {"id": "REF_x"}, {"branchName": "main"}]
)
def test_a_commit_needs_a_branch(plain: Scene, branch: dict[str, str]) -> None:
    """Without one it is NOT_FOUND."""
    given: dict[str, Any] = {"branch": branch, "message": {"headline": "x"}, "expectedHeadOid": plain.pull.head}

    assert plain.refused("createCommitOnBranch", **given)["type"] == "NOT_FOUND"


def test_the_timeline_is_in_order(scene: Scene) -> None:
    """Events, comments, reviews and commits come as they happened; types may be chosen."""
    fields = "__typename ... on LabeledEvent { label { name } } ... on RenamedTitleEvent { previousTitle currentTitle }"

    everything = scene.about(f"timelineItems(first: 50) {{ filteredCount nodes {{ {fields} }} }}")["timelineItems"]
    chosen = scene.about(
        f"timelineItems(first: 5, itemTypes: [LABELED_EVENT, RENAMED_TITLE_EVENT]) {{ nodes {{ {fields} }} }}"
    )["timelineItems"]["nodes"]

    kinds = [node["__typename"] for node in everything["nodes"]]
    assert kinds[0] == "PullRequestCommit"
    assert {"AssignedEvent", "ReviewRequestedEvent", "PullRequestReview", "IssueComment", "LockedEvent"} <= set(kinds)
    assert everything["filteredCount"] == len(kinds)
    assert chosen == [
        {"__typename": "LabeledEvent", "label": {"name": "bug"}},
        {"__typename": "RenamedTitleEvent", "previousTitle": "Change a line", "currentTitle": "Change one line"},
    ]


def test_every_event_shows(plain: Scene) -> None:
    """What happened to the pull request is told with what it is about."""
    store, bob, carol = plain.store, plain.user("bob"), plain.user("carol")
    store.repositories.create_branch(plain.repository, "next", plain.pull.base)
    store.pulls.edit(plain.pull, bob, target_branch="next")
    store.pulls.request_reviewers(plain.pull, bob, [carol])
    store.pulls.remove_reviewers(plain.pull, bob, [carol])
    review = store.reviews.create(plain.pull, carol, event="APPROVE")
    store.reviews.dismiss(review, bob, "Too soon")
    before = plain.pull.head
    plain.store.repositories.move_branch(plain.repository, "feature", plain.pull.base, bob, force=True)
    plain.store.repositories.move_branch(plain.repository, "feature", before, bob, force=True)
    store.merging.merge(plain.pull, bob)

    nodes = plain.about(
        "timelineItems(first: 50) { nodes { __typename ... on BaseRefChangedEvent { previousRefName currentRefName } "
        "... on HeadRefForcePushedEvent { beforeCommit { oid } afterCommit { oid } } "
        "... on ReviewDismissedEvent { previousReviewState dismissalMessage review { state } } "
        "... on MergedEvent { mergeRefName commit { oid } } "
        "... on ReviewRequestRemovedEvent { requestedReviewer { ... on User { login } } } } }"
    )["timelineItems"]["nodes"]

    told = {node.pop("__typename"): node for node in nodes}
    assert told["BaseRefChangedEvent"] == {"previousRefName": "main", "currentRefName": "next"}
    assert told["HeadRefForcePushedEvent"] == {"beforeCommit": {"oid": before}, "afterCommit": {"oid": plain.pull.base}}
    assert told["ReviewDismissedEvent"]["dismissalMessage"] == "Too soon"
    assert told["MergedEvent"] == {"mergeRefName": "next", "commit": {"oid": plain.pull.merge_commit}}
    assert told["ReviewRequestRemovedEvent"] == {"requestedReviewer": {"login": "carol"}}


@pytest.mark.parametrize("mutation", ["closePullRequest", "convertPullRequestToDraft", "mergePullRequest"])
def test_an_id_that_leads_nowhere_is_not_found(plain: Scene, mutation: str) -> None:
    """An unknown global id, and one of another type, are NOT_FOUND by name."""
    unknown = plain.refused(mutation, pullRequestId="PR_nothing")
    other = plain.refused(mutation, pullRequestId=node_id(plain.repository))

    assert unknown["type"] == other["type"] == "NOT_FOUND"
    assert unknown["message"] == "Could not resolve to a node with the global id of 'PR_nothing'."
