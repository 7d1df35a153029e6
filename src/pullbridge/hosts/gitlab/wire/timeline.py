"""What happened: notes that GitLab writes itself, in English, and events of labels, milestones and states.

A system note says in its text alone what it is about: https://docs.gitlab.com/user/project/system_notes/
"""

from __future__ import annotations

import re

from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.wire.people import known
from pullbridge.hosts.moments import moment
from pullbridge.model.timeline import TimelineItem, TimelineKind

#: What system notes begin with; the first that fits counts. The words are those of GitLab's
#: app/services/system_notes/{issuables,merge_requests,commit}_service.rb.
_SYSTEM: tuple[tuple[str, TimelineKind], ...] = (
    (r"added \d+ (?:new )?commits?", TimelineKind.PUSHED),
    (r"requested review from", TimelineKind.REVIEW_REQUESTED),
    (r"removed review request for", TimelineKind.REVIEW_REQUEST_REMOVED),
    (r"approved this merge request", TimelineKind.REVIEWED),
    (r"requested changes", TimelineKind.REVIEWED),
    (r"left review comments", TimelineKind.REVIEWED),
    (r"(?:unapproved|removed approval of|reset approvals)", TimelineKind.REVIEW_DISMISSED),
    (r"(?:marked (?:this merge request )?as a? ?\**draft|marked as a \**Work In Progress)", TimelineKind.DRAFTED),
    (r"(?:marked (?:this merge request )?as \**ready|unmarked as a \**Work In Progress)", TimelineKind.READIED),
    (r"changed title from", TimelineKind.RENAMED),
    (r"changed (?:the )?target branch from", TimelineKind.RETARGETED),
    (
        r"(?:deleted the .* branch\. This merge request now targets|changed automatically target branch)",
        TimelineKind.RETARGETED,
    ),
    (r"assigned to", TimelineKind.ASSIGNED),
    (r"(?:unassigned|removed assignee)", TimelineKind.UNASSIGNED),
    (r"locked (?:this merge request|the discussion in this merge request)", TimelineKind.LOCKED),
    (r"unlocked (?:this merge request|the discussion in this merge request)", TimelineKind.UNLOCKED),
    (r"mentioned in", TimelineKind.REFERENCED),
    (r"deleted (?:the )?(?:source )?branch", TimelineKind.BRANCH_DELETED),
    (r"restored (?:the )?(?:source )?branch", TimelineKind.BRANCH_RESTORED),
    (
        r"(?:started a|added this merge request to the|removed this merge request from the) merge train",
        TimelineKind.QUEUED,
    ),
    (r"aborted this merge request from the merge train", TimelineKind.QUEUED),
    (r"(?:enabled|canceled|aborted) (?:an |the )?automatic (?:add to )?merge", TimelineKind.AUTO_MERGE),
    (r"(?:closed|closed via)\b", TimelineKind.CLOSED),
    (r"reopened\b", TimelineKind.REOPENED),
    (r"merged\b", TimelineKind.MERGED),
)
_KINDS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _SYSTEM)
_STATES = {"closed": TimelineKind.CLOSED, "reopened": TimelineKind.REOPENED, "merged": TimelineKind.MERGED}
_LABELS = {"add": TimelineKind.LABELED, "remove": TimelineKind.UNLABELED}
_MILESTONES = {"add": TimelineKind.MILESTONED, "remove": TimelineKind.DEMILESTONED}
#: `{-old-}` and `{+new+}` in a change of a text, each of them maybe several times in one text.
_OLD_TEXT, _NEW_TEXT = re.compile(r"\{-.*?-\}"), re.compile(r"\{\+(.*?)\+\}")
_TITLE = re.compile(r"changed title from \*\*(?P<old>.*)\*\* to \*\*(?P<new>.*)\*\*", re.DOTALL)
_SHOWN = {
    TimelineKind.RETARGETED: re.compile(r"to `([^`]+)`"),
    TimelineKind.BRANCH_DELETED: re.compile(r"`([^`]+)`"),
    TimelineKind.BRANCH_RESTORED: re.compile(r"`([^`]+)`"),
    TimelineKind.REFERENCED: re.compile(r"mentioned in (?:commit |merge request |issue )?(\S+)"),
}
_PEOPLE = frozenset(
    {
        TimelineKind.REVIEW_REQUESTED,
        TimelineKind.REVIEW_REQUEST_REMOVED,
        TimelineKind.ASSIGNED,
        TimelineKind.UNASSIGNED,
    }
)
_HANDLE = re.compile(r"@([A-Za-z0-9_][A-Za-z0-9_.-]*)")


def note_event(payload: payloads.Happening) -> TimelineItem:
    """A comment, or what a system note tells; `raw_kind` is GitLab's type of the note, or `system`."""
    kind = system_kind(payload.body or "") if payload.system else TimelineKind.COMMENTED
    return TimelineItem(
        kind=kind,
        raw_kind="system" if payload.system else payload.type or "note",
        actor=known(payload.author),
        at=moment(payload.created_at),
        subject=_subject(kind, payload.body or "") if payload.system else None,
        body=payload.body,
        id=f"note/{payload.id}",
    )


def system_kind(text: str) -> TimelineKind:
    """What a system note is about; `OTHER` for words that are not known here."""
    return next((kind for pattern, kind in _KINDS if pattern.match(text)), TimelineKind.OTHER)


def _subject(kind: TimelineKind, text: str) -> str | None:
    """What it was done with or to: the people by handle, the new title, a branch, what mentions it."""
    if kind in _PEOPLE:
        return ", ".join(_HANDLE.findall(text)) or None
    if kind is TimelineKind.RENAMED:
        found = _TITLE.match(text)
        return _NEW_TEXT.sub(r"\1", _OLD_TEXT.sub("", found["new"])) if found else None
    shown = _SHOWN.get(kind)
    found = shown.search(text) if shown else None
    return found[1] if found else None


def label_event(payload: payloads.LabelEvent) -> TimelineItem:
    """A label that was added or removed; its name is not known where it was deleted since."""
    return TimelineItem(
        kind=_LABELS.get(payload.action or "", TimelineKind.OTHER),
        raw_kind=f"label {payload.action or ''}".strip(),
        actor=known(payload.user),
        at=moment(payload.created_at),
        subject=payload.label.name if payload.label else None,
        id=f"label/{payload.id}",
    )


def milestone_event(payload: payloads.MilestoneEvent) -> TimelineItem:
    """A milestone that was set or removed."""
    return TimelineItem(
        kind=_MILESTONES.get(payload.action or "", TimelineKind.OTHER),
        raw_kind=f"milestone {payload.action or ''}".strip(),
        actor=known(payload.user),
        at=moment(payload.created_at),
        subject=payload.milestone.title if payload.milestone else None,
        id=f"milestone/{payload.id}",
    )


def state_event(payload: payloads.StateEvent) -> TimelineItem:
    """Closed, opened again or merged."""
    return TimelineItem(
        kind=_STATES.get(payload.state or "", TimelineKind.OTHER),
        raw_kind=f"state {payload.state or ''}".strip(),
        actor=known(payload.user),
        at=moment(payload.created_at),
        commit=payload.source_commit,
        id=f"state/{payload.id}",
    )
