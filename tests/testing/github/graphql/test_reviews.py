"""Reviews and threads by GraphQL: pending until submitted, placed on lines of the diff, outdated by pushes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.github.graphql.scene import TEXT, Scene

from pullbridge.testing.github.node_ids import node_id
from pullbridge.testing.store import Role

THREAD = (
    "thread { id path line startLine diffSide startDiffSide subjectType isResolved isOutdated "
    "comments(first: 9) { nodes { id state body pullRequestReview { id state } } } }"
)
REVIEW = "pullRequestReview { id state body commit { oid } comments(first: 50) { nodes { path line body state } } }"
THREADS = (
    "reviewThreads(first: 50) { nodes { path line startLine originalLine originalStartLine isOutdated subjectType "
    "comments(first: 9) { nodes { line originalLine outdated commit { oid } originalCommit { oid } } } } }"
)


def threads(scene: Scene) -> list[Any]:
    return list(scene.about(THREADS)["reviewThreads"]["nodes"])


def outside(line: int = 30) -> dict[str, Any]:
    return {"path": "a.py", "line": line, "body": "Outside the diff"}


def test_a_thread_starts_a_pending_review(plain: Scene) -> None:
    """The first thread makes the viewer's pending review; the next one joins it."""
    first = plain.do(
        "addPullRequestReviewThread", THREAD, pullRequestId=plain.pull_id, path="a.py", line=5, side="RIGHT", body="One"
    )["thread"]
    second = plain.do("addPullRequestReviewThread", THREAD, pullRequestId=plain.pull_id, path="b.py", line=4, body="2")[
        "thread"
    ]

    [mine], [other] = first["comments"]["nodes"], second["comments"]["nodes"]
    assert (first["line"], first["diffSide"], first["subjectType"], mine["state"]) == (5, "RIGHT", "LINE", "PENDING")
    assert mine["pullRequestReview"] == other["pullRequestReview"]
    assert mine["pullRequestReview"]["state"] == "PENDING"


def test_a_range_may_begin_on_the_other_side(plain: Scene) -> None:
    """From the removed line to the one that took its place."""
    thread = plain.do(
        "addPullRequestReviewThread",
        THREAD,
        pullRequestId=plain.pull_id,
        path="a.py",
        startLine=5,
        startSide="LEFT",
        line=5,
        side="RIGHT",
        body="Both",
    )["thread"]

    assert (thread["startLine"], thread["startDiffSide"], thread["line"], thread["diffSide"]) == (5, "LEFT", 5, "RIGHT")


def test_a_file_has_no_lines(plain: Scene) -> None:
    """A thread on a file as a whole has no line, now or originally."""
    thread = plain.do(
        "addPullRequestReviewThread",
        THREAD,
        pullRequestId=plain.pull_id,
        path="a.py",
        subjectType="FILE",
        body="All of it",
    )["thread"]

    assert (thread["subjectType"], thread["line"], thread["isOutdated"]) == ("FILE", None, False)
    assert threads(plain)[0]["originalLine"] is None


def test_a_line_is_needed_for_a_line(plain: Scene) -> None:
    """A thread that is not about a file needs its line."""
    error = plain.refused("addPullRequestReviewThread", pullRequestId=plain.pull_id, path="a.py", body="Where?")

    assert error["type"] == "UNPROCESSABLE"


def test_a_thread_outside_the_diff_comes_to_nothing(plain: Scene) -> None:
    """By default there is no error: the thread is null, and nothing was stored."""
    answer = plain.do("addPullRequestReviewThread", THREAD, pullRequestId=plain.pull_id, **outside())

    assert answer == {"thread": None}
    assert threads(plain) == []


def test_a_thread_outside_the_diff_may_be_refused(plain: Scene) -> None:
    """Turned the other way, the mutation is refused with the reason."""
    plain.knobs.lines_outside = "refuse"

    error = plain.refused("addPullRequestReviewThread", pullRequestId=plain.pull_id, **outside())

    assert (error["type"], error["path"]) == ("UNPROCESSABLE", ["addPullRequestReviewThread"])
    assert error["message"].startswith("Pull request review thread line must be part of the diff")


def test_a_review_goes_out_at_once(plain: Scene) -> None:
    """With an event the review and its threads are published together."""
    review = plain.do(
        "addPullRequestReview",
        REVIEW,
        pullRequestId=plain.pull_id,
        event="REQUEST_CHANGES",
        body="Two things",
        threads=[
            {"path": "a.py", "line": 5, "body": "One"},
            {"path": "b.py", "line": 5, "side": "LEFT", "body": "Two"},
        ],
    )["pullRequestReview"]

    assert (review["state"], review["body"], review["commit"]["oid"]) == (
        "CHANGES_REQUESTED",
        "Two things",
        plain.pull.head,
    )
    assert [(c["path"], c["line"], c["state"]) for c in review["comments"]["nodes"]] == [
        ("a.py", 5, "SUBMITTED"),
        ("b.py", 5, "SUBMITTED"),
    ]


