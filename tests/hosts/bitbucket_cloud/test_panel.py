"""The panel of a pull request on Bitbucket Cloud, over the forge: everything at once, and what could not be had."""

from __future__ import annotations

from itertools import pairwise
from threading import Event
from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.talking import EDGE, GONE, MOVED, NEW, PATH, Talk

import pullbridge
from pullbridge import Anchor, Can, CheckState, MergeabilityState, PullState, Verdict
from pullbridge.transport.session import HostSession


def test_everything_at_once(talk: Talk) -> None:
    """The first answers lead on to the diff; from then on there is one round of requests."""
    talk.ada.checks.report(talk.head, "ci", CheckState.SUCCESS)
    talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(EDGE, 20))
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    talk.grace.pulls.panel(talk.pull)
    talk.forget()
    panel = talk.grace.pulls.panel(talk.pull)
    assert len(talk.sent()) == 9
    assert {each.status for each in talk.forge.bitbucket_cloud.requests} <= {200, 403}
    assert panel.gaps == ()
    assert panel.pull.source.commit == talk.head
    assert panel.pull.target.commit == talk.app.head("main")
    assert {each.path for each in panel.files} == {EDGE, MOVED, NEW, GONE}
    assert [each.id for each in panel.commits] == [talk.head]
    assert (panel.pull.commit_count, panel.pull.file_count, panel.pull.additions, panel.pull.deletions) == (1, 4, 6, 3)
    (thread,) = panel.threads
    assert thread.current == Anchor.line(EDGE, 20, commit=talk.head)
    assert thread.comments[0].mine is True
    assert [(each.author.handle, each.commit) for each in panel.reviews] == [("grace", talk.head)]
    assert [each.person.handle for each in panel.reviewers] == ["grace"]
    assert [each.state for each in panel.checks] == [CheckState.SUCCESS]
    assert panel.viewer is not None
    assert panel.viewer.handle == "grace"


def test_a_second_look_takes_one_round_trip(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked is asked before the first answer comes."""
    talk.grace.pulls.panel(talk.pull)
    asked: dict[bool, list[str]] = {False: [], True: []}
    answered, sent = Event(), HostSession.exchange

    def exchange(session: HostSession, verb: str, url: str, **how: Any) -> Any:
        asked[answered.is_set()].append(f"{verb} {url.rpartition('/')[2]}")
        try:
            return sent(session, verb, url, **how)
        finally:
            answered.set()

    monkeypatch.setattr(HostSession, "exchange", exchange)
    talk.forge.bitbucket_cloud.behave(latency=1.5)
    assert talk.grace.pulls.panel(talk.pull).gaps == ()
    assert (len(asked[False]), asked[True]) == (9, [])


def test_a_first_look_takes_two_round_trips(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The target's full commit id is asked for while the redirect to the diff is under way, and not after everything."""
    named, sent, late = Event(), HostSession.exchange, []

    def exchange(session: HostSession, verb: str, url: str, **how: Any) -> Any:
        if "/commit/" in url:
            named.set()
        if url.endswith("/diff") and not named.wait(10):
            late.append(url)
        return sent(session, verb, url, **how)

    monkeypatch.setattr(HostSession, "exchange", exchange)
    panel = talk.grace.pulls.panel(talk.pull)
    assert (late, panel.gaps) == ([], ())
    assert panel.pull.target.commit == talk.app.head("main")


def test_what_does_not_fit_a_page_is_read_on(talk: Talk) -> None:
    """Comments by the hundred, in order, each once."""
    root = talk.grace.threads.start(talk.pull, "root", Anchor.line(EDGE, 20))
    for number in range(110):
        talk.grace.threads.reply(talk.pull, root, f"{number:03}")
    (thread,) = talk.ada.pulls.panel(talk.pull).threads
    assert len(thread.comments) == 111
    assert all(one.body < other.body for one, other in pairwise(thread.comments[1:]))


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("*/comments", "threads"),
        ("*/commits", "commits"),
        ("*/diff", "files"),
        ("*/statuses", "checks"),
        ("*/activity", "reviews"),
    ],
)
def test_what_is_refused_is_a_gap(talk: Talk, path: str, part: str) -> None:
    """With its reason, and the rest is there."""
    body = b'{"type": "error", "error": {"message": "You do not have access."}}'
    talk.forge.bitbucket_cloud.behave(status=403, body=body, method="GET", path=path)
    panel = talk.grace.pulls.panel(talk.pull)
    assert [each.part for each in panel.gaps] == [part]
    assert "You do not have access" in panel.gaps[0].reason
    assert panel.pull.number == talk.pull.number
    assert (panel.pull.source.commit, panel.pull.target.commit) == (talk.head, talk.app.head("main"))


