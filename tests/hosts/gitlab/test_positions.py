"""Places in a diff: neutral anchors and GitLab's positions, by values that GitLab's own tests and recorded answers hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from tests.contract.specs import SHARED, give_up

from pullbridge.anchoring.hunks import LineMap, parse_patch
from pullbridge.anchoring.placement import place
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.diff import ChangeKind, FileChange

POPEN = "files/ruby/popen.rb"
#: The change that GitLab's own tests take line codes from (`spec/support/helpers/repo_helpers.rb`, commit 570e7b2a).
CHANGE = """@@ -6,12 +6,18 @@ module Popen

   def popen(cmd, path=nil)
     unless cmd.is_a?(Array)
-      raise "System commands must be given as an array of strings"
+      raise RuntimeError, "System commands must be given as an array of strings"
     end

     path ||= Dir.pwd
-    vars = { "PWD" => path }
-    options = { chdir: path }
+
+    vars = {
+      "PWD" => path
+    }
+
+    options = {
+      chdir: path
+    }

     unless File.directory?(path)
       FileUtils.mkdir_p(path)
"""
SHA1 = "2f6fcd96b88b36ce98c38da085c795a27d92a3dd"
REFS = payloads.DiffRefs(base_sha="b" * 40, start_sha="5" * 40, head_sha="a" * 40)
WHERE = {"base_sha": "b" * 40, "start_sha": "5" * 40, "head_sha": "a" * 40}
FILES = [
    FileChange(path=POPEN, kind=ChangeKind.MODIFIED, patch=CHANGE),
    FileChange(path="new.rb", kind=ChangeKind.ADDED, patch="@@ -0,0 +1,2 @@\n+one\n+two\n"),
    FileChange(path="gone.rb", kind=ChangeKind.REMOVED, patch="@@ -1,2 +0,0 @@\n-one\n-two\n"),
    FileChange(
        path="moved.rb", old_path="former.rb", kind=ChangeKind.RENAMED, patch="@@ -3,3 +3,4 @@\n 3\n+x\n 4\n 5\n"
    ),
]


def position(at: Anchor, **rules: bool) -> Mapping[str, Any]:
    """The position of an anchor once it is placed in these changes."""
    placed = place(replace(at, commit=REFS.head_sha), FILES, **{"outside_hunks": True, **rules})
    assert placed.ok, placed.reason
    made = wire.position(placed.anchor, REFS)
    assert made is not None
    return made


def lines(made: Mapping[str, Any]) -> dict[str, Any]:
    return {name: made[name] for name in ("old_line", "new_line") if name in made}


@pytest.mark.parametrize(
    ("side", "line", "code"),
    [
        (Side.NEW, 6, "6_6"),
        (Side.OLD, 9, "9_9"),
        (Side.NEW, 9, "10_9"),
        (Side.OLD, 13, "13_13"),
        (Side.NEW, 14, "15_14"),
    ],
)
def test_a_line_code_is_what_gitlabs_own_tests_hold(side: Side, line: int, code: str) -> None:
    """An added line has the next old number in it, a removed one the next new number."""
    counters = LineMap(parse_patch(CHANGE)).codes(side, line)
    assert wire.line_code(POPEN, *counters) == f"{SHA1}_{code}"


@pytest.mark.parametrize(
    ("path", "digest"),
    [
        ("README.md", "8ec9a00bfd09b3190ac6b22251dbb1aa95a0579d"),
        ("CHANGELOG", "1c497fbb3a46b78edf04cc2a2fa33f67e3ffbe2a"),
        ("b.txt", "aceba96ffdf13ce4cd4171c0248420cc03108ef0"),
    ],
)
def test_a_line_code_begins_with_the_digest_of_the_path(path: str, digest: str) -> None:
    """Of the path as text, and not of the file."""
    assert wire.line_code(path, 2, 4) == f"{digest}_2_4"


def test_a_path_that_is_no_text_has_a_code_too() -> None:
    """Bytes that are not UTF-8 are taken as they are."""
    assert wire.line_code(b"caf\xe9".decode("utf-8", "surrogateescape"), 0, 1).endswith("_0_1")


def test_an_added_line_has_its_new_number_alone() -> None:
    """No old number, and both paths."""
    made = position(Anchor.line(POPEN, 14))
    assert made == {"position_type": "text", **WHERE, "old_path": POPEN, "new_path": POPEN, "new_line": 14}


def test_a_removed_line_has_its_old_number_alone() -> None:
    """No new number."""
    assert lines(position(Anchor.line(POPEN, 13, side=Side.OLD))) == {"old_line": 13}


@pytest.mark.parametrize("at", [Anchor.line(POPEN, 22), Anchor.line(POPEN, 16, side=Side.OLD)])
def test_an_unchanged_line_has_both_numbers(at: Anchor) -> None:
    """By whichever of them it is named; they differ behind a change."""
    assert lines(position(at)) == {"old_line": 16, "new_line": 22}


@pytest.mark.parametrize(
    ("at", "numbers"),
    [
        (Anchor.line(POPEN, 2), {"old_line": 2, "new_line": 2}),
        (Anchor.line(POPEN, 60), {"old_line": 54, "new_line": 60}),
        (Anchor.line(POPEN, 60, side=Side.OLD), {"old_line": 60, "new_line": 66}),
    ],
)
def test_a_line_that_no_hunk_shows_has_both_numbers(at: Anchor, numbers: dict[str, int]) -> None:
    """They differ by what the hunks before it add and remove."""
    assert lines(position(at)) == numbers


def test_a_line_whose_other_number_is_not_known_is_never_sent() -> None:
    """Where a diff left lines out, and where it is not known, there is no position at all."""
    between = "@@ -1,1 +1,1 @@\n-a\n+b\n@@ -10,1 +12,1 @@\n-c\n+d\n"
    files = [FileChange(path=POPEN, kind=ChangeKind.MODIFIED, patch=between)]
    placed = place(Anchor.line(POPEN, 5), files, outside_hunks=True)
    assert placed.ok
    assert placed.anchor.ends is None
    assert wire.position(placed.anchor, REFS) is None
    hidden = place(Anchor.line(POPEN, 5), [FileChange(path=POPEN, kind=ChangeKind.MODIFIED, truncated=True)])
    assert wire.position(hidden.anchor, REFS) is None


def test_numbers_of_another_place_are_not_kept() -> None:
    """An anchor that is changed after it was placed is placed anew, and has no numbers where nothing is known."""
    placed = place(Anchor.line(POPEN, 22), FILES).anchor
    assert placed.ends is not None
    moved = replace(placed, start=9, end=9)
    assert lines(position(moved)) == {"new_line": 9}
    hidden = [FileChange(path=POPEN, kind=ChangeKind.MODIFIED, truncated=True)]
    assert place(moved, hidden).anchor.ends is None


def test_a_new_file_counts_its_old_lines_from_nothing() -> None:
    """The old number in a line code is 0, and both paths are the same."""
    made = position(Anchor.lines("new.rb", 1, 2))
    assert made["new_line"] == 2
    assert made["old_path"] == made["new_path"] == "new.rb"
    assert made["line_range"]["start"]["line_code"] == wire.line_code("new.rb", 0, 1)


def test_a_removed_file_has_old_lines() -> None:
    """And its former path as both."""
    made = position(Anchor.line("gone.rb", 2, side=Side.OLD))
    assert lines(made) == {"old_line": 2}
    assert (made["old_path"], made["new_path"]) == ("gone.rb", "gone.rb")


@pytest.mark.parametrize("at", [Anchor.line("moved.rb", 5), Anchor.line("former.rb", 4, side=Side.OLD)])
def test_a_renamed_file_has_both_its_names(at: Anchor) -> None:
    """By whichever of them it is named; the line's numbers are those of the two versions."""
    made = position(at)
    assert (made["old_path"], made["new_path"]) == ("former.rb", "moved.rb")
    assert lines(made) == {"old_line": 4, "new_line": 5}


