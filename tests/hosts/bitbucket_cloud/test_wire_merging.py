"""Whether it can be merged, by what is told."""

from __future__ import annotations

from typing import Any

import pytest

from pullbridge import Check, CheckState, MergeabilityState, MergeMethod, Unsupported
from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.payloads import BranchRestriction, PullRequest

READY, BLOCKED, UNKNOWN = MergeabilityState.READY, MergeabilityState.BLOCKED, MergeabilityState.UNKNOWN
UNTOLD = ("the rules of the branch are told to administrators only",)


def pull(**told: Any) -> PullRequest:
    end = payloads.Endpoint(branch=payloads.EndpointBranch(name="release/1"))
    return PullRequest(id=7, state="OPEN", destination=end, author=payloads.Account(uuid="{a}"), **told)


def standing(*rules: BranchRestriction, checks: tuple[Check, ...] | None = (), **more: Any) -> wire.Standing:
    return wire.Standing(conflicts=(), checks=checks, rules=rules, **more)


def rule(kind: str, value: int | None = None, pattern: str = "release/*") -> BranchRestriction:
    return BranchRestriction(kind=kind, branch_match_kind="glob", pattern=pattern, value=value)


def said(uuid: str, state: str) -> payloads.Participant:
    user = payloads.Account(uuid=uuid)
    return payloads.Participant(user=user, state=state, approved=state == "approved", role="REVIEWER")


ENFORCED = rule("enforce_merge_checks")


def test_without_rules_it_is_ready() -> None:
    """Once they are told, and there are none."""
    assert wire.mergeability(pull(), standing()).state is READY


@pytest.mark.parametrize(
    ("told", "of", "reason"),
    [
        ({}, rule("require_approvals_to_merge", 2), "2 approvals are required, and it has 0"),
        (
            {"participants": [said("{a}", "approved"), said("{b}", "approved")]},
            rule("require_approvals_to_merge", 2),
            "2 approvals are required, and it has 1",
        ),
        ({"participants": [said("{b}", "changes_requested")]}, rule("require_no_changes_requested"), "changes are"),
        ({"task_count": 3}, rule("require_tasks_to_be_completed"), "3 tasks are open"),
        ({}, rule("require_passing_builds_to_merge", 2), "2 passing builds are required, and it has 1"),
    ],
)
def test_each_rule_has_its_reason(told: dict[str, Any], of: BranchRestriction, reason: str) -> None:
    """Enforced it blocks, and else it warns."""
    checks = (Check(name="build", state=CheckState.SUCCESS),)
    blocked = wire.mergeability(pull(**told), standing(of, ENFORCED, checks=checks))
    assert blocked.state is BLOCKED
    assert blocked.reasons[0].startswith(reason)
    warned = wire.mergeability(pull(**told), standing(of, checks=checks))
    assert warned.state is READY
    assert warned.reasons[0].endswith("(a warning only)")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CheckState.FAILURE, "have failed: x"),
        (CheckState.CANCELLED, "have failed: x"),
        (CheckState.RUNNING, "running: x"),
    ],
)
def test_builds_must_have_passed(state: CheckState, words: str) -> None:
    """One that failed, was stopped or goes on is in the way, however many have passed."""
    checks = (Check(name="ok", state=CheckState.SUCCESS), Check(name="x", state=state))
    found = wire.mergeability(pull(), standing(rule("require_passing_builds_to_merge", 1), ENFORCED, checks=checks))
    assert found.state is BLOCKED
    assert words in found.reasons[0]


def test_a_rule_for_other_branches_is_none_of_its() -> None:
    """By its pattern; of a kind of branch it is taken to be."""
    other = rule("require_approvals_to_merge", 2, "main")
    everywhere = rule("enforce_merge_checks", pattern="*")
    assert wire.mergeability(pull(), standing(other, everywhere)).state is READY
    kind = BranchRestriction(kind="require_approvals_to_merge", branch_match_kind="branching_model", value=1)
    assert wire.mergeability(pull(), standing(kind, everywhere)).state is BLOCKED


@pytest.mark.parametrize(
    "kind", ["require_default_reviewer_approvals_to_merge", "require_commits_behind", "restrict_merges"]
)
def test_what_takes_more_to_judge_is_unknown(kind: str) -> None:
    """With what the rule asks for."""
    found = wire.mergeability(pull(), standing(rule(kind, 1), ENFORCED))
    assert (found.state, len(found.reasons)) == (UNKNOWN, 1)


def test_what_is_not_told_is_not_guessed() -> None:
    """Without the rules, the builds or the conflicts there is no yes."""
    assert (
        wire.mergeability(pull(), wire.Standing(conflicts=(), checks=(), rules=None, unread=UNTOLD)).reasons == UNTOLD
    )
    blind = wire.Standing(conflicts=None, checks=(), rules=(), unread=("whether the branches conflict is not told",))
    assert wire.mergeability(pull(), blind).state is UNKNOWN
    builds = standing(rule("require_passing_builds_to_merge", 1), ENFORCED, checks=None)
    assert wire.mergeability(pull(), builds).state is UNKNOWN


def test_what_the_pull_request_tells_of_its_checks_counts() -> None:
    """Where it tells at all, and the rules are not told."""
    untold = wire.Standing(conflicts=(), checks=(), rules=None, unread=UNTOLD)
    assert wire.mergeability(pull(mergeable=True), untold).state is READY
    found = wire.mergeability(pull(mergeable=False, task_count=1), untold)
    assert (found.state, found.reasons) == (BLOCKED, ("1 tasks are open",))
    assert wire.mergeability(pull(mergeable=False), untold).reasons == ("not all merge checks pass",)


@pytest.mark.parametrize(
    ("method", "allowed", "word"),
    [
        (MergeMethod.SQUASH, ["squash_fast_forward"], "squash_fast_forward"),
        (MergeMethod.SQUASH, ["squash", "squash_fast_forward"], "squash"),
        (MergeMethod.REBASE, ["rebase_merge"], "rebase_merge"),
        (MergeMethod.MERGE, [], "merge_commit"),
        (MergeMethod.MERGE, None, "merge_commit"),
        (None, ["squash"], "squash"),
        (None, None, None),
    ],
)
def test_a_method_is_one_of_the_words(method: MergeMethod | None, allowed: list[str] | None, word: str | None) -> None:
    """That the destination allows; without a wish its default."""
    default = allowed[0] if allowed else None
    branch = payloads.EndpointBranch(name="main", merge_strategies=allowed, default_merge_strategy=default)
    assert wire.strategy(method, payloads.Endpoint(branch=branch)) == word


def test_a_method_that_is_none_of_them_is_refused() -> None:
    """With those that there are."""
    end = payloads.Endpoint(branch=payloads.EndpointBranch(name="main", merge_strategies=["squash"]))
    with pytest.raises(Unsupported, match="allow squash for main"):
        wire.strategy(MergeMethod.FAST_FORWARD, end)
    assert wire.strategy(MergeMethod.FAST_FORWARD, None) == "fast_forward"
