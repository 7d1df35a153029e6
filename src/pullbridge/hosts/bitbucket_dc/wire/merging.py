"""Whether a pull request can be merged, how that would land, and what its builds come to."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.errors import vetoed
from pullbridge.model.checks import Check, CheckState, roll_up
from pullbridge.model.merge import Mergeability, MergeabilityState, MergeMethod

#: By which of Data Center's strategies a method is done, the better one first. `ff` makes a merge commit or none, as it
#: comes, so that it is neither. https://confluence.atlassian.com/bitbucketserver/pull-request-merge-strategies-844495944.html
_STRATEGIES: dict[MergeMethod, tuple[str, ...]] = {
    MergeMethod.MERGE: ("no-ff",),
    MergeMethod.SQUASH: ("squash", "squash-ff-only"),
    MergeMethod.REBASE: ("rebase-ff-only", "rebase-no-ff"),
    MergeMethod.FAST_FORWARD: ("ff-only",),
}
_CLOSED = {"MERGED": "it is merged already", "DECLINED": "it is declined"}
_COMPUTING = "Bitbucket is still computing whether it conflicts"


def mergeability(payload: payloads.Mergeability | None, pull: payloads.PullRequest) -> Mergeability:
    """One state out of what `GET …/merge` says, which is nothing (409) of what is not open."""
    if payload is None or pull.state != "OPEN":
        return Mergeability(state=MergeabilityState.CLOSED, reasons=(closed(pull),), raw=pull.state)
    conflicted = bool(payload.conflicted) or payload.outcome == "CONFLICTED"
    reasons = vetoed(payload.vetoes, conflicted=conflicted)
    state = _state(payload, conflicted=conflicted, draft=bool(pull.draft), reasons=reasons)
    if state is MergeabilityState.CHECKING:
        reasons = (_COMPUTING,)
    elif state is MergeabilityState.DRAFT and not reasons:
        reasons = ("it is a draft",)
    return Mergeability(state=state, reasons=reasons, raw=payload.outcome)


def _state(
    payload: payloads.Mergeability, *, conflicted: bool, draft: bool, reasons: tuple[str, ...]
) -> MergeabilityState:
    if conflicted:
        return MergeabilityState.CONFLICTS
    if draft:
        return MergeabilityState.DRAFT
    if reasons or payload.can_merge is False:
        unknown = payload.outcome == "UNKNOWN" and not reasons
        return MergeabilityState.CHECKING if unknown else MergeabilityState.BLOCKED
    return MergeabilityState.CHECKING if payload.outcome == "UNKNOWN" else MergeabilityState.READY


def closed(pull: payloads.PullRequest) -> str:
    """Why it cannot be merged any more."""
    return _CLOSED.get(pull.state, "it is not open")


def enabled(config: payloads.MergeConfig | None) -> frozenset[str] | None:
    """The strategies that the settings allow; `None` where they do not tell."""
    if config is None or config.strategies is None:
        return None
    return frozenset(each.id for each in config.strategies if each.enabled is not False)


def strategy(wanted: MergeMethod, allowed: Iterable[str] | None) -> str | None:
    """The strategy for a method; `None` where the settings allow none."""
    choices = _STRATEGIES[wanted]
    return choices[0] if allowed is None else next((each for each in choices if each in allowed), None)


def methods(config: payloads.MergeConfig | None) -> frozenset[MergeMethod] | None:
    """The methods that the settings allow."""
    allowed = enabled(config)
    return None if allowed is None else frozenset(each for each in MergeMethod if strategy(each, allowed) is not None)


def tally(stats: payloads.BuildStats) -> CheckState | None:
    """What the builds of a commit come to; `None` where there are none."""
    counted = {
        CheckState.FAILURE: stats.failed,
        CheckState.RUNNING: stats.in_progress,
        CheckState.UNKNOWN: stats.unknown,
        CheckState.CANCELLED: stats.cancelled,
        CheckState.SUCCESS: stats.successful,
    }
    return roll_up(tuple(Check(name="", state=state) for state, count in counted.items() if count)).state
