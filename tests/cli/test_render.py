"""Headers, checks, reviews, receipts, tables and failures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.cli import samples

from pullbridge.cli import receipts, render
from pullbridge.cli.look import ago
from pullbridge.errors import BridgeError, NotMergeable, Rejected, ScopeMissing, Stale, UnknownHost, Unplaceable
from pullbridge.model.anchor import Anchor
from pullbridge.model.checks import Check, CheckState
from pullbridge.model.merge import Mergeability, MergeabilityState, MergeReceipt, MergeState
from pullbridge.model.people import Label, Person
from pullbridge.model.pulls import PullState
from pullbridge.model.refs import PullRef
from pullbridge.model.reviews import DraftComment, Outcome, OutcomeStatus, Review, ReviewReceipt, ReviewState, Verdict

EVIL = "\x1b]8;;https://evil.example\x07click\x1b[2J\u202e"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_panel_fits_the_terminal(width: int) -> None:
    """No row of a panel is wider than the terminal."""
    shown = samples.drawn(render.panel(samples.panel(), now=samples.NOW), width)
    assert max(map(len, shown.splitlines())) <= width


def test_a_panel_shows_every_part() -> None:
    """Head, description, commits, checks, reviews, those who have not answered, gaps, files and threads are there."""
    shown = samples.drawn(render.panel(samples.panel(), now=samples.NOW))
    parts = (
        *("OPEN", "octo/app#7", "An empty cart raised", "Give an empty cart a total", "212 passed", "Two things."),
        *("hopper ○ requested", "Missing: timeline", samples.PATH, "Was it empty?", "merging is blocked"),
    )
    assert [part for part in parts if part not in shown] == []


def test_a_panel_in_a_pipe_is_ascii() -> None:
    """Neither an escape sequence nor a sign from outside ASCII is piped, as long as the host said none."""
    shown = samples.plain(render.panel(samples.panel(), now=samples.NOW))
    assert shown.isascii()
    assert "\x1b" not in shown


def test_text_of_a_host_stays_itself_in_a_pipe() -> None:
    """A title in another script is piped as it is."""
    assert "購物車" in samples.plain(render.pull_header(samples.pull(title="購物車")))


@pytest.mark.parametrize(
    ("facts", "badge"),
    [
        ({}, "OPEN"),
        ({"draft": True}, "DRAFT"),
        ({"state": PullState.CLOSED, "draft": True}, "CLOSED"),
        ({"state": PullState.MERGED}, "MERGED"),
    ],
)
def test_the_badge_is_the_state(facts: dict[str, Any], badge: str) -> None:
    """The state is one word; a draft that was closed is closed."""
    assert samples.drawn(render.pull_header(samples.pull(**facts))).split()[2] == badge


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "just now"),
        (59, "just now"),
        (61, "1 min ago"),
        (3600 * 5, "5 hours ago"),
        (86400, "1 day ago"),
        (86400 * 800, "2 years ago"),
    ],
)
def test_ages_are_told_in_the_largest_unit(seconds: int, told: str) -> None:
    """Also for a host whose clock is ahead of this machine's."""
    assert ago(samples.NOW - timedelta(seconds=seconds), samples.NOW) == told


def test_without_the_time_of_day_dates_are_told() -> None:
    """Nobody guesses what time it is."""
    assert ago(samples.NOW, None) == "2026-03-01 14:02"


def test_a_merged_pull_request_says_by_whom_and_as_what() -> None:
    """Once merged, nobody is told whether it could be."""
    merged = samples.pull(state=PullState.MERGED, merged_by=samples.GRACE, merge_commit=samples.OLDER)
    shown = samples.drawn(render.pull_header(merged, mergeability=Mergeability(state=MergeabilityState.CLOSED)))
    assert "merged by grace as 0d0d0d0d" in shown
    assert "not open" not in shown


