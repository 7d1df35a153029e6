"""Anchors carried from one text to another: what is known of where lines go, case by case."""

from __future__ import annotations

import pytest

from pullbridge import Anchor, Side
from pullbridge.anchoring import Place, PlaceStatus, carry

#: Thirty lines of which no two are alike.
WORDS = [
    "apple",
    "basket",
    "candle",
    "dragon",
    "engine",
    "forest",
    "garden",
    "hammer",
    "island",
    "jacket",
    "kettle",
    "ladder",
    "magnet",
    "needle",
    "orange",
    "pepper",
    "quartz",
    "ribbon",
    "saddle",
    "temple",
    "urchin",
    "velvet",
    "walnut",
    "xenon",
    "yellow",
    "zephyr",
    "anchor",
    "bridge",
    "copper",
    "dolphin",
]
LINES = [f"    {word} = {word[::-1]}({index}, {word!r})" for index, word in enumerate(WORDS)]
BLOCK = LINES[9:12]
HERE = Anchor.lines("a.py", 10, 12)


def text(lines: list[str], end: str = "\n") -> str:
    return "".join(f"{line}{end}" for line in lines)


def carried(lines: list[str], anchor: Anchor = HERE, old: list[str] | None = None) -> Place:
    (place,) = carry([anchor], text(LINES if old is None else old), text(lines))
    return place


def at(place: Place) -> tuple[PlaceStatus, int | None, int | None]:
    return place.status, place.start, place.end


def edited(lines: list[str]) -> list[str]:
    return [line.replace("(", "(more, ") for line in lines]


EXACT, CHANGED, MOVED = PlaceStatus.EXACT, PlaceStatus.CHANGED, PlaceStatus.MOVED
PARTIAL, DELETED, UNKNOWN = PlaceStatus.PARTIAL, PlaceStatus.DELETED, PlaceStatus.UNKNOWN
NEW = ["import first", "import second", "import third"]
REWRITTEN = ["while True:", "raise SystemExit", "yield from ()"]
DECOY = [line.replace("jacket", "jackal").replace("kettle", "kernel") for line in BLOCK]

CASES: dict[str, tuple[list[str], tuple[PlaceStatus, int | None, int | None]]] = {
    "nothing": (LINES, (EXACT, 10, 12)),
    "three lines inserted above": (NEW + LINES, (EXACT, 13, 15)),
    "lines deleted above": (LINES[4:], (EXACT, 6, 8)),
    "a line inserted just above": (LINES[:9] + NEW[:1] + LINES[9:], (EXACT, 11, 13)),
    "a line inserted just below": (LINES[:12] + NEW[:1] + LINES[12:], (EXACT, 10, 12)),
    "a line inserted inside": (LINES[:10] + NEW[:1] + LINES[10:], (CHANGED, 10, 13)),
    "one line edited": (LINES[:10] + edited(LINES[10:11]) + LINES[11:], (CHANGED, 10, 12)),
    "every line edited": (LINES[:9] + edited(BLOCK) + LINES[12:], (CHANGED, 10, 12)),
    "every line edited, lines inserted around": (
        LINES[:9] + NEW[:1] + edited(BLOCK) + NEW[1:] + LINES[12:],
        (CHANGED, 11, 13),
    ),
    "rewritten beyond recognition": (LINES[:9] + REWRITTEN + LINES[12:], (DELETED, None, None)),
    "deleted": (LINES[:9] + LINES[12:], (DELETED, None, None)),
    "the first line deleted": (LINES[:9] + LINES[10:], (PARTIAL, 10, 11)),
    "the last line deleted": (LINES[:11] + LINES[12:], (PARTIAL, 10, 11)),
    "the middle line deleted": (LINES[:10] + LINES[11:], (PARTIAL, 10, 11)),
    "moved to the end": (LINES[:9] + LINES[12:] + BLOCK, (MOVED, 28, 30)),
    "moved up": (BLOCK + LINES[:9] + LINES[12:], (MOVED, 1, 3)),
    "moved to the end, a decoy at the top": (DECOY + LINES[:9] + LINES[12:] + BLOCK, (MOVED, 31, 33)),
    "moved to the end, a decoy in its place": (LINES[:9] + DECOY + LINES[12:] + BLOCK, (MOVED, 31, 33)),
    "moved and edited": (LINES[:9] + LINES[12:] + edited(BLOCK[:1]) + BLOCK[1:], (MOVED, 28, 30)),
    "doubled": (LINES + BLOCK, (EXACT, 10, 12)),
    "cut into two places": (LINES[:9] + BLOCK[:1] + LINES[12:] + BLOCK[1:], (PARTIAL, 29, 30)),
    "indented": (LINES[:9] + [f"    {line}" for line in BLOCK] + LINES[12:], (CHANGED, 10, 12)),
    "all text gone": ([], (DELETED, None, None)),
    "cut off above it": (LINES[:9], (DELETED, None, None)),
}


