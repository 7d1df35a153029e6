"""Whether a pull request can be merged."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.hosts.github import payloads
from pullbridge.model.merge import Mergeability, MergeabilityState

#: https://docs.github.com/en/graphql/reference/enums#mergestatestatus
_MERGE_STATES = {
    "BEHIND": MergeabilityState.BEHIND,
    "BLOCKED": MergeabilityState.BLOCKED,
    "CLEAN": MergeabilityState.READY,
    "DIRTY": MergeabilityState.CONFLICTS,
    "DRAFT": MergeabilityState.DRAFT,
    "HAS_HOOKS": MergeabilityState.READY,
    "UNKNOWN": MergeabilityState.CHECKING,
    "UNSTABLE": MergeabilityState.READY,
}
_MERGE_REASONS = {
    MergeabilityState.BEHIND: "the source branch is behind the target and must be updated first",
    MergeabilityState.CONFLICTS: "the branches conflict",
    MergeabilityState.DRAFT: "it is a draft",
    MergeabilityState.CLOSED: "it is not open",
    MergeabilityState.CHECKING: "GitHub is still computing it",
}
_DECISIONS = {
    "REVIEW_REQUIRED": "an approving review is required",
    "CHANGES_REQUESTED": "a reviewer has requested changes",
}


def mergeability(payload: payloads.GraphMergeability | payloads.GraphFullPull) -> Mergeability:
    """One state out of GitHub's four fields. `UNSTABLE` is mergeable: what fails there is not required."""
    status, raw = payload.merge_state_status, payload.merge_state_status or payload.mergeable
    if payload.state is not None and payload.state != "OPEN":
        state = MergeabilityState.CLOSED
    elif payload.mergeable == "CONFLICTING":
        state = MergeabilityState.CONFLICTS
    elif payload.is_draft:
        state = MergeabilityState.DRAFT
    elif payload.mergeable == "UNKNOWN":
        state = MergeabilityState.CHECKING
    else:
        state = _MERGE_STATES.get(status or "", MergeabilityState.UNKNOWN)
    reasons = _merge_reasons(state, status, payload.review_decision, merged=payload.state == "MERGED")
    return Mergeability(state=state, reasons=tuple(reasons), raw=raw)


def _merge_reasons(
    state: MergeabilityState, status: str | None, decision: str | None, *, merged: bool
) -> Iterable[str]:
    if state is MergeabilityState.CLOSED and merged:
        yield "it is merged already"
    elif state in _MERGE_REASONS:
        yield _MERGE_REASONS[state]
    if state is MergeabilityState.BLOCKED:
        yield _DECISIONS.get(decision or "", "a required check or another rule of the target branch is not met")
    if status == "UNSTABLE" and state is MergeabilityState.READY:
        yield "a check that is not required has not passed"
