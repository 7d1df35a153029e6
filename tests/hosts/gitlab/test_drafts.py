"""A review that is built up over time: GitLab's draft notes, kept, edited, dropped, and published when that is asked for."""

from __future__ import annotations

import pytest
from tests.hosts.gitlab.talking import EDGE, FORMER, MOVED, NEW, Talk

import pullbridge
from pullbridge import Anchor, DraftComment, OutcomeStatus, ReviewState, Side, Verdict

HERE = Anchor.line(EDGE, 20)


def drafted(talk: Talk, body: str = "Hm.", at: Anchor | None = HERE, reply_to: str | None = None) -> DraftComment:
    return talk.grace.reviews.draft(talk.pull, DraftComment(body, at=at, reply_to=reply_to))


def elsewhere(talk: Talk, body: str) -> None:
    """Begin a draft in the browser."""
    other = talk.lab.forge.gitlab.token("grace")
    path = f"{talk.lab.forge.gitlab.url}/group/sub/app"
    settings = talk.lab.forge.gitlab.settings
    with pullbridge.connect(path, credentials=pullbridge.Token(other), settings=settings) as browser:
        browser.reviews.draft(talk.pull, DraftComment(body, at=Anchor.line(NEW, 1)))


@pytest.mark.parametrize(
    "at",
    [
        HERE,
        Anchor.line(EDGE, 20, side=Side.OLD),
        Anchor.line(EDGE, 30),
        Anchor.lines(EDGE, 19, 21),
        Anchor.file(EDGE),
        Anchor.line(MOVED, 5),
    ],
    ids=str,
)
def test_a_draft_is_kept_at_its_place(talk: Talk, at: Anchor) -> None:
    """For me alone, and given back with its id."""
    draft = drafted(talk, at=at)
    assert draft.id is not None
    (pending,) = talk.grace.reviews.pending(talk.pull)
    assert (pending.id, pending.body) == (draft.id, "Hm.")
    assert pending.at is not None
    assert (pending.at.path, pending.at.side, pending.at.start, pending.at.end) == (at.path, at.side, at.start, at.end)
    assert talk.ada.reviews.pending(talk.pull) == ()
    assert talk.threads() == ()


def test_an_edited_draft_keeps_its_place(talk: Talk) -> None:
    """GitLab takes the place away from a draft that is edited without it."""
    draft = drafted(talk, at=Anchor.lines(EDGE, 19, 21))
    (before,) = talk.grace.reviews.pending(talk.pull)
    assert talk.grace.reviews.edit_draft(talk.pull, draft, "Better.").body == "Better."
    (after,) = talk.grace.reviews.pending(talk.pull)
    assert (after.body, after.at, after.id) == ("Better.", before.at, before.id)


def test_drafts_are_dropped_one_by_one_or_all(talk: Talk) -> None:
    """What is gone is gone; whether there were any is told."""
    one, _ = drafted(talk, "One."), drafted(talk, "Two.", Anchor.line(NEW, 1))
    talk.grace.reviews.drop_draft(talk.pull, one)
    assert [each.body for each in talk.grace.reviews.pending(talk.pull)] == ["Two."]
    with pytest.raises(pullbridge.NotThere):
        talk.grace.reviews.drop_draft(talk.pull, one)
    assert [talk.grace.reviews.discard_pending(talk.pull) for _ in range(2)] == [True, False]


def test_a_draft_answers_a_thread(talk: Talk) -> None:
    """It stands where it will stand, and names the thread."""
    thread = talk.ada.threads.start(talk.pull, "Why?", HERE)
    drafted(talk, "Because.", at=None, reply_to=thread.id)
    (pending,) = talk.grace.reviews.pending(talk.pull)
    assert (pending.reply_to, pending.at, pending.body) == (thread.id, None, "Because.")


def test_a_thread_takes_one_draft_of_mine(talk: Talk) -> None:
    """GitLab keeps no second one."""
    thread = talk.ada.threads.start(talk.pull, "Why?", HERE)
    drafted(talk, "Because.", at=None, reply_to=thread.id)
    with pytest.raises(pullbridge.AlreadyThere) as caught:
        drafted(talk, "And because.", at=None, reply_to=thread.id)
    assert caught.value.text == "And because."
    assert "edit" in str(caught.value)


def test_a_draft_of_a_thread_that_is_not_there_is_refused(talk: Talk) -> None:
    """With its text."""
    with pytest.raises((pullbridge.Rejected, pullbridge.NotThere)) as caught:
        drafted(talk, "Because.", at=None, reply_to="0" * 40)
    assert caught.value.text == "Because."


def test_a_draft_that_would_be_lost_is_not_kept(talk: Talk) -> None:
    """GitLab takes one for a line that it does not find, and drops it without a word when it is published."""
    with pytest.raises(pullbridge.Unplaceable) as caught:
        drafted(talk, at=Anchor.line(EDGE, 400))
    assert caught.value.text == "Hm."
    assert talk.grace.reviews.pending(talk.pull) == ()


def test_what_is_pending_shows_in_the_reviews(talk: Talk) -> None:
    """As mine, begun; nobody else is told."""
    drafted(talk)
    assert [(each.state, each.mine) for each in talk.grace.reviews.list(talk.pull)] == [(ReviewState.STARTED, True)]
    assert talk.ada.reviews.list(talk.pull) == ()


