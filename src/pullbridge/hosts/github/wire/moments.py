"""Times."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(value: datetime | None) -> datetime | None:
    """An aware time; GitHub's are in UTC even where they do not say so."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
