"""May it be merged, and the merge: now, in a while, not at all."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.lab import PATH, Lab

import pullbridge
from pullbridge import Can, MergeabilityState, MergeMethod, MergeState, PullState, Verdict
from pullbridge.hosts.bitbucket_cloud import merging
from pullbridge.testing import Fault


def merges(lab: Lab) -> list[dict[str, Any]]:
    return [body for body in lab.bodies("POST") if body.get("type") == "pullrequest_merge_parameters"]


# May it ---------------------------------------------------------------------------------------------------------------


def test_it_is_ready_for_an_administrator(lab: Lab) -> None:
    """Who is told the branch's rules."""
    assert lab.repo.pulls.mergeability(lab.opened()).state is MergeabilityState.READY


def test_a_conflict_names_the_files(lab: Lab) -> None:
    """By the repository's own list of them, to which the pull request's leads."""
    pull = lab.opened()
    lab.app.commit("main", {"a.txt": "other\n"})
    found = lab.repo.pulls.mergeability(pull)
    assert (found.state, found.reasons) == (MergeabilityState.CONFLICTS, ("the branches conflict in a.txt",))


def test_a_draft_and_a_closed_one_are_told(lab: Lab) -> None:
    """By their state."""
    pull = lab.opened(draft=True)
    assert lab.repo.pulls.mergeability(pull).state is MergeabilityState.DRAFT
    lab.repo.pulls.close(pull)
    assert lab.repo.pulls.mergeability(pull).state is MergeabilityState.CLOSED


@pytest.mark.parametrize("tells", [True, False])
def test_rules_are_weighed_where_they_are_told(lab: Lab, tells: bool) -> None:
    """Approvals and builds, each with its reason; without the rules nobody can say."""
    lab.host.knobs.tells_mergeable = tells
    lab.app.require("main", reviews=1, checks=("build",))
    pull = lab.opened()
    found = lab.repo.pulls.mergeability(pull)
    assert found.state is MergeabilityState.BLOCKED
    assert "1 approvals are required, and it has 0" in found.reasons
    lab.as_("grace").reviews.submit(pull, Verdict.APPROVE)
    lab.repo.checks.report(lab.app.head("fix"), "build", pullbridge.CheckState.SUCCESS)
    assert lab.repo.pulls.mergeability(pull).state is MergeabilityState.READY


def test_without_the_rules_it_is_unknown_with_reasons(lab: Lab) -> None:
    """What is usually in the way is named; `mergeable` is not told by everybody's Bitbucket."""
    pull = lab.opened()
    lab.as_("linus").reviews.submit(pull, Verdict.REQUEST_CHANGES, body="No.")
    lab.host.add_fault(
        Fault(path="*/pullrequests/1", status=200, body=_stripped(lab, pull.number), method="GET", times=1)
    )
    found = lab.as_("grace").pulls.mergeability(pull)
    assert found.state is MergeabilityState.UNKNOWN
    assert "changes are requested" in found.reasons
    assert "the rules of the branch are told to administrators only" in found.reasons


def _stripped(lab: Lab, number: int) -> bytes:
    """The pull request as a Bitbucket answers it that tells nothing of its checks."""
    lab.host.requests.clear()
    lab.repo.native.get(f"pullrequests/{number}")
    return lab.host.requests[-1].answer_body.replace(b'"mergeable"', b'"nothing"')


# The merge ------------------------------------------------------------------------------------------------------------


def test_the_receipt_names_the_commit(lab: Lab) -> None:
    """In full, and the branch's default is the way."""
    pull = lab.opened()
    receipt = lab.repo.pulls.merge(pull, message="Merge it\n\nBecause.")
    assert (receipt.state, receipt.commit) == (MergeState.MERGED, lab.app.head("main"))
    assert receipt.branch_deleted is None
    assert merges(lab) == [
        {"type": "pullrequest_merge_parameters", "merge_strategy": "merge_commit", "message": "Merge it\n\nBecause."}
    ]


@pytest.mark.parametrize(
    ("method", "word"),
    [
        (MergeMethod.MERGE, "merge_commit"),
        (MergeMethod.SQUASH, "squash"),
        (MergeMethod.REBASE, "rebase_fast_forward"),
        (MergeMethod.FAST_FORWARD, "fast_forward"),
    ],
)
def test_each_method_has_its_word(lab: Lab, method: MergeMethod, word: str) -> None:
    """Of the host's six."""
    assert lab.repo.pulls.merge(lab.opened(), method=method).state is MergeState.MERGED
    assert merges(lab)[0]["merge_strategy"] == word


