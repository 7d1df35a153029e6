"""Lazy lists: how much they fetch, and what they say of their end."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.errors import HostDown
from pullbridge.model.listing import Listing, Page

Fetch = Callable[[str | None], Page[int]]


class Pages:
    """A host with pages of numbers; remembers which cursors it was asked for."""

    def __init__(self, *pages: tuple[int, ...], stopped: str | None = None) -> None:
        self.pages = pages
        self.asked: list[str | None] = []
        self.stopped = stopped

    def __call__(self, cursor: str | None) -> Page[int]:
        self.asked.append(cursor)
        index = int(cursor or 0)
        last = index + 1 >= len(self.pages)
        return Page(
            items=self.pages[index], cursor=None if last else str(index + 1), stopped=self.stopped if last else None
        )


def test_nothing_is_fetched_before_it_is_read() -> None:
    """A list is free until somebody looks, and does not yet know its end."""
    pages = Pages((1, 2), (3,))
    listing = Listing(pages)
    assert (pages.asked, listing.complete, listing.stopped) == ([], None, None)


def test_one_item_costs_one_page() -> None:
    """N-24: who stops after the first item pays for one page."""
    pages = Pages((1, 2), (3,))
    assert Listing(pages).first() == 1
    assert pages.asked == [None]


def test_a_whole_list_is_complete() -> None:
    """All pages, in order; then it says that this was all, and reading again asks nobody."""
    pages = Pages((1, 2), (3,), (4,))
    listing = Listing(pages)
    assert list(listing) == list(listing) == [1, 2, 3, 4]
    assert (pages.asked, listing.complete, listing.stopped, listing.cursor) == ([None, "1", "2"], True, None, None)


def test_an_empty_list_is_complete() -> None:
    """None is a number, too."""
    listing = Listing(Pages(()))
    assert listing.first() is None
    assert listing.complete


def test_an_empty_page_is_not_the_end() -> None:
    """A host may filter after it has cut its pages."""
    assert list(Listing(Pages((), (1,), (), (2,)))) == [1, 2]


def test_a_page_that_points_to_itself_ends_the_list() -> None:
    """N-22: no endless loop, and the list says why it ends."""
    listing = Listing(lambda _: Page(items=(1,), cursor="again"))
    assert list(listing) == [1, 1]
    assert listing.complete is False
    assert listing.stopped == "the host's next page is one that was read before"


def test_pages_that_point_at_each_other_end_the_list() -> None:
    """N-22: a longer circle is a circle, too."""
    turns = {None: "a", "a": "b", "b": "a"}
    asked: list[str | None] = []

    def fetch(cursor: str | None) -> Page[int]:
        asked.append(cursor)
        assert len(asked) < 20, "the list goes round and round"
        return Page(items=(len(asked),), cursor=turns[cursor])

    listing = Listing(fetch)
    assert len(list(listing)) <= 4
    assert listing.complete is False


def test_a_limit_bounds_what_is_fetched() -> None:
    """N-23: of three pages with a limit of two pages' items, two are asked for, and the list says that there is more."""
    pages = Pages((1, 2), (3, 4), (5, 6))
    listing = Listing(pages, limit=4)
    assert list(listing) == [1, 2, 3, 4]
    assert (pages.asked, listing.complete, listing.stopped) == ([None, "1"], False, "the limit was reached")


@pytest.mark.parametrize("limit", [5, 6])
def test_a_limit_that_cuts_nothing_off_is_no_stop(limit: int) -> None:
    """Exactly as many as there are: complete."""
    listing = Listing(Pages((1, 2), (3, 4), (5,)), limit=limit)
    assert list(listing) == [1, 2, 3, 4, 5]
    assert listing.complete


def test_a_limit_within_the_last_page_is_a_stop() -> None:
    """What the host gave and the limit cut off is told."""
    listing = Listing(Pages((1, 2, 3)), limit=2)
    assert list(listing) == [1, 2]
    assert (listing.complete, listing.stopped) == (False, "the limit was reached")


def test_a_limit_of_nothing_asks_nobody() -> None:
    """Zero items need no request; less than zero is a mistake."""
    pages = Pages((1,))
    assert list(Listing(pages, limit=0)) == []
    assert pages.asked == []
    with pytest.raises(ValueError, match="cannot be negative"):
        Listing(pages, limit=-1)


