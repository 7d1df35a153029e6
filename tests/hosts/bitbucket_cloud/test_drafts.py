"""A review that is built up over time, on a host that keeps no drafts for its API: they wait in the process."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_cloud.talking import EDGE, NEW, PATH, Talk

import pullbridge
from pullbridge import Anchor, DraftComment, OutcomeStatus, PendingReview, PullRef, ReviewState, Verdict

HERE = Anchor.line(EDGE, 20)


def drafted(talk: Talk, body: str = "Hm.", at: Anchor | None = HERE, reply_to: str | None = None) -> DraftComment:
    return talk.grace.reviews.draft(talk.pull, DraftComment(body, at=at, reply_to=reply_to))


def bodies(talk: Talk) -> list[str]:
    return sorted(comment.body for thread in talk.threads() for comment in thread.comments)


def test_a_draft_is_placed_and_goes_nowhere(talk: Talk) -> None:
    """It is bound to the head that was seen, and nothing is written; one that has no place is refused."""
    draft = drafted(talk)
    assert draft.at is not None
    assert (draft.at.commit, bool(draft.id)) == (talk.head, True)
    assert talk.written() == []
    assert talk.grace.reviews.pending(talk.pull) == (draft,)
    assert talk.ada.reviews.pending(talk.pull) == ()
    with pytest.raises(pullbridge.Unplaceable) as caught:
        drafted(talk, at=Anchor.line("no/such", 1))
    assert caught.value.text == "Hm."
    with pytest.raises(pullbridge.Rejected):
        drafted(talk, at=None)


def test_drafts_are_edited_and_dropped(talk: Talk) -> None:
    """One by one, or all; what is gone is gone."""
    one, two = drafted(talk, "One."), drafted(talk, "Two.", Anchor.line(NEW, 1))
    assert talk.grace.reviews.edit_draft(talk.pull, one, "Better.").body == "Better."
    talk.grace.reviews.drop_draft(talk.pull, str(two.id))
    assert [each.body for each in talk.grace.reviews.pending(talk.pull)] == ["Better."]
    for call in (
        lambda: talk.grace.reviews.drop_draft(talk.pull, two),
        lambda: talk.grace.reviews.edit_draft(talk.pull, two, "Again."),
    ):
        with pytest.raises(pullbridge.NotThere):
            call()
    assert [talk.grace.reviews.discard_pending(talk.pull) for _ in range(2)] == [True, False]
    assert talk.written() == []


def test_what_is_pending_goes_up_when_asked(talk: Talk) -> None:
    """With a text, a verdict and one more comment; each has its outcome, those that were waiting behind the others."""
    thread = talk.ada.threads.start(talk.pull, "Why?", HERE)
    drafted(talk, "Because.", at=None, reply_to=thread.id)
    drafted(talk, "Two.", Anchor.lines(EDGE, 19, 21))
    more = DraftComment("One.", at=Anchor.line(NEW, 1))
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "All.", [more], include_pending=True)
    receipt.raise_if_incomplete()
    assert [each.draft and each.draft.body for each in receipt.outcomes] == ["One.", "Because.", "Two."]
    assert bodies(talk) == ["All.", "Because.", "One.", "Two.", "Why?"]
    assert talk.grace.reviews.pending(talk.pull) == ()
    assert receipt.review is not None
    assert receipt.review.state is ReviewState.APPROVED


@pytest.mark.parametrize("verdict", Verdict)
def test_what_is_pending_is_never_published_by_accident(talk: Talk, verdict: Verdict) -> None:
    """Whatever the verdict."""
    drafted(talk, "Not yet.")
    talk.grace.reviews.submit(talk.pull, verdict, "All.", [DraftComment("Now.", at=HERE)]).raise_if_incomplete()
    assert bodies(talk) == ["All.", "Now."]
    assert [each.body for each in talk.grace.reviews.pending(talk.pull)] == ["Not yet."]


def test_drafts_alone_are_a_review(talk: Talk) -> None:
    """And with nothing waiting there is nothing to post."""
    drafted(talk, "One.")
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, include_pending=True)
    assert (receipt.complete, bodies(talk)) == (True, ["One."])
    with pytest.raises(pullbridge.Rejected):
        talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, include_pending=True)


def test_what_is_pending_shows_in_the_reviews(talk: Talk) -> None:
    """As mine, begun; nobody else is told."""
    drafted(talk)
    assert [(each.state, each.mine, each.author.handle) for each in talk.grace.reviews.list(talk.pull)] == [
        (ReviewState.STARTED, True, "grace")
    ]
    assert talk.ada.reviews.list(talk.pull) == ()


def test_drafts_outlive_the_process(talk: Talk) -> None:
    """As a value in JSON: taken up by another connection, as often as one likes, and submitted there."""
    drafted(talk, "One.")
    drafted(talk, "Two.", Anchor.lines(EDGE, 19, 21))
    saved = talk.grace.reviews.save_pending(talk.pull).to_json()
    later = talk.with_(pullbridge.Token(talk.forge.bitbucket_cloud.token("grace")))
    later.reviews.restore_pending(PendingReview.from_json(saved))
    found = later.reviews.restore_pending(PendingReview.from_json(saved))
    assert found == talk.grace.reviews.pending(talk.pull) == later.reviews.pending(talk.pull)
    later.reviews.submit(talk.pull, Verdict.COMMENT, include_pending=True).raise_if_incomplete()
    assert bodies(talk) == ["One.", "Two."]
    assert later.reviews.save_pending(talk.pull).drafts == ()
    elsewhere = PullRef(repository=pullbridge.RepoRef(web="https://bitbucket.org", path=PATH), number=1)
    with pytest.raises(pullbridge.Rejected):
        later.reviews.restore_pending(PendingReview(pull=elsewhere))


def test_limits_of_calls_leave_drafts_where_they_are(talk: Talk) -> None:
    """`within` is the same repository."""
    talk.grace.within(deadline=30).reviews.draft(talk.pull, DraftComment("One.", at=HERE))
    assert [each.body for each in talk.grace.reviews.pending(talk.pull)] == ["One."]


def test_what_is_refused_waits_on(talk: Talk) -> None:
    """What is up does not, and the receipt goes on by itself as well."""
    drafted(talk, "bad")
    drafted(talk, "good", Anchor.line(NEW, 1))
    talk.forge.bitbucket_cloud.behave(status=400, method="POST", path="*/comments", containing="bad")
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, include_pending=True)
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.REJECTED, OutcomeStatus.POSTED]
    assert [each.body for each in talk.grace.reviews.pending(talk.pull)] == ["bad"]
    talk.forge.bitbucket_cloud.behave()
    assert talk.grace.reviews.resume(receipt).complete
    assert talk.grace.reviews.pending(talk.pull) == ()
    assert bodies(talk) == ["bad", "good"]


def test_what_may_be_up_is_looked_for_before_it_is_posted_again(talk: Talk) -> None:
    """An outcome that nobody could confirm makes no comment two, whether submitted again here or taken up elsewhere."""
    drafted(talk, "One.")
    host = talk.forge.bitbucket_cloud
    host.behave(cut="after", method="POST", path="*/comments", times=1)
    host.behave(status=403, method="GET", path="*/comments")
    with pytest.raises(pullbridge.Unconfirmed):
        talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, include_pending=True)
    host.behave()
    saved = talk.grace.reviews.save_pending(talk.pull)
    assert saved.unconfirmed == tuple(str(each.id) for each in saved.drafts)
    later = talk.with_(pullbridge.Token(host.token("grace")))
    later.reviews.restore_pending(saved)
    for repo in (talk.grace, later):
        receipt = repo.reviews.submit(talk.pull, Verdict.COMMENT, include_pending=True)
        assert [each.status for each in (*receipt.outcomes, receipt.verdict)] == [OutcomeStatus.ALREADY_THERE] * 2
        assert repo.reviews.pending(talk.pull) == ()
    assert bodies(talk) == ["One."]


def test_a_draft_that_is_given_as_a_comment_is_posted_once(talk: Talk) -> None:
    """And waits no more."""
    draft = drafted(talk, "One.")
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "", [draft], include_pending=True)
    assert (len(receipt.outcomes), bodies(talk), talk.grace.reviews.pending(talk.pull)) == (1, ["One."], ())


def test_a_draft_of_an_older_head_is_carried(talk: Talk) -> None:
    """An hour passes, and somebody pushes."""
    drafted(talk, "One.")
    talk.push()
    talk.grace.pulls.get(talk.pull)
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, include_pending=True)
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.CARRIED]
    anchor = talk.only().anchor
    assert anchor is not None
    assert anchor.start == 23


def test_the_answer_says_where_they_are(talk: Talk) -> None:
    """The ability is there, with the reason why a caller should save them."""
    answer = talk.grace.probe()[pullbridge.Can.PENDING_REVIEW]
    assert (pullbridge.Can.PENDING_REVIEW in talk.grace.can, "wait in this process" in answer.reason) == (True, True)
    assert talk.grace.limits.drafts == 0
