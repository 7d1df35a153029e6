"""A lazy list that says whether it is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


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

    __slots__ = ("_cursor", "_ended", "_fetch", "_items", "_limit", "_lock", "_stopped")

    def __init__(
        self, fetch: Callable[[str | None], Page[T]], *, limit: int | None = None, after: str | None = None
    ) -> None:
        """`fetch(cursor)` returns the page after that cursor; `limit` counts items."""
        if limit is not None and limit < 0:
            raise ValueError("limit counts items and cannot be negative")
        self._fetch = fetch
        self._limit = limit
        self._items: list[T] = []
        self._cursor = after
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
        return self._cursor

    def _grow(self, index: int) -> bool:
        """Fetch until item `index` exists; tell whether it does."""
        with self._lock:
            while index >= len(self._items):
                if self._ended:
                    return False
                self._take(self._fetch(self._cursor))
            return True

    def _take(self, page: Page[T]) -> None:
        repeats = page.cursor is not None and page.cursor == self._cursor
        room = None if self._limit is None else self._limit - len(self._items)
        self._items.extend(page.items if room is None else page.items[:room])
        self._cursor = page.cursor
        full = self._limit is not None and len(self._items) >= self._limit
        more = page.cursor is not None or (room is not None and len(page.items) > room)
        self._stopped = page.stopped
        if repeats:
            self._stopped = "the host's next page is the page just read"
        elif full and more:
            self._stopped = "the limit was reached"
        self._ended = page.cursor is None or full or repeats

    def __repr__(self) -> str:
        return f"<Listing of {len(self._items)} read, complete={self.complete}>"
