"""Which words of a changed line changed."""

from __future__ import annotations

from pullbridge.anchoring.hunks import LineKind
from pullbridge.cli.words import changed_words

CONTEXT, REMOVED, ADDED = LineKind.CONTEXT, LineKind.REMOVED, LineKind.ADDED


def test_a_changed_word_is_found_on_both_sides() -> None:
    """Only the word that differs is marked, in the old row and in the new one."""
    spans = changed_words([(CONTEXT, "x"), (REMOVED, "return first(lines)"), (ADDED, "return last(lines)")])
    assert spans == {1: ((7, 12),), 2: ((7, 11),)}


def test_a_mark_begins_and_ends_with_ink() -> None:
    """White space around what changed is not underlined."""
    assert changed_words([(REMOVED, "cheapest[: n - 1]"), (ADDED, "cheapest[: n]")]) == {0: ((13, 16),)}


def test_lines_that_are_not_alike_are_left_alone() -> None:
    """A line replaced by a quite different one has no marks."""
    assert changed_words([(REMOVED, "import os"), (ADDED, "def total(lines: list[int]) -> int:")]) == {}


def test_uneven_replacements_are_left_alone() -> None:
    """Nobody guesses which of two added lines replaces the removed one."""
    assert changed_words([(REMOVED, "a = 1"), (ADDED, "a = 2"), (ADDED, "a = 3")]) == {}


def test_minified_lines_are_left_alone() -> None:
    """A line too long to compare quickly has no marks."""
    assert changed_words([(REMOVED, "x " * 5000 + "1"), (ADDED, "x " * 5000 + "2")]) == {}


def test_a_change_of_white_space_alone_is_not_marked() -> None:
    """There is no ink to mark in white space."""
    assert changed_words([(REMOVED, "a  =  1"), (ADDED, "a = 1")]) == {}
