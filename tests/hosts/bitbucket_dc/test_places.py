"""Places in a diff: neutral anchors and Data Center's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from pullbridge.anchoring.placement import place
from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.diff import ChangeKind, FileChange

BASE, HEAD = "b" * 40, "a" * 40
ENDS = wire.Ends(since=BASE, until=HEAD)
#: Lines 10 to 13 of the old side: unchanged, removed, unchanged; two are new.
PATCH = "@@ -10,4 +10,5 @@\n a\n-b\n+B\n+C\n c\n d"
FILES = [
    FileChange(path="a.py", kind=ChangeKind.MODIFIED, patch=PATCH),
    FileChange(path="moved.py", old_path="former.py", kind=ChangeKind.RENAMED, patch="@@ -3,2 +3,3 @@\n 3\n+x\n 4"),
]


def written(at: Anchor, kind: str = wire.EFFECTIVE) -> Mapping[str, Any]:
    """What is sent for an anchor, once it is placed in these changes."""
    placed = place(replace(at, commit=HEAD), FILES)
    assert placed.ok, placed.reason
    made = wire.written(placed.anchor, kind, ENDS)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("at", "line"),
    [
        (Anchor.line("a.py", 11), (11, "ADDED", "TO")),
        (Anchor.line("a.py", 11, side=Side.OLD), (11, "REMOVED", "FROM")),
        (Anchor.line("a.py", 13), (13, "CONTEXT", "TO")),
        (Anchor.line("a.py", 12, side=Side.OLD), (12, "CONTEXT", "FROM")),
    ],
    ids=["added", "removed", "unchanged", "unchanged, by its old number"],
)
def test_a_line_is_said_to_be_what_the_diff_says(at: Anchor, line: tuple[int, str, str]) -> None:
    """The number counts on the side that is named, and the word is the diff's."""
    made = written(at)
    assert (made["line"], made["lineType"], made["fileType"]) == line
    assert "multilineMarker" not in made


def test_the_diff_that_was_looked_at_is_named() -> None:
    """Its kind always, its commits where they are known; the former path only of a file that moved."""
    made = written(Anchor.line("a.py", 11))
    assert (made["diffType"], made["fromHash"], made["toHash"]) == ("EFFECTIVE", BASE, HEAD)
    assert "srcPath" not in made
    moved = written(Anchor.line("moved.py", 4), wire.RANGE)
    assert (moved["path"], moved["srcPath"], moved["diffType"]) == ("moved.py", "former.py", "RANGE")
    unknown = wire.written(Anchor.file("a.py", commit=HEAD), wire.EFFECTIVE, wire.Ends(since=None, until=HEAD))
    assert unknown == {"diffType": "EFFECTIVE", "path": "a.py"}


def test_a_whole_file_has_no_line() -> None:
    """Neither a number nor a word nor a side."""
    assert not {"line", "lineType", "fileType"} & written(Anchor.file("a.py")).keys()


@pytest.mark.parametrize(
    ("at", "end", "marker", "span"),
    [
        (
            Anchor.lines("a.py", 11, 12),
            (12, "ADDED"),
            (11, "ADDED"),
            {"dstSpanStart": 11, "dstSpanEnd": 12},
        ),
        (
            Anchor.lines("a.py", 10, 13),
            (13, "CONTEXT"),
            (10, "CONTEXT"),
            {"srcSpanStart": 10, "srcSpanEnd": 12, "dstSpanStart": 10, "dstSpanEnd": 13},
        ),
        (
            Anchor.lines("a.py", 11, 12, start_side=Side.OLD),
            (12, "ADDED"),
            (11, "REMOVED"),
            {"srcSpanStart": 11, "srcSpanEnd": 11, "dstSpanStart": 11, "dstSpanEnd": 12},
        ),
        (
            Anchor.lines("a.py", 10, 11, side=Side.OLD),
            (11, "REMOVED"),
            (10, "CONTEXT"),
            {"srcSpanStart": 10, "srcSpanEnd": 11, "dstSpanStart": 10, "dstSpanEnd": 10},
        ),
    ],
    ids=["added", "unchanged around", "from the old side to the new", "old side"],
)
def test_a_range_says_where_it_begins_and_what_it_spans(
    at: Anchor, end: tuple[int, str], marker: tuple[int, str], span: dict[str, int]
) -> None:
    """The comment hangs on its last line; the span has the lines of each side that has any."""
    made = written(at)
    assert (made["line"], made["lineType"]) == end
    assert made["multilineMarker"] == {"startLine": marker[0], "startLineType": marker[1]}
    assert made["multilineSpan"] == span


