"""A whole pull request at once, over the wire."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Event, Lock
from typing import Any

import pytest
from tests.hosts.bitbucket_dc.lab import EDGE, NEW, Lab, made

import pullbridge
from pullbridge import Anchor, AnswerState, Can, CheckState, DraftComment, ReviewState, Verdict, errors
from pullbridge.model.merge import MergeabilityState
from pullbridge.testing import Forge
from pullbridge.transport.session import HostSession


def full(lab: Lab) -> None:
    """Something of everything."""
    lab.host.token("linus")
    thread = lab.grace.threads.start(lab.pull, "Two?", Anchor.line(EDGE, 21))
    lab.grace.threads.react(lab.pull, thread.comments[0], "tada")
    lab.ada.threads.start(lab.pull, "On the whole.")
    lab.ada.reviewers.request(lab.pull, ["grace", "linus"])
    lab.grace.reviews.submit(lab.pull, Verdict.APPROVE)
    lab.grace.reviews.draft(lab.pull, DraftComment("mine", at=Anchor.line(NEW, 1)))
    lab.ada.checks.report(lab.head, "unit", CheckState.SUCCESS)
    lab.forget()


@pytest.mark.parametrize("lab", ["7.6.0", "8.0.0", "9.2.0"], indirect=True)
def test_a_panel_is_what_its_parts_are(lab: Lab) -> None:
    """In every version the same as what each verb says by itself."""
    lab.grace.threads.start(lab.pull, "Two?", Anchor.line(EDGE, 21))
    lab.ada.checks.report(lab.head, "unit", CheckState.SUCCESS)
    lab.grace.reviews.submit(lab.pull, Verdict.REQUEST_CHANGES, "No.")
    panel, repo = lab.grace.pulls.panel(lab.pull), lab.grace
    assert panel.threads == repo.threads.list(lab.pull)
    assert panel.files == tuple(repo.files.list(lab.pull))
    assert panel.reviews == repo.reviews.list(lab.pull)
    assert panel.reviewers == repo.reviewers.list(lab.pull)
    assert panel.checks == repo.checks.list(lab.pull)
    assert panel.commits == repo.pulls.commits(lab.pull)
    assert panel.mergeability == repo.pulls.mergeability(lab.pull)
    assert (panel.viewer.handle if panel.viewer else None, panel.gaps) == ("grace", ())


def test_a_panel_has_everything(lab: Lab) -> None:
    """With what only it has counted, my draft, and what I may do with it."""
    full(lab)
    panel = lab.grace.pulls.panel(lab.pull)
    pull = panel.pull
    assert (pull.commit_count, pull.file_count, pull.additions, pull.deletions) == (1, 4, 6, 4)
    assert pull.merge_base == lab.app.head("main")
    assert [each.comments[0].body for each in panel.threads] == ["On the whole.", "Two?", "mine"]
    assert [(each.state, each.mine) for each in panel.reviews] == [
        (ReviewState.APPROVED, True),
        (ReviewState.STARTED, True),
    ]
    assert {each.person.handle: each.state for each in panel.reviewers} == {
        "grace": ReviewState.APPROVED,
        "linus": ReviewState.REQUESTED,
    }
    assert [(each.name, each.state) for each in panel.checks] == [("unit", CheckState.SUCCESS)]
    assert panel.mergeability.state is MergeabilityState.READY
    assert panel.can[Can.APPROVE].state is not AnswerState.NO
    assert lab.ada.pulls.panel(lab.pull).can[Can.APPROVE].state is AnswerState.NO


def test_all_parts_are_in_flight_together(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """None waits for another, once the head has been seen: no request goes out after an answer has come."""
    full(lab)
    lab.grace.pulls.panel(lab.pull)
    lab.forget()
    total = 11
    together, lock, under_way = Event(), Lock(), [0]
    send = HostSession.exchange

    def waiting(self: HostSession, *args: Any, **more: Any) -> Any:
        with lock:
            under_way[0] += 1
            if under_way[0] == total - 1:  # the viewer is known
                together.set()
        assert together.wait(20), f"only {under_way[0]} at once"
        return send(self, *args, **more)

    monkeypatch.setattr(HostSession, "exchange", waiting)
    lab.grace.pulls.panel(lab.pull)
    assert len(lab.sent()) == total - 1


def test_a_head_that_nobody_has_seen_costs_one_more_round_trip(lab: Lab) -> None:
    """Its builds; a list of pull requests has told it before."""
    lab.grace.pulls.panel(lab.pull)
    asked = [each.rpartition("/")[2] for each in lab.sent("GET", "build-status")]
    assert asked == [lab.head]
    tuple(lab.as_("linus").pulls.list())
    lab.forget()
    lab.as_("linus").pulls.panel(lab.pull)
    assert [each.rpartition("/")[2] for each in lab.sent("GET", "build-status")] == [lab.head]


def test_a_first_look_takes_two_round_trips(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is known, nor any head: only what the first answers tell of is asked for behind them, and all of it at once."""
    full(lab)
    waves: list[list[str]] = [[], []]
    answered, both, send = Event(), Event(), HostSession.exchange

    def exchange(self: HostSession, verb: str, url: str, **more: Any) -> Any:
        second = answered.is_set()
        waves[second].append(url.partition("/rest/")[2].partition("?")[0].rpartition("/")[2])
        if len(waves[1]) == 2:
            both.set()
        if second:
            assert both.wait(20), f"{waves[1]} wait for each other"
        try:
            return send(self, verb, url, **more)
        finally:
            answered.set()

    monkeypatch.setattr(HostSession, "exchange", exchange)
    lab.host.behave(latency=1.5)
    panel = lab.as_("linus").pulls.panel(lab.pull)
    assert panel.gaps == ()
    assert (len(waves[0]), sorted(waves[1])) == (10, sorted([lab.head, "linus"]))


