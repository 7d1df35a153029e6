"""Lists of merge requests: every filter is said or applied here, and none is dropped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from pullbridge.errors import Rejected
from pullbridge.hosts.gitlab import payloads, search
from pullbridge.model.orders import PullQuery
from pullbridge.model.pulls import Order, PullState

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
ROW: dict[str, Any] = {
    "iid": 7,
    "source_project_id": 3,
    "target_project_id": 3,
    "title": "t",
    "state": "opened",
    "source_branch": "fix",
    "target_branch": "main",
    "author": {"username": "ada"},
    "assignees": [{"username": "ada"}, {"username": "grace"}],
    "reviewers": [{"username": "grace"}],
    "labels": [{"name": "bug"}, {"name": "ux"}],
    "draft": False,
    "updated_at": NOON.isoformat(),
}


def query(**filters: Any) -> PullQuery:
    return PullQuery(**filters)


def row(**said: Any) -> payloads.MergeRequest:
    return msgspec.convert({**ROW, **said}, payloads.MergeRequest)


def test_the_scope_is_always_all() -> None:
    """GitLab's own default is what I have made; and rows with details come from no cache (GL-57)."""
    words = search.words(query())
    assert (words["scope"], words["with_labels_details"], words["state"]) == ("all", "true", "opened")
    assert "wip" not in words


def test_every_filter_is_said() -> None:
    """Each in GitLab's own words (GL-02)."""
    east = NOON.astimezone(timezone(timedelta(hours=2)))
    words = search.words(
        query(
            states=frozenset({PullState.MERGED}),
            author="ada",
            reviewer="grace",
            assignee="ada",
            source="fix/edge",
            target="main",
            labels=("bug", "good first issue"),
            updated_since=east,
            updated_before=NOON + timedelta(microseconds=5),
            text="off by one",
            draft=False,
            order=Order.OLDEST_CREATED,
        )
    )
    assert words == {
        "scope": "all",
        "with_labels_details": "true",
        "state": "merged",
        "author_username": "ada",
        "reviewer_username": "grace",
        "assignee_username": "ada",
        "source_branch": "fix/edge",
        "target_branch": "main",
        "labels": "bug,good first issue",
        "updated_after": "2026-08-01T12:00:00Z",
        "updated_before": "2026-08-01T12:00:00.000005Z",
        "search": "off by one",
        "in": "title,description",
        "wip": "no",
        "order_by": "created_at",
        "sort": "asc",
    }


@pytest.mark.parametrize(
    "states",
    [
        {PullState.OPEN, PullState.CLOSED},
        {PullState.OPEN, PullState.MERGED},
        {PullState.CLOSED, PullState.MERGED},
        set(PullState),
    ],
)
def test_several_states_are_chosen_here(states: set[PullState]) -> None:
    """GitLab filters by one of them, or not at all."""
    wanted = query(states=frozenset(states))
    assert search.words(wanted)["state"] == "all"
    words = {"opened": PullState.OPEN, "locked": PullState.OPEN, "closed": PullState.CLOSED, "merged": PullState.MERGED}
    assert {word for word in words if search.fits(row(state=word), wanted)} == {
        word for word, state in words.items() if state in states
    }


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        ({}, True),
        ({"author": "ADA"}, True),
        ({"author": "@ada"}, True),
        ({"author": "grace"}, False),
        ({"reviewer": "grace"}, True),
        ({"reviewer": "ada"}, False),
        ({"assignee": "grace"}, True),
        ({"assignee": "linus"}, False),
        ({"source": "fix"}, True),
        ({"source": "ada:fix"}, True),
        ({"source": "fix/edge"}, False),
        ({"target": "main"}, True),
        ({"target": "mai"}, False),
        ({"labels": ("bug",)}, True),
        ({"labels": ("BUG", "ux")}, True),
        ({"labels": ("bug", "docs")}, False),
        ({"draft": False}, True),
        ({"draft": True}, False),
        ({"updated_since": NOON}, True),
        ({"updated_since": NOON + timedelta(seconds=1)}, False),
        ({"updated_before": NOON}, False),
        ({"updated_before": NOON + timedelta(seconds=1)}, True),
    ],
)
def test_a_row_is_judged_again(filters: dict[str, Any], fits: bool) -> None:
    """A GitLab that does not know a filter passes over it in silence, and a span there includes its end."""
    assert search.fits(row(), query(**filters)) is fits


def test_a_branch_without_an_owner_is_one_of_this_project() -> None:
    """One of the same name in a fork is another one, and its owner stands before a colon."""
    theirs = row(source_project_id=8)
    assert not search.fits(theirs, query(source="fix"))
    assert search.fits(theirs, query(source="ada:fix"))
    assert search.fits(theirs, query())


def test_what_a_row_does_not_say_rules_nothing_out() -> None:
    """Reviewers before 13.8, drafts before 13.2, one assignee alone before several."""
    old = msgspec.convert(
        {**ROW, "draft": None, "work_in_progress": True, "assignees": None, "reviewers": None}, payloads.MergeRequest
    )
    assert search.fits(old, query(reviewer="linus"))
    assert search.fits(old, query(draft=True))
    assert not search.fits(old, query(draft=False))
    assert search.fits(row(assignees=None, assignee={"username": "ada"}), query(assignee="ada"))
    assert not search.fits(row(author=None), query(author="ada"))


@pytest.mark.parametrize("name", ["None", "any", "ANY"])
@pytest.mark.parametrize(
    ("field", "word"), [("reviewer", "reviewer_username"), ("assignee", "assignee_username"), ("labels", "labels")]
)
def test_somebody_called_none_is_looked_for_here(field: str, word: str, name: str) -> None:
    """GitLab would take the name for "nobody" or "anybody"."""
    wanted = query(**{field: (name,) if field == "labels" else name})
    assert word not in search.words(wanted)
    assert not search.fits(row(), wanted)


def test_a_label_with_a_comma_is_refused() -> None:
    """It would be two labels."""
    with pytest.raises(Rejected, match="no comma"):
        search.words(query(labels=("bug,ux",)))
