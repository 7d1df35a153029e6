"""What system notes and resource events tell."""

from __future__ import annotations

import msgspec
import pytest

from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.model.timeline import TimelineItem, TimelineKind

K = TimelineKind


def told(text: str) -> TimelineItem:
    """A system note as an event."""
    note = {
        "id": 301,
        "body": text,
        "system": True,
        "author": {"id": 5, "username": "ada"},
        "created_at": "2026-08-01T12:00:00Z",
    }
    return wire.note_event(msgspec.convert(note, payloads.Happening))


@pytest.mark.parametrize(
    ("text", "kind", "subject"),
    [
        ("added 2 commits\n\n<ul><li>abc - Fix</li></ul>", K.PUSHED, None),
        ("added 1 commit", K.PUSHED, None),
        ("requested review from @grace", K.REVIEW_REQUESTED, "grace"),
        ("requested review from @grace and @linus.t", K.REVIEW_REQUESTED, "grace, linus.t"),
        ("removed review request for @grace", K.REVIEW_REQUEST_REMOVED, "grace"),
        ("approved this merge request", K.REVIEWED, None),
        ("requested changes", K.REVIEWED, None),
        ("unapproved this merge request", K.REVIEW_DISMISSED, None),
        ("marked this merge request as **draft**", K.DRAFTED, None),
        ("marked this merge request as **ready**", K.READIED, None),
        ("marked as a **Work In Progress**", K.DRAFTED, None),
        ("unmarked as a **Work In Progress**", K.READIED, None),
        ("changed title from **Fix {-the-} edge** to **Fix {+an+} edge**", K.RENAMED, "Fix an edge"),
        ("changed target branch from `main` to `stable`", K.RETARGETED, "stable"),
        ("assigned to @ada", K.ASSIGNED, "ada"),
        ("unassigned @ada", K.UNASSIGNED, "ada"),
        ("assigned to @ada and unassigned @grace", K.ASSIGNED, "ada, grace"),
        ("removed assignee", K.UNASSIGNED, None),
        ("locked the discussion in this merge request", K.LOCKED, None),
        ("unlocked the discussion in this merge request", K.UNLOCKED, None),
        ("mentioned in commit 8e0b4504", K.REFERENCED, "8e0b4504"),
        ("mentioned in merge request !8", K.REFERENCED, "!8"),
        ("deleted source branch `fix`", K.BRANCH_DELETED, "fix"),
        ("restored source branch `fix`", K.BRANCH_RESTORED, "fix"),
        ("enabled an automatic merge when the pipeline for abc succeeds", K.AUTO_MERGE, None),
        ("canceled the automatic merge", K.AUTO_MERGE, None),
        ("aborted the automatic merge because the source branch was updated", K.AUTO_MERGE, None),
        ("started a merge train", K.QUEUED, None),
        ("added this merge request to the merge train at position 2", K.QUEUED, None),
        ("merged", K.MERGED, None),
        ("closed", K.CLOSED, None),
        ("reopened", K.REOPENED, None),
        ("changed the description", K.OTHER, None),
        ("danced", K.OTHER, None),
    ],
)
def test_system_notes(text: str, kind: TimelineKind, subject: str | None) -> None:
    """By how they begin; what is not known keeps its text (GL-30)."""
    found = told(text)
    assert (found.kind, found.subject, found.body, found.raw_kind) == (kind, subject, text, "system")
    assert found.actor is not None
    assert found.at is not None


@pytest.mark.parametrize(
    ("kind", "raw"), [(None, "note"), ("DiffNote", "DiffNote"), ("DiscussionNote", "DiscussionNote")]
)
def test_a_comment_is_one_whatever_it_says(kind: str | None, raw: str) -> None:
    """Words of people's are no events."""
    note = {"id": 1, "body": "merged", "type": kind, "system": False}
    found = wire.note_event(msgspec.convert(note, payloads.Happening))
    assert (found.kind, found.raw_kind, found.subject, found.actor) == (K.COMMENTED, raw, None, None)


def test_resource_events() -> None:
    """Labels, milestones and states are kept apart from the notes; what was deleted since has no name."""
    label = msgspec.convert({"id": 1, "action": "add", "label": {"name": "bug"}}, payloads.LabelEvent)
    gone = msgspec.convert({"id": 2, "action": "remove", "label": None}, payloads.LabelEvent)
    milestone = msgspec.convert(
        {"id": 3, "action": "add", "milestone": {"id": 9, "title": "1.0"}}, payloads.MilestoneEvent
    )
    state = msgspec.convert({"id": 4, "state": "merged", "source_commit": "a" * 40}, payloads.StateEvent)
    odd = msgspec.convert({"id": 5, "state": "thawed"}, payloads.StateEvent)
    found = [
        wire.label_event(label),
        wire.label_event(gone),
        wire.milestone_event(milestone),
        wire.state_event(state),
        wire.state_event(odd),
    ]
    assert [(each.kind, each.subject, each.raw_kind) for each in found] == [
        (K.LABELED, "bug", "label add"),
        (K.UNLABELED, None, "label remove"),
        (K.MILESTONED, "1.0", "milestone add"),
        (K.MERGED, None, "state merged"),
        (K.OTHER, None, "state thawed"),
    ]
    assert len({each.id for each in found}) == len(found)