def test_a_cursor_goes_on() -> None:
    """What one list stopped at, another begins after: nothing twice, nothing lost."""
    pages = Pages((1, 2), (3, 4), (5,))
    first = Listing(pages, limit=2)
    begun = list(first)
    assert begun + list(Listing(pages, after=first.cursor)) == [1, 2, 3, 4, 5]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.lists(st.integers(1, 7), max_size=8))
def test_cursors_lose_nothing(sizes: list[int], limits: list[int]) -> None:
    """However the limits fall across the pages, going on gives every item once, in order."""
    numbers = iter(range(100))
    pages = Pages(*(tuple(next(numbers) for _ in range(size)) for size in sizes))
    found: list[int] = []
    cursor: str | None = None
    for limit in [*limits, None]:
        listing = Listing(pages, limit=limit, after=cursor)
        found += list(listing)
        cursor = listing.cursor
        if listing.complete:
            break
    assert cursor is None
    assert found == list(range(sum(sizes)))


def test_a_cursor_within_a_page_may_be_read_by_smaller_pages() -> None:
    """A host may cut its pages by the limit: what is left out is counted over all of them."""
    first = Listing(Pages((1, 2, 3, 4, 5)), limit=3)
    begun = list(first)
    assert begun + list(Listing(Pages((1, 2), (3, 4), (5,)), after=first.cursor)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("cursor", ["~", "~x~y", "~1", "Y3Vyc29y", ""])
def test_a_cursor_that_is_not_ours_is_the_hosts(cursor: str) -> None:
    """Only the host knows what its cursors look like."""
    asked: list[str | None] = []

    def fetch(at: str | None) -> Page[int]:
        asked.append(at)
        return Page(items=())

    list(Listing(fetch, after=cursor))
    assert asked == [cursor]


def test_the_hosts_own_end_is_told() -> None:
    """A search that ends after 1,000 results is not complete."""
    listing = Listing(Pages((1,), (2,), stopped="the search ends here"))
    assert list(listing) == [1, 2]
    assert (listing.complete, listing.stopped) == (False, "the search ends here")


def test_what_was_read_stays_after_an_error() -> None:
    """A page that fails can be asked for again; the pages before it are not."""
    pages, down = Pages((1,), (2,)), [True]

    def fetch(cursor: str | None) -> Page[int]:
        if cursor == "1" and down:
            raise HostDown("Down.")
        return pages(cursor)

    listing = Listing(fetch)
    with pytest.raises(HostDown):
        list(listing)
    assert listing.complete is None
    down.clear()
    assert list(listing) == [1, 2]
    assert pages.asked == [None, "1"]


def test_threads_share_what_is_fetched() -> None:
    """Eight readers of one list see the same items, and no page is asked for twice."""
    pages = Pages(*(((i,) * 3) for i in range(30)))
    listing, ready = Listing(pages), Barrier(8)
    seen: list[list[int]] = []

    def read() -> None:
        ready.wait()
        seen.append(list(listing))

    readers = [Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(seen) == 8
    assert all(each == seen[0] for each in seen)
    assert len(pages.asked) == len(set(pages.asked)) == 30


@given(st.lists(st.lists(st.integers(), max_size=3).map(tuple), min_size=1, max_size=6), st.none() | st.integers(0, 20))
def test_a_list_is_what_the_pages_hold(pages: list[tuple[int, ...]], limit: int | None) -> None:
    """The first `limit` items of all pages, and `complete` exactly when that is all."""
    every = [item for page in pages for item in page]
    listing = Listing(Pages(*pages), limit=limit)
    assert list(listing) == (every if limit is None else every[:limit])
    if limit is None or limit > len(every):
        assert listing.complete
    if limit is not None and limit < len(every):
        assert listing.complete is False
    assert (listing.stopped is None) is bool(listing.complete)


def test_repr_fetches_nothing() -> None:
    """A debugger may look at it."""
    pages = Pages((1,))
    assert repr(Listing(pages)) == "<Listing of 0 read, complete=None>"
    assert pages.asked == []
