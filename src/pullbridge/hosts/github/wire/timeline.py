"""Events. https://docs.github.com/en/rest/using-the-rest-api/issue-event-types"""

from __future__ import annotations

from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.wire.people import known
from pullbridge.hosts.moments import moment
from pullbridge.model.timeline import TimelineItem, TimelineKind

_KINDS = {
    "committed": TimelineKind.COMMITTED,
    "head_ref_force_pushed": TimelineKind.PUSHED,
    "commented": TimelineKind.COMMENTED,
    "line-commented": TimelineKind.COMMENTED,
    "commit-commented": TimelineKind.COMMENTED,
    "reviewed": TimelineKind.REVIEWED,
    "review_requested": TimelineKind.REVIEW_REQUESTED,
    "review_request_removed": TimelineKind.REVIEW_REQUEST_REMOVED,
    "review_dismissed": TimelineKind.REVIEW_DISMISSED,
    "convert_to_draft": TimelineKind.DRAFTED,
    "ready_for_review": TimelineKind.READIED,
    "closed": TimelineKind.CLOSED,
    "reopened": TimelineKind.REOPENED,
    "merged": TimelineKind.MERGED,
    "renamed": TimelineKind.RENAMED,
    "base_ref_changed": TimelineKind.RETARGETED,
    "labeled": TimelineKind.LABELED,
    "unlabeled": TimelineKind.UNLABELED,
    "assigned": TimelineKind.ASSIGNED,
    "unassigned": TimelineKind.UNASSIGNED,
    "milestoned": TimelineKind.MILESTONED,
    "demilestoned": TimelineKind.DEMILESTONED,
    "locked": TimelineKind.LOCKED,
    "unlocked": TimelineKind.UNLOCKED,
    "referenced": TimelineKind.REFERENCED,
    "cross-referenced": TimelineKind.REFERENCED,
    "mentioned": TimelineKind.REFERENCED,
    "head_ref_deleted": TimelineKind.BRANCH_DELETED,
    "head_ref_restored": TimelineKind.BRANCH_RESTORED,
    "auto_merge_enabled": TimelineKind.AUTO_MERGE,
    "auto_merge_disabled": TimelineKind.AUTO_MERGE,
    "auto_squash_enabled": TimelineKind.AUTO_MERGE,
    "auto_rebase_enabled": TimelineKind.AUTO_MERGE,
    "added_to_merge_queue": TimelineKind.QUEUED,
    "removed_from_merge_queue": TimelineKind.QUEUED,
}


def timeline_item(payload: payloads.RestEvent) -> TimelineItem:
    """One event; every kind of them has its own fields, of which most are missing."""
    raw = payload.event or ""
    git = payload.author if isinstance(payload.author, payloads.RestGitActor) else None
    return TimelineItem(
        kind=_KINDS.get(raw, TimelineKind.OTHER),
        raw_kind=raw,
        actor=known(payload.actor or payload.user),
        at=moment(payload.created_at or payload.submitted_at or (git.date if git else None)),
        subject=_subject(payload),
        body=payload.body or payload.message,
        commit=payload.sha or payload.commit_id,
        id=payload.node_id or (str(payload.id) if payload.id is not None else None),
        url=payload.html_url,
    )


def _subject(payload: payloads.RestEvent) -> str | None:
    """What it was done with or to."""
    if payload.rename is not None:
        return payload.rename.to
    if payload.label is not None:
        return payload.label.name
    if payload.milestone is not None:
        return payload.milestone.title
    asked = payload.requested_reviewer or payload.assignee
    if asked is not None:
        return asked.login
    if payload.requested_team is not None:
        return payload.requested_team.slug
    if payload.state is not None:
        return payload.state
    return payload.message.partition("\n")[0] if payload.message else payload.lock_reason