def test_a_header_says_nothing_that_the_host_did_not() -> None:
    """Facts that are `None` leave no trace."""
    unsaid: dict[str, Any] = dict.fromkeys(
        ("author", "commit_count", "file_count", "additions", "deletions", "labels", "updated_at", "draft")
    )
    shown = samples.drawn(render.pull_header(samples.pull(**unsaid)))
    assert "None" not in shown
    assert [row.strip("│ ") for row in shown.splitlines()][2] == "fix/edge → main"


@pytest.mark.parametrize("state", CheckState)
def test_every_state_of_a_check_is_drawn(state: CheckState) -> None:
    """Each has a sign one cell wide, so that names line up."""
    shown = samples.drawn(render.checks([Check(name="tests", state=state)]))
    assert shown[1:8] == " tests "


def test_the_rollup_counts_by_state() -> None:
    """The header's sign is the worst check's, and each state is counted."""
    found = tuple(
        Check(name=f"{n}", state=state) for n, state in enumerate([CheckState.SUCCESS] * 2 + [CheckState.FAILURE])
    )
    assert "✗ checks: 2 passed, 1 failed" in samples.drawn(render.pull_header(samples.pull(), checks=found))


@pytest.mark.parametrize("state", MergeabilityState)
def test_every_mergeability_is_said(state: MergeabilityState) -> None:
    """Each state has words, and the reasons follow."""
    shown = samples.drawn(render.mergeability(Mergeability(state=state, reasons=("Because.",))))
    assert len(shown.split()) > 2
    assert "Because." in shown


@pytest.mark.parametrize("state", ReviewState)
def test_every_standing_of_a_reviewer_is_said(state: ReviewState) -> None:
    """Each review shows its author and state."""
    shown = samples.drawn(render.reviews([Review(id="1", author=samples.GRACE, state=state, body="Hm.")]))
    assert "grace" in shown
    assert state.value in shown


def test_who_has_answered_is_not_shown_as_asked() -> None:
    """A reviewer with a review appears once."""
    panel = samples.panel()
    assert samples.drawn(render.reviews(panel.reviews, panel.reviewers)).count("grace") == 1


def test_a_review_of_threads_alone_is_left_to_them() -> None:
    """A host makes a review of each reply; such a one has nothing to say of its own."""
    silent = Review(id="1", author=samples.ADA, state=ReviewState.COMMENTED)
    assert samples.drawn(render.reviews([silent])) == ""


def receipt(*outcomes: Outcome) -> ReviewReceipt:
    return ReviewReceipt(
        pull=PullRef(repository=samples.REPOSITORY, number=7),
        wanted=Verdict.REQUEST_CHANGES,
        body="",
        outcomes=outcomes,
        verdict=Outcome(draft=None, status=OutcomeStatus.POSTED),
    )


@pytest.mark.parametrize("status", OutcomeStatus)
def test_every_outcome_is_said(status: OutcomeStatus) -> None:
    """Each draft's line has its status, its place and the start of its text."""
    draft = DraftComment("Off by one?\nI think.", at=Anchor.line("a.py", 3))
    shown = samples.drawn(receipts.review(receipt(Outcome(draft=draft, status=status))))
    assert f"{status.value} " in shown
    assert "a.py:3" in shown
    assert "Off by one?" in shown


def test_a_receipt_that_is_not_complete_says_why_and_what_to_do() -> None:
    """The error of an outcome is shown with its next step, under the text that is not up."""
    error = Unplaceable("Line 3 is outside the changed hunks.")
    refused = Outcome(draft=DraftComment("Hm."), status=OutcomeStatus.UNPLACEABLE, error=error)
    shown = samples.drawn(receipts.review(receipt(refused)), 80)
    assert "not complete" in shown
    assert "outside the changed hunks." in shown
    assert "Comment on the nearest place" in shown


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_table_fits_and_keeps_its_numbers(width: int) -> None:
    """Long titles are cut, the numbers, states and checks are not."""
    pulls = (
        samples.pull(
            12345, title="A very long title " * 10, checks=CheckState.SUCCESS, author=Person(id="9", handle="a" * 39)
        ),
        samples.pull(7, draft=True),
    )
    shown = samples.drawn(render.listing(samples.listing(*pulls), now=samples.NOW), width)
    assert max(map(len, shown.splitlines())) <= width
    assert all(part in shown for part in ("12345", "✓ passed", "draft", "open"))


