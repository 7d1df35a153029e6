"""GraphQL's lists read to their end, page after page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pullbridge.errors import BadAnswer
from pullbridge.hosts.graphql import Connection

R = TypeVar("R")


def onward(first: Connection[R] | None, page: Callable[[str], Connection[R] | None], *, who: str, host: str) -> list[R]:
    """The rows behind the first page; `who` is the product as one says it to people.

    Raises `BadAnswer` when the pages lead in a circle. https://graphql.org/learn/pagination/
    """
    rows: list[R] = []
    after, seen = first.rest if first else None, set[str]()
    while after is not None:
        if after in seen:
            text = f"{who}'s pages lead in a circle, so that the list has no end."
            raise BadAnswer(text, what="a list", host=host)
        seen.add(after)
        found = page(after)
        rows += found.items if found else []
        after = found.rest if found else None
    return rows