def test_lines_that_no_diff_shows_are_not_guessed() -> None:
    """What a line is, is never made up."""
    assert wire.written(Anchor.line("a.py", 11, commit=HEAD), wire.EFFECTIVE, ENDS) is None


def read(**told: Any) -> payloads.DiffAnchor:
    whole = {"path": "a.py", "fromHash": BASE, "toHash": HEAD, "diffType": "EFFECTIVE", "orphaned": False, **told}
    return msgspec.json.decode(msgspec.json.encode(whole), type=payloads.DiffAnchor)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"line": 11, "lineType": "ADDED", "fileType": "TO"}, (Side.NEW, 11, 11, None)),
        ({"line": 11, "lineType": "REMOVED", "fileType": "FROM"}, (Side.OLD, 11, 11, None)),
        ({"line": 9, "lineType": "CONTEXT", "fileType": "FROM"}, (Side.OLD, 9, 9, None)),
        ({"line": 9, "lineType": "CONTEXT"}, (Side.NEW, 9, 9, None)),
        (
            {
                "line": 12,
                "lineType": "ADDED",
                "fileType": "TO",
                "multilineMarker": {"startLine": 11, "startLineType": "REMOVED"},
            },
            (Side.NEW, 11, 12, Side.OLD),
        ),
        (
            {
                "line": 12,
                "lineType": "CONTEXT",
                "fileType": "FROM",
                "multilineMarker": {"startLine": 10, "startLineType": "CONTEXT"},
            },
            (Side.OLD, 10, 12, None),
        ),
        (
            {
                "line": 12,
                "lineType": "ADDED",
                "fileType": "TO",
                "multilineMarker": {"startLine": 40, "startLineType": "ADDED"},
            },
            (Side.NEW, 12, 12, None),
        ),
        ({}, (Side.NEW, None, None, None)),
    ],
)
def test_a_place_is_read_as_it_is_kept(told: dict[str, Any], place: tuple[Any, ...]) -> None:
    """Side, lines and commits; a range that cannot be is its last line."""
    at = wire.anchor(read(**told))
    assert at is not None
    assert (at.side, at.start, at.end, at.start_side, at.commit, at.base) == (*place, HEAD, BASE)


@pytest.mark.parametrize(
    "path",
    [
        "src/a.py",
        {"components": ["src", "a.py"], "parent": "src", "name": "a.py", "extension": "py"},
        {"toString": "src/a.py"},
    ],
)
def test_a_path_is_a_text_or_an_object(path: Any) -> None:
    """The specification says one, recorded answers the other."""
    at = wire.anchor(read(path=path, line=1, lineType="ADDED", fileType="TO", srcPath=path))
    assert at is not None
    assert (at.path, at.old_path) == ("src/a.py", None)


OTHER = "c" * 40
NOW = wire.Ends(since=BASE, until=HEAD)
LATER = wire.Ends(since=BASE, until=OTHER)


@pytest.mark.parametrize(
    ("told", "head", "commit", "outdated"),
    [
        ({}, NOW, HEAD, False),
        ({}, LATER, OTHER, False),
        ({}, None, HEAD, False),
        ({"orphaned": True}, NOW, None, True),
        ({"diffType": "RANGE"}, NOW, HEAD, False),
        ({"diffType": "RANGE"}, LATER, None, True),
        ({"diffType": "RANGE"}, None, None, None),
        ({"diffType": "COMMIT"}, LATER, None, False),
    ],
    ids=["here", "moved along", "head unknown", "orphaned", "range", "old range", "range, head unknown", "on a commit"],
)
def test_where_a_conversation_is_now(
    told: dict[str, Any], head: wire.Ends | None, commit: str | None, outdated: bool | None
) -> None:
    """What is on the pull request's own diff moves along with it until it is orphaned; the rest stays where it was."""
    at, old = wire.current(read(line=1, lineType="ADDED", fileType="TO", **told), head)
    assert (at.commit if at else None, old) == (commit, outdated)
