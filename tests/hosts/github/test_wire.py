"""Each of GitHub's words means one thing here; a word that it adds later does no harm, and is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import pytest

from pullbridge import Anchor, CheckState, MergeabilityState, PersonKind, PullState, RepoRef, ReviewState, Side
from pullbridge.hosts.github import payloads, wire

T = TypeVar("T")

REF = RepoRef(web="https://github.com", path="octo/app", kind="github")
PULL = {"id": "PR_1", "number": 7, "title": "t", "state": "OPEN", "baseRefName": "main", "headRefName": "fix"}


def decoded(shape: type[T], value: object) -> T:
    return payloads.decode(json.dumps(value).encode(), shape, "a payload")


# Pull requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "merged_at", "meant"),
    [
        ("open", None, PullState.OPEN),
        ("closed", None, PullState.CLOSED),
        ("closed", "2026-01-02T03:04:05Z", PullState.MERGED),
    ],
)
def test_rest_tells_merged_from_closed_by_the_time_of_the_merge(
    state: str, merged_at: str | None, meant: PullState
) -> None:
    """GH-01, GH-02: REST has no third state, in a list as little as in a single answer."""
    end = {"ref": "fix", "sha": "c" * 40, "repo": None}
    row = {"number": 7, "title": "t", "state": state, "merged_at": merged_at, "head": end, "base": end}
    pull = wire.pull(decoded(payloads.RestPull, row), REF)
    assert (pull.state, pull.raw_state) == (meant, state)


# Mergeability ---------------------------------------------------------------------------------------------------------


def mergeability(**facts: object) -> Any:
    usual = {"state": "OPEN", "isDraft": False, "mergeable": "MERGEABLE"}
    return wire.mergeability(decoded(payloads.GraphMergeability, {**usual, **facts}))


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ("BEHIND", MergeabilityState.BEHIND),
        ("BLOCKED", MergeabilityState.BLOCKED),
        ("CLEAN", MergeabilityState.READY),
        ("DIRTY", MergeabilityState.CONFLICTS),
        ("DRAFT", MergeabilityState.DRAFT),
        ("HAS_HOOKS", MergeabilityState.READY),
        ("UNKNOWN", MergeabilityState.CHECKING),
        ("UNSTABLE", MergeabilityState.READY),
        ("SOMETHING_NEW", MergeabilityState.UNKNOWN),
    ],
)
def test_each_merge_state_has_its_meaning(status: str, meant: MergeabilityState) -> None:
    """GH-06: GitHub's own word is kept; only `READY` and `UNKNOWN` may have nothing more to say."""
    found = mergeability(mergeStateStatus=status)
    assert (found.state, found.raw) == (meant, status)
    assert found.reasons or meant in {MergeabilityState.READY, MergeabilityState.UNKNOWN}


@pytest.mark.parametrize(
    ("facts", "meant"),
    [
        ({"mergeable": "UNKNOWN", "mergeStateStatus": "UNKNOWN"}, MergeabilityState.CHECKING),
        ({"mergeable": "UNKNOWN", "mergeStateStatus": "BLOCKED"}, MergeabilityState.CHECKING),
        ({"mergeable": "CONFLICTING", "mergeStateStatus": "UNKNOWN"}, MergeabilityState.CONFLICTS),
        ({"mergeable": None, "mergeStateStatus": None}, MergeabilityState.UNKNOWN),
        ({"state": "MERGED", "mergeable": "UNKNOWN", "mergeStateStatus": "UNKNOWN"}, MergeabilityState.CLOSED),
        ({"isDraft": True, "mergeStateStatus": "BLOCKED"}, MergeabilityState.DRAFT),
    ],
)
def test_what_is_not_computed_yet_is_no_refusal(facts: Mapping[str, object], meant: MergeabilityState) -> None:
    """GH-03, GH-05: it is being looked at; what nobody said is unknown, and never "cannot be merged"."""
    assert mergeability(**facts).state is meant


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (None, "a required check or another rule of the target branch is not met"),
        ("REVIEW_REQUIRED", "an approving review is required"),
        ("CHANGES_REQUESTED", "a reviewer has requested changes"),
        ("APPROVED", "a required check or another rule of the target branch is not met"),
    ],
)
def test_no_decision_is_no_missing_approval(decision: str | None, reason: str) -> None:
    """GH-43: where no rule asks for reviews there is no decision, and a merge waits for nobody's approval."""
    assert mergeability(mergeStateStatus="BLOCKED", reviewDecision=decision).reasons == (reason,)
    assert mergeability(mergeStateStatus="CLEAN", reviewDecision=decision).reasons == ()


def test_what_has_ended_says_how() -> None:
    """Whoever merges twice learns that it is done."""
    assert mergeability(state="MERGED").reasons == ("it is merged already",)
    assert mergeability(state="CLOSED").reasons == ("it is not open",)


# Checks ---------------------------------------------------------------------------------------------------------------


