"""A lazy list that says whether it is complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

#: A cursor within a page: how many of its items were taken, and the host's cursor of that page.
_WITHIN = re.compile(r"~(\d{1,9})~(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A stretch of a list as fetched: rows, the cursor after them (`None` at the end), and why it stops short."""

    items: tuple[T, ...]
    cursor: str | None = None
    stopped: str | None = None


class Listing(Generic[T]):
    """An iterable that fetches as it is read, and may be read again without fetching again.

    `complete` is `None` until the end was reached, then whether that was the true end; `stopped` says why it was not;
    `cursor` continues after what was read (`list(…, after=cursor)`). Iterating may raise any `BridgeError`; what was
    read before stays readable.
    """

    __slots__ = ("_cursor", "_ended", "_fetch", "_items", "_limit", "_lock", "_read", "_skip", "_stopped")

    def __init__(
        self, fetch: Callable[[str | None], Page[T]], *, limit: int | None = None, after: str | None = None
    ) -> None:
        """`fetch(cursor)` returns the page after that cursor; `limit` counts items."""
        if limit is not None and limit < 0:
            raise ValueError("limit counts items and cannot be negative")
        self._fetch = fetch
        self._limit = limit
        self._items: list[T] = []
        self._skip, self._cursor = _parted(after)
        self._read: set[str | None] = set()
        self._ended = limit == 0
        self._stopped: str | None = "the limit was reached" if limit == 0 else None
        self._lock = Lock()

    def __iter__(self) -> Iterator[T]:
        index = 0
        while True:
            if index >= len(self._items) and not self._grow(index):
                return
            yield self._items[index]
            index += 1

    def first(self) -> T | None:
        """The first item, or `None`."""
        return next(iter(self), None)

    @property
    def complete(self) -> bool | None:
        """Whether everything has been read: `None` while not at the end, `False` when the list ends early."""
        if not self._ended:
            return None
        return self._stopped is None

    @property
    def stopped(self) -> str | None:
        """Why the list ends early, in words."""
        return self._stopped

    @property
    def cursor(self) -> str | None:
        """Where to go on after what has been read; `None` at the true end."""
        return f"~{self._skip}~{self._cursor or ''}" if self._skip else self._cursor

    def _grow(self, index: int) -> bool:
        """Fetch until item `index` exists; tell whether it does."""
        with self._lock:
            while index >= len(self._items):
                if self._ended:
                    return False
                self._take(self._fetch(self._cursor))
            return True

    def _take(self, page: Page[T]) -> None:
        self._read.add(self._cursor)
        fresh = page.items[self._skip :]
        taken = fresh if self._limit is None else fresh[: self._limit - len(self._items)]
        skipped = len(page.items) - len(fresh)
        self._items.extend(taken)
        full = self._limit is not None and len(self._items) >= self._limit
        if len(taken) < len(fresh):
            # The rest of this page is still to come for whoever goes on: this page again, without what was taken.
            self._skip, self._stopped, self._ended = skipped + len(taken), "the limit was reached", True
            return
        self._skip = self._skip - skipped if page.cursor is not None else 0
        self._cursor, self._stopped = page.cursor, page.stopped
        if page.cursor is not None and page.cursor in self._read:
            self._stopped, self._ended = "the host's next page is one that was read before", True
        elif page.cursor is not None and full:
            self._stopped, self._ended = "the limit was reached", True
        self._ended = self._ended or page.cursor is None

    def __repr__(self) -> str:
        return f"<Listing of {len(self._items)} read, complete={self.complete}>"


def _parted(cursor: str | None) -> tuple[int, str | None]:
    """How many items to leave out, and the host's own cursor."""
    found = _WITHIN.fullmatch(cursor) if cursor is not None else None
    return (int(found[1]), found[2] or None) if found else (0, cursor)
