"""Times, as values have them: aware, and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(value: datetime | str | None) -> datetime | None:
    """A time in UTC, which one without a zone is taken for; `None` for none, and for a text that is no ISO 8601."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar there is no other zone
        return value
