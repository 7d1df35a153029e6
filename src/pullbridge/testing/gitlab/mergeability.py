"""Where a merge request stands on its way to be merged.

https://docs.gitlab.com/api/merge_requests/#merge-status
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pullbridge.testing.store import Mergeability, PullRequest, Why

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App


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
    found = app.store.merging.observe(pull, counts=counts)
    state = app.states.of(pull)
    if found.state == "checking":
        word = "checking" if counts else "unchecked"
        return Standing(word, app.knobs.detailed_merge_status or ("preparing" if not state.prepared else word))
    detailed = app.knobs.detailed_merge_status or _detailed(pull, found)
    conflicts = Why.CONFLICTS in found.reasons
    return Standing("cannot_be_merged" if conflicts else "can_be_merged", detailed, conflicts)


def _detailed(pull: PullRequest, found: Mergeability) -> str:
    """The first thing in the way, in the order of `lib/…/mergeability`."""
    if pull.state != "open":
        return "not_open"
    words = {
        Why.DRAFT: "draft_status",
        Why.CHANGES_REQUESTED: "requested_changes",
        Why.REVIEWS_MISSING: "not_approved",
        Why.CHECKS_MISSING: "ci_must_pass",
        Why.CONFLICTS: "conflict",
        Why.BEHIND: "need_rebase",
    }
    if pull.head == pull.merge_base:
        return "commits_status"
    return next((word for why, word in words.items() if why in found.reasons), "mergeable")