def test_a_range_ends_where_the_comment_hangs() -> None:
    """Both ends have their true codes; an unchanged line is of neither type."""
    made = position(Anchor.lines(POPEN, 12, 15))
    assert lines(made) == {"new_line": 15}
    assert made["line_range"] == {
        "start": {"line_code": f"{SHA1}_12_12", "old_line": 12, "new_line": 12},
        "end": {"line_code": f"{SHA1}_15_15", "type": "new", "new_line": 15},
    }


def test_a_range_may_end_on_a_removed_line() -> None:
    """Then the comment hangs on its old number."""
    made = position(Anchor.lines(POPEN, 12, 14, side=Side.OLD))
    assert lines(made) == {"old_line": 14}
    assert made["line_range"]["end"] == {"line_code": f"{SHA1}_14_13", "type": "old", "old_line": 14}


def test_a_range_may_go_from_a_removed_line_to_an_added_one() -> None:
    """Each end has the type of its own side."""
    made = position(Anchor.lines(POPEN, 9, 9, side=Side.NEW, start_side=Side.OLD))
    assert [made["line_range"][end]["type"] for end in ("start", "end")] == ["old", "new"]
    assert [made["line_range"][end]["line_code"] for end in ("start", "end")] == [f"{SHA1}_9_9", f"{SHA1}_10_9"]


