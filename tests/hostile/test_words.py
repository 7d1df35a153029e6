"""What a person reads when something goes wrong: what happened, by the host's words where it has any, and what to do next."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.hostile.scene import Scene

from pullbridge import (
    Anchor,
    BridgeError,
    CheckState,
    DraftComment,
    MergeMethod,
    NotMergeable,
    NotThere,
    RateLimited,
    Rejected,
    Repository,
    Unplaceable,
    Verdict,
)

Verb = Callable[[Repository, Scene], Any]
#: What goes wrong, and the end of what is read.
WRONG: dict[str, tuple[Verb, str]] = {
    "no such number": (lambda repo, _: repo.pulls.get(99), "that the account you use may see it."),
    "no such branch": (lambda repo, _: repo.branches.get("nope"), "that the account you use may see it."),
    "no branch to delete": (lambda repo, _: repo.branches.delete("nope"), "that the account you use may see it."),
    "no such file": (lambda repo, _: repo.files.content("nope", "main"), "that the account you use may see it."),
    "line outside": (
        lambda repo, scene: repo.threads.start(1, "Text", at=scene.at(25)),
        "Comment on the nearest place, on the file, or on the whole pull request.",
    ),
    "file outside": (
        lambda repo, scene: repo.threads.start(1, "Text", at=Anchor.line("nope.txt", 1, commit=scene.head)),
        "Leave the anchor out, to comment on the whole pull request.",
    ),
    "no words": (lambda repo, _: repo.reviews.submit(1, Verdict.COMMENT), "Give it a `body` or `comments`."),
    "no reason": (lambda repo, _: repo.reviews.submit(1, Verdict.REQUEST_CHANGES), "Give it a `body`."),
    "empty comment": (
        lambda repo, scene: repo.reviews.submit(1, Verdict.APPROVE, "", [scene.draft("Text"), scene.draft(" ")]),
        "Give it one, or leave it out.",
    ),
    "one's own": (
        lambda _, scene: scene.connect("ada").reviews.submit(1, Verdict.APPROVE),
        "Ask somebody else for a verdict; you may comment (`Verdict.COMMENT`).",
    ),
    "no verdict": (lambda repo, _: repo.reviews.submit(1, "approve"), "Give a `Verdict`."),  # type: ignore[arg-type]
    "no way to move": (
        lambda repo, scene: repo.reviews.submit(1, Verdict.APPROVE, "", [scene.draft("Text")], on_moved="away"),
        "Choose one of there, carry, refuse.",
    ),
    "source missing": (
        lambda repo, _: repo.pulls.create("Title", "nope", "main"),
        "Push the source branch, or correct its name; one of a fork needs `source_repository`.",
    ),
    "target missing": (lambda repo, _: repo.pulls.create("Title", "fix", "nope"), "the name of the target branch."),
    "nothing new": (
        lambda repo, _: repo.pulls.create("Title", "main", "main"),
        "Commit to the source branch first, and push it.",
    ),
    "there already": (lambda repo, _: repo.pulls.create("Title", "fix", "main"), "Use the existing one."),
    "moved": (lambda repo, _: repo.pulls.merge(1, expect_head="a" * 40), "look at what is new, and decide again."),
    "method unknown": (lambda repo, _: repo.pulls.merge(1, method=MergeMethod.FAST_FORWARD), "Choose one of those."),
    "text for labels": (lambda repo, _: repo.pulls.edit(1, add_labels="bug"), "Give a list of names."),
    "text for people": (lambda repo, _: repo.reviewers.request(1, "bob"), "Give a list of names."),
    "state without a word": (
        lambda repo, scene: repo.checks.report(scene.head, "ci", CheckState.SKIPPED),
        "Report one of SUCCESS, FAILURE, ERROR, PENDING, RUNNING.",
    ),
    "nobody to assign": (
        lambda repo, _: repo.pulls.edit(1, add_assignees=["nobody-at-all"]),
        "Check the handles, and that these people have access to the repository.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_message_says_what_to_do(scene: Scene, name: str) -> None:
    """One or two sentences on what happened, the facts in brackets, and the next step at the end; nothing of our insides."""
    verb, end = WRONG[name]
    repo = scene.connect()
    with pytest.raises(BridgeError) as caught:
        verb(repo, scene)
    error = caught.value
    assert str(error).endswith(end)
    assert str(error).startswith(error.summary)
    assert error.summary.endswith(".")
    assert ".." not in re.sub(r"\d\.\.\d", "", str(error))
    assert "http://" not in str(error)
    assert not re.search(r"None|Traceback|object at 0x|<\w+ ", str(error))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.text) == (type(error), str(error), error.text)


def test_nothing_was_done_about_what_was_wrong(scene: Scene) -> None:
    """None of these mistakes leaves anything behind."""
    for verb, _ in WRONG.values():
        with pytest.raises(BridgeError):
            verb(scene.connect(), scene)
    assert (scene.general(), scene.inline(), scene.pending(), scene.reviews()) == ([], [], [], [])
    record = scene.record
    assert (record.labels, record.assignees, record.requested_reviewers, record.state) == ([], [], [], "open")
    assert len(scene.app.record.pulls) == 1


def test_facts_stand_in_brackets(scene: Scene) -> None:
    """Host, status and request id are there for whoever reports it."""
    with pytest.raises(NotThere) as caught:
        scene.connect().pulls.get(99)
    error = caught.value
    assert f"({error.host}, HTTP 404, request {error.request_id})" in str(error)


def test_budget_says_until_when(scene: Scene) -> None:
    """A person reads the moment, and a program has it."""
    scene.host.behave(rate_limit="primary")
    with pytest.raises(RateLimited) as caught:
        scene.connect().pulls.get(1)
    moment = caught.value.resets_at
    assert moment is not None
    assert moment - datetime.now(UTC) > timedelta(minutes=20)
    assert f"Wait until {moment:%Y-%m-%d %H:%M:%S} UTC" in str(caught.value)


def test_reasons_are_told_whole(scene: Scene) -> None:
    """What the host says and what its mergeability says stand together, each once."""
    scene.app.require("main", reviews=1)
    with pytest.raises(NotMergeable) as caught:
        scene.connect().pulls.merge(1)
    assert len(caught.value.reasons) == 2
    for reason in caught.value.reasons:
        assert reason.rstrip(".") in str(caught.value)


def test_nearest_place_is_named(scene: Scene) -> None:
    """The message has the place to choose instead, and the error has it as an anchor."""
    with pytest.raises(
        Unplaceable, match=r"a\.txt:25 cannot be commented on.*The nearest place is a\.txt:13\."
    ) as caught:
        scene.connect().threads.start(1, "Text", at=scene.at(25))
    assert caught.value.nearest == scene.at(13)


def test_created_is_said_when_the_rest_fails(scene: Scene) -> None:
    """A pull request whose reviewer cannot be asked is there, and the error says so first."""
    scene.app.commit("fix2", {"b.txt": "x\n"})
    with pytest.raises(Rejected, match="#2 is created, but not all of its people or labels are as asked"):
        scene.connect().pulls.create("Title", "fix2", "main", reviewers=["nobody-at-all"])
    assert len(scene.app.record.pulls) == 2
    with pytest.raises(Rejected, match="is one, and people are several"):
        scene.connect().pulls.create("Title", "fix3", "main", reviewers="bob")
    assert len(scene.app.record.pulls) == 2


def test_receipts_do_not_repeat_bodies_in_messages(scene: Scene) -> None:
    """What a person wrote is in the error's `text` and `receipt`, and not in its message."""
    secret = "a text that is nobody else's business"
    with pytest.raises(BridgeError) as caught:
        scene.connect().reviews.submit(1, Verdict.COMMENT, "", [DraftComment(secret, at=scene.at(25))])
    assert caught.value.text == secret
    assert secret not in str(caught.value)
    assert secret not in repr(caught.value)
