"""Anchors: what they refuse, and how they read."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from tests.model import made

from pullbridge.model.anchor import Anchor, Side


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"path": ""}, "needs a path"),
        ({"path": "a", "start": 1}, "both a start and an end"),
        ({"path": "a", "end": 1}, "both a start and an end"),
        ({"path": "a", "start": 0, "end": 1}, "counted from 1, not 0"),
        ({"path": "a", "start": -4, "end": -2}, "counted from 1, not -4"),
        ({"path": "a", "start": 3, "end": 2}, r"end \(line 2\) before it starts \(line 3\)"),
        ({"path": "a", "start": 3, "end": 0, "side": Side.NEW, "start_side": Side.OLD}, "counted from 1"),
    ],
)
def test_lines_that_cannot_be_are_refused(values: dict[str, Any], why: str) -> None:
    """An anchor that exists names lines that can exist."""
    with pytest.raises(ValueError, match=why):
        Anchor(**values)


def test_a_range_across_the_sides_may_count_downwards() -> None:
    """Old line 12 may stand above new line 9: the two sides are counted apart."""
    anchor = Anchor.lines("a", 12, 9, side=Side.NEW, start_side=Side.OLD)
    assert (anchor.start, anchor.end, anchor.start_side) == (12, 9, Side.OLD)


def test_the_same_side_twice_is_one_side() -> None:
    """Two ways to say the same are equal, so that comments can be compared."""
    assert Anchor.lines("a", 1, 2, start_side=Side.NEW) == Anchor.lines("a", 1, 2)


def test_makers() -> None:
    """A line, lines and a file."""
    assert Anchor.line("a", 3, commit="c", side=Side.OLD, base="b", old_path="o") == Anchor(
        path="a", side=Side.OLD, start=3, end=3, commit="c", base="b", old_path="o"
    )
    assert Anchor.lines("a", 3, 5).end == 5
    assert Anchor.file("a", commit="c").is_file
    assert not Anchor.line("a", 1).is_file


@pytest.mark.parametrize(
    ("anchor", "text"),
    [
        (Anchor.file("src/a.py"), "src/a.py"),
        (Anchor.line("src/a.py", 10), "src/a.py:10"),
        (Anchor.line("src/a.py", 10, side=Side.OLD), "src/a.py:-10"),
        (Anchor.lines("src/a.py", 10, 12), "src/a.py:10..12"),
        (Anchor.lines("src/a.py", 10, 12, side=Side.OLD), "src/a.py:-10..-12"),
        (Anchor.lines("src/a.py", 10, 12, start_side=Side.OLD), "src/a.py:-10..12"),
        (Anchor.lines("src/a.py", 10, 10, side=Side.OLD, start_side=Side.NEW), "src/a.py:10..-10"),
    ],
)
def test_an_anchor_reads_like_a_place(anchor: Anchor, text: str) -> None:
    """As compilers write places, with a minus for the side that is removed."""
    assert str(anchor) == text


@given(made.anchors())
def test_an_anchor_is_a_value(anchor: Anchor) -> None:
    """It can be a key, and cannot be changed."""
    assert {anchor: 1}[Anchor(**{name: getattr(anchor, name) for name in Anchor.__slots__})] == 1
    with pytest.raises(FrozenInstanceError):
        anchor.path = "b"  # type: ignore[misc]  # that is the point