def test_a_wide_table_has_the_branches() -> None:
    """Where there is room, one sees where each comes from and goes to."""
    assert "fix/edge → main" in samples.drawn(render.listing(samples.listing(samples.pull())), 120)
    assert "fix/edge" not in samples.drawn(render.listing(samples.listing(samples.pull())), 80)


def test_a_list_that_ends_early_says_so() -> None:
    """A stretch is never taken for the whole."""
    assert "This is not all: the limit was reached." in samples.drawn(
        render.listing(samples.listing(samples.pull(), stopped="the limit was reached"))
    )


def test_an_empty_list_says_so() -> None:
    """Nothing is a result too."""
    assert "No pull requests." in samples.drawn(render.listing(samples.listing()))


def test_a_merge_says_what_it_made() -> None:
    """The commit and what became of the branch are told; a queued merge is not called merged."""
    merged = MergeReceipt(state=MergeState.MERGED, commit=samples.HEAD, branch_deleted=True)
    assert samples.drawn(receipts.merge(merged)).strip() == "✓ merged · commit 4f1c9e2ab37d · source branch deleted"
    assert "○ queued" in samples.drawn(receipts.merge(MergeReceipt(state=MergeState.QUEUED)))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Stale("It moved.", expected="a" * 40, found="b" * 40), "you saw aaaaaaaaaaaa, now it is bbbbbbbbbbbb"),
        (ScopeMissing("No.", needed=["repo", "workflow"]), "needed: repo, workflow"),
        (UnknownHost("Who?", candidates=["github", "gitlab"]), "one of: github, gitlab"),
        (Rejected("No.", problems=["The title is empty."]), "The title is empty."),
    ],
)
def test_a_failure_tells_its_details(error: BridgeError, told: str) -> None:
    """What a kind of error carries beside its message is shown."""
    assert told in samples.drawn(render.failure(error))


def test_a_failure_says_what_and_why_and_what_next() -> None:
    """Kind, facts, summary, each reason and the next step are shown."""
    error = NotMergeable("It cannot be merged.", reasons=["A check fails."], host="code.example", status=405)
    shown = samples.drawn(render.failure(error))
    told = ("NotMergeable", "code.example", "HTTP 405", "It cannot be merged.", "A check fails.", "Clear the reasons")
    assert [part for part in told if part not in shown] == []


def test_nothing_a_host_says_acts() -> None:
    """Escape sequences in any text of any part are shown, and no hyperlink but the host's own addresses is sent."""
    person = Person(id="6", handle=EVIL)
    hostile = samples.panel(
        pull=samples.pull(title=EVIL, body=EVIL, author=person, labels=(Label(name=EVIL),), url=f"https://x/{EVIL}"),
        checks=(Check(name=EVIL, state=CheckState.ERROR, description=EVIL, url="javascript:alert(1)"),),
        reviews=(Review(id="1", author=person, state=ReviewState.APPROVED, body=EVIL),),
        threads=(samples.thread(None, samples.comment(EVIL, person)),),
    )
    error = Rejected(EVIL, problems=[EVIL], host=EVIL, request_id=EVIL)
    for renderable in (render.panel(hostile), render.failure(error), render.listing(samples.listing(hostile.pull))):
        shown = samples.raw(renderable)
        assert "\x1b[2J" not in shown
        assert "\x1b]8;;https://evil" not in shown
        assert "javascript" not in shown
        assert "\u202e" not in shown


def test_a_number_links_to_its_page() -> None:
    """On a terminal with hyperlinks the number leads to the pull request."""
    assert "https://code.example/octo/app/pull/7\x1b\\" in samples.raw(render.pull_header(samples.pull()))
