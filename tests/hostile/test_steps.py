"""Reviews that take several steps, interrupted at each of them: posted once or not at all, and nothing left half-way."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hostile.scene import Scene

from pullbridge import (
    AlreadyThere,
    Anchor,
    BridgeError,
    Cancel,
    Cancelled,
    DeadlineExceeded,
    DraftComment,
    HostDown,
    OutcomeStatus,
    Repository,
    Verdict,
)
from pullbridge.testing.store import Place

#: The three writes of such a review, by what their documents begin with.
STEPS = {"begin": "mutation AddPullRequestReview(", "build": "mutation BuildReview", "submit": "mutation Submit"}


def drafts(scene: Scene) -> list[DraftComment]:
    return [scene.draft("On a line"), DraftComment("On a file", at=Anchor.file("a.txt", commit=scene.head))]


def submitted(repo: Repository, scene: Scene, **how: Any) -> Any:
    return repo.reviews.submit(1, Verdict.REQUEST_CHANGES, "Words", drafts(scene), **how)


@pytest.fixture
def repo(scene: Scene) -> Repository:
    made = scene.connect(retries=0)
    made.pulls.panel(1)
    scene.requests.clear()
    return made


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("how", [{"cut": "before"}, {"cut": "after"}, {"html": True}])
def test_lost_answer_of_each_step(scene: Scene, repo: Repository, step: str, how: dict[str, Any]) -> None:
    """Whichever answer is lost, and whether or not the step was done: the review is up once, whole, nothing is pending."""
    scene.host.behave(**how, containing=STEPS[step], times=1)
    receipt = submitted(repo, scene)
    assert receipt.complete
    assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.POSTED] * 2
    assert scene.reviews() == [("CHANGES_REQUESTED", "Words")]
    assert sorted(scene.inline()) == ["On a file", "On a line"]
    assert scene.pending() == []


@pytest.mark.parametrize("step", STEPS)
def test_step_that_fails_for_ever(scene: Scene, repo: Repository, step: str) -> None:
    """Nothing is up and nothing is left, and the error has all the texts."""
    scene.host.behave(status=500, containing=STEPS[step])
    with pytest.raises(HostDown) as caught:
        submitted(repo, scene)
    assert scene.reviews() == []
    assert not caught.value.maybe_done
    receipt = caught.value.receipt
    assert receipt is not None
    assert [outcome.draft for outcome in receipt.outcomes] == drafts(scene)
    scene.host.behave()
    assert repo.reviews.resume(receipt).complete
    assert sorted(scene.inline()) == ["On a file", "On a line"]


@pytest.mark.parametrize("step", ["build", "submit"])
def test_what_cannot_be_taken_back_is_said(scene: Scene, repo: Repository, step: str) -> None:
    """When the host fails for good in the midst of it, the error says that a pending review may be left, and how it goes."""
    scene.host.behave(status=500, containing=STEPS[step])
    scene.host.behave(status=500, containing="mutation DeletePullRequestReview")
    with pytest.raises(HostDown, match=r"may be left: `reviews.discard_pending\(n\)` throws it away"):
        submitted(repo, scene)
    assert scene.reviews() == [("PENDING", "")]
    scene.host.behave()
    assert repo.reviews.discard_pending(1)
    assert scene.reviews() == []


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("stop", ["cancel", "deadline"])
def test_given_up_in_the_midst(scene: Scene, repo: Repository, step: str, stop: str) -> None:
    """A caller who gives up during a step leaves nothing behind, and knows that nothing is up."""
    scene.host.behave(stall=20, containing=STEPS[step], times=1)
    cancel = Cancel()
    bound = repo.within(cancel=cancel) if stop == "cancel" else repo.within(deadline=2)
    with scene.at_fault(cancel.cancel if stop == "cancel" else None), pytest.raises(BridgeError) as caught:
        submitted(bound, scene)
    if step == "submit":
        # The submission was done by then: it is found published, and cannot be taken back.
        assert caught.value.maybe_done
        assert scene.reviews() == [("CHANGES_REQUESTED", "Words")]
    else:
        assert isinstance(caught.value, (Cancelled, DeadlineExceeded))
        assert not caught.value.maybe_done
        assert scene.reviews() == []
    assert caught.value.receipt is not None
    assert repo.reviews.resume(caught.value.receipt).complete
    assert scene.reviews() == [("CHANGES_REQUESTED", "Words")]
    assert sorted(scene.inline()) == ["On a file", "On a line"]


class TestBegunElsewhere:
    """A pending review of mine that was begun in the browser."""

    @pytest.fixture
    def repo(self, scene: Scene) -> Repository:
        made = scene.connect(retries=0)
        made.reviews.draft(1, scene.draft("From the browser", 40))
        return made

    @pytest.mark.parametrize("kind", ["lines", "file", "reply", "apart"])
    def test_it_is_never_published_by_accident(self, scene: Scene, repo: Repository, kind: str) -> None:
        """No review, comment or reply publishes it, joins it in silence, or throws it away."""
        thread = scene.thread("First?", 10)
        calls: dict[str, Any] = {
            "lines": lambda: repo.reviews.submit(1, Verdict.APPROVE, "Words", [scene.draft("Mine")]),
            "file": lambda: submitted(repo, scene),
            "reply": lambda: repo.threads.reply(1, thread, "Mine"),
            "apart": lambda: repo.threads.start(1, "Mine", at=scene.at()),
        }
        with pytest.raises(AlreadyThere, match="include_pending=True") as caught:
            calls[kind]()
        assert scene.pending() == ["From the browser"]
        assert scene.inline() == ["First?"]
        assert caught.value.text in {"Mine", "Words"}

    def test_lost_beginning_is_not_mixed_up_with_it(self, scene: Scene, repo: Repository) -> None:
        """The beginning's answer is lost, and what is pending is not ours: it is left alone, and said."""
        scene.host.behave(cut="after", containing=STEPS["begin"], times=1)
        with pytest.raises(AlreadyThere, match="include_pending=True"):
            submitted(repo, scene)
        assert scene.pending() == ["From the browser"]

    @pytest.mark.parametrize("step", ["build", "submit"])
    @pytest.mark.parametrize("how", [{"cut": "before"}, {"cut": "after"}])
    def test_published_with_the_rest_once(self, scene: Scene, repo: Repository, step: str, how: dict[str, Any]) -> None:
        """With `include_pending` all of it is published together, once, whichever answer is lost."""
        scene.host.behave(**how, containing=STEPS[step], times=1)
        receipt = submitted(repo, scene, include_pending=True)
        assert receipt.complete
        assert sorted(scene.inline()) == ["From the browser", "On a file", "On a line"]
        assert scene.reviews() == [("CHANGES_REQUESTED", "Words")]

    def test_failure_leaves_it_pending_and_says_so(self, scene: Scene, repo: Repository) -> None:
        """What was begun elsewhere is never thrown away; a second try adds nothing twice."""
        scene.host.behave(status=500, containing=STEPS["submit"])
        with pytest.raises(HostDown, match="Your pending review is still there"):
            submitted(repo, scene, include_pending=True)
        assert sorted(scene.pending()) == ["From the browser", "On a file", "On a line"]
        scene.host.behave()
        assert submitted(repo, scene, include_pending=True).complete
        assert sorted(scene.inline()) == ["From the browser", "On a file", "On a line"]

    def test_draft_like_one_that_is_pending_is_not_lost(self, scene: Scene, repo: Repository) -> None:
        """A new comment with the text of a pending one, on another line, is posted beside it."""
        more = [scene.draft("From the browser", 10)]
        assert repo.reviews.submit(1, Verdict.COMMENT, "Words", more, include_pending=True).complete
        assert scene.inline() == ["From the browser", "From the browser"]


