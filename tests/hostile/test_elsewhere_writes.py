"""What `test_lost_answers`, `test_unreadable_writes` and `test_stale_and_merge` say of GitHub, on the other hosts.

A write whose answer is lost, nonsense or never comes is looked up: found, written once more, or reported with its text. And
nothing lands on what was not seen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.hostile.site import TEXT, Site, changed, elsewhere, is_graph_read
from werkzeug.wrappers import Request, Response

from pullbridge import (
    BadAnswer,
    BridgeError,
    Cancel,
    Cancelled,
    CheckState,
    DeadlineExceeded,
    DraftComment,
    HostDown,
    MergeabilityState,
    MergeState,
    NotMergeable,
    Offline,
    OutcomeStatus,
    PullState,
    Rejected,
    Repository,
    ReviewReceipt,
    Stale,
    Unconfirmed,
    Unplaceable,
    Verdict,
)

SAID = "Off by one, I think"
PAGE = b"<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body>Welcome</body></html>"
JSON = "application/json"

Write = Callable[[Site, Repository], Any]
#: What is looked up when its answer is lost, so that a text is never in doubt while the host can be asked.
TEXTS: dict[str, Write] = {
    "a comment": lambda _, repo: repo.threads.start(1, SAID),
    "a comment on a line": lambda site, repo: repo.threads.start(1, SAID, at=site.at()),
    "a review": lambda site, repo: repo.reviews.submit(1, Verdict.COMMENT, "All in all", [site.draft(SAID)]),
    "a review's text": lambda _, repo: repo.reviews.submit(1, Verdict.COMMENT, SAID),
    "a pull request": lambda _, repo: repo.pulls.create("Other", "other", "main", SAID),
}
STATES: dict[str, Write] = {
    "merging": lambda site, repo: repo.pulls.merge(1, expect_head=site.head),
    "an edit": lambda _, repo: repo.pulls.edit(1, title="Another title"),
    "closing": lambda _, repo: repo.pulls.close(1),
    "a check": lambda site, repo: repo.checks.report(site.head, "lint", CheckState.SUCCESS),
    "a reviewer": lambda _, repo: repo.reviewers.request(1, ["eve"]),
    "a branch": lambda site, repo: repo.branches.create("new", site.head),
}
UNREADABLE: dict[str, Callable[[Response], Response]] = {
    "a page": lambda _: Response(PAGE, 200, content_type="text/html"),
    "nothing": lambda _: Response(b"", 200, content_type=JSON),
    "no content": lambda _: Response(b"", 204),
    "a list": lambda _: Response(b"[]", 201, content_type=JSON),
    "an empty object": lambda _: Response(b"{}", 200, content_type=JSON),
    "half of it": lambda true: Response(true.get_data()[:40], true.status_code, content_type=JSON),
}


@pytest.fixture
def ready(site: Site) -> Site:
    """The scene with what the writes need: another branch, and somebody to ask."""
    site.app.commit("other", {"c.txt": "c\n"})
    site.token("eve")
    return site


def shown(site: Site, repo: Repository) -> None:
    """Look at it as an editor does, then forget what was asked."""
    repo.pulls.panel(1)
    site.requests.clear()


def reads(request: Request) -> bool:
    return request.method == "GET" or is_graph_read(request.path, request.get_data())


def counted(site: Site) -> int:
    """How often the text is there: in comments, reviews and bodies."""
    with site.undisturbed():
        pulls = [pull.body for pull in site.connect("somebody").pulls.list()]
    return [*site.said(), *pulls].count(SAID)


def done(told: Any) -> bool:
    """Whether a write says that it is done, all of it."""
    return told.complete if isinstance(told, ReviewReceipt) else told is not None


def error_of(call: Callable[[], Any]) -> BridgeError | None:
    try:
        call()
    except BridgeError as error:
        return error
    return None


def texts(error: BridgeError) -> str:
    """All that an error keeps of what was written."""
    receipt = error.receipt
    drafts = [outcome.draft.body for outcome in receipt.outcomes if outcome.draft] if receipt else []
    return " ".join([error.text or "", *drafts])


@elsewhere
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "fault", [{"cut": "after"}, {"cut": "before"}, {"truncate": "json"}, {"truncate": "length"}, {"status": 502}]
)
def test_a_text_whose_answer_is_lost_is_there_once(ready: Site, name: str, fault: dict[str, Any]) -> None:
    """Whether the host stored it or not: it is found, or written once more, and the call succeeds."""
    repo = ready.repo
    shown(ready, repo)
    ready.host.behave(containing=SAID, times=1, **fault)
    assert done(TEXTS[name](ready, repo))
    assert counted(ready) == 1


@elsewhere
@pytest.mark.parametrize("name", TEXTS)
def test_a_host_that_stays_down_leaves_the_text_in_hand(ready: Site, name: str) -> None:
    """When nobody can look either, the error has the text, and says that it may be there."""
    if ready.kind == "bitbucket-cloud" and name == "a pull request":
        pytest.skip("it is looked for before it is written, so that nothing leaves while the host is down")
    repo = ready.connect(retries=0)
    shown(ready, repo)
    ready.host.behave(cut="after", containing=SAID, times=1)
    ready.host.behave(status=502)
    error = error_of(lambda: TEXTS[name](ready, repo))
    assert isinstance(error, Unconfirmed)
    assert SAID in texts(error)
    assert error.maybe_done
    assert counted(ready) == 1
    ready.host.behave()
    if error.receipt is not None:
        assert repo.reviews.resume(error.receipt).complete
    assert counted(ready) == 1


@elsewhere
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("how", UNREADABLE)
def test_a_text_whose_answer_cannot_be_read_is_found(ready: Site, name: str, how: str) -> None:
    """The host stored it and answered nonsense: it is looked up, and there once."""
    repo = ready.repo
    shown(ready, repo)
    ready.instead(lambda request, true: None if reads(request) else UNREADABLE[how](true))
    assert done(TEXTS[name](ready, repo))
    assert counted(ready) == 1


@elsewhere
@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("how", ["a page", "no content", "a list"])
def test_a_state_whose_answer_cannot_be_read_may_be_set(ready: Site, name: str, how: str) -> None:
    """It is looked up or set again, or the error says that it may be done; never that it is not."""
    repo = ready.connect("ada") if name == "a reviewer" else ready.repo
    shown(ready, repo)
    ready.instead(lambda request, true: None if reads(request) else UNREADABLE[how](true))
    error = error_of(lambda: STATES[name](ready, repo))
    assert error is None or isinstance(error, BadAnswer | Unconfirmed)
    assert error is None or (error.maybe_done and error.remedy)


@elsewhere
@pytest.mark.parametrize("stop", ["cancel", "close", "deadline"])
@pytest.mark.parametrize("name", ["a comment", "a review", "a pull request"])
def test_a_write_that_nobody_waits_for_is_in_doubt(ready: Site, name: str, stop: str) -> None:
    """It left, and its answer is not waited for: `Unconfirmed`, with the text in hand; it is not written again."""
    repo, cancel, hanging = ready.repo, Cancel(), threading.Event()
    shown(ready, repo)

    def told(request: Request, _: Response) -> None:
        if SAID.encode() in request.get_data():
            hanging.set()

    ready.instead(told)
    ready.host.behave(stall=20, containing=SAID, times=1)
    bound = repo.within(deadline=1.0) if stop == "deadline" else repo.within(cancel=cancel)
    ends = {"cancel": cancel.cancel, "close": repo.close, "deadline": hanging.set}[stop]
    errors: list[BridgeError | None] = []
    kept: list[Any] = []
    thread = threading.Thread(
        target=lambda: errors.append(error_of(lambda: kept.append(TEXTS[name](ready, bound)))),
    )
    thread.start()
    assert hanging.wait(15)
    ends()
    thread.join(15)
    (error,) = errors
    if not isinstance(error, Unconfirmed):  # the other half of a review is up by then: its receipt says it
        assert name == "a review"
        error = kept[0].outcomes[0].error
    assert isinstance(error, Unconfirmed)
    assert error.maybe_done
    assert SAID in texts(error)
    assert isinstance(error.__cause__, (Cancelled, DeadlineExceeded))
    assert counted(ready) == 1


@elsewhere
def test_a_reply_whose_answer_was_lost_is_found(site: Site) -> None:
    """A reply is looked up in its thread."""
    thread, repo = site.thread(), site.repo
    repo.threads.list(1)
    site.host.behave(cut="after", containing=SAID, times=1)
    assert repo.threads.reply(1, thread, SAID).body == SAID
    assert site.said() == ["First?", SAID]


@elsewhere
def test_equal_texts_on_purpose_are_all_posted(site: Site) -> None:
    """Twice the same at the same place is twice there, apart and in one review, also when an answer is lost."""
    repo = site.repo
    first = repo.threads.start(1, SAID, at=site.at())
    site.host.behave(cut="after", containing=SAID, times=1)
    second = repo.threads.start(1, SAID, at=site.at())
    assert first.id != second.id
    site.host.behave()
    site.host.behave(cut="after", containing=SAID, times=1)
    receipt = repo.reviews.submit(1, Verdict.COMMENT, comments=[site.draft(SAID), site.draft(SAID)])
    assert receipt.complete
    assert len({outcome.comment.id for outcome in receipt.outcomes if outcome.comment}) == 2
    assert site.said() == [SAID] * 4


@elsewhere
def test_somebody_elses_equal_comment_is_not_mine(site: Site) -> None:
    """The same text at the same place by somebody else is not taken for the lost one."""
    site.thread(SAID)
    repo = site.repo
    site.host.behave(cut="before", containing=SAID, times=1)
    assert repo.threads.start(1, SAID, at=site.at()).comments[0].author.handle == "bob"
    assert site.said() == [SAID] * 2


@elsewhere
@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_merge_is_done_once(site: Site, fault: str) -> None:
    """A merge whose answer is lost is seen on the pull request."""
    repo = site.repo
    repo.pulls.mergeability(1, wait=5)
    site.host.behave(cut=fault, method="P*", path="*/merge", times=1)
    site.host.behave(cut=fault, method="POST", path="*/merge", times=1)
    receipt = repo.pulls.merge(1, expect_head=site.head)
    assert (receipt.state, receipt.commit) == (MergeState.MERGED, site.app.head("main"))
    assert repo.pulls.get(1).state is PullState.MERGED


@elsewhere
def test_a_deadline_before_anything_left_is_no_doubt(site: Site) -> None:
    """Time that ran out before the write was sent: it was not done, and the text is kept."""
    repo = site.repo
    site.host.behave(latency=1, method="GET")
    with pytest.raises(DeadlineExceeded) as caught:
        repo.within(deadline=0.3).threads.start(1, SAID, at=site.at())
    assert (caught.value.text, caught.value.maybe_done) == (SAID, False)
    site.host.behave()
    assert site.said() == []


@elsewhere
def test_a_host_that_cannot_be_reached_has_done_nothing(site: Site) -> None:
    """A refused connection leaves the text in hand."""
    repo = site.connect(retries=0)
    shown(site, repo)
    site.host.close()
    with pytest.raises((Offline, HostDown, Unconfirmed)) as caught:
        repo.threads.start(1, SAID, at=site.at())
    assert caught.value.text == SAID


@elsewhere
def test_a_receipt_of_a_half_posted_review_goes_on(site: Site) -> None:
    """What is not up is named in the receipt, and `resume` posts that and nothing twice."""
    repo = site.connect(retries=0)
    shown(site, repo)
    site.host.behave(status=503, containing=SAID)
    receipt = repo.reviews.submit(1, Verdict.COMMENT, comments=[site.draft("inline"), DraftComment(SAID)])
    assert [outcome.status is OutcomeStatus.POSTED for outcome in receipt.outcomes] == [True, False]
    assert receipt.outcomes[1].error is not None
    assert receipt.outcomes[1].error.text == SAID
    site.host.behave()
    assert repo.reviews.resume(type(receipt).from_json(receipt.to_json())).complete
    assert site.said() == sorted(["inline", SAID])


@elsewhere
def test_a_merge_of_what_was_not_seen_is_refused(site: Site) -> None:
    """The head moved since: `Stale` says both commits, and nothing is written."""
    seen, repo = site.head, site.repo
    now = site.push(11)
    with pytest.raises(Stale) as caught:
        repo.pulls.merge(1, expect_head=seen)
    assert (caught.value.expected, caught.value.found) == (seen, now)
    assert site.writes() == []
    assert repo.pulls.get(1).state is PullState.OPEN
    assert repo.pulls.merge(1, expect_head=now[:12]).state is MergeState.MERGED


@elsewhere
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_on_what_was_not_seen_is_refused(site: Site, verdict: Verdict) -> None:
    """The head moved since: no review is written, and the texts are in the error's receipt."""
    seen, repo = site.head, site.repo
    site.push(11)
    with pytest.raises(Stale) as caught:
        repo.reviews.submit(1, verdict, "Fine.", comments=[site.draft("one", commit=seen)], expect_head=seen)
    assert site.writes() == []
    receipt = caught.value.receipt
    assert receipt is not None
    assert (receipt.body, [o.status for o in receipt.outcomes]) == ("Fine.", [OutcomeStatus.NOT_TRIED])


