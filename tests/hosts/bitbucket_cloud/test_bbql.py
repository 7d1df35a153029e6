"""Filters that no text gets out of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pullbridge.hosts.bitbucket_cloud import bbql


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("plain", '"plain"'),
        ('say "hi"', r'"say \"hi\""'),
        ('" OR state="MERGED', r'"\" OR state=\"MERGED"'),
        ("back\\slash", r'"back\\slash"'),
        ('\\" OR x="', r'"\\\" OR x=\""'),
        ("ünï ☃", '"ünï ☃"'),
    ],
)
def test_a_text_stays_one(value: str, literal: str) -> None:
    """Quotes and backslashes in it are no end of it."""
    assert bbql.text(value) == literal


def test_times_are_in_utc_with_their_zone() -> None:
    """As ISO 8601."""
    there = datetime(2026, 3, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert bbql.moment(there) == "2026-03-01T12:00:00+00:00"
    assert bbql.moment(datetime(2026, 3, 1, tzinfo=UTC)) == "2026-03-01T00:00:00+00:00"


def test_parts_hold_together() -> None:
    """Those that there are; none is no filter."""
    assert bbql.both(("a=1", None, "", "b=2")) == "a=1 AND b=2"
    assert bbql.both((None,)) is None