@pytest.mark.parametrize("how", [{"cut": "before"}, {"cut": "after"}, {"status": 502}])
@pytest.mark.parametrize("texts", [[], ["Same"]])
def test_equal_reviews_in_a_row(scene: Scene, repo: Repository, how: dict[str, Any], texts: list[str]) -> None:
    """A second review with the words of the first is posted, too: the first is not taken for it when an answer is lost."""
    comments = [scene.draft(text) for text in texts]
    assert repo.reviews.submit(1, Verdict.COMMENT, "Words", comments).complete
    scene.host.behave(**how, containing=STEPS["begin"], times=1)
    assert repo.reviews.submit(1, Verdict.COMMENT, "Words", comments).complete
    assert scene.reviews() == [("COMMENTED", "Words")] * 2
    assert scene.inline() == texts * 2


def test_everything_in_one_submission(scene: Scene, repo: Repository) -> None:
    """Lines, a file, a reply, the whole and a place that is none: each has its outcome, in the order given."""
    thread = scene.thread("First?", 40)
    given = [
        DraftComment("To all"),
        scene.draft("On a line"),
        DraftComment("On a file", at=Anchor.file("b.txt", commit=scene.head)),
        scene.draft("Nowhere", 25),
        DraftComment("An answer", reply_to=thread),
        DraftComment("To nobody", reply_to="PRRT_nothing"),
    ]
    told: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> None:
        told.append((done, of))
        raise ZeroDivisionError  # a callback of somebody's own that fails harms nothing

    receipt = repo.reviews.submit(1, Verdict.COMMENT, "", given, on_progress=progress)
    status = [outcome.status.value for outcome in receipt.outcomes]
    assert status == ["posted", "posted", "posted", "unplaceable", "posted", "rejected"]
    assert [outcome.draft for outcome in receipt.outcomes] == given
    assert scene.general() == ["To all"]
    assert sorted(scene.inline()) == ["An answer", "First?", "On a file", "On a line"]
    assert told[-1] == (6, 6)
    assert not receipt.complete
    with pytest.raises(BridgeError):
        receipt.raise_if_incomplete()


