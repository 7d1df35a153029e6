"""Verdicts, drafts and reviews on a forge's Data Center, by the public verbs."""

from __future__ import annotations

import json

import pytest
from tests.hosts.bitbucket_dc.lab import EDGE, NEW, Lab

from pullbridge import Anchor, Can, DraftComment, ReviewState, Verdict, errors
from pullbridge.model.orders import ReviewOrder
from pullbridge.model.reviews import OutcomeStatus

DRAFTS = [DraftComment(f"comment {n}", at=Anchor.line(EDGE, 20 + n % 3)) for n in range(30)]


def states(lab: Lab) -> list[tuple[str, ReviewState]]:
    return [(each.author.handle, each.state) for each in lab.ada.reviews.list(lab.pull)]


def test_a_verdict_is_a_state_of_mine(lab: Lab) -> None:
    """Approved, changes requested, or neither; each with the commit that was seen and the time from the activities."""
    lab.grace.reviews.submit(lab.pull, Verdict.APPROVE, expect_head=lab.head)
    assert lab.body("participants/grace", "PUT") == {"status": "APPROVED", "lastReviewedCommit": lab.head}
    (review,) = lab.ada.reviews.list(lab.pull)
    assert (review.state, review.commit, review.mine) == (ReviewState.APPROVED, lab.head, False)
    assert review.submitted_at is not None
    lab.grace.reviews.submit(lab.pull, Verdict.REQUEST_CHANGES, "Two things.")
    assert states(lab) == [("grace", ReviewState.CHANGES_REQUESTED)]
    assert [each.comments[0].body for each in lab.threads()] == ["Two things."]
    assert lab.grace.reviews.withdraw(lab.pull).state is ReviewState.DISMISSED
    assert states(lab) == []
    with pytest.raises(errors.NotThere):
        lab.grace.reviews.withdraw(lab.pull)
    assert not any("/approve" in each for each in lab.sent())


def test_an_old_approval_tells_the_commit_that_it_is_of(lab: Lab) -> None:
    """A push leaves it, and whoever compares sees that it is of another head."""
    before = lab.head
    lab.grace.reviews.submit(lab.pull, Verdict.APPROVE)
    lab.push()
    (review,) = lab.ada.reviews.list(lab.pull)
    assert (review.commit, review.commit == lab.head) == (before, False)


def test_a_verdict_on_another_head_is_stale(lab: Lab) -> None:
    """Somebody pushes between the look and the verdict: the host refuses it."""
    before = lab.head
    pull = lab.grace.pulls.get(lab.pull)
    lab.push()
    with pytest.raises(errors.Stale):
        lab.grace.reviews.submit(pull, Verdict.APPROVE, expect_head=before)
    port = lab.grace._session.port.reviews
    with pytest.raises(errors.Stale) as caught:
        port.submit(lab.pull.number, ReviewOrder(verdict=Verdict.APPROVE, commit=before))
    assert (caught.value.expected, caught.value.status) == (before, 409)


def test_nobody_reviews_what_is_their_own(lab: Lab) -> None:
    """A 400 that says so becomes an error that says so."""
    with pytest.raises(errors.Forbidden, match="their own"):
        lab.ada.reviews.submit(lab.pull, Verdict.APPROVE)
    assert states(lab) == []


def test_a_slug_is_no_name(lab: Lab) -> None:
    """Addresses have the slug, bodies the name."""
    lab.as_("J.Doe X").reviews.submit(lab.pull, Verdict.APPROVE)
    assert any(each.endswith("participants/j.doe_x") for each in lab.sent("PUT"))
    assert states(lab) == [("J.Doe X", ReviewState.APPROVED)]
    lab.host.token("grace")
    lab.ada.reviewers.request(lab.pull, ["grace"])
    assert [each["user"]["name"] for each in lab.body("/pull-requests/1", "PUT")["reviewers"]] == ["J.Doe X", "grace"]


