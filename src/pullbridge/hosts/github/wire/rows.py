"""Rows of a GraphQL connection."""

from __future__ import annotations

from typing import TypeVar

from pullbridge.hosts.github import payloads

T = TypeVar("T")


def rows(connection: payloads.Connection[T] | None) -> list[T]:
    """All rows at hand; none where the connection was not asked for."""
    return [] if connection is None else connection.items
