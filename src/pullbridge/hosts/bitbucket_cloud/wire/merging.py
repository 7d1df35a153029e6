"""Whether a pull request can be merged, and by which of Bitbucket's strategies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pullbridge.capabilities import Can
from pullbridge.errors import Unsupported
from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.wire.pulls import state
from pullbridge.model.checks import Check, CheckState
from pullbridge.model.merge import Mergeability, MergeabilityState, MergeMethod
from pullbridge.model.pulls import PullState

#: Bitbucket's words for a method, the plainest first.
#: https://support.atlassian.com/bitbucket-cloud/docs/merge-strategies/
STRATEGIES: dict[MergeMethod, tuple[str, ...]] = {
    MergeMethod.MERGE: ("merge_commit",),
    MergeMethod.SQUASH: ("squash", "squash_fast_forward"),
    MergeMethod.REBASE: ("rebase_fast_forward", "rebase_merge"),
    MergeMethod.FAST_FORWARD: ("fast_forward",),
}
#: Those that make no commit which could carry a message.
_SILENT = frozenset({"fast_forward", "rebase_fast_forward"})


def strategy(method: MergeMethod | None, end: payloads.Endpoint | None) -> str | None:
    """The word to send for a method; without one the branch's default, where it is told.

    Raises `Unsupported` for a method that the repository's settings do not allow for the destination.
    """
    branch = (end.branch if end else None) or payloads.EndpointBranch()
    if method is None:
        return branch.default_merge_strategy
    wanted = STRATEGIES[method]
    # An empty list is one without restrictions.
    chosen = next((word for word in wanted if not branch.merge_strategies or word in branch.merge_strategies), None)
    if chosen is None:
        allowed = ", ".join(branch.merge_strategies or ())
        reason = f"the repository's settings allow {allowed} for {branch.name}"
        text = f"It cannot be merged by {method.value}: {reason}."
        step = "Leave the method out, or change the setting."
        raise Unsupported(text, can=Can.CHOOSE_MERGE_METHOD, reason=reason, next_step=step)
    return chosen


def takes_message(word: str | None) -> bool:
    """Whether a strategy makes a commit of its own."""
    return word not in _SILENT


def is_done(found: payloads.PullRequest) -> bool:
    """Whether it is merged."""
    return state(found.state) is PullState.MERGED


# Rules ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known beside the pull request. `None`: that was not told, and `unread` says why."""

    conflicts: tuple[str, ...] | None
    checks: tuple[Check, ...] | None
    rules: tuple[payloads.BranchRestriction, ...] | None
    unread: tuple[str, ...] = ()


def mergeability(found: payloads.PullRequest, standing: Standing) -> Mergeability:
    """The verdict. Without the branch's rules, which only administrators are told, nobody can say that it is ready."""
    if state(found.state) is not PullState.OPEN:
        return Mergeability(state=MergeabilityState.CLOSED, reasons=(f"it is {found.state.lower()}",), raw=found.state)
    if standing.conflicts:
        told = ", ".join(standing.conflicts[:5])
        return Mergeability(state=MergeabilityState.CONFLICTS, reasons=(f"the branches conflict in {told}",))
    if found.draft:
        return Mergeability(state=MergeabilityState.DRAFT, reasons=("it is a draft",))
    return _by_rules(found, standing)


def _by_rules(found: payloads.PullRequest, standing: Standing) -> Mergeability:
    unread = list(standing.unread)
    if standing.rules is None:
        if found.mergeable is not None:
            return _told(found, standing)
        return Mergeability(state=MergeabilityState.UNKNOWN, reasons=(*_open_matters(found, standing), *unread))
    rules = [rule for rule in standing.rules if _applies(rule, found)]
    failed = [each for rule in rules for each in _failed(rule, found, standing)]
    unsure = [each for rule in rules for each in _unsure(rule, standing)]
    enforced = any(rule.kind == "enforce_merge_checks" for rule in rules)
    if failed and enforced:
        return Mergeability(state=MergeabilityState.BLOCKED, reasons=tuple(failed))
    if unread or (unsure and enforced):
        return Mergeability(state=MergeabilityState.UNKNOWN, reasons=(*failed, *unsure, *unread))
    # Without enforcement, checks only warn: https://support.atlassian.com/bitbucket-cloud/docs/suggest-or-require-checks-before-a-merge/
    return Mergeability(state=MergeabilityState.READY, reasons=tuple(f"{each} (a warning only)" for each in failed))