def test_thirty_comments_go_up_at_once(lab: Lab) -> None:
    """With the panel in hand nothing is read before, and each has an outcome."""
    lab.grace.pulls.panel(lab.pull)
    lab.forget()
    receipt = lab.grace.reviews.submit(lab.pull, Verdict.COMMENT, comments=DRAFTS)
    assert (receipt.complete, len(receipt.outcomes)) == (True, 30)
    assert lab.sent() == ["POST pull-requests/1/comments"] * 30
    again = lab.grace.reviews.submit(lab.pull, Verdict.COMMENT, comments=DRAFTS, skip_existing=True)
    assert {each.status for each in again.outcomes} == {OutcomeStatus.ALREADY_THERE}
    assert len(lab.threads()) == 30


def test_one_bad_comment_keeps_no_other_back(lab: Lab) -> None:
    """What has no place is told, and the verdict is given."""
    bad = DraftComment("nowhere", at=Anchor.line("no.py", 3))
    receipt = lab.grace.reviews.submit(lab.pull, Verdict.REQUEST_CHANGES, "No.", comments=[bad, *DRAFTS[:2]])
    assert [each.status for each in receipt.outcomes] == [
        OutcomeStatus.UNPLACEABLE,
        OutcomeStatus.POSTED,
        OutcomeStatus.POSTED,
    ]
    assert states(lab) == [("grace", ReviewState.CHANGES_REQUESTED)]


def test_a_review_is_built_up_and_nobody_sees_it(lab: Lab) -> None:
    """Drafts are listed, edited and dropped; a review beside them publishes none."""
    thread = lab.ada.threads.start(lab.pull, "Why?", Anchor.line(NEW, 1))
    one = lab.grace.reviews.draft(lab.pull, DraftComment("one", at=Anchor.line(EDGE, 21)))
    two = lab.grace.reviews.draft(lab.pull, DraftComment("two", reply_to=thread.id))
    three = lab.grace.reviews.draft(lab.pull, DraftComment("three", at=Anchor.file(NEW)))
    assert lab.body("comments")["state"] == "PENDING"
    lab.grace.reviews.edit_draft(lab.pull, one, "uno")
    lab.grace.reviews.drop_draft(lab.pull, three)
    found = lab.grace.reviews.pending(lab.pull)
    assert {(each.id, each.body, each.reply_to) for each in found} == {
        (one.id, "uno", None),
        (two.id, "two", thread.id),
    }
    assert [review.state for review in lab.grace.reviews.list(lab.pull)] == [ReviewState.STARTED]
    lab.grace.reviews.submit(lab.pull, Verdict.COMMENT, "Beside it.", comments=DRAFTS[:1])
    assert {c.body for t in lab.threads() for c in t.comments} == {"Why?", "Beside it.", "comment 0"}
    assert len(lab.grace.reviews.pending(lab.pull)) == 2
    assert lab.grace.reviews.discard_pending(lab.pull) is True
    assert lab.grace.reviews.discard_pending(lab.pull) is False
    assert sum(each.startswith("DELETE") and each.endswith("/review") for each in lab.sent()) == 1


def test_what_is_pending_goes_up_with_text_and_verdict_in_one_call(lab: Lab) -> None:
    """One PUT, and of the comments beside the drafts none becomes two."""
    at = Anchor.line(EDGE, 21)
    lab.grace.reviews.draft(lab.pull, DraftComment("one", at=at))
    lab.grace.reviews.draft(lab.pull, DraftComment("two", at=at))
    lab.forget()
    comments = [DraftComment("two", at=at), DraftComment("three", at=Anchor.line(NEW, 2))]
    receipt = lab.grace.reviews.submit(
        lab.pull, Verdict.APPROVE, "All good.", comments, include_pending=True, expect_head=lab.head
    )
    assert receipt.complete
    assert receipt.review is not None
    assert (receipt.review.state, receipt.review.commit) == (ReviewState.APPROVED, lab.head)
    assert [each.comment.body for each in receipt.outcomes if each.comment] == ["two", "three"]
    assert lab.written() == ["POST pull-requests/1/comments", "PUT pull-requests/1/review"]
    assert lab.body("/review", "PUT") == {
        "commentText": "All good.",
        "participantStatus": "APPROVED",
        "lastReviewedCommit": lab.head,
    }
    assert sorted(c.body for t in lab.threads() for c in t.comments) == ["All good.", "one", "three", "two"]
    assert states(lab) == [("grace", ReviewState.APPROVED)]
    assert lab.grace.reviews.pending(lab.pull) == ()


