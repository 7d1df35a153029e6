"""Times."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(value: datetime | str | None) -> datetime | None:
    """An aware time; `None` for none, and for a text that is none. GitLab's are ISO 8601, in any zone."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