def test_a_method_that_is_not_allowed_is_refused_before(lab: Lab) -> None:
    """And another of the same kind is taken where there is one."""
    lab.host.knobs.strategies = ("squash_fast_forward", "fast_forward")
    pull = lab.opened()
    with pytest.raises(pullbridge.Unsupported, match="settings allow squash_fast_forward, fast_forward"):
        lab.repo.pulls.merge(pull, method=MergeMethod.MERGE)
    assert merges(lab) == []
    assert lab.repo.pulls.merge(pull, method=MergeMethod.SQUASH).state is MergeState.MERGED
    assert merges(lab)[0]["merge_strategy"] == "squash_fast_forward"


def test_a_message_needs_a_commit_and_has_an_end(lab: Lab) -> None:
    """A fast-forward makes none; 128 KiB are the most."""
    pull = lab.opened()
    with pytest.raises(pullbridge.Unsupported, match="no commit that could carry a message"):
        lab.repo.pulls.merge(pull, method=MergeMethod.FAST_FORWARD, message="x")
    with pytest.raises(pullbridge.Rejected, match="128 KiB"):
        lab.repo.pulls.merge(pull, message="ä" * 65_537)
    assert merges(lab) == []


@pytest.mark.parametrize("digits", [40, 12])
def test_the_head_is_compared_before(lab: Lab, digits: int) -> None:
    """By as many digits as there are: the short one is never taken for another commit."""
    pull = lab.opened()
    assert lab.repo.pulls.merge(pull, expect_head=lab.app.head("fix")[:digits]).state is MergeState.MERGED


def test_a_head_that_moved_is_not_merged(lab: Lab) -> None:
    """Bitbucket would; that the look before is not one with the merge is told, with its reason."""
    pull, seen = lab.opened(), lab.app.head("fix")
    guard = lab.repo.can[Can.HEAD_GUARD]
    assert (guard.state.value, "a push in between is merged" in (guard.reason or "")) == ("no", True)
    lab.app.commit("fix", {"a.txt": "2\n"}, start="fix")
    with pytest.raises(pullbridge.Stale) as caught:
        lab.repo.pulls.merge(pull, expect_head=seen)
    assert caught.value.expected == seen
    assert merges(lab) == []
    assert lab.repo.pulls.get(pull).state is PullState.OPEN


def test_the_branch_goes_with_it(lab: Lab) -> None:
    """Bitbucket does it in the merge, and it is looked whether it has."""
    pull = lab.opened()
    assert lab.repo.pulls.merge(pull, delete_source=True).branch_deleted is True
    assert merges(lab)[0]["close_source_branch"] is True
    assert "fix" not in lab.app.branches()
    assert not [each for each in lab.sent() if each.startswith("DELETE")]


def test_the_branch_may_stay_although_it_was_to_go(lab: Lab) -> None:
    """What was noted at the beginning is overruled."""
    pull = lab.opened(delete_source_on_merge=True)
    lab.repo.pulls.merge(pull, delete_source=False)
    assert merges(lab)[0]["close_source_branch"] is False
    assert "fix" in lab.app.branches()


# Not so simple --------------------------------------------------------------------------------------------------------


def test_a_merge_that_takes_long_is_watched(lab: Lab) -> None:
    """202, then its task until it is done."""
    lab.host.knobs.slow_merges, lab.host.knobs.merge_polls = 1, 3
    pull = lab.opened()
    receipt = lab.repo.pulls.merge(pull, delete_source=True)
    assert (receipt.state, receipt.commit, receipt.branch_deleted) == (MergeState.MERGED, lab.app.head("main"), True)
    assert len([each for each in lab.sent() if "task-status" in each]) == 4