def test_without_drafts_there_is_nothing_to_finish(lab: Lab) -> None:
    """The text and the verdict go up all the same, each by itself."""
    receipt = lab.grace.reviews.submit(lab.pull, Verdict.APPROVE, "Fine.", include_pending=True)
    assert receipt.complete
    assert [each for each in lab.written() if "review" in each.rpartition("/")[2]] == []
    assert [each.comments[0].body for each in lab.threads()] == ["Fine."]
    assert states(lab) == [("grace", ReviewState.APPROVED)]


def test_a_finish_that_is_refused_leaves_the_drafts(lab: Lab) -> None:
    """Nothing is up, and the error says where they are."""
    lab.grace.reviews.draft(lab.pull, DraftComment("one", at=Anchor.line(EDGE, 21)))
    body = json.dumps({"errors": [{"exceptionName": "com.atlassian.bitbucket.pull.PullRequestOutOfDateException"}]})
    lab.host.behave(method="PUT", path="*/review", status=409, body=body.encode(), times=1)
    with pytest.raises(errors.Stale, match="still there, unpublished"):
        lab.grace.reviews.submit(lab.pull, Verdict.APPROVE, include_pending=True, expect_head=lab.head)
    assert [each.body for each in lab.grace.reviews.pending(lab.pull)] == ["one"]
    assert lab.threads() == ()


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_finish_whose_answer_is_lost_is_looked_up(lab: Lab, cut: str) -> None:
    """What is still pending tells that nothing was published; the text is never said twice."""
    lab.grace.reviews.draft(lab.pull, DraftComment("one", at=Anchor.line(EDGE, 21)))
    lab.host.behave(method="PUT", path="*/review", cut=cut, times=1)
    if cut == "after":
        assert lab.grace.reviews.submit(lab.pull, Verdict.APPROVE, "Said.", include_pending=True).complete
        assert sorted(t.comments[0].body for t in lab.threads()) == ["Said.", "one"]
    else:
        with pytest.raises((errors.HostDown, errors.Offline)) as caught:
            lab.grace.reviews.submit(lab.pull, Verdict.APPROVE, "Said.", include_pending=True)
        assert caught.value.maybe_done is False
        assert lab.threads() == ()


def test_a_comment_that_could_not_be_tried_keeps_the_verdict_back(lab: Lab) -> None:
    """Nothing is published, and what was begun for this review is taken back; drafts of before stay."""
    lab.grace.reviews.draft(lab.pull, DraftComment("before", at=Anchor.line(EDGE, 21)))
    lab.host.behave(method="POST", path="*/comments", containing="comment 1", status=503, times=5)
    with pytest.raises(errors.HostDown):
        lab.grace.reviews.submit(lab.pull, Verdict.APPROVE, comments=DRAFTS[:2], include_pending=True)
    assert [each.body for each in lab.grace.reviews.pending(lab.pull)] == ["before"]
    assert (lab.threads(), states(lab)) == ((), [])


@pytest.mark.parametrize("lab", ["7.6.0"], indirect=True)
def test_drafts_need_their_version(lab: Lab) -> None:
    """An older one would show them to everybody."""
    with pytest.raises(errors.Unsupported) as caught:
        lab.grace.reviews.draft(lab.pull, DraftComment("one", at=Anchor.line(EDGE, 21)))
    assert (caught.value.can, lab.threads()) == (Can.PENDING_REVIEW, ())
    assert lab.sent("POST") == []
    assert lab.grace.reviews.submit(lab.pull, Verdict.APPROVE, "Fine.", comments=DRAFTS[:2]).complete
    assert states(lab) == [("grace", ReviewState.APPROVED)]


def test_a_pull_request_that_is_closed_takes_no_verdict(lab: Lab) -> None:
    """The host's own words come along."""
    lab.ada.pulls.close(lab.pull)
    with pytest.raises(errors.Rejected, match="declined"):
        lab.grace.reviews.submit(lab.pull, Verdict.APPROVE)


def test_verdicts_of_others_stay(lab: Lab) -> None:
    """Known before anything is asked."""
    with pytest.raises(errors.Unsupported):
        lab.ada.reviews.dismiss(lab.pull, "1", "old")
    assert lab.sent() == []