def _told(found: payloads.PullRequest, standing: Standing) -> Mergeability:
    """By what the pull request itself tells of its checks, which is documented nowhere."""
    if not found.mergeable:
        reasons = _open_matters(found, standing) or ("not all merge checks pass",)
        return Mergeability(state=MergeabilityState.BLOCKED, reasons=reasons, raw="mergeable: false")
    if standing.conflicts is None:
        return Mergeability(state=MergeabilityState.UNKNOWN, reasons=standing.unread, raw="mergeable: true")
    return Mergeability(state=MergeabilityState.READY, raw="mergeable: true")


def _open_matters(found: payloads.PullRequest, standing: Standing) -> tuple[str, ...]:
    """What is usually a rule, where the rules are not told."""
    builds = tuple(check.name for check in standing.checks or () if check.state is CheckState.FAILURE)
    matters = (
        "changes are requested" if _asking(found) else "",
        f"builds have failed: {', '.join(builds)}" if builds else "",
        f"{found.task_count} tasks are open" if found.task_count else "",
    )
    return tuple(each for each in matters if each)


def _failed(rule: payloads.BranchRestriction, found: payloads.PullRequest, standing: Standing) -> Iterator[str]:
    """What a rule finds wrong, as far as that can be seen from here."""
    least = rule.value or 1
    match rule.kind:
        case "require_approvals_to_merge" if _approvals(found) < least:
            yield f"{least} approvals are required, and it has {_approvals(found)}"
        case "require_no_changes_requested" if _asking(found):
            yield "changes are requested"
        case "require_tasks_to_be_completed" if found.task_count:
            yield f"{found.task_count} tasks are open"
        case "require_passing_builds_to_merge" if standing.checks is not None:
            yield from _of_builds(standing.checks, least)


def _of_builds(checks: Sequence[Check], least: int) -> Iterator[str]:
    """So many that have passed, and none that has failed or goes on."""
    failed = [check.name for check in checks if check.state in {CheckState.FAILURE, CheckState.CANCELLED}]
    running = [check.name for check in checks if check.state is CheckState.RUNNING]
    passed = sum(check.state is CheckState.SUCCESS for check in checks)
    if failed:
        yield f"builds have failed: {', '.join(failed)}"
    elif running:
        yield f"builds are still running: {', '.join(running)}"
    elif passed < least:
        yield f"{least} passing builds are required, and it has {passed}"


#: Rules that take more to judge than is read here, with what they ask for.
_BEYOND = {
    "require_default_reviewer_approvals_to_merge": "approvals of default reviewers are required",
    "require_review_group_approvals_to_merge": "approvals of a group are required",
    "require_commits_behind": "the source branch must not be too far behind the destination",
    "require_all_dependencies_merged": "other pull requests may have to be merged first",
    "require_all_comments_resolved": "all comments must be resolved",
    "restrict_merges": "only some people may merge into it",
}


def _unsure(rule: payloads.BranchRestriction, standing: Standing) -> Iterator[str]:
    if rule.kind in _BEYOND:
        yield _BEYOND[rule.kind]
    if rule.kind == "require_passing_builds_to_merge" and standing.checks is None:
        yield "passing builds are required"


def _applies(rule: payloads.BranchRestriction, found: payloads.PullRequest) -> bool:
    """Whether a rule is for the destination; of a kind of branch that is not known here it is taken to be."""
    if rule.branch_match_kind == "branching_model":
        return True
    branch = found.destination.branch if found.destination else None
    return branch is not None and fnmatchcase(branch.name, rule.pattern or "*")


def _approvals(found: payloads.PullRequest) -> int:
    """The author's own does not count. https://support.atlassian.com/bitbucket-cloud/docs/suggest-or-require-checks-before-a-merge/"""
    author = found.author.uuid if found.author else None
    return sum(bool(each.approved) for each in _people(found) if each.user is None or each.user.uuid != author)


def _asking(found: payloads.PullRequest) -> bool:
    return any(each.state == "changes_requested" for each in _people(found))


def _people(found: payloads.PullRequest) -> Iterable[payloads.Participant]:
    return found.participants or ()
