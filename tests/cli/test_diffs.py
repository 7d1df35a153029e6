"""The diff with its threads."""

from __future__ import annotations

import pytest
from tests.cli import samples

from pullbridge.cli.diffs import diff_with_threads
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.diff import ChangeKind, FileChange
from pullbridge.model.threads import Thread


def rows(text: str) -> list[str]:
    return [row.rstrip() for row in text.splitlines()]


def row_with(text: str, part: str) -> int:
    found = [number for number, row in enumerate(text.splitlines()) if part in row]
    assert len(found) == 1, f"{part!r} stands in {len(found)} rows"
    return found[0]


def test_lines_have_the_numbers_of_both_sides() -> None:
    """A removed line has its old number, an added one its new number, an unchanged one both."""
    shown = rows(samples.drawn(diff_with_threads(samples.FILES[:1])))
    assert "  8   8 │  def total(lines: Iterable[Line]) -> Decimal:" in shown
    assert " 10     │-     return reduce(add, (line.price * line.count for line in lines))" in shown
    assert "     10 │+     lines = list(lines)" in shown


@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    """Every row fits, and a long line of code goes on in the next row."""
    shown = rows(samples.drawn(diff_with_threads(samples.FILES, samples.THREADS, head=samples.HEAD), width))
    assert max(map(len, shown)) <= width
    assert "ROUND_UP)" in "".join(row.partition("│")[2].strip() for row in shown).replace(" ", "")


def test_a_thread_stands_below_its_line() -> None:
    """A thread on an old line follows the removed line, not the added line of the same number."""
    shown = samples.drawn(diff_with_threads(samples.FILES, [samples.ON_REMOVED]))
    removed, said = row_with(shown, "[: n - 1]"), row_with(shown, "Was it empty?")
    assert removed < said < row_with(shown, "[:n]")


def test_a_range_is_marked_and_its_thread_follows_the_last_line() -> None:
    """The lines of a range have a mark in the margin, and only they."""
    shown = samples.drawn(diff_with_threads(samples.FILES, [samples.ON_RANGE]))
    marked = [row.split("┃")[0].strip() for row in shown.splitlines() if "┃" in row]
    assert marked == ["10", "11", "12"]
    assert "lines 10 to 12" in shown


def test_a_suggestion_is_a_small_diff_of_the_lines_it_replaces() -> None:
    """The commented lines are removed and the suggested ones added."""
    shown = samples.drawn(diff_with_threads(samples.FILES, [samples.ON_RANGE]))
    inside = shown[shown.index("suggested change") : shown.index("Done.")]
    assert [row.strip(" │\n") for row in inside.splitlines()][1:5] == [
        "-     lines = list(lines)",
        "-     if not lines:",
        "-         return Decimal(0)",
        "+     return sum(lines)",
    ]


def test_a_range_over_both_sides_is_marked_from_its_first_row() -> None:
    """A range that begins on a removed line and ends on an added one covers what stands between."""
    place = Anchor.lines(samples.PATH, 10, 11, start_side=Side.OLD, commit=samples.HEAD)
    shown = samples.drawn(diff_with_threads(samples.FILES, [samples.thread(place, samples.comment("Both."))]))
    assert sum("┃" in row for row in shown.splitlines()) == 3


@pytest.mark.parametrize("thread", samples.THREADS, ids=["range", "removed", "file", "whole", "outdated"])
def test_no_thread_is_lost_or_drawn_twice(thread: Thread) -> None:
    """Wherever a thread hangs, its first comment is shown once."""
    shown = samples.drawn(diff_with_threads(samples.FILES, samples.THREADS))
    assert shown.count(thread.comments[0].body.partition("\n")[0]) == 1


def test_threads_of_a_file_that_is_no_longer_changed_are_shown() -> None:
    """A thread on a file outside the diff stands at the end, with its place."""
    place = Anchor.line("gone.py", 3, commit=samples.OLDER)
    shown = samples.drawn(diff_with_threads(samples.FILES, [samples.thread(place, samples.comment("Where?"))]))
    assert row_with(shown, "Conversation") < row_with(shown, "gone.py:3") < row_with(shown, "Where?")


