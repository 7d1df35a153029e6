"""Filters and orders of lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pullbridge.testing.store import records

Item = TypeVar("Item")

_KEYS: dict[str, str] = {"CREATED_AT": "created_at", "UPDATED_AT": "updated_at", "NAME": "name"}


def in_order(items: Iterable[Item], order: dict[str, str] | None) -> list[Item]:
    """Sort by a GraphQL order (`{"field": …, "direction": …}`); without one the order stays."""
    given = list(items)
    if order is None:
        return given
    attribute = _KEYS.get(order["field"])
    if attribute is None or not all(hasattr(item, attribute) for item in given):
        return given
    return sorted(
        given, key=lambda item: (getattr(item, attribute), item_id(item)), reverse=order["direction"] == "DESC"
    )


def item_id(item: Any) -> int:
    """What breaks ties."""
    number: int = item.id
    return number


def listed(
    pulls: Iterable[records.PullRequest],
    *,
    states: Sequence[str] | None = None,
    head_ref_name: str | None = None,
    base_ref_name: str | None = None,
    labels: Sequence[str] | None = None,
    order_by: dict[str, str] | None = None,
) -> list[records.PullRequest]:
    """The pull requests that fit all filters, oldest first unless ordered otherwise. One of the labels is enough."""
    wanted = {name.lower() for name in labels or ()}
    chosen = [
        pull
        for pull in pulls
        if (not states or pull.state.upper() in states)
        and head_ref_name in {None, pull.source_branch}
        and base_ref_name in {None, pull.target_branch}
        and (not wanted or wanted & {label.name.lower() for label in pull.labels})
    ]
    return in_order(chosen, order_by)