@pytest.mark.parametrize("what", CASES)
def test_a_block_is_found_where_it_is(what: str) -> None:
    """Lines 10 to 12 are placed as a person would place them."""
    lines, expected = CASES[what]
    assert at(carried(lines)) == expected


@pytest.mark.parametrize("what", CASES)
def test_a_place_keeps_its_promises(what: str) -> None:
    """A range lies inside the text, is there just for those that have one, and only an exact one scores 1."""
    lines, _ = CASES[what]
    place = carried(lines)
    assert (place.start is None) == (place.end is None) == (place.status in {DELETED, UNKNOWN})
    assert (place.score == 1) == (place.status is EXACT)
    if place.start is not None and place.end is not None:
        assert 1 <= place.start <= place.end <= len(lines)
    assert carried(lines) == place


#: Where two tools that people use show a comment wrongly, as measured: the case, and what they said of it.
TAKEN_WRONGLY = {
    "CodeStream calls unchanged lines below an insertion changed": "three lines inserted above",
    "CodeStream takes the decoy for a block that moved (1..3)": "moved to the end, a decoy at the top",
    "CodeStream gives a deleted block a line (10)": "deleted",
    "VS Code gives a deleted block a line, without a flag (9)": "deleted",
    "VS Code leaves a block that moved behind (9)": "moved to the end",
    "VS Code leaves it behind beside a decoy (12)": "moved to the end, a decoy at the top",
    "VS Code loses a block that was indented (8)": "indented",
}


@pytest.mark.parametrize("failure", TAKEN_WRONGLY)
def test_what_other_tools_get_wrong(failure: str) -> None:
    """Each measured failure of CodeStream and of VS Code's extension is right here, and flagged where it is not exact."""
    lines, expected = CASES[TAKEN_WRONGLY[failure]]
    place = carried(lines)
    assert at(place) == expected
    assert (place.start is None) == (TAKEN_WRONGLY[failure] == "deleted")


def test_two_marks_on_one_commit_both_have_a_place() -> None:
    """CodeStream queued the first mark of a commit alone, and called the second one's commit missing."""
    places = carry([HERE, Anchor.lines("a.py", 20, 21)], text(LINES), text(NEW + LINES))
    assert [at(place) for place in places] == [(EXACT, 13, 15), (EXACT, 23, 24)]


def test_the_nearest_line_of_a_deleted_block_is_the_one_above() -> None:
    """Where a block is gone, the line that stood above it is named, or the one below, or none in an empty text."""
    assert carried(LINES[:9] + LINES[12:]).nearest == 9
    assert carried(LINES[12:]).nearest == 1
    assert carried([]).nearest is None


def test_indenting_alone_is_told_apart() -> None:
    """Only a block that differs in nothing but blanks is said to be so."""
    assert carried(CASES["indented"][0]).whitespace_only
    assert not carried(CASES["one line edited"][0]).whitespace_only
    assert not carried(LINES).whitespace_only


def test_a_whole_file_can_change_from_tabs_to_blanks() -> None:
    """Re-indenting everything keeps every line in its place, also in a text too long to compare line by line."""
    old = [f"\tdef function_{number}(): return {number * 7919}" for number in range(400)]
    new = [line.replace("\t", "    ") for line in old]
    places = carry([Anchor.line("a.py", line) for line in range(1, 401)], text(old), text(new))
    assert [(place.start, place.whitespace_only) for place in places] == [(line, True) for line in range(1, 401)]


@pytest.mark.parametrize(("old_end", "new_end"), [("\n", "\r\n"), ("\r\n", "\n")])
def test_line_endings_are_no_difference(old_end: str, new_end: str) -> None:
    """A file whose line endings change keeps its anchors, exactly."""
    (place,) = carry([HERE], text(LINES, old_end), text(LINES, new_end))
    assert at(place) == (EXACT, 10, 12)


@pytest.mark.parametrize("what", ["final newline gone", "byte-order mark", "bytes", "utf-16"])
def test_how_a_text_is_written_is_no_difference(what: str) -> None:
    """The end of the last line, a byte-order mark and the encoding change no line."""
    old, anchor = text(LINES), Anchor.lines("a.py", 1, 30)
    written: dict[str, str | bytes] = {
        "final newline gone": old.removesuffix("\n"),
        "byte-order mark": f"\ufeff{old}",
        "bytes": old.encode(),
        "utf-16": old.encode("utf-16"),
    }
    assert [at(place) for place in carry([anchor], old, written[what])] == [(EXACT, 1, 30)]


def test_bytes_of_another_encoding_are_lines_too() -> None:
    """A Latin-1 file matches the text that an editor shows of it."""
    old = text(["première", "deuxième", "troisième"])
    (place,) = carry([Anchor.line("a", 2)], old.encode("latin-1"), "zéro\n" + old)
    assert at(place) == (EXACT, 3, 3)


def test_only_a_line_feed_ends_a_line() -> None:
    """Form feeds, vertical tabs, NEL and U+2028 stay in their lines, as git counts them."""
    old = ["one\x0ctwo", "three\x0bfour", "five\x85six", "seven\u2028eight"]
    (place,) = carry([Anchor.line("a", 4)], text(old), text(["zero", *old]))
    assert at(place) == (EXACT, 5, 5)


