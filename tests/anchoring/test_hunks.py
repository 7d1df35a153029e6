"""Hunks, their lines, and the map between the two sides."""

from __future__ import annotations

import pytest

from pullbridge.anchoring import Hunk, LineKind, LineMap, parse_patch
from pullbridge.errors import BadAnswer
from pullbridge.model.anchor import Side

ADDED, REMOVED, CONTEXT = LineKind.ADDED, LineKind.REMOVED, LineKind.CONTEXT
WALKED = "@@ -10,4 +10,5 @@ def area():\n a\n-b\n+B\n+C\n c\n d"


def test_each_line_carries_the_counters_of_both_sides() -> None:
    """An added line has the next old number, a removed line the next new one (N-39)."""
    (hunk,) = parse_patch(WALKED)
    assert [(line.old, line.new, line.kind, line.text) for line in hunk.lines] == [
        (10, 10, CONTEXT, "a"),
        (11, 11, REMOVED, "b"),
        (12, 11, ADDED, "B"),
        (12, 12, ADDED, "C"),
        (12, 13, CONTEXT, "c"),
        (13, 14, CONTEXT, "d"),
    ]
    assert (hunk.section, hunk.additions, hunk.deletions) == ("def area():", 2, 1)


def test_a_line_map_answers_for_each_side() -> None:
    """Kinds, pairs and counters agree with the walk, whichever side the line is named by (GL rule: both numbers)."""
    lines = LineMap(parse_patch(WALKED))
    assert [lines.kind_of(Side.OLD, line) for line in (9, 10, 11, 12, 13, 14)] == [
        None, CONTEXT, REMOVED, CONTEXT, CONTEXT, None,
    ]  # fmt: skip
    assert [lines.kind_of(Side.NEW, line) for line in (9, 10, 11, 12, 13, 14, 15)] == [
        None, CONTEXT, ADDED, ADDED, CONTEXT, CONTEXT, None,
    ]  # fmt: skip
    assert lines.pair(Side.OLD, 12) == lines.pair(Side.NEW, 13) == (12, 13)
    assert lines.pair(Side.OLD, 11) == (11, None)
    assert lines.pair(Side.NEW, 12) == (None, 12)
    assert lines.codes(Side.OLD, 11) == (11, 11)
    assert lines.codes(Side.NEW, 12) == (12, 12)
    assert lines.hunk_at(Side.NEW, 14) == 0
    assert lines.hunk_at(Side.OLD, 14) is None


def test_lines_outside_the_hunks_are_paired_by_offset() -> None:
    """A line that no hunk shows is unchanged; its other number is moved by what was added and removed before it."""
    lines = LineMap(parse_patch("@@ -3,2 +3,3 @@\n a\n+b\n c\n@@ -20,2 +21,1 @@\n d\n-e"))
    assert lines.pair(Side.OLD, 1) == lines.codes(Side.OLD, 1) == (1, 1)
    assert lines.pair(Side.OLD, 10) == lines.pair(Side.NEW, 11) == (10, 11)
    assert lines.pair(Side.NEW, 30) == (30, 30)
    assert [lines.hunk_at(Side.NEW, line) for line in (2, 3, 5, 6, 21, 22)] == [None, 0, 0, None, 1, None]
    assert LineMap(()).pair(Side.NEW, 7) == (7, 7)


def test_an_offset_that_the_diff_hides_is_not_guessed() -> None:
    """Between hunks whose distance differs on the two sides (`--ignore-blank-lines`) the other number is unknown."""
    lines = LineMap(parse_patch("@@ -3,1 +3,2 @@\n a\n+b\n@@ -20,1 +25,2 @@\n c\n+d"))
    assert lines.pair(Side.NEW, 10) == (None, 10)
    assert lines.pair(Side.OLD, 10) == (10, None)
    assert lines.pair(Side.NEW, 30) == (24, 30)


def test_a_new_file_counts_its_old_side_from_zero() -> None:
    """GitLab's line codes of a new file end in _0_1, _0_2, …."""
    lines = LineMap(parse_patch("@@ -0,0 +1,2 @@\n+a\n+b"))
    assert [lines.codes(Side.NEW, line) for line in (1, 2)] == [(0, 1), (0, 2)]
    assert lines.kind_of(Side.OLD, 1) is None
    removed = LineMap(parse_patch("@@ -1,2 +0,0 @@\n-a\n-b"))
    assert [removed.codes(Side.OLD, line) for line in (1, 2)] == [(1, 0), (2, 0)]