def test_what_is_pending_is_published_when_asked(talk: Talk) -> None:
    """All of it, with a text and a verdict, and with a comment that was not pending yet."""
    drafted(talk, "One.")
    thread = talk.ada.threads.start(talk.pull, "Why?")
    drafted(talk, "Because.", at=None, reply_to=thread.id)
    elsewhere(talk, "From the browser.")
    more = DraftComment("Two.", at=Anchor.line(FORMER, 9, side=Side.OLD))
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "All in all.", [more], include_pending=True)
    receipt.raise_if_incomplete()
    comment = receipt.outcomes[0].comment
    assert comment is not None
    bodies = {c.body: c.id for each in talk.threads() for c in each.comments}
    assert bodies.keys() == {"One.", "Two.", "Why?", "Because.", "From the browser.", "All in all."}
    assert bodies["Two."] == comment.id
    assert talk.grace.reviews.pending(talk.pull) == ()
    assert receipt.review is not None
    assert (receipt.review.state, receipt.review.body) == (ReviewState.APPROVED, "All in all.")
    assert len(talk.sent("POST", "bulk_publish")) == 1


@pytest.mark.parametrize("verdict", Verdict)
def test_drafts_made_elsewhere_are_never_published_by_accident(talk: Talk, verdict: Verdict) -> None:
    """Whatever the verdict, and whichever way the version has for it."""
    elsewhere(talk, "Not yet.")
    comments = [DraftComment("Now.", at=HERE)]
    talk.grace.reviews.submit(talk.pull, verdict, "All in all.", comments).raise_if_incomplete()
    assert {c.body for each in talk.threads() for c in each.comments} == {"Now.", "All in all."}
    assert [each.body for each in talk.grace.reviews.pending(talk.pull)] == ["Not yet."]


def test_what_is_pending_already_is_not_added_twice(talk: Talk) -> None:
    """A second run after a break publishes what the first one has drafted."""
    drafted(talk, "One.")
    comments = [DraftComment("One.", at=HERE), DraftComment("Two.", at=HERE)]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=comments, include_pending=True)
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.POSTED] * 2
    assert sorted(c.body for each in talk.threads() for c in each.comments) == ["One.", "Two."]


def test_a_publication_that_fails_leaves_the_drafts(talk: Talk) -> None:
    """And says so."""
    drafted(talk, "One.")
    talk.lab.forge.gitlab.behave(status=403, method="POST", path="*/bulk_publish")
    with pytest.raises(pullbridge.Forbidden, match="still there, unpublished"):
        talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, include_pending=True)
    talk.lab.forge.gitlab.behave()
    assert [each.body for each in talk.grace.reviews.pending(talk.pull)] == ["One."]


def test_a_publication_whose_answer_is_lost_is_repeated(talk: Talk) -> None:
    """What is published is no draft any more, so that nothing is published twice."""
    drafted(talk, "One.")
    talk.lab.forge.gitlab.behave(cut="after", method="POST", path="*/bulk_publish", times=1)
    comments = [DraftComment("Two.", at=HERE)]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=comments, include_pending=True)
    receipt.raise_if_incomplete()
    assert sorted(c.body for each in talk.threads() for c in each.comments) == ["One.", "Two."]


def test_what_became_of_a_publication_is_read_or_unconfirmed(talk: Talk) -> None:
    """It is up: nobody says that it is not."""
    talk.lab.forge.gitlab.behave(status=500, method="GET", path="*/discussions")
    comments = [DraftComment("Two.", at=HERE)]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "Text.", comments, include_pending=True)
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.UNCONFIRMED]
    talk.lab.forge.gitlab.behave()
    assert {c.body for each in talk.threads() for c in each.comments} == {"Two.", "Text."}


def test_a_refused_comment_does_not_keep_what_is_pending_back(talk: Talk) -> None:
    """Each has its outcome."""
    drafted(talk, "One.")
    comments = [DraftComment("Nowhere.", at=Anchor.line(EDGE, 400)), DraftComment("Two.", at=HERE)]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=comments, include_pending=True)
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.UNPLACEABLE, OutcomeStatus.POSTED]
    assert sorted(c.body for each in talk.threads() for c in each.comments) == ["One.", "Two."]


def test_an_older_version_keeps_no_drafts_for_the_api(talk: Talk) -> None:
    """That is known, and the conversations are read without them."""
    talk.lab.forge.gitlab.version = "15.8.0"
    talk.grace.probe()
    with pytest.raises(pullbridge.Unsupported, match=r"15\.11"):
        drafted(talk)
    talk.forget()
    assert talk.grace.threads.list(talk.pull) == ()
    assert talk.sent("GET", "draft_notes") == []


def test_an_answer_that_is_pending_already_is_not_added_twice(talk: Talk) -> None:
    """It is known by its thread."""
    thread = talk.ada.threads.start(talk.pull, "Why?")
    drafted(talk, "Because.", at=None, reply_to=thread.id)
    comments = [DraftComment("Because.", reply_to=thread.id)]
    talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=comments, include_pending=True).raise_if_incomplete()
    assert [c.body for c in talk.only().comments] == ["Why?", "Because."]


def test_a_comment_that_is_lost_in_a_publication_is_told(talk: Talk) -> None:
    """GitLab publishes all but what it finds no place for, and says nothing: it is looked at."""
    comments = [DraftComment("One.", at=HERE), DraftComment("Two.", at=Anchor.line(NEW, 1))]
    talk.lab.forge.gitlab.behave(status=204, method="POST", path="*/bulk_publish")
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "Text.", comments, include_pending=True)
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.UNPLACEABLE] * 2
    assert [each.error.text for each in receipt.outcomes if each.error] == ["One.", "Two."]
