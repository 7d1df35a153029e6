"""Standings, heads of verdicts, reports and tasks out of Bitbucket's words: pure."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pullbridge import Check, CheckState, Person, ReviewState
from pullbridge.hosts.bitbucket_cloud import payloads, wire

ME = Person(id="{me}", handle="me")


def participant(uuid: str = "{me}", **more: Any) -> payloads.Participant:
    user = {"uuid": uuid, "nickname": uuid.strip("{}")}
    return msgspec.convert({"user": user, "role": "REVIEWER", "state": None, **more}, payloads.Participant)


def event(**what: Any) -> payloads.Activity:
    return msgspec.convert(what, payloads.Activity)


def push(at: str, commit: str) -> payloads.Activity:
    return event(update={"date": at, "source": {"commit": {"hash": commit}}})


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, ReviewState.REQUESTED),
        ({"participated_on": "2026-01-01T10:00:00+00:00"}, ReviewState.COMMENTED),
        ({"state": "approved", "approved": True}, ReviewState.APPROVED),
        ({"state": "changes_requested"}, ReviewState.CHANGES_REQUESTED),
        ({"state": "a new word"}, ReviewState.REQUESTED),
        ({"approved": True}, ReviewState.APPROVED),
        ({"role": "PARTICIPANT"}, None),
        ({"role": "PARTICIPANT", "participated_on": "2026-01-01T10:00:00+00:00"}, None),
        ({"role": "PARTICIPANT", "state": "approved"}, ReviewState.APPROVED),
    ],
    ids=str,
)
def test_standings(more: dict[str, Any], state: ReviewState | None) -> None:
    """Older answers have only `approved`; who was not asked counts by a verdict alone."""
    assert wire.standing(participant(**more)) is state


def test_a_verdict_is_about_the_head_of_its_time() -> None:
    """By the newest push before it; unknown where the events do not reach so far."""
    rows = [participant(state="approved", participated_on="2026-01-02T10:00:00+00:00")]
    events = [
        push("2026-01-03T00:00:00+00:00", "c" * 12),
        push("2026-01-02T09:59:59+00:00", "b" * 12),
        event(approval={"date": "2026-01-02T10:00:00+00:00"}),
        push("2026-01-01T00:00:00+00:00", "a" * 12),
    ]
    (review,) = wire.reviews(rows, events, ME)
    assert (review.commit, review.mine, review.state) == ("b" * 12, True, ReviewState.APPROVED)
    assert wire.reaches(events, rows)
    assert not wire.reaches(events[:1], rows)
    assert wire.reviews(rows, events[:1], None)[0].commit is None
    assert wire.completed([review], {"b" * 12: "b" * 40})[0].commit == "b" * 40


def test_reviews_are_in_order() -> None:
    """The oldest first; those without a time before all others."""
    rows = [
        participant("{b}", state="approved", participated_on="2026-01-02T10:00:00+00:00"),
        participant("{a}", state="changes_requested", participated_on="2026-01-01T10:00:00+00:00"),
        participant("{c}", state="approved"),
        participant("{d}"),
    ]
    assert [each.id for each in wire.reviews(rows, (), None)] == ["{c}", "{a}", "{b}"]


def test_whom_a_write_has_just_asked_is_a_reviewer() -> None:
    """Although the participants do not have them yet."""
    pull = msgspec.convert({"id": 1, "reviewers": [{"uuid": "{new}", "nickname": "new"}]}, payloads.PullRequest)
    pull.participants = [participant("{old}")]
    assert [(each.person.handle, each.state) for each in wire.reviewers(pull)] == [
        ("old", ReviewState.REQUESTED),
        ("new", ReviewState.REQUESTED),
    ]


def test_one_check_a_key() -> None:
    """The one that changed last, whatever the order; an unknown word is unknown, and kept."""
    rows = [
        {"key": "a", "name": "A", "state": "SUCCESSFUL", "updated_on": "2026-01-02T00:00:00+00:00"},
        {"key": "a", "name": "A", "state": "FAILED", "updated_on": "2026-01-01T00:00:00+00:00"},
        {"key": "b", "name": "", "state": "SLEEPING"},
    ]
    found = wire.checks([msgspec.convert(row, payloads.CommitStatus) for row in rows])
    assert [(each.name, each.state, each.raw_state) for each in found] == [
        ("A", CheckState.SUCCESS, "SUCCESSFUL"),
        ("b", CheckState.UNKNOWN, "SLEEPING"),
    ]


def test_a_check_that_goes_on_has_no_end() -> None:
    """Its last change is no end."""
    row = {
        "key": "a",
        "state": "INPROGRESS",
        "created_on": "2026-01-01T00:00:00Z",
        "updated_on": "2026-01-02T00:00:00Z",
    }
    check: Check = wire.check(msgspec.convert(row, payloads.CommitStatus))
    assert check.started_at is not None
    assert check.completed_at is None


def test_keys_are_short_and_stable() -> None:
    """A name as it is, where it fits; else always the same forty characters, and others for another name."""
    long = "x" * 41
    assert (wire.key("ci"), wire.key("y" * 40)) == ("ci", "y" * 40)
    assert wire.key(long) == wire.key(long) != wire.key(long + "x")
    assert len(wire.key(long)) == 40


def test_tasks() -> None:
    """Their state in one bit; what lacks is not made up."""
    row = {"id": 1, "content": {"raw": "Do it."}, "state": "RESOLVED", "comment": {"id": 5}}
    task = wire.task(msgspec.convert(row, payloads.Task))
    assert (task.text, task.done, task.comment_id, task.author) == ("Do it.", True, "5", None)
    assert wire.task(payloads.Task(id=2)).done is False