def test_threads_outside_the_diff_are_dropped_from_a_review(plain: Scene) -> None:
    """The others are kept, and nothing is said."""
    review = plain.do(
        "addPullRequestReview",
        REVIEW,
        pullRequestId=plain.pull_id,
        event="COMMENT",
        body="One of two",
        threads=[outside(), {"path": "a.py", "line": 5, "body": "Inside"}],
    )["pullRequestReview"]

    assert [comment["body"] for comment in review["comments"]["nodes"]] == ["Inside"]


def test_a_review_with_a_thread_outside_may_be_refused_whole(plain: Scene) -> None:
    """Turned the other way, nothing of the review is stored."""
    plain.knobs.lines_outside = "refuse"

    error = plain.refused(
        "addPullRequestReview",
        pullRequestId=plain.pull_id,
        event="COMMENT",
        body="One of two",
        threads=[{"path": "a.py", "line": 5, "body": "Inside"}, outside()],
    )

    assert error["type"] == "UNPROCESSABLE"
    assert (plain.pull.reviews, plain.pull.threads) == ([], [])


def test_the_older_way_counts_lines_of_the_diff(plain: Scene) -> None:
    """`comments` name a place by its position below the hunk's header."""
    review = plain.do(
        "addPullRequestReview",
        REVIEW,
        pullRequestId=plain.pull_id,
        comments=[{"path": "a.py", "position": 5, "body": "The added line"}],
    )["pullRequestReview"]

    assert [(c["path"], c["line"]) for c in review["comments"]["nodes"]] == [("a.py", 5)]


def test_there_is_one_pending_review(plain: Scene) -> None:
    """A second review is refused while one is pending."""
    plain.do("addPullRequestReview", REVIEW, pullRequestId=plain.pull_id)

    error = plain.refused("addPullRequestReview", pullRequestId=plain.pull_id, event="APPROVE")

    assert (error["type"], error["message"]) == (
        "UNPROCESSABLE",
        "User can only have one pending review per pull request",
    )


def test_nobody_approves_their_own(plain: Scene) -> None:
    """The author may comment, and not approve."""
    alice = plain.token_of("alice")

    error = plain.refused("addPullRequestReview", token=alice, pullRequestId=plain.pull_id, event="APPROVE")
    comment = plain.do(
        "addPullRequestReview", REVIEW, token=alice, pullRequestId=plain.pull_id, event="COMMENT", body="x"
    )

    assert (error["type"], error["message"]) == ("UNPROCESSABLE", "Review Can not approve your own pull request")
    assert comment["pullRequestReview"]["state"] == "COMMENTED"


@pytest.mark.parametrize("event", ["COMMENT", "REQUEST_CHANGES"])
def test_some_verdicts_need_words(plain: Scene, event: str) -> None:
    """Without a body and comments they are refused."""
    assert plain.refused("addPullRequestReview", pullRequestId=plain.pull_id, event=event)["type"] == "UNPROCESSABLE"


def test_a_pending_review_is_submitted(plain: Scene) -> None:
    """Submitting publishes the review with its threads, and replaces its text."""
    plain.do("addPullRequestReviewThread", THREAD, pullRequestId=plain.pull_id, path="a.py", line=5, body="One")

    review = plain.do("submitPullRequestReview", REVIEW, pullRequestId=plain.pull_id, event="APPROVE", body="Good")[
        "pullRequestReview"
    ]

    assert (review["state"], review["body"]) == ("APPROVED", "Good")
    assert [comment["state"] for comment in review["comments"]["nodes"]] == ["SUBMITTED"]
    assert plain.about("viewerLatestReview { state } latestOpinionatedReviews(first: 5) { nodes { state } }") == {
        "viewerLatestReview": {"state": "APPROVED"},
        "latestOpinionatedReviews": {"nodes": [{"state": "APPROVED"}]},
    }


def test_a_submitted_review_is_not_submitted_again(plain: Scene) -> None:
    """Once is enough."""
    review = plain.do("addPullRequestReview", REVIEW, pullRequestId=plain.pull_id, event="APPROVE")["pullRequestReview"]

    error = plain.refused("submitPullRequestReview", pullRequestReviewId=review["id"], event="COMMENT", body="More")

    assert error["message"] == "Review has already been submitted."