def test_a_pull_request_that_is_not_there(talk: Talk) -> None:
    """It is not there, and no panel of gaps."""
    with pytest.raises(pullbridge.NotThere):
        talk.grace.pulls.panel(4711)


def test_what_took_too_long_is_said(talk: Talk) -> None:
    """Neither listed nor shown: the files are a gap."""
    talk.forge.bitbucket_cloud.behave(status=555, method="GET", path="*/diff*")
    panel = talk.grace.pulls.panel(talk.pull)
    assert [(each.part, panel.files) for each in panel.gaps] == [("files", ())]
    assert "too long" in panel.gaps[0].reason


def test_a_fork_that_is_gone(talk: Talk) -> None:
    """Its commits went with it: what can be had is, and what cannot is named."""
    host = talk.forge.bitbucket_cloud
    fork = host.fork(PATH, "linus")
    fork.commit("theirs", {"theirs.txt": "x\n"})
    linus = talk.with_(pullbridge.Token(host.token("linus")))
    pull = linus.pulls.create("From afar", "theirs", "main", source_repository="linus/app")
    talk.grace.pulls.panel(pull)
    host.delete_fork("linus/app")
    panel = talk.grace.pulls.panel(pull)
    assert panel.pull.source.repository is None
    assert "commits" in {each.part for each in panel.gaps}
    assert panel.pull.title == "From afar"


def test_what_can_be_done_with_it(talk: Talk) -> None:
    """By the state, the draft, and whose it is."""
    talk.ada.probe()
    assert Can.MERGE in talk.ada.pulls.panel(talk.pull).can
    talk.ada.pulls.set_draft(talk.pull, True)
    assert Can.MERGE not in talk.ada.pulls.panel(talk.pull).can
    talk.ada.pulls.close(talk.pull)
    panel = talk.ada.pulls.panel(talk.pull)
    assert panel.pull.state is PullState.CLOSED
    assert (Can.EDIT in panel.can, panel.mergeability.state) == (False, MergeabilityState.CLOSED)


def test_who_is_no_administrator_does_not_ask_for_the_rules(talk: Talk) -> None:
    """Once that is known."""
    talk.grace.probe()
    talk.forget()
    panel = talk.grace.pulls.panel(talk.pull)
    assert talk.sent("GET", "/branch-restrictions") == []
    assert panel.pull.number == talk.pull.number


def test_a_credential_that_may_not_read_user(talk: Talk) -> None:
    """Nobody knows who I am, and the panel says just that."""
    token = talk.forge.bitbucket_cloud.token("robot", kind="repository", at=PATH)
    panel = talk.with_(pullbridge.Token(token)).pulls.panel(talk.pull)
    assert (panel.viewer, panel.gaps) == (None, ())


def test_a_review_after_a_panel_waits_for_no_read(talk: Talk) -> None:
    """The head, its diff and the comments that were there are remembered; beside the comment the head is looked at."""
    talk.grace.pulls.panel(talk.pull)
    talk.forget()
    talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(EDGE, 20))
    number = talk.pull.number
    assert sorted(talk.sent()) == [f"GET /pullrequests/{number}", f"POST /pullrequests/{number}/comments"]
