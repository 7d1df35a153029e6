"""A comment hangs on Bitbucket's newest diff, whichever one was looked at: over the forge, it stays on the lines it means."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.talking import CHANGED, EDGE, NEW, PUSHED, Talk

import pullbridge
from pullbridge import Anchor, DraftComment, OutcomeStatus, Repository, Side, Verdict
from pullbridge.transport.session import HostSession


def looked(talk: Talk) -> tuple[Repository, str]:
    """Somebody looks; gives the head that they saw."""
    panel = talk.grace.pulls.panel(talk.pull)
    assert panel.pull.source.commit is not None
    return talk.grace, panel.pull.source.commit


def submitted(talk: Talk, *anchors: Anchor) -> list[OutcomeStatus]:
    drafts = [DraftComment(f"{n}.", at=at) for n, at in enumerate(anchors)]
    return [each.status for each in talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "", drafts).outcomes]


def places(talk: Talk) -> dict[str, tuple[str, Side, int | None] | None]:
    """Where each comment is, as the author sees it."""
    found = {each.comments[0].body: each.current for each in talk.threads()}
    return {body: (at.path, at.side, at.start) if at is not None else None for body, at in found.items()}


def test_a_comment_follows_a_push_that_nobody_saw(talk: Talk) -> None:
    """Bitbucket would hang it on what stands at that line now: it is where its line is, and only there."""
    grace, seen = looked(talk)
    talk.push()
    thread = grace.threads.start(talk.pull, "Here", Anchor.line(EDGE, 20, commit=seen))
    assert thread.current is not None
    assert thread.current.start == 23
    assert places(talk) == {"Here": (EDGE, Side.NEW, 23)}


def test_comments_of_a_review_do_and_their_outcomes_say_it(talk: Talk) -> None:
    """Lines, ranges, the old side and files, each carried with the code."""
    _, seen = looked(talk)
    talk.push()
    anchors = (
        Anchor.line(EDGE, 20, commit=seen),
        Anchor.lines(EDGE, 20, 22, commit=seen),
        Anchor.line(EDGE, 20, side=Side.OLD, commit=seen),
        Anchor.file(NEW, commit=seen),
    )
    assert submitted(talk, *anchors) == [OutcomeStatus.CARRIED] * 4
    assert places(talk) == {
        "0.": (EDGE, Side.NEW, 23),
        "1.": (EDGE, Side.NEW, 23),
        "2.": (EDGE, Side.OLD, 20),
        "3.": (NEW, Side.NEW, None),
    }


def test_lines_that_are_gone_take_no_comment(talk: Talk) -> None:
    """It is taken down again, the others stay, and the text is in the outcome."""
    grace, seen = looked(talk)
    talk.push(text=CHANGED.replace("changed\n", "something else\n"))
    at = Anchor.line(EDGE, 20, commit=seen)
    assert submitted(talk, at, Anchor.line(EDGE, 22, commit=seen)) == [OutcomeStatus.UNPLACEABLE, OutcomeStatus.CARRIED]
    assert places(talk) == {"1.": (EDGE, Side.NEW, 22)}
    with pytest.raises(pullbridge.Unplaceable, match="its lines have changed") as caught:
        grace.threads.start(talk.pull, "Here", at)
    assert caught.value.text == "Here"
    assert places(talk) == {"1.": (EDGE, Side.NEW, 22)}


def test_lines_of_the_old_side_are_not_counted_through_a_rebase(talk: Talk) -> None:
    """Once the branch begins at another commit of the target, the old side is another file: no comment is left on it."""
    _, seen = looked(talk)
    whole = "first\n" + "".join(f"line {n}\n" for n in range(1, 41))
    talk.app.commit("main", {EDGE: whole})
    talk.app.reset("edge", talk.app.commit("other", {EDGE: f"first\n{CHANGED}"}, start="main"))
    at = Anchor.line(EDGE, 20, side=Side.OLD, commit=seen)
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "Both.", [DraftComment("Old", at=at)])
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.UNPLACEABLE]
    assert list(places(talk)) == ["Both."]


def test_an_anchor_of_a_newer_head_than_was_seen(talk: Talk) -> None:
    """Somebody else has told of it: it is the head, and nothing has to be carried; for a draft as well."""
    grace, _ = looked(talk)
    at = Anchor.line(EDGE, 23, commit=talk.push())
    assert grace.threads.start(talk.pull, "Here", at).anchor == at
    held = grace.reviews.draft(talk.pull, DraftComment("Later", at=at))
    assert held.at is not None
    assert (held.at.start, held.at.commit) == (23, at.commit)
    looked(talk)
    at = Anchor.line(EDGE, 24, commit=talk.push(text=f"once more\n{PUSHED}"))
    assert submitted(talk, at) == [OutcomeStatus.POSTED]
    assert places(talk)["0."] == (EDGE, Side.NEW, 24)


def test_whoever_looks_at_the_head_waits_for_nothing(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The head is read while the comments are on their way: nothing begins only after an answer, but for the verdict."""
    grace, seen = looked(talk)
    drafts = [DraftComment(f"{line}.", at=Anchor.line(EDGE, line, commit=seen)) for line in range(18, 24)]
    asked: dict[bool, list[str]] = {False: [], True: []}
    answered, sent = Event(), HostSession.exchange

    def exchange(session: HostSession, verb: str, url: str, **how: Any) -> Any:
        asked[answered.is_set()].append(f"{verb} {url.rpartition('/')[2]}")
        try:
            return sent(session, verb, url, **how)
        finally:
            answered.set()

    monkeypatch.setattr(HostSession, "exchange", exchange)
    talk.forge.bitbucket_cloud.behave(latency=1.0)
    assert grace.reviews.submit(talk.pull, Verdict.APPROVE, "Fine.", drafts).complete
    assert sorted(asked[False]) == ["GET 1", *["POST comments"] * 7]
    assert asked[True] == ["POST approve"]


def test_a_head_that_cannot_be_looked_at_loses_no_comment(talk: Talk) -> None:
    """The comment is up, as before; it is not told where nobody knows."""
    grace, seen = looked(talk)
    talk.forge.bitbucket_cloud.behave(status=403, method="GET", path="*/pullrequests/1")
    thread = grace.threads.start(talk.pull, "Here", Anchor.line(EDGE, 20, commit=seen))
    assert thread.comments[0].body == "Here"
