"""Where a merge request stands on its way to be merged.

https://docs.gitlab.com/api/merge_requests/#merge-status
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pullbridge.testing.store import Mergeability, PullRequest, Why

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

#: What auto-merge waits for: https://docs.gitlab.com/user/project/merge_requests/auto_merge/
WAITABLE = frozenset(
    {
        "ci_must_pass",
        "ci_still_running",
        "not_approved",
        "requested_changes",
        "discussions_not_resolved",
        "draft_status",
    }
)


@dataclass(frozen=True)
class Standing:
    """`merge_status`, `detailed_merge_status`, and what they rest on."""

    status: str
    detailed: str
    conflicts: bool = False
    discussions_resolved: bool = True

    @property
    def mergeable(self) -> bool:
        """Whether it may be merged now."""
        return self.detailed == "mergeable"


def standing(app: App, pull: PullRequest, *, counts: bool) -> Standing:
    """How it looks to who reads it; what `counts` brings an unknown answer nearer."""
    state, found = app.states.of(pull), app.store.merging.observe(pull, counts=counts)
    if found.state != "checking":
        known = truth(app, pull, found)
        return Standing(
            known.status,
            app.knobs.detailed_merge_status or known.detailed,
            known.conflicts,
            known.discussions_resolved,
        )
    word = "checking" if counts else "unchecked"
    return Standing(word, app.knobs.detailed_merge_status or (word if state.prepared else "preparing"))


def truth(app: App, pull: PullRequest, found: Mergeability | None = None) -> Standing:
    """Where it really stands, whatever a reader is told yet."""
    known = found or app.store.merging.mergeability(pull)
    settled = app.discussions_resolved(pull)
    conflicts = Why.CONFLICTS in known.reasons or (pull.state == "open" and pull.head == pull.merge_base)
    status = "cannot_be_merged" if conflicts else "can_be_merged"
    return Standing(status, _detailed(app, pull, known, settled=settled), conflicts, settled)


def _detailed(app: App, pull: PullRequest, found: Mergeability, *, settled: bool) -> str:
    """The first thing in the way: those of the Enterprise Edition first (`mergeable_state_checks`), then git's."""
    reasons = found.reasons
    running = app.store.checks.rollup(pull.repository, pull.head) == "pending"
    checks = {
        "requested_changes": Why.CHANGES_REQUESTED in reasons or app.changes_requested(pull),
        "not_approved": Why.REVIEWS_MISSING in reasons,
        "not_open": pull.state != "open",
        "draft_status": pull.draft,
        "commits_status": pull.head == pull.merge_base,
        "discussions_not_resolved": not settled,
        "ci_still_running": Why.CHECKS_MISSING in reasons and running,
        "ci_must_pass": Why.CHECKS_MISSING in reasons,
        "conflict": Why.CONFLICTS in reasons,
        "need_rebase": Why.BEHIND in reasons
        or (app.semi_linear(pull.repository) and app.store.merging.behind(pull) > 0),
    }
    return next((word for word, holds in checks.items() if holds), "mergeable")
