"""Filters in Bitbucket's query language: pure.

Texts stand in double quotes; a quote or a backslash in one has a backslash before it, so that no text becomes a part of
the query. https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime


def text(value: str) -> str:
    """A text as a literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def moment(value: datetime) -> str:
    """A time as a literal, in UTC."""
    return value.astimezone(UTC).isoformat()


def both(parts: Iterable[str | None]) -> str | None:
    """All of these at once; `None` for none at all."""
    return " AND ".join(part for part in parts if part) or None
