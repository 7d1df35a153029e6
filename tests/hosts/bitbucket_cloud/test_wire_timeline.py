"""What happened, out of what it was like after each change."""

from __future__ import annotations

from typing import Any

import msgspec

from pullbridge import TimelineKind
from pullbridge.hosts.bitbucket_cloud import payloads, wire


def rows(*told: dict[str, Any]) -> list[payloads.Activity]:
    return msgspec.convert(list(told), list[payloads.Activity])


def was(date: str, state: str = "OPEN", head: str = "a" * 12, target: str = "main", **more: Any) -> dict[str, Any]:
    return {
        "update": {
            "date": f"2026-03-0{date}T00:00:00+00:00",
            "state": state,
            "title": "t",
            "source": {"commit": {"hash": head}},
            "destination": {"branch": {"name": target}},
            **more,
        }
    }


def test_one_change_may_be_several_things() -> None:
    """Each is an item of its own."""
    changed = was("2", head="b" * 12, target="next", title="Better", draft=True)
    items = wire.timeline(rows(was("1", draft=False), changed))
    assert [each.kind for each in items] == [
        TimelineKind.OTHER,
        TimelineKind.PUSHED,
        TimelineKind.RENAMED,
        TimelineKind.RETARGETED,
        TimelineKind.DRAFTED,
    ]
    assert [each.subject for each in items[2:4]] == ["Better", "next"]


def test_the_same_commit_by_more_digits_is_no_push() -> None:
    """Twelve digits and forty."""
    items = wire.timeline(rows(was("1", head="a" * 12), was("2", head="a" * 40)))
    assert [(each.kind, each.raw_kind) for each in items[1:]] == [(TimelineKind.OTHER, "update")]


def test_who_was_asked_is_told_where_it_is() -> None:
    """And a new description is something else."""
    changes = {"reviewers": {"added": [{"nickname": "grace"}], "removed": [{"nickname": "linus"}]}, "description": {}}
    items = wire.timeline(rows(was("1"), was("2", changes=changes)))
    assert [(each.kind, each.subject) for each in items[1:]] == [
        (TimelineKind.REVIEW_REQUESTED, "grace"),
        (TimelineKind.REVIEW_REQUEST_REMOVED, "linus"),
    ]
    described = wire.timeline(rows(was("1"), was("2", changes={"description": {"old": "a", "new": "b"}})))
    assert described[1].raw_kind == "update description"


def test_an_end_has_its_reason() -> None:
    """Declined with words, and merged without."""
    items = wire.timeline(rows(was("1"), was("2", "DECLINED", reason="No longer needed")))
    assert (items[1].kind, items[1].body) == (TimelineKind.CLOSED, "No longer needed")


def test_a_deleted_comment_has_no_text() -> None:
    """It happened all the same; so did what has no name here."""
    deleted = {"comment": {"id": 3, "deleted": True, "content": {"raw": ""}}}
    items = wire.timeline(rows(deleted, {"approval": {"date": "2026-03-01T00:00:00Z"}}, {"attachment": {}}))
    assert [(each.kind, each.body) for each in items] == [
        (TimelineKind.COMMENTED, None),
        (TimelineKind.REVIEWED, None),
        (TimelineKind.OTHER, None),
    ]


def test_when_it_ended_is_when_it_came_to_be_so() -> None:
    """Not when something was changed afterwards; newest first."""
    newest_first = rows({"comment": {"id": 1}}, was("4", "MERGED"), was("3", "MERGED"), was("2"), was("1"))
    ended = wire.ended(newest_first, "MERGED")
    assert ended is not None
    assert ended.day == 3
    assert wire.ended(rows(was("1")), "MERGED") is None
    assert wire.ended([], "MERGED") is None