def test_one_line_is_no_range() -> None:
    """It has no `line_range` at all."""
    assert "line_range" not in position(Anchor.lines(POPEN, 14, 14))


def test_a_whole_file_has_no_lines() -> None:
    """And is of its own type."""
    made = position(Anchor.file("moved.rb"))
    assert made == {"position_type": "file", **WHERE, "old_path": "former.rb", "new_path": "moved.rb"}


# And back ------------------------------------------------------------------------------------------------------------


def read(**said: Any) -> Anchor | None:
    """The anchor of a position that says this."""
    return wire.anchor(msgspec.convert({"position_type": "text", **WHERE, **said}, payloads.Position))


@pytest.mark.parametrize(
    "at",
    [
        Anchor.line(POPEN, 14),
        Anchor.line(POPEN, 13, side=Side.OLD),
        Anchor.line(POPEN, 22),
        Anchor.line(POPEN, 2),
        Anchor.lines(POPEN, 12, 15),
        Anchor.lines(POPEN, 13, 14, side=Side.OLD),
        Anchor.lines(POPEN, 9, 9, start_side=Side.OLD),
        Anchor.lines(POPEN, 9, 14, side=Side.OLD, start_side=Side.NEW),
        Anchor.file(POPEN),
        Anchor.line("new.rb", 2),
        Anchor.line("gone.rb", 1, side=Side.OLD),
    ],
    ids=str,
)
def test_what_was_sent_is_read_back(at: Anchor) -> None:
    """The same place, with the commits that its lines are counted in."""
    assert read(**position(at)) == replace(at, commit="a" * 40, base="b" * 40)


def test_an_unchanged_line_comes_back_by_its_new_number() -> None:
    """Whichever it was named by."""
    made = position(Anchor.line("former.rb", 4, side=Side.OLD))
    assert read(**made) == Anchor.line("moved.rb", 5, commit="a" * 40, base="b" * 40, old_path="former.rb")


def test_a_range_is_read_from_codes_alone() -> None:
    """As older versions and other clients write it."""
    told = {
        "start": {"line_code": f"{SHA1}_15_13", "type": "new"},
        "end": {"line_code": f"{SHA1}_15_15", "type": "new"},
    }
    assert read(new_path=POPEN, old_path=POPEN, new_line=15, line_range=told) == Anchor.lines(
        POPEN, 13, 15, commit="a" * 40, base="b" * 40
    )
    told["start"] = {"line_code": f"{SHA1}_9_9", "type": "old"}
    found = read(new_path=POPEN, old_path=POPEN, new_line=15, line_range=told)
    assert found is not None
    assert (found.start_side, found.start) == (Side.OLD, 9)


def test_numbers_may_be_texts() -> None:
    """As older versions store them."""
    told = {
        "start": {"line_code": "x", "type": "new", "old_line": None, "new_line": "13"},
        "end": {"line_code": "y", "type": "new", "old_line": None, "new_line": "15"},
    }
    found = read(new_path=POPEN, new_line=15, line_range=told)
    assert found is not None
    assert (found.start, found.end) == (13, 15)


