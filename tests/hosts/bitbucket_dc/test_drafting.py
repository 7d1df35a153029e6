"""Comments on their way to Data Center: in which diff they hang, and what is asked for that."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import pytest
from tests.hosts.bitbucket_dc.lab import EDGE, LINES, NEW, Lab

import pullbridge
from pullbridge import Anchor, DraftComment, Verdict, errors
from pullbridge.model.anchor import LineNumbers, PlacementReason

OLD = [DraftComment(f"c{n}", at=Anchor.line(EDGE, 20 + n % 3)) for n in range(12)]


def test_the_diff_is_asked_for_once(lab: Lab) -> None:
    """A dozen comments at once on an older head: where that head left the target is asked for once by the adapter."""
    before = lab.head
    comments = [
        DraftComment(each.body, at=Anchor.line(EDGE, each.at.end or 0, commit=before)) for each in OLD if each.at
    ]
    lab.push()
    lab.grace.pulls.panel(lab.pull)
    lab.forget()
    receipt = lab.grace.reviews.submit(lab.pull, Verdict.COMMENT, comments=comments)
    assert receipt.complete
    assert len(lab.sent("POST", "comments")) == 12
    # The verbs compare for each of them by themselves, to place it.
    assert sum("compare/commits" in each for each in lab.sent()) == 12 + 1
    assert {each.anchor.commit for each in lab.threads() if each.anchor} == {before}


def test_a_diff_that_was_never_looked_at_is_asked_for(lab: Lab) -> None:
    """A place that came ready from elsewhere, such as a saved draft; thirty of them ask once."""
    port = lab.grace._session.port
    at = Anchor.line(EDGE, 21, commit=lab.head)
    ready = replace(at, ends=(LineNumbers(None, 21, (21, 21)),) * 2)
    port.threads.start(lab.pull.number, "x", ready)
    port.threads.start(lab.pull.number, "y", ready)
    assert lab.sent("GET", "changes") == ["GET pull-requests/1/changes"]
    with pytest.raises(LookupError):
        port.threads.start(lab.pull.number, "z", replace(ready, commit=None))


def test_lines_whose_diff_is_not_known_take_no_comment(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file's part of the diff could not be read: what a line is, is not guessed, and the file takes the comment."""
    monkeypatch.setattr("pullbridge.hosts.bitbucket_dc.wire.files.cut.__defaults__", (10,))
    with pytest.raises(errors.Unplaceable) as caught:
        lab.grace.threads.start(lab.pull, "x", Anchor.line(EDGE, 21))
    assert (caught.value.reason, caught.value.nearest) == (
        PlacementReason.TRUNCATED,
        Anchor.file(EDGE, commit=lab.head),
    )
    assert lab.sent("POST") == []
    assert lab.grace.threads.start(lab.pull, "x", Anchor.file(EDGE)).anchor is not None


@pytest.mark.parametrize("lab", ["7.6.0"], indirect=True)
def test_old_versions_tell_where_a_head_left_the_target_by_its_commits(lab: Lab) -> None:
    """They have no resource for it."""
    before = lab.head
    lab.push()
    thread = lab.grace.threads.start(lab.pull, "Then?", Anchor.line(EDGE, 21, commit=before))
    assert thread.anchor is not None
    assert thread.anchor.base == lab.app.head("main")


def test_a_suggestion_is_applied_in_the_fork(lab: Lab) -> None:
    """The commit that comes of it is the fork's newest."""
    fork = lab.host.fork("OCTO/app", "grace")
    fork.commit("edge2", {EDGE: "".join(["changed\n", *LINES[1:]])})
    with ExitStack() as stack:
        token = pullbridge.Token(lab.host.token("grace"))
        repo = stack.enter_context(pullbridge.connect(lab.app.url, credentials=token, settings=lab.host.settings))
        pull = repo.pulls.create("Fork", "edge2", "main", source_repository="~grace/app")
        lab.ada.threads.start(pull, "```suggestion\nbetter\n```", Anchor.line(EDGE, 1))
        (thread,) = repo.threads.list(pull)
        made = repo.threads.apply_suggestion(pull, thread.comments[0].suggestions[0])
        assert made.id == fork.head("edge2")
        assert len(repo.pulls.panel(pull).commits) == 2


def test_a_suggestion_that_is_none(lab: Lab) -> None:
    """Its id is not one that was given."""
    port = lab.ada._session.port.threads
    for odd in ("7", "7#", "x#1", "#1"):
        with pytest.raises(errors.NotThere):
            port.apply_suggestions(lab.pull.number, [odd], None)
    thread = lab.grace.threads.start(lab.pull, "no suggestion", Anchor.line(NEW, 1))
    with pytest.raises(errors.Rejected):
        port.apply_suggestions(lab.pull.number, [f"{thread.id}#0"], None)
    assert lab.threads() != ()
