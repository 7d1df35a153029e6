"""Times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pullbridge.hosts import moments

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(value: int | str | None) -> datetime | None:
    """A time in UTC from milliseconds since 1970, or from a text; `None` for none, and for one out of the calendar.

    Texts come where somebody in between has written the answer anew; see drone/go-scm's samples with ISO 8601.
    """
    if not isinstance(value, int):
        return moments.moment(value)
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        return None