@pytest.mark.parametrize(
    "told",
    [
        {"start": {"new_line": 10}, "end": {"new_line": 12}},
        {"start": {"new_line": 19}, "end": {"new_line": 15}},
        {"start": None, "end": None},
        {"start": {"line_code": "nonsense"}, "end": {"new_line": 15}},
        {"start": {"line_code": "x_-3_0", "type": "new"}, "end": {"line_code": "x_15_15"}},
    ],
)
def test_a_range_that_did_not_move_along_is_its_last_line(told: dict[str, Any]) -> None:
    """GitLab moves the line that a comment hangs on, and not where its range began: a wrong line is never told."""
    found = read(new_path=POPEN, new_line=15, line_range=told)
    assert found is not None
    assert (found.start, found.end, found.start_side) == (15, 15, None)


@pytest.mark.parametrize(
    ("said", "is_file"),
    [
        ({"position_type": "image", "new_path": "a.png", "width": 9, "height": 9, "x": 1.5, "y": 2}, True),
        ({"position_type": "file", "new_path": "a.rb"}, True),
        ({"position_type": "text", "new_path": "a.rb", "old_line": None, "new_line": None}, True),
        ({"position_type": "text", "old_path": "a.rb", "old_line": 3}, False),
    ],
)
def test_every_kind_of_position_is_read(said: dict[str, Any], is_file: bool) -> None:
    """An image's is its file."""
    found = read(**said)
    assert found is not None
    assert found.is_file is is_file


def test_a_position_of_nulls_is_none() -> None:
    """As drafts without a place have it."""
    nulls = dict.fromkeys(("base_sha", "start_sha", "head_sha", "old_path", "new_path", "old_line", "new_line"))
    assert wire.anchor(msgspec.convert({"position_type": "text", **nulls}, payloads.Position)) is None
    assert wire.anchor(None) is None


@pytest.mark.parametrize(
    ("newest", "current"),
    [
        (REFS, True),
        (payloads.DiffRefs(base_sha="b" * 40, start_sha="5" * 40, head_sha="c" * 40), False),
        (payloads.DiffRefs(base_sha="c" * 40, start_sha="c" * 40, head_sha="a" * 40), False),
        (payloads.DiffRefs(), None),
        (None, None),
    ],
)
def test_a_place_is_current_in_the_newest_diff_alone(newest: payloads.DiffRefs | None, current: bool | None) -> None:
    """All three commits count; nothing is said while the newest diff is not known."""
    there = msgspec.convert({"position_type": "text", **WHERE, "new_path": POPEN, "new_line": 3}, payloads.Position)
    assert wire.is_current(there, newest) is current


# Recorded answers ------------------------------------------------------------------------------------------------------


def recorded(*parts: str) -> bytes:
    """Read an answer that others have recorded."""
    path = SHARED.joinpath("samples", *parts)
    if not path.is_file():
        give_up("a recorded answer of GitLab's", path)
    return path.read_bytes()


@pytest.mark.contract
def test_recorded_drafts_have_their_places() -> None:
    """A draft without a place, and one on an added line, as GitLab sent them."""
    raw = recorded("gitlab-client-go-testdata", "list_draft_notes.json")
    without, on_line = msgspec.json.decode(raw, type=list[payloads.DraftNote])
    assert wire.anchor(without.position) is None
    at = wire.anchor(on_line.position)
    assert at == Anchor.line(
        "src/some-dir/some-file.js",
        9,
        commit="2c972dbf9094c380f5f00dcd8112d2c69b24c859",
        base="64581c4ee41beb44d943d7801f82d9038e25e453",
    )
    assert on_line.line_code is not None
    assert on_line.line_code.endswith("_10_9")


@pytest.mark.contract
def test_a_recorded_line_code_is_what_is_made_here() -> None:
    """Of the first line of a file, which has no old line before it."""
    raw = recorded("go-scm", "gitlab", "webhooks", "review_comment_create.json")
    said = json.loads(raw)["object_attributes"]
    assert said["line_code"] == wire.line_code(said["position"]["new_path"], 0, said["position"]["new_line"])
    at = wire.anchor(msgspec.convert(said["position"], payloads.Position))
    assert at is not None
    assert (at.path, at.end, at.side) == ("README.md", 1, Side.NEW)