def test_verdict_without_words_is_not_up_when_its_comments_are_not(scene: Scene, repo: Repository) -> None:
    """A review of nothing but a comment to all, which fails: nothing is up, so the call raises."""
    scene.host.behave(status=500, path="*/comments")
    with pytest.raises(BridgeError) as caught:
        repo.reviews.submit(1, Verdict.COMMENT, "", [DraftComment("To all")])
    receipt = caught.value.receipt
    assert receipt is not None
    assert receipt.verdict.status is not OutcomeStatus.POSTED
    scene.host.behave()
    assert repo.reviews.resume(receipt).complete
    assert scene.general() == ["To all"]


def test_resumed_receipt_keeps_what_was_done(scene: Scene, repo: Repository) -> None:
    """`resume` gives back the whole receipt, with the review of the first time; when it fails, the error has it."""
    thread = scene.thread("First?", 40)
    scene.push(41)
    repo.pulls.panel(1)
    old = [DraftComment("At the old head", at=scene.at(10, commit=scene.record.threads[0].original_commit))]
    scene.host.behave(status=500, containing="At the old head")
    given = [scene.draft("Now", 41), DraftComment("An answer", reply_to=thread), *old]
    receipt = repo.reviews.submit(1, Verdict.APPROVE, "Fine", given)
    assert [outcome.status.value for outcome in receipt.outcomes] == ["posted", "posted", "not tried"]
    with pytest.raises(HostDown) as caught:
        repo.reviews.resume(receipt)
    kept = caught.value.receipt
    assert kept is not None
    assert [outcome.status.value for outcome in kept.outcomes][:2] == ["posted", "posted"]
    assert kept.wanted is Verdict.APPROVE
    scene.host.behave()
    done = repo.reviews.resume(kept)
    assert done.complete
    assert done.review == receipt.review
    assert scene.reviews().count(("APPROVED", "Fine")) == 1
    assert sorted(scene.inline()) == ["An answer", "At the old head", "First?", "Now"]


def test_reply_into_a_crowd_is_found(scene: Scene, repo: Repository) -> None:
    """In a pull request with more threads than an answer holds, a reply to the oldest is not taken for dropped."""
    store, ada = scene.host.store, scene.host.store.people.user("ada")
    for number in range(104):
        store.threads.start(scene.record, ada, Place(path="a.txt", line=10), f"Number {number}")
    oldest = next(thread for thread in repo.threads.list(1) if thread.comments[0].body == "Number 0")
    receipt = repo.reviews.submit(1, Verdict.COMMENT, "", [DraftComment("An answer", reply_to=oldest.id)])
    assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.POSTED]
    scene.host.behave(status=500, containing="query PullConversations")
    receipt = repo.reviews.submit(1, Verdict.COMMENT, "", [DraftComment("Another", reply_to=oldest.id)])
    assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.UNCONFIRMED]
    scene.host.behave()
    done = repo.reviews.resume(receipt)
    assert [outcome.status for outcome in done.outcomes] == [OutcomeStatus.ALREADY_THERE]
    assert scene.inline().count("Another") == 1
