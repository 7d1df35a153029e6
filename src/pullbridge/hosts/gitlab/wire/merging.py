"""Whether a merge request can be merged."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.hosts.gitlab import payloads
from pullbridge.model.merge import Mergeability, MergeabilityState

_READY, _BLOCKED = MergeabilityState.READY, MergeabilityState.BLOCKED
_CHECKING, _CONFLICTS = MergeabilityState.CHECKING, MergeabilityState.CONFLICTS
_COMPUTING = "GitLab is still computing it"
_POLICY = "a policy of the project forbids it"
_EXTERNAL = "an external status check has not passed"
_DEPENDENCY = "another merge request must be merged first"
_CLOSED = "it is not open"
_MERGING = "GitLab is merging it at this moment"

#: The words of `detailed_merge_status`, in small letters; each with its reason.
#: https://docs.gitlab.com/api/merge_requests/#merge-status
_DETAILED: dict[str, tuple[MergeabilityState, str | None]] = {
    "mergeable": (_READY, None),
    "approvals_syncing": (_CHECKING, "the approvals are being counted again"),
    "checking": (_CHECKING, _COMPUTING),
    "preparing": (_CHECKING, "GitLab is still preparing it"),
    "unchecked": (_CHECKING, _COMPUTING),
    "ci_must_pass": (_BLOCKED, "the pipeline must succeed first"),
    "ci_still_running": (_BLOCKED, "the pipeline is still running"),
    "commits_status": (_BLOCKED, "the source branch is missing, or has no commits of its own"),
    "conflict": (_CONFLICTS, "the branches conflict"),
    "discussions_not_resolved": (_BLOCKED, "all threads must be resolved first"),
    "draft_status": (MergeabilityState.DRAFT, "it is a draft"),
    "jira_association_missing": (_BLOCKED, "its title or description must name a Jira issue"),
    "locked_lfs_files": (_BLOCKED, "somebody has locked a file that it changes"),
    "locked_paths": (_BLOCKED, "somebody has locked a path that it changes"),
    "merge_request_blocked": (_BLOCKED, _DEPENDENCY),
    "merge_time": (_BLOCKED, "it may not be merged before a time that was set"),
    "need_rebase": (MergeabilityState.BEHIND, "the source branch is behind the target and must be rebased first"),
    "not_approved": (_BLOCKED, "an approval is required"),
    "not_open": (MergeabilityState.CLOSED, _CLOSED),
    "requested_changes": (_BLOCKED, "a reviewer has requested changes"),
    "security_policy_violations": (_BLOCKED, "a security policy is violated"),
    "status_checks_must_pass": (_BLOCKED, _EXTERNAL),
    "title_regex": (_BLOCKED, "its title is not of the form that the project wants"),
    # GraphQL's other spellings: https://docs.gitlab.com/api/graphql/reference/#detailedmergestatus
    "blocked_status": (_BLOCKED, _DEPENDENCY),
    "external_status_checks": (_BLOCKED, _EXTERNAL),
    "jira_association": (_BLOCKED, "its title or description must name a Jira issue"),
    "security_policies_violations": (_BLOCKED, "a security policy is violated"),
    # What 15.x and 16.x said.
    "broken_status": (_CONFLICTS, "the branches conflict"),
    "policies_denied": (_BLOCKED, _POLICY),
    "can_be_merged": (_READY, None),
    "cannot_be_merged": (_CONFLICTS, "the branches conflict"),
}
#: The words of `merge_status`, which is about conflicts alone: https://docs.gitlab.com/api/merge_requests/#response
_OLDER: dict[str, tuple[MergeabilityState, str | None]] = {
    "can_be_merged": (_READY, None),
    "cannot_be_merged": (_CONFLICTS, "the branches conflict"),
    "unchecked": (_CHECKING, _COMPUTING),
    "checking": (_CHECKING, _COMPUTING),
    "cannot_be_merged_recheck": (_CHECKING, _COMPUTING),
    "cannot_be_merged_rechecking": (_CHECKING, _COMPUTING),
    "preparing": (_CHECKING, "GitLab is still preparing it"),
}


def mergeability(payload: payloads.MergeRequest) -> Mergeability:
    """One state out of the detailed word, or before 15.6 out of what there was. An unknown word is `UNKNOWN`, and kept."""
    older = None if payload.detailed_merge_status is not None else payload.merge_status
    return judged(
        payload.state,
        payload.detailed_merge_status,
        older,
        draft=payload.is_draft,
        threads_open=payload.blocking_discussions_resolved is False,
        error=payload.merge_error,
    )


def judged(
    state: str,
    detailed: str | None,
    older: str | None = None,
    *,
    draft: bool | None = None,
    threads_open: bool = False,
    error: str | None = None,
) -> Mergeability:
    """The same of the single words, in REST's spelling or GraphQL's. `error` is why the last merge or rebase failed."""
    raw = detailed or older
    if state == "locked":
        return Mergeability(state=_CHECKING, reasons=(_MERGING,), raw=state)
    if state in {"closed", "merged"}:
        why = "it is merged already" if state == "merged" else _CLOSED
        return Mergeability(state=MergeabilityState.CLOSED, reasons=(why,), raw=raw)
    if detailed is not None:
        found, reason = _DETAILED.get(detailed.lower(), (MergeabilityState.UNKNOWN, None))
    else:
        found, reason = _before_15_6(older, draft=draft, threads_open=threads_open)
    return Mergeability(state=found, reasons=tuple(_reasons(found, reason, error)), raw=raw)


def _before_15_6(older: str | None, *, draft: bool | None, threads_open: bool) -> tuple[MergeabilityState, str | None]:
    """Of what else forbids a merge, only drafts and open threads are told."""
    found = _OLDER.get((older or "").lower(), (MergeabilityState.UNKNOWN, None))
    if found[0] is not _READY:
        return found
    if draft:
        return _DETAILED["draft_status"]
    return _DETAILED["discussions_not_resolved"] if threads_open else found


def _reasons(state: MergeabilityState, reason: str | None, error: str | None) -> Iterable[str]:
    if reason is not None:
        yield reason
    if error and state is not _READY:
        yield error