def test_a_push_between_the_answers_is_noticed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are asked for once more, so that the parts are of one moment."""
    lab.grace.pulls.panel(lab.pull)
    send, once, seen = HostSession.exchange, Lock(), Event()

    def pushing(self: HostSession, verb: str, url: str, **more: Any) -> Any:
        if url.endswith("/changes") and once.acquire(blocking=False):
            assert seen.wait(20)
            lab.push()
        reply = send(self, verb, url, **more)
        if url.endswith("/pull-requests/1"):
            seen.set()
        return reply

    monkeypatch.setattr(HostSession, "exchange", pushing)
    panel = lab.grace.pulls.panel(lab.pull)
    assert panel.pull.source.commit == lab.head
    assert [each.additions for each in panel.files if each.path == EDGE] == [6]


def test_nobody_sees_what_is_public(lab: Lab) -> None:
    """Without signing in; what is only for somebody is a gap."""
    full(lab)
    with pullbridge.connect(lab.app.url, credentials=pullbridge.Anonymous(), settings=lab.host.settings) as repo:
        panel = repo.pulls.panel(lab.pull.number)
    assert (panel.viewer, len(panel.threads), len(panel.files)) == (None, 2, 4)
    assert [each.part for each in panel.gaps] == ["checks"]
    assert all(each.mine is None for thread in panel.threads for each in thread.comments)


def test_a_part_that_is_refused_is_a_gap(lab: Lab) -> None:
    """The others are there."""
    lab.grace.pulls.panel(lab.pull)
    lab.host.behave(path="*/build-status/*", status=403)
    panel = lab.grace.pulls.panel(lab.pull)
    assert ([each.part for each in panel.gaps], panel.checks, len(panel.files)) == (["checks"], (), 4)
    lab.host.behave()
    lab.host.behave(path="*/pull-requests/1/merge", status=403)
    panel = lab.grace.pulls.panel(lab.pull)
    assert panel.mergeability.state is MergeabilityState.UNKNOWN
    lab.host.behave()
    lab.host.behave(path="*/pull-requests/1/changes", status=403)
    panel = lab.grace.pulls.panel(lab.pull)
    assert ([each.part for each in panel.gaps], panel.files) == (["files"], ())
    assert panel.pull.file_count is None


def test_a_closed_one_is_read_as_well(lab: Lab) -> None:
    """What the host refuses to say of it (409) is that it is closed."""
    lab.ada.pulls.close(lab.pull)
    panel = lab.grace.pulls.panel(lab.pull)
    assert (panel.mergeability.state, panel.gaps, len(panel.files)) == (MergeabilityState.CLOSED, (), 4)
    with pytest.raises(errors.NotThere):
        lab.grace.pulls.panel(4242)


def test_personal_repositories_and_forks() -> None:
    """`~user` is a project of its own, whose pages are elsewhere."""
    with ExitStack() as stack:
        lab = made(stack.enter_context(Forge(dc_context="/bitbucket")), stack, "~ada/app")
        full(lab)
        panel = lab.grace.pulls.panel(lab.pull)
    assert len(panel.threads) == 3
    assert "/bitbucket/users/ada/repos/app/pull-requests/1/overview?commentId=" in (panel.threads[0].url or "")
