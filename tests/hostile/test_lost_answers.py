"""A write whose answer is lost is looked up: found, written once more, or reported with its text. Never twice, never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.hostile.scene import Scene

from pullbridge import (
    BridgeError,
    Cancel,
    DeadlineExceeded,
    DraftComment,
    HostDown,
    MergeState,
    Offline,
    OutcomeStatus,
    PullState,
    Repository,
    Unconfirmed,
    Verdict,
)

TEXT = "Off by one? (naïve 🙂)"

Write = Callable[[Scene, Repository], Any]


def _inline(scene: Scene, repo: Repository) -> Any:
    return repo.threads.start(1, TEXT, at=scene.at())


def _general(_: Scene, repo: Repository) -> Any:
    return repo.threads.start(1, TEXT)


def _review(scene: Scene, repo: Repository) -> Any:
    receipt = repo.reviews.submit(1, Verdict.COMMENT, "All in all.", comments=[scene.draft(TEXT)])
    assert receipt.complete
    assert receipt.outcomes[0].status is OutcomeStatus.POSTED
    return receipt.outcomes[0].comment


WRITES: dict[str, tuple[Write, Callable[[Scene], list[str]], str]] = {
    "a comment on a line": (_inline, Scene.inline, "*/graphql"),
    "a comment on the whole": (_general, Scene.general, "*/issues/1/comments"),
    "a review": (_review, Scene.inline, "*/graphql"),
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("fault", [{"cut": "after"}, {"truncate": "json"}, {"truncate": "length"}, {"html": True}])
def test_what_was_stored_is_found_and_not_posted_again(scene: Scene, name: str, fault: dict[str, Any]) -> None:
    """The host stored it and its answer got lost on the way: the call succeeds, and it is there once."""
    write, stored, path = WRITES[name]
    repo = scene.connect()
    repo.pulls.panel(1)
    scene.host.behave(method="POST", path=path, times=1, **fault)
    assert write(scene, repo) is not None
    assert stored(scene).count(TEXT) == 1


@pytest.mark.parametrize("name", WRITES)
def test_what_was_cut_before_is_written_once_more(scene: Scene, name: str) -> None:
    """The connection broke before the host took it: in the end it is there exactly once."""
    write, stored, path = WRITES[name]
    repo = scene.connect()
    repo.pulls.panel(1)
    scene.host.behave(cut="before", method="POST", path=path, times=1)
    write(scene, repo)
    assert stored(scene).count(TEXT) == 1


@pytest.mark.parametrize("name", WRITES)
def test_a_gateways_502_is_no_answer(scene: Scene, name: str) -> None:
    """A 502 says nothing about the write: it is looked up, and written once more when it is not there."""
    write, stored, path = WRITES[name]
    repo = scene.connect()
    repo.pulls.panel(1)
    scene.host.behave(status=502, method="POST", path=path, times=1)
    write(scene, repo)
    assert stored(scene).count(TEXT) == 1


@pytest.mark.parametrize("name", WRITES)
def test_a_host_that_stays_down_leaves_the_text_in_hand(scene: Scene, name: str) -> None:
    """When the look-up fails as well, the error is `Unconfirmed` and has the text; nothing is there twice."""
    write, stored, _ = WRITES[name]
    repo = scene.connect(retries=1)
    repo.pulls.panel(1)
    scene.host.behave(status=502)
    with pytest.raises(Unconfirmed) as caught:
        write(scene, repo)
    assert TEXT in _texts(caught.value)
    assert caught.value.maybe_done
    assert stored(scene).count(TEXT) == 0


def test_a_reply_whose_answer_was_lost_is_found(scene: Scene) -> None:
    """A reply is looked up in its thread."""
    thread, repo = scene.thread(), scene.connect()
    repo.threads.list(1)
    scene.host.behave(cut="after", method="POST", path="*/graphql", times=1)
    assert repo.threads.reply(1, thread, TEXT).body == TEXT
    assert scene.inline().count(TEXT) == 1


def test_equal_comments_on_purpose_are_both_posted(scene: Scene) -> None:
    """Twice the same text at the same place is twice there, also when both answers are lost."""
    repo = scene.connect()
    repo.pulls.panel(1)
    first = repo.threads.start(1, TEXT, at=scene.at())
    scene.host.behave(cut="after", method="POST", path="*/graphql", times=1)
    second = repo.threads.start(1, TEXT, at=scene.at())
    assert first.id != second.id
    assert scene.inline().count(TEXT) == 2


def test_equal_drafts_of_one_review_have_a_comment_each(scene: Scene) -> None:
    """Two equal drafts in one review get two comments, also when the answer is lost."""
    repo = scene.connect()
    repo.pulls.panel(1)
    scene.host.behave(cut="after", method="POST", path="*/graphql", times=1)
    receipt = repo.reviews.submit(1, Verdict.COMMENT, comments=[scene.draft(TEXT), scene.draft(TEXT)])
    assert receipt.complete
    ids = [outcome.comment.id for outcome in receipt.outcomes if outcome.comment]
    assert len(set(ids)) == 2
    assert scene.inline().count(TEXT) == 2


def test_somebody_elses_equal_comment_is_not_mine(scene: Scene) -> None:
    """The same text at the same place by somebody else is not taken for the lost one."""
    scene.thread(TEXT)
    repo = scene.connect("bob")
    scene.host.behave(cut="before", method="POST", path="*/graphql", times=1, containing="mutation")
    assert repo.threads.start(1, TEXT, at=scene.at()).comments[0].author.handle == "bob"
    assert scene.inline().count(TEXT) == 2


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_pull_request_is_created_once(scene: Scene, fault: str) -> None:
    """A creation whose answer is lost is found by its branches, title and author."""
    scene.app.commit("other", {"c.txt": "c\n"})
    repo = scene.connect()
    repo.pulls.get(1)
    scene.host.behave(cut=fault, method="POST", path="*/pulls", times=1)
    pull = repo.pulls.create("Other", "other", "main", "Its body")
    assert (pull.number, pull.title) == (2, "Other")
    assert len(scene.app.record.pulls) == 2


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_merge_is_done_once(scene: Scene, fault: str) -> None:
    """A merge whose answer is lost is seen on the pull request."""
    repo = scene.connect()
    repo.pulls.mergeability(1, wait=5)
    scene.host.behave(cut=fault, method="PUT", path="*/merge", times=1)
    receipt = repo.pulls.merge(1, expect_head=scene.head)
    assert receipt.state is MergeState.MERGED
    assert receipt.commit == scene.app.head("main")
    assert repo.pulls.get(1).state is PullState.MERGED


@pytest.mark.parametrize("verb", ["resolve", "edit", "close", "draft"])
def test_what_sets_a_state_is_simply_repeated(scene: Scene, verb: str) -> None:
    """A write that can be done twice without harm needs no look-up."""
    repo = scene.connect("ada")
    thread = repo.threads.start(1, "First", at=scene.at())
    scene.host.behave(cut="after", method="P*", times=1)
    if verb == "resolve":
        assert repo.threads.resolve(1, thread).resolved
    elif verb == "edit":
        assert repo.threads.edit(1, thread.comments[0], TEXT).body == TEXT
    elif verb == "close":
        assert repo.pulls.close(1).state is PullState.CLOSED
    else:
        assert repo.pulls.set_draft(1, True).draft


def test_cancelled_in_flight_is_unconfirmed_with_the_text(scene: Scene) -> None:
    """A write that was cancelled once it had left is reported as such, and asks the host nothing more."""
    cancel = Cancel()
    repo = scene.connect().within(cancel=cancel)
    repo.pulls.panel(1)
    scene.host.behave(stall=20, method="POST")
    with scene.at_fault(cancel.cancel), pytest.raises(Unconfirmed) as caught:
        repo.threads.start(1, TEXT, at=scene.at())
    assert caught.value.text == TEXT
    assert len(scene.writes()) <= 1


def test_a_deadline_before_anything_left_is_no_doubt(scene: Scene) -> None:
    """Time that ran out before the write was sent leaves no doubt: it was not done, and the text is kept."""
    repo = scene.connect()
    scene.host.behave(latency=1, method="GET")
    with pytest.raises(DeadlineExceeded) as caught:
        repo.within(deadline=0.3).threads.start(1, TEXT, at=scene.at())
    assert caught.value.text == TEXT
    assert not caught.value.maybe_done
    assert scene.inline() == []


def test_a_host_that_cannot_be_reached_has_done_nothing(scene: Scene) -> None:
    """A refused connection is no doubt either."""
    repo = scene.connect(retries=0)
    repo.pulls.panel(1)
    scene.host.close()
    with pytest.raises((Offline, HostDown, Unconfirmed)) as caught:
        repo.threads.start(1, TEXT, at=scene.at())
    assert caught.value.text == TEXT


def test_a_receipt_of_a_half_posted_review_goes_on(scene: Scene) -> None:
    """What is not up is named in the receipt, and `resume` posts that and nothing twice."""
    repo = scene.connect(retries=0)
    repo.pulls.panel(1)
    scene.host.behave(status=503, method="POST", path="*/issues/1/comments")
    receipt = repo.reviews.submit(1, Verdict.COMMENT, comments=[scene.draft("inline"), DraftComment(TEXT)])
    assert receipt.outcomes[0].status is OutcomeStatus.POSTED
    assert not receipt.complete
    assert receipt.outcomes[1].error is not None
    assert receipt.outcomes[1].error.text == TEXT
    scene.host.behave()
    resumed = repo.reviews.resume(type(receipt).from_json(receipt.to_json()))
    assert resumed.complete
    assert scene.inline() == ["inline"]
    assert scene.general() == [TEXT]


def _texts(error: BridgeError) -> str:
    """All that an error keeps of what was written."""
    receipt = error.receipt
    drafts = [outcome.draft.body for outcome in receipt.outcomes if outcome.draft] if receipt else []
    return " ".join([error.text or "", *drafts])