def test_a_merge_that_fails_afterwards_says_why(lab: Lab) -> None:
    """202, and then an error."""
    lab.host.knobs.slow_merges = lab.host.knobs.merge_failures = 1
    pull = lab.opened()
    lab.app.require("main", reviews=1)
    with pytest.raises(pullbridge.NotMergeable, match="Something went wrong while merging"):
        lab.repo.pulls.merge(pull)
    assert len(merges(lab)) == 1
    assert lab.repo.pulls.get(pull).state is PullState.OPEN


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/2.0/repositories/octo/app/pullrequests/1/merge/task-status/abc",
        "{api}/repositories/octo/secret/pullrequests/1/merge/task-status/abc",
        "{api}/repositories/octo/app/pullrequests/2/merge/task-status/abc",
        "{api}/user",
    ],
)
def test_a_hostile_location_is_not_followed(lab: Lab, location: str) -> None:
    """Nor is its task asked for: the pull request itself is watched."""
    pull = lab.opened()
    headers = {"Location": location.format(api=lab.host.api_url)}
    lab.host.add_fault(Fault(method="POST", path="*/merge", status=202, headers=headers, body=b"", times=1))
    with lab.repo.within(deadline=0.4) as brief:
        assert brief.pulls.merge(pull).state is MergeState.WAITING
    assert set(lab.sent()) == {"POST /pullrequests/1/merge", "GET /pullrequests/1"}


def test_without_a_location_the_pull_request_is_watched(lab: Lab) -> None:
    """Until the deadline, when it waits on."""
    pull = lab.opened()
    lab.host.add_fault(Fault(method="POST", path="*/merge", status=202, body=b"", times=1))
    with lab.repo.within(deadline=0.6) as brief:
        assert brief.pulls.merge(pull).state is MergeState.WAITING
    assert len(merges(lab)) == 1


@pytest.mark.parametrize("lands", [True, False])
def test_a_timeout_is_looked_after_and_never_merged_again(lab: Lab, lands: bool) -> None:
    """555: it may be done all the same."""
    lab.host.knobs.merge_timeouts, lab.host.knobs.timeouts_land = 1, lands
    pull = lab.opened()
    if lands:
        assert lab.repo.pulls.merge(pull).commit == lab.app.head("main")
    else:
        with pytest.raises(pullbridge.Unconfirmed, match="may still do so"):
            lab.repo.pulls.merge(pull, message="Text")
    assert len(merges(lab)) == 1


def test_a_race_is_stale(lab: Lab) -> None:
    """409: one of the branches moved while it was merged."""
    lab.host.knobs.merge_races = 1
    with pytest.raises(pullbridge.Stale, match="refs involved changed"):
        lab.repo.pulls.merge(lab.opened())


def test_what_is_in_the_way_is_told_in_bitbuckets_words(lab: Lab) -> None:
    """And once as a conflict."""
    lab.app.require("main", reviews=2)
    pull = lab.opened()
    with pytest.raises(pullbridge.NotMergeable) as caught:
        lab.repo.pulls.merge(pull)
    assert any("2 approvals" in each for each in caught.value.reasons)


@pytest.mark.parametrize(("state", "word"), [("closed", "declined"), ("merged", "merged"), ("draft", "draft")])
def test_what_cannot_be_merged_is_not_tried(lab: Lab, state: str, word: str) -> None:
    """Nothing is sent."""
    pull = lab.opened(draft=state == "draft")
    if state == "closed":
        lab.repo.pulls.close(pull)
    elif state == "merged":
        lab.repo.pulls.merge(pull)
    lab.host.requests.clear()
    with pytest.raises(pullbridge.NotMergeable, match=word):
        lab.repo.pulls.merge(pull)
    assert merges(lab) == []


def test_a_reader_does_not_merge(lab: Lab) -> None:
    """By their right, once it is known; else by Bitbucket's answer."""
    pull = lab.opened()
    with pytest.raises(pullbridge.Forbidden):
        lab.as_("linus").pulls.merge(pull)
    lab.as_("linus").probe()
    with pytest.raises(pullbridge.Unsupported, match="takes the right to write"):
        lab.as_("linus").pulls.merge(pull)


def test_waiting_to_merge_is_not_in_the_api(lab: Lab) -> None:
    """Nor is bringing the destination into the source."""
    pull = lab.opened()
    with pytest.raises(pullbridge.Unsupported):
        lab.repo.pulls.merge(pull, when_ready=True)
    with pytest.raises(pullbridge.Unsupported):
        lab.repo.pulls.update_branch(pull)
    assert lab.sent() == []


def test_conflicts_may_come_as_a_plain_list(lab: Lab) -> None:
    """Their shape is not in the specification."""
    pull = lab.opened()
    lab.host.add_fault(Fault(path="*/file-conflicts/*", status=200, body=b'[{"path": "a.txt"}]'))
    assert lab.repo.pulls.mergeability(pull).state is MergeabilityState.CONFLICTS
    assert PATH in lab.app.path
    assert merging.TIMED_OUT == 555