@elsewhere
def test_what_may_not_be_merged_says_why(site: Site) -> None:
    """Conflicts, and a state: nothing is merged, and the reason is told."""
    site.app.commit("main", {"a.txt": changed(10).replace("changed", "otherwise")})
    repo = site.connect("ada")
    assert repo.pulls.mergeability(1, wait=5).state is MergeabilityState.CONFLICTS
    with pytest.raises(NotMergeable) as caught:
        repo.pulls.merge(1)
    assert "conflict" in " ".join(caught.value.reasons)
    repo.pulls.close(1)
    with pytest.raises((NotMergeable, Rejected), match=r"closed|not open|declined"):
        repo.pulls.merge(1)


class TestMovedAnchors:
    """`tests/hostile/test_moved.py`: anchors of an older head, after pushes that nobody looked at."""

    @elsewhere
    def test_refuse_looks_at_the_head_of_today(self, site: Site) -> None:
        """What a panel showed before somebody pushed does not make an old anchor a new one."""
        repo, seen = site.repo, site.draft("Here?")
        shown(site, repo)
        now = site.push(12)
        with pytest.raises(Stale) as caught:
            repo.reviews.submit(1, Verdict.COMMENT, "", [seen], on_moved="refuse")
        assert caught.value.found == now
        assert site.writes() == []

    @elsewhere
    def test_carry_goes_to_the_head_of_today(self, site: Site) -> None:
        """Carried is carried to where the branch is now, and the outcome says so."""
        repo, seen = site.repo, site.draft("Here?")
        shown(site, repo)
        site.push(a_txt="new first line\n" + changed(10, 40))
        receipt = repo.reviews.submit(1, Verdict.COMMENT, "", [seen], on_moved="carry")
        assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.CARRIED]
        (thread,) = repo.threads.list(1)
        assert thread.anchor is not None
        assert thread.anchor.end == 11

    @elsewhere
    @pytest.mark.parametrize("line", [8, 10, 12])
    def test_rewritten_history_is_not_counted_through(self, site: Site, line: int) -> None:
        """After a force push a carried comment is on its own line, or nowhere."""
        site.push(a_txt="one more\ntwo more\n" + changed(10, 40))
        repo, seen = site.repo, site.draft("Here?", line)
        site.app.commit("another", {"a.txt": changed(10, 40)}, "Begin anew", start="main")
        site.app.reset("fix", site.app.head("another"))
        try:
            repo.reviews.submit(1, Verdict.COMMENT, "", [seen], on_moved="carry")
        except Unplaceable:
            assert site.said() == []
        else:
            (thread,) = repo.threads.list(1)
            assert thread.anchor is not None
            assert thread.anchor.end == line - 2

    @elsewhere
    def test_lines_that_changed_are_not_carried(self, site: Site) -> None:
        """A line that is another one now gets no comment that was meant for the former."""
        repo, seen = site.repo, site.draft("Here?")
        site.push(a_txt=changed(40, text=TEXT).replace("line 10\n", "something else\n"))
        with pytest.raises(Unplaceable):
            repo.reviews.submit(1, Verdict.COMMENT, "", [seen], on_moved="carry")
        assert site.said() == []