def test_a_side_without_lines_begins_behind_the_line_it_names() -> None:
    """`-4,0` in a diff without context means: behind old line 4."""
    lines = LineMap(parse_patch("@@ -4,0 +5,2 @@\n+a\n+b\n@@ -9 +10,0 @@\n-c"))
    assert lines.codes(Side.NEW, 5) == (5, 5)
    assert lines.pair(Side.OLD, 4) == (4, 4)
    assert lines.pair(Side.OLD, 5) == (5, 7)
    assert lines.codes(Side.OLD, 9) == (9, 11)
    assert lines.pair(Side.NEW, 11) == (10, 11)
    assert lines.hunk_at(Side.OLD, 5) is None


def test_a_missing_line_feed_moves_no_counter() -> None:
    r"""`\ No newline at end of file` is no line, but is told of the line before it (N-40)."""
    (hunk,) = parse_patch("@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n")
    assert [(line.old, line.new, line.ends_file) for line in hunk.lines] == [
        (1, 1, False), (2, 2, True), (3, 2, True),
    ]  # fmt: skip
    assert LineMap([hunk]).codes(Side.NEW, 2) == (3, 2)


@pytest.mark.parametrize("inside", ["\f", "\v", "\x85", "\u2028", "\u2029", "\x1c", "\r", "a\rb"])
def test_only_a_line_feed_ends_a_line(inside: str) -> None:
    """A form feed, NEL, U+2028 or carriage return in a source line is content (N-41)."""
    (hunk,) = parse_patch(f"@@ -1,2 +1,3 @@\n x{inside}y\n+{inside}\n z\r\n")
    assert [line.text for line in hunk.lines] == [f"x{inside}y", inside, "z\r"]


def test_a_header_without_counts_means_one_line() -> None:
    """`@@ -1 +1 @@` has one line on each side (N-42)."""
    (hunk,) = parse_patch("@@ -1 +1 @@\n-a\n+b")
    assert (hunk.old_count, hunk.new_count, len(hunk.lines)) == (1, 1, 2)


def test_lines_that_look_like_headers_are_content() -> None:
    """The counts end a hunk, not the look of its lines (N-43)."""
    (hunk,) = parse_patch("@@ -1,3 +1,3 @@\n--- a/x\n-@@ -1 +1 @@\n+++ b/y\n+diff --git a/x b/x\n \\ No newline")
    assert [line.text for line in hunk.lines] == [
        "-- a/x",
        "@@ -1 +1 @@",
        "++ b/y",
        "diff --git a/x b/x",
        "\\ No newline",
    ]


def test_an_empty_context_line_may_have_lost_its_blank() -> None:
    """An empty line inside a hunk is an empty context line, as git and patch read it."""
    (hunk,) = parse_patch("@@ -1,3 +1,4 @@\n\n+a\n\n\n")
    assert [(line.kind, line.text) for line in hunk.lines] == [
        (CONTEXT, ""),
        (ADDED, "a"),
        (CONTEXT, ""),
        (CONTEXT, ""),
    ]
    assert LineMap([hunk]).pair(Side.OLD, 2) == (2, 3)


def test_a_hunk_turns_back_into_its_text() -> None:
    """`str` gives a hunk that parses to the same value."""
    hunks = parse_patch(WALKED)
    assert parse_patch("\n".join(map(str, hunks))) == hunks
    assert str(Hunk(0, 0, 1, 1, "", "+a")) == "@@ -0,0 +1,1 @@\n+a"


@pytest.mark.parametrize("patch", ["", "\n", "Binary files a/x.png and b/x.png differ\n"])
def test_no_hunks_are_no_error(patch: str) -> None:
    """A pure rename, a mode change and a binary file have no hunks (N-44)."""
    assert parse_patch(patch) == ()


def test_file_headers_before_the_first_hunk_are_passed_over() -> None:
    """Old GitLab answers begin with `---` and `+++`."""
    (hunk,) = parse_patch("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")
    assert hunk.new_start == 1


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ("<html>sign in</html>", "starts with a hunk header"),
        ("@@ -1,2 +1,2 @@\n a\n-b", "cut short"),
        ("@@ -1,2 +1,2 @@", "cut short"),
        ("@@ -1 +1 @@\n-a\n+b\n c", "more lines"),
        ("@@ -1 +1 @@\n-a\n-b\n+c", "do not agree"),
        ("@@ -1 +1 @@\n-a\n*b", "not a line of a hunk"),
        ("@@ -x +1 @@\n-a\n+b", "not a hunk header"),
        ("@@ -1,99999999999 +1 @@\n-a\n+b", "not a hunk header"),
        ("@@ -5,2 +5,2 @@\n a\n b\n@@ -6 +7 @@\n-b\n+c", "overlaps"),
        ("@@@ -1,1 -1,1 +1,2 @@@\n  a\n++b", "combined diff"),
    ],
)
def test_what_is_no_patch_is_a_bad_answer(patch: str, says: str) -> None:
    """Each malformed patch is named, and nothing but `BadAnswer` comes out."""
    with pytest.raises(BadAnswer, match=says) as caught:
        parse_patch(patch)
    assert caught.value.what == "diff"
