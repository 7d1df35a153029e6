"""Lines found again by the piece of the diff that a host keeps."""

from __future__ import annotations

import pytest

from pullbridge import Anchor, PlaceStatus, Side
from pullbridge.anchoring import carry_by_hunk

#: As GitHub keeps it: the header tells of more lines than follow, and the last one is the comment's.
HUNK = """@@ -8,7 +8,9 @@ def area(shape):
     width = shape.width
-    return width
+    height = shape.height
+    return width * height"""
HEAD = "one\ntwo\n    width = shape.width\n    height = shape.height\n    return width * height\nthree\n"
AT = Anchor.lines("a.py", 9, 10)


def found(text: str | bytes, at: Anchor = AT, hunk: str = HUNK) -> tuple[PlaceStatus, int | None, int | None]:
    place = carry_by_hunk(at, hunk, text)
    return place.status, place.start, place.end


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_whole_piece_is_there(ends: str) -> None:
    """Wherever it stands now, its lines are exact; line ends make no difference."""
    assert found(HEAD.replace("\n", ends)) == (PlaceStatus.EXACT, 4, 5)


def test_the_old_side() -> None:
    """Lines that the diff removed are looked for where they may still be."""
    at = Anchor.line("a.py", 9, side=Side.OLD)
    assert found("    width = shape.width\n    return width\n", at) == (PlaceStatus.EXACT, 2, 2)


def test_only_the_lines_are_there() -> None:
    """With other lines around them they are flagged, and not exact."""
    text = HEAD.replace("width = shape.width\n", "wide = shape.wide\n")
    assert found(text) == (PlaceStatus.MOVED, 4, 5)


def test_twice_is_not_known() -> None:
    """Of two places that read alike, none is chosen."""
    assert found(HEAD * 2)[0] is PlaceStatus.UNKNOWN


@pytest.mark.parametrize("text", ["", "}\n", "other\nlines\n", "    return width\n"])
def test_what_is_not_there_gets_no_line(text: str) -> None:
    """No line is invented."""
    status, start, end = found(text)
    assert status is PlaceStatus.UNKNOWN
    assert (start, end) == (None, None)


def test_a_brace_says_nothing() -> None:
    """A line that may stand anywhere is not recognized where what was above it has changed."""
    hunk = "@@ -1,2 +1,2 @@\n-call(1)\n+call(2)\n }"
    assert found("}\n", Anchor.line("a.c", 2), hunk)[0] is PlaceStatus.UNKNOWN


@pytest.mark.parametrize(
    ("hunk", "at"),
    [
        ("", AT),
        ("nonsense", AT),
        ("@@ -1 +1 @@\n!x", AT),
        ("@@ what @@\n+x", AT),
        (HUNK, Anchor.line("a.py", 12)),
        (HUNK, Anchor.lines("a.py", 9, 10, start_side=Side.OLD)),
    ],
)
def test_a_piece_that_does_not_help(hunk: str, at: Anchor) -> None:
    """Unreadable, of other lines, or of both sides: unknown with the reason, and nothing is raised."""
    place = carry_by_hunk(at, hunk, HEAD)
    assert place.status is PlaceStatus.UNKNOWN
    assert place.reason


def test_a_binary_has_no_lines() -> None:
    """Nor is anything raised for it."""
    assert carry_by_hunk(AT, HUNK, b"\0").reason == "the file is binary"
