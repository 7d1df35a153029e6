"""Where a comment may go, and where else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.anchoring import LineMap, in_new_lines, known_lines, parse_patch, place
from pullbridge.model.anchor import Anchor, Placement, PlacementReason, Side
from pullbridge.model.diff import ChangeKind, FileChange

# Old lines 10-13 and 40-42, new lines 10-14 and 41-44; between them new = old + 1.
PATCH = "@@ -10,4 +10,5 @@\n a\n-b\n+B\n+C\n c\n d\n@@ -40,3 +41,4 @@\n e\n+F\n f\n g"
CHANGED = FileChange(path="x", kind=ChangeKind.MODIFIED, patch=PATCH)
RENAMED = FileChange(path="new", old_path="old", kind=ChangeKind.RENAMED, patch=PATCH)
ADDED = FileChange(path="x", kind=ChangeKind.ADDED, patch="@@ -0,0 +1,3 @@\n+a\n+b\n+c")
REMOVED = FileChange(path="x", kind=ChangeKind.REMOVED, patch="@@ -1,3 +0,0 @@\n-a\n-b\n-c")
OLD, NEW = Side.OLD, Side.NEW


def new(start: int, end: int | None = None) -> Anchor:
    return Anchor.lines("x", start, end or start, commit="c0ffee")


def old(start: int, end: int | None = None) -> Anchor:
    return Anchor.lines("x", start, end or start, side=OLD, commit="c0ffee")


def crossing(start: int, end: int) -> Anchor:
    """A range from an old line to a new one."""
    return Anchor.lines("x", start, end, side=NEW, start_side=OLD, commit="c0ffee")


def refused(placement: Placement) -> tuple[bool | None, PlacementReason | None, Anchor | None]:
    return placement.ok, placement.reason, placement.nearest


@pytest.mark.parametrize(
    "anchor", [new(11), new(10), new(10, 14), new(13), old(11), old(10, 13), crossing(11, 12), new(41, 44)]
)
def test_lines_in_a_hunk_may_be_commented_on(anchor: Anchor) -> None:
    """Added, removed and context lines, and ranges within one hunk (GH-12, GH-13, GH-14, GH-16)."""
    assert place(anchor, [CHANGED]) == place(anchor, {"x": CHANGED}) == Placement(ok=True, anchor=anchor)


def test_a_line_outside_the_hunks_names_the_nearest() -> None:
    """The answer is no, before anything is posted, and it says where (GH-19, N-37)."""
    assert refused(place(new(9), [CHANGED])) == (False, PlacementReason.OUTSIDE_HUNKS, new(10))
    assert refused(place(new(20), [CHANGED])) == (False, PlacementReason.OUTSIDE_HUNKS, new(14))
    assert refused(place(new(30), [CHANGED])) == (False, PlacementReason.OUTSIDE_HUNKS, new(41))
    assert refused(place(old(99), [CHANGED])) == (False, PlacementReason.OUTSIDE_HUNKS, old(42))
    assert refused(place(new(12, 18), [CHANGED])) == (False, PlacementReason.OUTSIDE_HUNKS, new(12, 14))


def test_of_two_equally_near_lines_the_lower_is_taken() -> None:
    """The same question has the same answer."""
    change = FileChange(path="x", kind=ChangeKind.MODIFIED, patch="@@ -10 +10 @@\n-a\n+b\n@@ -20 +20 @@\n-a\n+b")
    assert place(new(15), [change]).nearest == new(10)


def test_a_range_across_hunks() -> None:
    """It is refused unless the host takes it, and is shortened to the hunk where it loses least."""
    assert refused(place(new(13, 41), [CHANGED])) == (False, PlacementReason.SPANS_HUNKS, new(13, 14))
    assert place(new(13, 41), [CHANGED], cross_hunks=True).ok is True
    assert place(new(13, 41), [CHANGED], outside_hunks=True).ok is True
    assert refused(place(new(13, 45), [CHANGED], cross_hunks=True))[:2] == (False, PlacementReason.OUTSIDE_HUNKS)


def test_a_host_that_takes_comments_anywhere_in_a_changed_file() -> None:
    """`outside_hunks` opens the unchanged lines, but makes no line of a new file and no other file."""
    assert place(new(9), [CHANGED], outside_hunks=True).ok is True
    assert refused(place(new(4), [ADDED], outside_hunks=True)) == (False, PlacementReason.OUTSIDE_HUNKS, new(3))
    assert refused(place(Anchor.line("y", 1), [CHANGED], outside_hunks=True)) == (
        False, PlacementReason.FILE_NOT_CHANGED, None,
    )  # fmt: skip


def test_what_was_only_moved_has_no_lines_for_a_comment_anywhere() -> None:
    """GitLab unfolds lines from a hunk, and a file that was renamed and not edited has none; it may be had as a whole."""
    moved = FileChange(path="x", old_path="w", kind=ChangeKind.RENAMED, patch="", additions=0, deletions=0)
    assert refused(place(new(9), [moved], outside_hunks=True)) == (
        False, PlacementReason.OUTSIDE_HUNKS, Anchor.file("x", commit="c0ffee", old_path="w"),
    )  # fmt: skip


def test_a_host_without_ranges() -> None:
    """The nearest place of a range is its last line."""
    assert refused(place(new(10, 12), [CHANGED], ranges=False)) == (False, PlacementReason.NO_RANGES, new(12))
    assert place(new(12), [CHANGED], ranges=False).ok is True
    assert place(new(13, 41), [CHANGED], ranges=False).nearest == new(41)


def test_a_range_that_ends_above_its_start() -> None:
    """From a removed line to an added line above it is no range."""
    assert refused(place(crossing(12, 11), [CHANGED])) == (False, PlacementReason.BACKWARDS, new(11))
    assert place(crossing(11, 11), [CHANGED]).ok is True


def test_a_side_on_which_the_file_is_not() -> None:
    """A removed file has only old lines, an added one only new ones."""
    whole = Anchor.file("x", commit="c0ffee")
    assert refused(place(new(1), [REMOVED])) == (False, PlacementReason.NO_SUCH_SIDE, whole)
    assert refused(place(old(1), [ADDED])) == (False, PlacementReason.NO_SUCH_SIDE, whole)
    assert refused(place(crossing(1, 2), [ADDED])) == (False, PlacementReason.NO_SUCH_SIDE, new(2))
    assert place(old(1, 3), [REMOVED]).ok is True
    assert place(new(1, 3), [ADDED]).ok is True


def test_a_renamed_file_is_found_by_both_names() -> None:
    """The anchor is given the new path and the old one; its old name has no new lines (line-mapping 55, GH-22)."""
    files = [CHANGED, RENAMED]
    by_new = place(Anchor.line("new", 11), files).anchor
    by_old = place(Anchor.line("old", 11, side=OLD), files).anchor
    assert (by_new.path, by_new.old_path) == (by_old.path, by_old.old_path) == ("new", "old")
    assert place(Anchor.file("old"), {change.path: change for change in files}).anchor.path == "new"
    wrong = place(Anchor.line("old", 9), files)
    assert refused(wrong) == (
        False, PlacementReason.NO_SUCH_SIDE, Anchor.lines("new", 10, 10, old_path="old"),
    )  # fmt: skip
    assert place(Anchor.line("old", 11), files).nearest == by_new


def test_the_source_of_a_copy_is_not_changed_by_it() -> None:
    """Only a rename makes the old path mean the new file."""
    copied = FileChange(path="new", old_path="old", kind=ChangeKind.COPIED, patch=PATCH)
    assert place(Anchor.line("old", 11, side=OLD), [copied]).reason is PlacementReason.FILE_NOT_CHANGED
    assert place(Anchor.line("new", 11), [copied]).anchor.old_path == "old"


def test_a_file_anchor_may_be_placed_on_any_changed_file() -> None:
    """Whatever happened to the file, and however little is known of its lines (GH-17)."""
    for change in (
        CHANGED, ADDED, REMOVED, FileChange(path="x", kind=ChangeKind.MODIFIED, binary=True),
        FileChange(path="x", kind=ChangeKind.MODIFIED, truncated=True),
    ):  # fmt: skip
        assert place(Anchor.file("x"), [change]).ok is True


def test_what_is_not_known_is_not_claimed() -> None:
    """Without the hunks the answer is neither yes nor no (N-44); known hunks of a truncated file still count."""
    whole = Anchor.file("x", commit="c0ffee")
    for change in (
        FileChange(path="x", kind=ChangeKind.MODIFIED, truncated=True),
        FileChange(path="x", kind=ChangeKind.MODIFIED, additions=3, deletions=1),
        FileChange(path="x", kind=ChangeKind.MODIFIED),
        FileChange(path="x", kind=ChangeKind.MODIFIED, patch="@@ -1,9 +1,9 @@\n a\n"),
    ):
        assert refused(place(new(1), [change])) == (None, PlacementReason.TRUNCATED, whole)
        assert known_lines(change) is None
    part = FileChange(path="x", kind=ChangeKind.MODIFIED, patch=PATCH, truncated=True)
    assert place(new(11), [part]).ok is True
    assert refused(place(new(99), [part])) == (None, PlacementReason.TRUNCATED, new(44))


def test_files_without_lines() -> None:
    """A binary file and a pure rename leave the whole file."""
    whole = Anchor.file("x", commit="c0ffee")
    binary = FileChange(path="x", kind=ChangeKind.MODIFIED, binary=True)
    assert refused(place(new(1), [binary])) == (False, PlacementReason.BINARY, whole)
    moved = FileChange(path="x", old_path="w", kind=ChangeKind.RENAMED, additions=0, deletions=0)
    assert place(new(1), [moved]).reason is PlacementReason.OUTSIDE_HUNKS
    assert place(new(1), [moved]).nearest == Anchor.file("x", commit="c0ffee", old_path="w")


def test_an_unchanged_line_has_one_name() -> None:
    """A host that stores both numbers of an unchanged line gives it back as NEW; changed lines keep their side."""
    lines = LineMap(parse_patch(PATCH))
    assert in_new_lines(old(12), lines) == new(13)
    assert in_new_lines(old(10, 13), lines) == new(10, 14)
    assert in_new_lines(old(30), lines) == new(31)
    assert in_new_lines(crossing(12, 14), lines) == new(13, 14)
    assert in_new_lines(old(10, 11), lines) == Anchor.lines("x", 10, 11, side=OLD, start_side=NEW, commit="c0ffee")
    for same in (old(11), new(12), Anchor.file("x")):
        assert in_new_lines(same, lines) == same


@st.composite
def changes(draw: st.DrawFn) -> FileChange:
    """A changed file with some hunks, or with none that are known."""
    kind = draw(st.sampled_from([ChangeKind.MODIFIED, ChangeKind.RENAMED, ChangeKind.ADDED, ChangeKind.REMOVED]))
    marks = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-"}.get(kind, " +-")
    hunks, before, after = [], 0, 0
    for _ in range(draw(st.integers(0, 1 if kind in {ChangeKind.ADDED, ChangeKind.REMOVED} else 3))):
        gap = draw(st.integers(0, 5)) if len(marks) > 1 else 0
        body = draw(st.lists(st.sampled_from(marks), min_size=1, max_size=6))
        olds, news = sum(mark != "+" for mark in body), sum(mark != "-" for mark in body)
        before, after = before + gap, after + gap
        start_old, start_new = before + (olds > 0), after + (news > 0)
        hunks.append(f"@@ -{start_old},{olds} +{start_new},{news} @@\n" + "\n".join(f"{mark}t" for mark in body))
        before, after = before + olds, after + news
    return FileChange(
        path="x", kind=kind, old_path="w" if kind is ChangeKind.RENAMED else None,
        patch="\n".join(hunks) if hunks else draw(st.sampled_from([None, ""])),
        truncated=draw(st.booleans()), binary=draw(st.sampled_from([None, False])),
    )  # fmt: skip


@st.composite
def anchors(draw: st.DrawFn) -> Anchor:
    side, start_side = draw(st.sampled_from(Side)), draw(st.sampled_from([None, *Side]))
    start, end = draw(st.integers(1, 30)), draw(st.integers(1, 30))
    if start_side in {None, side}:
        start, end = min(start, end), max(start, end)
    return Anchor.lines(draw(st.sampled_from(["x", "w"])), start, end, side=side, start_side=start_side)


@given(change=changes(), anchor=anchors(), outside_hunks=st.booleans(), ranges=st.booleans(), cross_hunks=st.booleans())
def test_the_nearest_place_may_itself_be_commented_on(
    change: FileChange, anchor: Anchor, outside_hunks: bool, ranges: bool, cross_hunks: bool
) -> None:
    """It is placeable under the same rules, lies on the same side, and is there for every changed file."""

    def ask(one: Anchor) -> Placement:
        return place(one, [change], outside_hunks=outside_hunks, ranges=ranges, cross_hunks=cross_hunks)

    placement = ask(anchor)
    assert (placement.reason is None) == (placement.ok is True) == (placement.nearest is None) or (
        placement.reason is PlacementReason.FILE_NOT_CHANGED
    )
    nearest = placement.nearest
    if nearest is not None:
        assert ask(nearest).ok is True
        assert nearest.is_file or nearest.side is anchor.side
    if placement.ok and not outside_hunks and change.patch:
        lines = LineMap(parse_patch(change.patch))
        assert lines.kind_of(anchor.side, anchor.end or 0) is not None
        assert lines.kind_of(anchor.start_side or anchor.side, anchor.start or 0) is not None


def test_a_place_comes_with_both_numbers_of_its_ends() -> None:
    """Of an unchanged line both, of a changed one its own and the other side's counter; a file has none."""
    (change,) = [FileChange(path="a.py", kind=ChangeKind.MODIFIED, patch="@@ -10,3 +10,4 @@\n a\n-b\n+B\n+C\n c\n")]
    ends = place(Anchor.lines("a.py", 10, 12), [change]).anchor.ends
    assert ends == ((10, 10, (10, 10)), (None, 12, (12, 12)))
    removed = place(Anchor.line("a.py", 11, side=Side.OLD), [change]).anchor.ends
    assert removed == ((11, None, (11, 11)),) * 2
    assert place(Anchor.file("a.py"), [change]).anchor.ends is None
    assert place(Anchor.line("a.py", 40), [change]).anchor.ends is None
    far = place(Anchor.line("a.py", 40), [change], outside_hunks=True).anchor
    assert far.ends == ((39, 40, (39, 40)),) * 2
    assert far == Anchor.line("a.py", 40)
    assert "ends" not in repr(far)
