"""Columns: carried with their word, clamped to their line, and counted as editors count them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.anchoring import carry_column, from_utf16, to_utf16

LINES = st.text(st.characters(exclude_characters="\n\r\ufeff", exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize(
    ("old", "new", "token", "expected"),
    [
        ("total = price * count", "total = price * count", "price", 8),
        ("total = price * count", "the_total = price * count", "price", 12),
        ("total = price * count", "total = round(price * count, 2)", "price", 14),
        ("call(alpha, beta)", "call(beta, alpha)", "alpha", 11),
        ("call(alpha, beta)", "invoke(x, alpha, b, beta)", "beta", 20),
        ("a = item + 1", "a = items + item + 2", "item", 12),  # a longer word is another word
        ("x = f(n) + g(n)", "y = f(m) + h(k) + g(n)!", "g", 18),
        ("\tif ready:", "\t\tif ready and able:", "ready", 5),
        ("return value", "return values or value", "value", 17),
    ],
)
def test_a_column_stays_with_its_word(old: str, new: str, token: str, expected: int) -> None:
    assert carry_column(old, new, old.index(token)) == expected
    assert new[expected:].startswith(token)


def test_within_a_word_it_stays_at_its_letter() -> None:
    assert carry_column("a = price", "b = (price)", 6) == 7


def test_when_its_word_is_gone_it_is_clamped_to_what_was_altered() -> None:
    old = "total = price * count"
    assert carry_column(old, "total = 0 * count", old.index("price") + 3) == 9
    assert carry_column(old, "total", 15) == 5
    assert carry_column(old, "", 15) == 0


def test_a_column_outside_the_line_is_clamped() -> None:
    assert carry_column("abc", "abc", 99) == 3
    assert carry_column("abc", "abcdef", 3) == 6
    assert carry_column("abc", "abc", -4) == 0


def test_behind_an_emoji_both_ways_of_counting_are_right() -> None:
    line = "x = '🎉' + name"
    column = line.index("name")
    assert (column, to_utf16(line, column)) == (10, 11)
    assert from_utf16(line, 11) == 10
    assert from_utf16(line, 6) == line.index("🎉")  # between the two surrogates
    assert (to_utf16(line, 99), from_utf16(line, 99), from_utf16(line, -1)) == (15, 14, 0)


def test_bytes_that_are_no_utf8_count_as_one_character_each() -> None:
    old, new = b"caf\xe9 = price\r\n", b"my_caf\xe9 = price\r\n"
    assert carry_column(old, new, old.index(b"price")) == new.index(b"price")
    assert to_utf16(old, 7) == 7
    assert from_utf16(old, 7) == 7
    assert to_utf16("né".encode(), 2) == 2


@pytest.mark.parametrize("mark", ["\f", "\x85", "\u2028", "\v"])
def test_other_marks_break_no_line(mark: str) -> None:
    old = f"one{mark}two = three"
    assert carry_column(old, f"zero {old}", old.index("three")) == len(f"zero one{mark}two = ")


def test_line_ending_and_byte_order_mark_belong_to_no_column() -> None:
    assert carry_column("\ufeffab = cd\r\n", "ab = cd", 5) == 5
    assert carry_column("ab\r\n", "ab\n", 9) == 2


@given(LINES, LINES, st.integers(-5, 40))
def test_never_outside_the_line(old: str, new: str, column: int) -> None:
    assert 0 <= carry_column(old, new, column) <= len(new)


@given(LINES, st.integers(0, 30))
def test_an_unaltered_line_keeps_its_columns(line: str, column: int) -> None:
    assert carry_column(line, line, column) == min(column, len(line))


@given(LINES, LINES, LINES, st.data())
def test_what_is_put_around_a_line_moves_its_columns_by_that_much(
    before: str, line: str, behind: str, data: st.DataObject
) -> None:
    """Unless the new text repeats the old, where several places would be as good."""
    line = f"«{line}»"
    column = data.draw(st.sampled_from([0, len(line) - 1]))
    if not set(f"{before}{behind}") & set("«»"):
        assert carry_column(line, f"{before}{line}{behind}", column) == len(before) + column


@given(LINES, st.integers(0, 30))
def test_counting_there_and_back(line: str, column: int) -> None:
    column = min(column, len(line))
    assert from_utf16(line, to_utf16(line, column)) == column


def test_a_line_of_a_million_characters_does_not_hang() -> None:
    old = "a;" * 500_000
    new = f"x{old[:400_000]}b;{old[400_000:]}y"
    began = time.monotonic()
    assert 0 <= carry_column(old, new, 600_001) <= len(new)
    assert time.monotonic() - began < 60