def test_a_brace_does_not_jump_to_another() -> None:
    """A lone brace that is gone is gone, however many others there are."""
    old = ["if (a) {", "    first();", "}", "if (b) {", "    second();", "}"]
    new = ["first();", "if (b) {", "    second();", "}", "if (c) {", "    third();", "}"]
    assert carried(new, Anchor.line("a", 3), old).status is DELETED


def test_a_brace_alone_does_not_survive_for_a_block() -> None:
    """A block of which only a brace is left is deleted."""
    old = ["def one():", "    pass", "", "{", "    apple(), basket(), candle()", "}", "", "last line of it"]
    new = ["def one():", "    pass", "", "}", "", "last line of it"]
    assert carried(new, Anchor.lines("a", 4, 6), old).status is DELETED


def test_of_two_equal_blocks_the_one_that_stays_keeps_its_anchor() -> None:
    """Where one of two equal blocks goes, its neighbours tell which; the other's anchor does not move over."""
    old = [*LINES[:5], *BLOCK, *LINES[15:20], *BLOCK, *LINES[20:25]]
    new = [*LINES[:5], *LINES[15:20], *BLOCK, *LINES[20:25]]
    assert carried(new, Anchor.lines("a", 6, 8), old).status is DELETED
    assert at(carried(new, Anchor.lines("a", 14, 16), old)) == (EXACT, 11, 13)


@pytest.mark.parametrize("gone", [False, True])
def test_of_equal_lines_around_what_was_put_in_the_upper_ones_stay(*, gone: bool) -> None:
    """A section added below one that ends alike leaves that one whole, as git has it; taken out again, too."""
    first = ["- package: actions", "  schedule: daily", "  ignore: patches", "  cooldown:", "    days: 7"]
    both = ["- package: 'actions'", *first[1:], "- package: 'hooks'", "  cooldown:", "    days: 7"]
    old, new = (both, first) if gone else (first, both)
    assert at(carried(new, Anchor.lines("a", 2, 5), old)) == (EXACT, 2, 5)
    assert at(carried(new, Anchor.line("a", 5), old)) == (EXACT, 5, 5)


def test_a_common_short_line_is_not_found_elsewhere() -> None:
    """A short line that everybody writes is not taken for the one that is gone, unless its neighbours are there, too."""
    old = [*LINES[:3], "pass", *LINES[3:6]]
    assert carried([*LINES[:6], "x = 1", "pass", "y = 2"], Anchor.line("a", 4), old).status is DELETED


@pytest.mark.parametrize(("start", "end"), [(30, 31), (31, 31), (500, 600)])
def test_lines_that_the_old_text_does_not_have_are_unknown(start: int, end: int) -> None:
    """An anchor beyond the end is said to be one, and raises nothing."""
    place = carried(LINES, Anchor.lines("a.py", start, end))
    assert (place.status, place.reason) == (UNKNOWN, "the old text ends at line 30")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"\x89PNG\0\0", b"text\n", "the file is binary"),
        ("text\n", b"GIF89a\0", "the file is binary"),
        ("", "text\n", "the old text ends at line 0"),
    ],
)
def test_what_cannot_be_told_is_unknown_with_its_reason(old: str | bytes, new: str | bytes, reason: str) -> None:
    """Binary files and empty old texts give a reason in place of a line."""
    (place,) = carry([Anchor.line("a", 1)], old, new)
    assert (place.status, place.reason, place.start) == (UNKNOWN, reason, None)


def test_a_range_over_both_sides_has_no_lines_in_one_text() -> None:
    """A range that begins on the old side is unknown in any single text."""
    anchor = Anchor.lines("a.py", 10, 12, start_side=Side.OLD)
    assert carried(LINES, anchor).status is UNKNOWN


def test_an_anchor_on_the_file_has_no_lines() -> None:
    """A file anchor is exact whatever happens to the text, of a binary file too."""
    assert at(carried(NEW, Anchor.file("a.py"))) == (EXACT, None, None)
    assert [at(place) for place in carry([Anchor.file("a.png")], b"\0", b"\0\0")] == [(EXACT, None, None)]


def test_many_anchors_keep_their_order() -> None:
    """Each anchor of a batch has its own place, equal ones too, in the order given."""
    anchors = [Anchor.line("a.py", line) for line in (12, 1, 12, 30)]
    places = carry(iter(anchors), text(LINES), text(NEW + LINES))
    assert [place.start for place in places] == [15, 4, 15, 33]


def test_a_long_block_that_moved_is_found() -> None:
    """A hundred lines that moved are found as a whole."""
    old = [f"row_{number} = {number * 7919 % 10007}" for number in range(300)]
    new = old[:100] + old[200:] + old[100:200]
    # The longer part keeps its place, so it is the shorter one that moves.
    place = carried(new, Anchor.lines("a", 101, 180), old)
    assert at(place) in {(MOVED, 201, 280), (EXACT, 201, 280)}
