"""Times."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(value: datetime | None) -> datetime | None:
    """A time in UTC, as GitHub's are even where they do not say so."""
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar there is no other zone
        return value
