"""The words of a search: complete, and not to be escaped from."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.errors import Rejected
from pullbridge.hosts.github import search
from pullbridge.model.orders import PullQuery
from pullbridge.model.pulls import Order, PullState, Role

#: As GitHub reads a query: words apart, quotes together.
TERM = re.compile(r'(?:[^\s":]+:)?(?:"[^"]*"|[^\s"]+)')
#: What ends a quotation, or might.
UNSAYABLE = re.compile(r'["\\\x00-\x1f\x7f]')


def words(**filters: object) -> str:
    return search.words(PullQuery(**filters), "octo/app")  # type: ignore[arg-type]  # as its fields are


def test_every_filter_is_said() -> None:
    """None is dropped, and each in GitHub's own words."""
    text = words(
        author="ada",
        reviewer="grace",
        assignee="@me",
        source="fix/edge",
        target="main",
        labels=("bug", "good first issue"),
        draft=False,
        text="off by one",
        order=Order.OLDEST_CREATED,
    )
    assert text == (
        "repo:octo/app is:pr is:open author:ada review-requested:grace assignee:@me head:fix/edge base:main "
        'label:bug label:"good first issue" draft:false "off by one" in:title,body sort:created-asc'
    )


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({PullState.OPEN}, "is:open"),
        ({PullState.MERGED}, "is:merged"),
        ({PullState.CLOSED}, "is:closed is:unmerged"),
        ({PullState.CLOSED, PullState.MERGED}, "is:closed"),
        (set(PullState), ""),
    ],
)
def test_states_are_told_apart(states: set[PullState], said: str) -> None:
    """Closed means closed without a merge, and only search can say that (GH-10)."""
    text = words(states=frozenset(states), author="ada")
    assert text == " ".join(f"repo:octo/app is:pr {said} author:ada sort:updated-desc".split())


@pytest.mark.parametrize("other", [PullState.CLOSED, PullState.MERGED])
def test_states_that_no_search_can_name_are_refused(other: PullState) -> None:
    """Rather than answered with more or less than was asked for."""
    with pytest.raises(Rejected, match="cannot search for open together"):
        words(states=frozenset({PullState.OPEN, other}))


@pytest.mark.parametrize("field", ["author", "reviewer", "assignee", "source", "target", "text", "labels"])
@pytest.mark.parametrize(
    "value",
    [
        'x" is:merged repo:other/private "',
        "x is:merged",
        "x\\",
        'x\\" is:merged',
        "x\nis:merged",
        "x\tOR\tis:merged",
        "-x",
        "OR",
        "not",
        "(x OR y)",
        "repo\u00a0other/private",
        "is\u2003merged",
    ],
)
def test_no_value_becomes_a_word_of_its_own(field: str, value: str) -> None:
    """Whatever a title, a branch or a label is called: it stays one value of its own qualifier."""
    if field == "source":
        # A colon parts the owner from the branch, and is refused before.
        value = value.replace(":", "/")
    if field != "text" and UNSAYABLE.search(value):
        # Without those signs it would be another one's name.
        with pytest.raises(Rejected, match="cannot search for"):
            words(**{field: (value,) if field == "labels" else value})
        return
    plain = TERM.findall(words(**{field: ("v",) if field == "labels" else "v"}))
    odd = TERM.findall(words(**{field: (value,) if field == "labels" else value}))
    assert len(odd) == len(plain)
    assert sum(one != other for one, other in zip(odd, plain, strict=True)) == 1
    assert "".join(odd).count("\\") == 0


@given(st.text(min_size=1, max_size=30), st.sampled_from(["author", "target", "text"]))
def test_any_text_is_one_value_or_refused(value: str, field: str) -> None:
    """The number of qualifiers is ours, whatever is typed."""
    try:
        text = words(**{field: value})
    except Rejected:
        if field != "text" and UNSAYABLE.search(value):
            return
        assert not value.replace('"', "").replace("\\", "").strip("\x00\x7f" + "".join(map(chr, range(32)))).strip()
        return
    names = Counter(term.partition(":")[0] for term in TERM.findall(text) if not term.startswith('"'))
    assert names["repo"] == names["is"] - 1 == names["sort"] == 1
    assert text.count('"') in {0, 2}


@pytest.mark.parametrize("value", ['"', "\\", '"\\"', "\n", "\x00"])
def test_a_filter_without_content_is_refused(value: str) -> None:
    """A qualifier without a value would be no filter at all."""
    with pytest.raises(Rejected, match="cannot search for"):
        words(labels=(value,))


def test_a_branch_with_its_owner_is_refused() -> None:
    """Search would find none, and an empty list would be a lie; REST lists by it."""
    with pytest.raises(Rejected, match="without their owner"):
        words(source="ada:fix", author="ada")
    assert not search.needed(PullQuery(source="ada:fix"))


def test_times_are_in_utc() -> None:
    """In whole seconds; a span is one range, which has both ends in it."""
    since = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    before = datetime(2026, 3, 2, tzinfo=UTC)
    assert "updated:>=2026-03-01T10:00:00Z" in words(updated_since=since)
    assert "updated:<2026-03-02T00:00:00Z" in words(updated_before=before)
    both = words(updated_since=since, updated_before=before)
    assert "updated:2026-03-01T10:00:00Z..2026-03-01T23:59:59Z" in both
    assert both.count("updated:") == 1


@pytest.mark.parametrize(
    ("filters", "needs"),
    [
        ({}, False),
        ({"source": "fix", "target": "main"}, False),
        ({"states": frozenset(PullState)}, False),
        ({"states": frozenset({PullState.CLOSED, PullState.MERGED})}, False),
        ({"states": frozenset({PullState.MERGED})}, True),
        ({"states": frozenset({PullState.CLOSED})}, True),
        ({"author": "ada"}, True),
        ({"labels": ("bug",)}, True),
        ({"draft": False}, True),
        ({"draft": True}, True),
        ({"with_checks": True}, True),
        ({"text": "x"}, True),
        ({"updated_since": datetime(2026, 3, 1, tzinfo=UTC)}, True),
    ],
)
def test_search_is_used_only_where_the_list_cannot_filter(filters: dict[str, object], needs: bool) -> None:
    """The list is complete and can be asked for again for free; search ends after 1,000 results."""
    assert search.needed(PullQuery(**filters)) is needs  # type: ignore[arg-type]  # as its fields are


@pytest.mark.parametrize("role", Role)
def test_an_inbox_is_mine_and_open(role: Role) -> None:
    """Over all repositories but the archived ones, newest first."""
    text = search.inbox(role)
    assert text.count("@me") == 1
    assert {"is:pr", "is:open", "archived:false", "sort:updated-desc"} < set(text.split())


@pytest.mark.parametrize(
    ("link", "last"),
    [
        (
            '<https://api.github.com/x?per_page=100&page=2>; rel="next", <https://api.github.com/x?page=7>; rel="last"',
            7,
        ),
        ('<https://api.github.com/x?page=2>; rel="next"', None),
        ('<https://api.github.com/x?per_page=9>; rel="last"', None),
        ('<https://api.github.com/x?page=99999999999999>; rel="last"', None),
        ('<https://api.github.com/x?page=-1>; rel="last"', None),
        ("", None),
        (";;,,<", None),
    ],
)
def test_the_last_page_is_read_from_the_links(link: str, last: int | None) -> None:
    """Only its number counts: the address itself is never followed. Nonsense is no number."""
    assert search.last_page(link) == last
