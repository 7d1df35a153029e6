"""Rate limits in headers named `…limit`, `…remaining` and `…reset` (seconds since 1970): pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pullbridge.capabilities import Budget


def budget(headers: Mapping[str, str], prefix: str, resource: str) -> Budget | None:
    """What is left, where the answer says so; `resource` is the header that names which limit it is about."""
    limit, remaining = number(headers.get(f"{prefix}limit")), number(headers.get(f"{prefix}remaining"))
    if limit is None or remaining is None:
        return None
    reset = number(headers.get(f"{prefix}reset"))
    return Budget(
        limit=limit,
        remaining=remaining,
        resets_at=float(reset) if reset is not None else None,
        resource=headers.get(resource),
    )


def resets_at(headers: Mapping[str, str], prefix: str) -> datetime | None:
    """When it is renewed."""
    seconds = number(headers.get(f"{prefix}reset"))
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def number(value: str | None) -> int | None:
    """A header's plain number."""
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 16 else None