def test_a_thread_is_never_put_on_a_line_that_nobody_vouches_for() -> None:
    """A thread written on another commit, whose place now the host does not say, is drawn after the hunks."""
    place = Anchor.line(samples.PATH, 8, commit=samples.OLDER)
    thread = samples.thread(place, samples.comment("Where now?"), current=None, outdated=None)
    shown = samples.drawn(diff_with_threads(samples.FILES[:1], [thread], head=samples.HEAD))
    assert row_with(shown, "[:n]") < row_with(shown, "cart.py:8") < row_with(shown, "Where now?")


def test_a_thread_written_on_the_head_is_put_on_its_line() -> None:
    """The line is right when the anchor's commit is the head that is shown."""
    place = Anchor.line(samples.PATH, 8, commit=samples.HEAD)
    thread = samples.thread(place, samples.comment("Here."), current=None, outdated=None)
    shown = samples.drawn(diff_with_threads(samples.FILES[:1], [thread], head=samples.HEAD))
    assert row_with(shown, "def total") < row_with(shown, "Here.") < row_with(shown, "What the cart costs")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (FileChange(path="a", kind=ChangeKind.ADDED, binary=True), "binary file"),
        (FileChange(path="a", kind=ChangeKind.MODIFIED, additions=1, truncated=True), "left out this file's diff"),
        (FileChange(path="a", old_path="b", kind=ChangeKind.RENAMED), "no lines changed"),
        (FileChange(path="a", kind=ChangeKind.MODIFIED, additions=3, deletions=0), "gave no diff"),
        (
            FileChange(path="a", kind=ChangeKind.MODIFIED, patch="@@ -1 +1 @@\n-a\n+b", truncated=True),
            "left out the rest",
        ),
        (FileChange(path="a", kind=ChangeKind.MODIFIED, patch="@@ what"), "cannot be read"),
        (
            FileChange(path="a", kind=ChangeKind.MODIFIED, patch="@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file"),
            "no newline",
        ),
    ],
)
def test_what_a_diff_lacks_is_said(file: FileChange, told: str) -> None:
    """A file without lines to show says why."""
    assert told in samples.drawn(diff_with_threads([file]))


def test_a_file_with_crlf_says_so_once() -> None:
    """Carriage returns at every line's end are named in the heading; a stray one is shown where it stands."""
    crlf = samples.drawn(diff_with_threads(samples.FILES[3:]))
    assert "CRLF" in crlf
    assert "^M" not in crlf
    mixed = FileChange(path="a", kind=ChangeKind.MODIFIED, patch="@@ -1 +1 @@\n-a\n+a\r")
    assert "+ a^M" in samples.drawn(diff_with_threads([mixed]))


def test_wide_characters_are_folded_whole() -> None:
    """A line of two-cell characters fits the width too."""
    file = FileChange(path="a", kind=ChangeKind.MODIFIED, patch=f"@@ -0,0 +1 @@\n+{'日本' * 60}")
    shown = samples.drawn(diff_with_threads([file]), 81)
    assert shown.count("日") == 60
    assert all(len(row) + sum(row.count(char) for char in "日本") <= 81 for row in rows(shown))


def test_code_cannot_act_on_the_terminal() -> None:
    """An escape sequence in a file is shown, not sent."""
    file = FileChange(
        path="a\x1b[2J", kind=ChangeKind.MODIFIED, patch="@@ -0,0 +1 @@\n+\x1b]52;c;ZXZpbA==\x07 [red]x[/red]"
    )
    shown = samples.raw(diff_with_threads([file]))
    assert "\x1b]52" not in shown
    assert "\x1b[2J" not in shown
    assert "^[]52;c;ZXZpbA==^G [red]x[/red]" in shown