def test_a_pending_review_is_discarded(plain: Scene) -> None:
    """Deleting it takes its threads along; a submitted one stays."""
    thread = plain.do(
        "addPullRequestReviewThread", THREAD, pullRequestId=plain.pull_id, path="a.py", line=5, body="One"
    )
    [comment] = thread["thread"]["comments"]["nodes"]

    plain.do("deletePullRequestReview", REVIEW, pullRequestReviewId=comment["pullRequestReview"]["id"])
    kept = plain.do("addPullRequestReview", REVIEW, pullRequestId=plain.pull_id, event="APPROVE")["pullRequestReview"]
    error = plain.refused("deletePullRequestReview", pullRequestReviewId=kept["id"])

    assert threads(plain) == []
    assert error["type"] == "UNPROCESSABLE"


def test_a_later_comment_clears_no_verdict(plain: Scene) -> None:
    """The newest opinion of a person counts; a dismissed one is an opinion, too."""
    review = plain.do("addPullRequestReview", REVIEW, pullRequestId=plain.pull_id, event="REQUEST_CHANGES", body="No")[
        "pullRequestReview"
    ]
    plain.do("addPullRequestReview", REVIEW, pullRequestId=plain.pull_id, event="COMMENT", body="Well")
    opinions = "latestOpinionatedReviews(first: 5) { nodes { state } } latestReviews(first: 5) { nodes { state } }"

    before = plain.about(opinions)
    plain.do("dismissPullRequestReview", REVIEW, pullRequestReviewId=review["id"], message="Settled")
    after = plain.about(opinions)

    assert before == {
        "latestOpinionatedReviews": {"nodes": [{"state": "CHANGES_REQUESTED"}]},
        "latestReviews": {"nodes": [{"state": "COMMENTED"}]},
    }
    assert after["latestOpinionatedReviews"]["nodes"] == [{"state": "DISMISSED"}]


def test_a_reply_is_published_at_once(plain: Scene) -> None:
    """Without a pending review a reply is there at once, and answers the first comment."""
    thread = plain.thread()

    comment = plain.do(
        "addPullRequestReviewThreadReply",
        "comment { state body replyTo { id } }",
        pullRequestReviewThreadId=node_id(thread),
        body="Yes",
    )["comment"]

    assert comment == {"state": "SUBMITTED", "body": "Yes", "replyTo": {"id": node_id(thread.comments[0])}}


def test_a_reply_joins_the_pending_review(plain: Scene) -> None:
    """While the viewer has a pending review, a reply waits with it."""
    thread = plain.thread()
    plain.do("addPullRequestReview", REVIEW, pullRequestId=plain.pull_id)

    comment = plain.do(
        "addPullRequestReviewThreadReply",
        "comment { state }",
        pullRequestReviewThreadId=node_id(thread),
        body="Later",
    )["comment"]

    assert comment == {"state": "PENDING"}


def test_a_thread_is_resolved_and_opened_again(plain: Scene) -> None:
    """Both ways, with who did it."""
    thread = node_id(plain.thread())
    fields = "thread { isResolved isCollapsed resolvedBy { login } viewerCanResolve viewerCanUnresolve }"

    resolved = plain.do("resolveReviewThread", fields, threadId=thread)["thread"]
    opened = plain.do("unresolveReviewThread", fields, threadId=thread)["thread"]

    assert resolved == {
        "isResolved": True,
        "isCollapsed": True,
        "resolvedBy": {"login": "bob"},
        "viewerCanResolve": False,
        "viewerCanUnresolve": True,
    }
    assert (opened["isResolved"], opened["resolvedBy"], opened["viewerCanResolve"]) == (False, None, True)


def test_a_comment_is_edited_and_deleted(plain: Scene) -> None:
    """The last comment takes the thread along."""
    thread = plain.thread(author="bob")
    comment = node_id(thread.comments[0])

    edited = plain.do(
        "updatePullRequestReviewComment",
        "pullRequestReviewComment { body }",
        pullRequestReviewCommentId=comment,
        body="Better",
    )
    plain.do("deletePullRequestReviewComment", "pullRequestReview { id }", id=comment)

    assert edited == {"pullRequestReviewComment": {"body": "Better"}}
    assert threads(plain) == []