def one_check(**facts: object) -> Any:
    contexts = {"nodes": [{"name": "unit", "context": "unit", **facts}]}
    (found,) = wire.all_checks(decoded(payloads.GraphRollup, {"contexts": contexts}))
    return found


@pytest.mark.parametrize(
    ("conclusion", "meant"),
    [
        ("SUCCESS", CheckState.SUCCESS),
        ("FAILURE", CheckState.FAILURE),
        ("NEUTRAL", CheckState.NEUTRAL),
        ("CANCELLED", CheckState.CANCELLED),
        ("SKIPPED", CheckState.SKIPPED),
        ("TIMED_OUT", CheckState.ERROR),
        ("STARTUP_FAILURE", CheckState.ERROR),
        ("ACTION_REQUIRED", CheckState.ACTION_REQUIRED),
        ("STALE", CheckState.UNKNOWN),
        ("SOMETHING_NEW", CheckState.UNKNOWN),
    ],
)
def test_each_conclusion_has_its_meaning(conclusion: str, meant: CheckState) -> None:
    """GH-45, N-51: what ended without a verdict is no failure, and what broke is told from what failed."""
    found = one_check(__typename="CheckRun", status="COMPLETED", conclusion=conclusion)
    assert (found.state, found.raw_state) == (meant, conclusion)


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ("QUEUED", CheckState.PENDING),
        ("PENDING", CheckState.PENDING),
        ("REQUESTED", CheckState.PENDING),
        ("WAITING", CheckState.PENDING),
        ("IN_PROGRESS", CheckState.RUNNING),
        ("SOMETHING_NEW", CheckState.UNKNOWN),
    ],
)
def test_a_run_that_has_not_ended_says_how_far_it_is(status: str, meant: CheckState) -> None:
    """It has no conclusion yet."""
    found = one_check(__typename="CheckRun", status=status, conclusion=None)
    assert (found.state, found.raw_state) == (meant, status)


@pytest.mark.parametrize(
    ("state", "meant"),
    [
        ("SUCCESS", CheckState.SUCCESS),
        ("FAILURE", CheckState.FAILURE),
        ("ERROR", CheckState.ERROR),
        ("PENDING", CheckState.PENDING),
        ("EXPECTED", CheckState.PENDING),
        ("SOMETHING_NEW", CheckState.UNKNOWN),
    ],
)
def test_each_status_has_its_meaning(state: str, meant: CheckState) -> None:
    """GH-45: `EXPECTED` is a required status that nobody has reported yet."""
    assert one_check(__typename="StatusContext", state=state).state is meant


# People ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("User", PersonKind.USER),
        ("Bot", PersonKind.BOT),
        ("Mannequin", PersonKind.USER),
        ("Organization", PersonKind.USER),
        ("EnterpriseUserAccount", PersonKind.USER),
        (None, PersonKind.USER),
    ],
)
def test_everybody_who_writes_is_somebody(kind: str | None, meant: PersonKind) -> None:
    """GH-62: a bot is told; a mannequin is an imported person whom nobody has claimed yet."""
    of_graph = wire.person(decoded(payloads.GraphActor, {"__typename": kind, "login": "octo", "databaseId": 7}))
    of_rest = wire.person(decoded(payloads.RestUser, {"type": kind, "login": "octo", "id": 7}))
    assert of_graph.kind is of_rest.kind is meant
    assert of_graph.id == of_rest.id == "7"


def test_a_deleted_account_is_a_ghost() -> None:
    """GH-61: GraphQL has no author then, REST the account `ghost`."""
    assert wire.person(None).kind is PersonKind.GHOST
    assert wire.person(decoded(payloads.RestUser, {"type": "User", "login": "ghost", "id": 10137})) == wire.person(None)


# Reviewers ------------------------------------------------------------------------------------------------------------


def reviewers(*reviews: tuple[str, str], asked: tuple[str, ...] = (), latest: tuple[tuple[str, str], ...] = ()) -> Any:
    """Fold reviews, oldest first, each by whom and in which state."""

    def nodes(said: tuple[tuple[str, str], ...]) -> dict[str, object]:
        return {"nodes": [{"id": f"R{i}", "state": s, "author": {"login": who}} for i, (who, s) in enumerate(said)]}

    requests = [{"requestedReviewer": {"__typename": "User", "login": who}} for who in asked]
    payload = {
        **PULL,
        "author": {"login": "ada"},
        "reviews": nodes(reviews),
        "latestOpinionatedReviews": nodes(latest),
        "reviewRequests": {"nodes": requests},
    }
    folded = wire.reviewers(decoded(payloads.GraphFullPull, payload), "octo")
    return {each.person.handle: each.state for each in folded}


ASKED, COMMENTED, APPROVED = ReviewState.REQUESTED, ReviewState.COMMENTED, ReviewState.APPROVED
CHANGES, DISMISSED = ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED


@pytest.mark.parametrize(
    ("reviews", "state"),
    [
        (["CHANGES_REQUESTED", "COMMENTED"], CHANGES),
        (["APPROVED", "COMMENTED", "COMMENTED"], APPROVED),
        (["COMMENTED", "APPROVED"], APPROVED),
        (["CHANGES_REQUESTED", "APPROVED"], APPROVED),
        (["APPROVED", "CHANGES_REQUESTED"], CHANGES),
        (["APPROVED", "DISMISSED"], DISMISSED),
        (["DISMISSED", "COMMENTED"], DISMISSED),
        (["DISMISSED", "APPROVED"], APPROVED),
        (["COMMENTED"], COMMENTED),
        (["APPROVED", "PENDING"], APPROVED),
        (["APPROVED", "SOMETHING_NEW"], APPROVED),
    ],
)
def test_the_last_verdict_of_a_reviewer_stands(reviews: list[str], state: ReviewState) -> None:
    """N-48, N-49: a comment after it takes nothing back, a dismissal does."""
    assert reviewers(*(("bob", each) for each in reviews)) == {"bob": state}


def test_who_has_reviewed_is_a_reviewer() -> None:
    """GH-33: GitHub takes them off its requests; whoever is asked anew is asked. The author is none."""
    assert reviewers(("bob", "APPROVED"), ("ada", "COMMENTED"), asked=("eve",)) == {"bob": APPROVED, "eve": ASKED}
    assert reviewers(("bob", "APPROVED"), asked=("bob",)) == {"bob": ASKED}
    assert reviewers(latest=(("bob", "CHANGES_REQUESTED"),)) == {"bob": CHANGES}


def test_a_review_in_a_new_state_is_one() -> None:
    """N-01: it counts as a comment, and GitHub's word is kept."""
    review = wire.review(decoded(payloads.GraphReview, {"id": "R", "state": "SOMETHING_NEW"}))
    assert (review.state, review.raw_state) == (COMMENTED, "SOMETHING_NEW")


# Threads --------------------------------------------------------------------------------------------------------------


def thread(**facts: object) -> Any:
    first = {"id": "C", "body": "Hm.", "originalCommit": {"oid": "a" * 40}, "commit": {"oid": "b" * 40}}
    usual = {"id": "T", "path": "a.py", "subjectType": "LINE", "isOutdated": False, "comments": {"nodes": [first]}}
    return wire.thread(decoded(payloads.GraphThread, {**usual, **facts}))


def test_a_line_that_is_gone_leaves_the_place_where_it_was() -> None:
    """GH-24: `line` null and `originalLine` 12: outdated, and the original place is kept."""
    found = thread(isOutdated=True, line=None, originalLine=12, diffSide="RIGHT")
    assert (found.outdated, found.current) == (True, None)
    assert found.anchor == Anchor.line("a.py", 12, commit="a" * 40)
    assert thread(isOutdated=True, line=14, originalLine=12).current is None, "a number that is still said is no place"


def test_a_line_that_moved_has_both_places() -> None:
    """As written, on the commit that was looked at, and as it stands now."""
    found = thread(line=14, originalLine=12, startLine=13, originalStartLine=11, diffSide="RIGHT")
    assert found.anchor == Anchor.lines("a.py", 11, 12, commit="a" * 40)
    assert found.current == Anchor.lines("a.py", 13, 14, commit="b" * 40)


def test_a_place_that_is_not_said_is_none() -> None:
    """Outdated or not: without a line there is no place now."""
    assert thread(isOutdated=None, line=None, originalLine=12).current is None


@pytest.mark.parametrize(("word", "side"), [("LEFT", Side.OLD), ("RIGHT", Side.NEW)])
def test_the_side_is_the_threads(word: str, side: Side) -> None:
    """GH-25: LEFT counts the old lines, RIGHT the new ones; a comment has no side of its own."""
    found = thread(diffSide=word, line=3, originalLine=3)
    assert found.anchor.side is found.current.side is side


def test_a_range_may_begin_on_the_other_side() -> None:
    """From a removed line to an added one."""
    found = thread(diffSide="RIGHT", startDiffSide="LEFT", line=3, originalLine=3, startLine=5, originalStartLine=5)
    assert found.anchor == Anchor.lines("a.py", 5, 3, start_side=Side.OLD, commit="a" * 40)


@pytest.mark.parametrize("told", [True, False, None])
def test_resolved_is_what_github_said(told: bool | None) -> None:
    """GH-26: where it did not say, nobody knows; that is not "open"."""
    assert thread(isResolved=told).resolved is told


def test_a_word_to_all_cannot_be_settled() -> None:
    """GH-26: it has no such mark, by whichever way it was read."""
    of_rest = wire.general_thread(decoded(payloads.RestComment, {"id": 1, "body": "Hello."}))
    of_graph = wire.general_thread(decoded(payloads.GraphComment, {"id": "IC_1", "body": "Hello."}))
    assert of_rest.resolved is of_graph.resolved is None
    assert not of_rest.can_resolve
    assert not of_graph.can_resolve
