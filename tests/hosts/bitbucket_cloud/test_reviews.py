"""Reviews on Bitbucket Cloud, over the forge: piece by piece, each with its outcome, and verdicts that are states."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_cloud.talking import EDGE, NEW, PATH, Talk

import pullbridge
from pullbridge import Anchor, Can, DraftComment, OutcomeStatus, ReviewState, Token, Verdict

HERE = Anchor.line(EDGE, 20)
STATES = {Verdict.APPROVE: ReviewState.APPROVED, Verdict.REQUEST_CHANGES: ReviewState.CHANGES_REQUESTED}


def test_thirty_comments_and_a_verdict_with_the_panel_in_hand(talk: Talk) -> None:
    """Thirty-two writes, all comments and the text at once, and beside them a look whether the head is still that one."""
    panel = talk.grace.pulls.panel(talk.pull)
    head = panel.pull.source.commit
    drafts = [DraftComment(f"{n}.", at=Anchor.line(EDGE, 17 + n % 8, commit=head)) for n in range(30)]
    talk.forget()
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.REQUEST_CHANGES, "Thirty things.", drafts)
    receipt.raise_if_incomplete()
    assert [outcome.comment and outcome.comment.body for outcome in receipt.outcomes] == [d.body for d in drafts]
    assert len(talk.sent("POST", "/comments")) == 31
    assert talk.sent()[-1] == f"POST /pullrequests/{talk.pull.number}/request-changes"
    assert len(talk.sent()) == 33
    assert talk.sent("GET") == [f"GET /pullrequests/{talk.pull.number}"]


@pytest.mark.parametrize("verdict", list(STATES))
def test_a_verdict_is_a_state(talk: Talk, verdict: Verdict) -> None:
    """Given twice it stands once; the body is `{}`, without which Bitbucket refuses it."""
    for _ in range(2):
        receipt = talk.grace.reviews.submit(talk.pull, verdict, "So." if verdict is Verdict.REQUEST_CHANGES else "")
        assert receipt.review is not None
        assert (receipt.review.state, receipt.review.mine) == (STATES[verdict], True)
    (review,) = talk.ada.reviews.list(talk.pull)
    assert (review.author.handle, review.state, review.mine) == ("grace", STATES[verdict], False)
    sent = [
        each for each in talk.forge.bitbucket_cloud.requests if each.path.endswith(("/approve", "/request-changes"))
    ]
    assert {each.body for each in sent} == {b"{}"}


def test_one_verdict_takes_the_place_of_the_other(talk: Talk) -> None:
    """And is taken back by whoever has given it, once."""
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    talk.grace.reviews.submit(talk.pull, Verdict.REQUEST_CHANGES, "After all.")
    assert [each.state for each in talk.ada.reviews.list(talk.pull)] == [ReviewState.CHANGES_REQUESTED]
    assert talk.grace.reviews.withdraw(talk.pull).state is ReviewState.DISMISSED
    assert talk.ada.reviews.list(talk.pull) == ()
    with pytest.raises(pullbridge.NotThere, match="no verdict"):
        talk.grace.reviews.withdraw(talk.pull)


def test_a_verdict_is_taken_back_by_a_credential_that_does_not_know_itself(talk: Talk) -> None:
    """Whichever it was."""
    token = talk.forge.bitbucket_cloud.token("robot", kind="repository", at="octo/app")
    robot = talk.with_(pullbridge.Token(token))
    with pytest.raises(pullbridge.NotThere):
        robot.reviews.withdraw(talk.pull)
    robot.reviews.submit(talk.pull, Verdict.REQUEST_CHANGES, "No.")
    assert robot.reviews.withdraw(talk.pull).state is ReviewState.DISMISSED
    assert talk.ada.reviews.list(talk.pull) == ()


def test_a_review_tells_which_head_it_was_about(talk: Talk) -> None:
    """Bitbucket does not say it with the verdict; the events do: what is new since then can be compared."""
    seen = talk.head
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    pushed = talk.push()
    (review,) = talk.grace.reviews.list(talk.pull)
    assert review.commit == seen
    (shown,) = talk.grace.pulls.panel(talk.pull).reviews
    assert shown.commit == seen
    since = talk.grace.files.since_my_last_review(talk.pull)
    assert ([commit.id for commit in since.commits], [file.path for file in since.files]) == ([pushed], [EDGE])


def test_the_head_of_a_verdict_is_found_behind_many_events(talk: Talk) -> None:
    """More pages are read, where the first does not reach back to it."""
    seen = talk.head
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    for number in range(55):
        talk.ada.threads.start(talk.pull, f"{number}")
    talk.forget()
    assert [each.commit for each in talk.ada.reviews.list(talk.pull)] == [seen]
    assert len(talk.sent("GET", "/activity")) == 2


def test_a_text_alone_is_a_comment_on_the_whole(talk: Talk) -> None:
    """With its id, and the verdict of a comment."""
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "Well.")
    assert receipt.review is not None
    assert (receipt.review.state, receipt.review.id) == (ReviewState.COMMENTED, talk.only().id)


def test_each_comment_has_its_outcome(talk: Talk) -> None:
    """What Bitbucket refuses does not keep the others back, and a second run posts what is missing."""
    talk.forge.bitbucket_cloud.behave(status=400, method="POST", path="*/comments", containing="bad", times=1)
    drafts = [DraftComment("good", at=HERE), DraftComment("bad", at=Anchor.line(NEW, 1))]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "Fine.", drafts)
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.POSTED, OutcomeStatus.REJECTED]
    assert receipt.verdict.status is OutcomeStatus.POSTED
    talk.forge.bitbucket_cloud.behave()
    again = talk.grace.reviews.resume(receipt)
    assert again.complete
    assert sorted(t.comments[0].body for t in talk.threads()) == ["Fine.", "bad", "good"]


def test_a_run_that_is_repeated_posts_nothing_twice(talk: Talk) -> None:
    """Comments, text and verdict are all there already."""
    drafts = [DraftComment("One.", at=HERE), DraftComment("Two.")]
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "Fine.", drafts).raise_if_incomplete()
    talk.forget()
    again = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "Fine.", drafts, skip_existing=True)
    assert [each.status for each in (*again.outcomes, again.verdict)] == [OutcomeStatus.ALREADY_THERE] * 3
    assert talk.written() == []


@pytest.mark.parametrize("again", ["the same", "another"])
def test_a_run_by_nobody_in_particular_posts_nothing_twice(talk: Talk, again: str) -> None:
    """An access token does not tell who it is: what stands there with the same text may be its own, and is not posted again."""
    token = Token(talk.forge.bitbucket_cloud.token("bot", kind="repository", at=PATH))
    first = talk.with_(token)
    second = first if again == "the same" else talk.with_(token)
    drafts = [DraftComment("One.", at=HERE), DraftComment("Two.")]
    first.reviews.submit(talk.pull, Verdict.COMMENT, "Said.", drafts).raise_if_incomplete()
    first.threads.start(talk.pull, "Three.")
    talk.forget()
    found = second.reviews.submit(talk.pull, Verdict.COMMENT, "Said.", drafts, skip_existing=True)
    assert [each.status for each in (*found.outcomes, found.verdict)] == [OutcomeStatus.ALREADY_THERE] * 3
    assert second.threads.start(talk.pull, "Three.", skip_existing=True).comments[0].body == "Three."
    assert talk.written() == []


@pytest.mark.parametrize("path", ["*/comments", "*/approve"])
def test_lost_answers_are_looked_up(talk: Talk, path: str) -> None:
    """Of a comment and of a verdict."""
    talk.grace.threads.list(talk.pull)
    talk.forge.bitbucket_cloud.behave(cut="after", method="POST", path=path, times=1)
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "", [DraftComment("One.", at=HERE)]).raise_if_incomplete()
    assert [t.comments[0].body for t in talk.threads()] == ["One."]
    assert [each.state for each in talk.ada.reviews.list(talk.pull)] == [ReviewState.APPROVED]


def test_anchors_of_an_older_head_are_carried(talk: Talk) -> None:
    """A comment hangs on the newest diff alone: that is known, with its reason, and the outcome says it."""
    at = Anchor.line(EDGE, 20, commit=talk.head)
    talk.push()
    assert talk.grace.can[Can.COMMENT_OLD_COMMIT].reason
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "", [DraftComment("Hm.", at=at)])
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.CARRIED]
    anchor = talk.only().anchor
    assert anchor is not None
    assert anchor.start == 23


def test_nobody_dismisses_another_ones_verdict(talk: Talk) -> None:
    """Known before anything is sent."""
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    (review,) = talk.ada.reviews.list(talk.pull)
    talk.forget()
    with pytest.raises(pullbridge.Unsupported):
        talk.ada.reviews.dismiss(talk.pull, review, "No.")
    assert talk.sent() == []