def test_a_push_moves_a_thread_with_its_line(plain: Scene) -> None:
    """When lines come in above, the line changes and the original one stays."""
    plain.thread()
    before = plain.pull.head
    text = TEXT.replace("line 5\n", "line five\n").replace("line 2\n", "line 2\nline two and a half\n")

    after = plain.push(a=text)
    [thread] = threads(plain)

    assert (thread["line"], thread["originalLine"], thread["isOutdated"]) == (6, 5, False)
    [comment] = thread["comments"]["nodes"]
    assert (comment["commit"]["oid"], comment["originalCommit"]["oid"]) == (after, before)


def test_a_push_that_changes_the_line_outdates_its_thread(plain: Scene) -> None:
    """Then there is no line any more, only the original one."""
    plain.thread()

    plain.push(a=TEXT.replace("line 5\n", "line V\n"))
    [thread] = threads(plain)

    assert (thread["line"], thread["originalLine"], thread["isOutdated"]) == (None, 5, True)
    [comment] = thread["comments"]["nodes"]
    assert (comment["line"], comment["originalLine"], comment["outdated"]) == (None, 5, True)


def test_a_review_may_be_about_an_older_commit(plain: Scene) -> None:
    """Its comments sit on that commit, and are outdated where their lines changed since."""
    seen = plain.pull.head
    plain.push(a=TEXT.replace("line 5\n", "line V\n"))

    review = plain.do(
        "addPullRequestReview",
        REVIEW,
        pullRequestId=plain.pull_id,
        commitOID=seen,
        event="COMMENT",
        body="As I saw it",
        threads=[
            {"path": "a.py", "line": 5, "body": "Changed since"},
            {"path": "b.py", "line": 5, "body": "Same still"},
        ],
    )["pullRequestReview"]

    assert review["commit"]["oid"] == seen
    assert [(thread["path"], thread["line"], thread["originalLine"]) for thread in threads(plain)] == [
        ("a.py", None, 5),
        ("b.py", 5, 5),
    ]


def test_an_unknown_commit_is_refused(plain: Scene) -> None:
    """A review of a commit that is not the pull request's cannot be."""
    error = plain.refused("addPullRequestReview", pullRequestId=plain.pull_id, commitOID="0" * 40, event="APPROVE")

    assert error["type"] == "UNPROCESSABLE"


def test_reviewers_are_asked(plain: Scene) -> None:
    """Exactly these, or these besides; the author is refused."""
    ids = {name: node_id(plain.user(name)) for name in ("carol", "dave", "alice")}
    fields = "pullRequest { reviewRequests(first: 9) { nodes { requestedReviewer { ... on User { login } } } } }"

    def asked(**given: Any) -> list[str]:
        answer = plain.do("requestReviews", fields, pullRequestId=plain.pull_id, **given)
        nodes = answer["pullRequest"]["reviewRequests"]["nodes"]
        return [node["requestedReviewer"]["login"] for node in nodes]

    assert asked(userIds=[ids["carol"]]) == ["carol"]
    assert asked(userIds=[ids["dave"]], union=True) == ["carol", "dave"]
    assert asked(userIds=[ids["dave"]]) == ["dave"]
    assert (
        plain.refused("requestReviews", pullRequestId=plain.pull_id, userIds=[ids["alice"]])["type"] == "UNPROCESSABLE"
    )


def test_who_may_only_read_may_review(plain: Scene) -> None:
    """A review needs no more than reading; resolving needs writing."""
    plain.repository.members = {"alice": Role.WRITE}
    thread = plain.thread()

    review = plain.do("addPullRequestReview", REVIEW, pullRequestId=plain.pull_id, event="APPROVE")["pullRequestReview"]
    error = plain.refused("resolveReviewThread", threadId=node_id(thread))

    assert review["state"] == "APPROVED"
    assert (error["type"], error["message"]) == (
        "FORBIDDEN",
        "bob does not have the correct permissions to execute `ResolveReviewThread`",
    )


def test_steps_of_one_document_fail_one_by_one(plain: Scene) -> None:
    """Mutations run in turn: what one refuses is null, and the others are done."""
    answer = plain.ask(
        "mutation($one: AddPullRequestReviewThreadInput!, $two: AddPullRequestReviewThreadInput!) {"
        f" one: addPullRequestReviewThread(input: $one) {{ {THREAD} }}"
        f" two: addPullRequestReviewThread(input: $two) {{ {THREAD} }} }}",
        one={"pullRequestId": plain.pull_id, "path": "a.py", "line": 5, "body": " "},
        two={"pullRequestId": plain.pull_id, "path": "a.py", "line": 5, "body": "Kept"},
    )

    assert answer["data"]["one"] is None
    assert answer["data"]["two"]["thread"]["line"] == 5
    assert [error["path"] for error in answer["errors"]] == [["one"]]
