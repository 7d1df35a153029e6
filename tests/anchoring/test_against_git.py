"""What git prints, read back, against what git was given."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pullbridge.anchoring import FileDiff, LineKind, LineMap, parse_diff, parse_patch
from pullbridge.errors import BadAnswer
from pullbridge.model.anchor import Side
from pullbridge.model.diff import ChangeKind

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

QUIET = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "LC_ALL": "C",
}
EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

# Few different lines, so that they repeat; some look like a diff's own, some hold what other tools break lines at.
LINES = st.sampled_from(
    [b"", b" ", b"a", b"b", b"}", b"-- a/x", b"++ b/x", b"@@ -1 +1 @@", b"diff --git a/x b/x", b"\\ No newline", b"a\r",
     b"\f", "\u2028\x85é".encode(), b"caf\xe9", b"-", b"+", b"-- "]
)  # fmt: skip
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=6).map(
    lambda name: f"f{name}"
)


@st.composite
def versions(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Two versions of a file, mostly the same; the last line may lack its line feed."""
    old = draw(st.lists(LINES, max_size=40))
    new = list(old)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        new[at : at + draw(st.integers(0, 3))] = draw(st.lists(LINES, max_size=3))
    ends = st.sampled_from([b"\n", b"\n", b""])
    return b"\n".join(old) + draw(ends), b"\n".join(new) + draw(ends)


def rows(content: bytes) -> list[str]:
    """The lines of a file, as git counts them."""
    text = content.decode("utf-8", "surrogateescape")
    return text.removesuffix("\n").split("\n") if text else []


class Trees:
    """A repository that holds nothing but the trees one writes into it; no name touches the file system."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--bare")

    def git(self, *words: str, given: bytes = b"") -> bytes:
        return subprocess.run(
            ["git", *words], cwd=self.folder, input=given, env=QUIET, check=True, capture_output=True
        ).stdout

    def tree(self, files: Sequence[tuple[str, str, bytes]]) -> str:
        entries = b""
        for mode, name, content in files:
            blob = self.git("hash-object", "-w", "--stdin", given=content).strip()
            entries += b"%s blob %s\t%s\0" % (mode.encode(), blob, name.encode("utf-8", "surrogateescape"))
        return self.git("mktree", "-z", given=entries).decode().strip()

    def diff(self, old: str, new: str, *options: str) -> bytes:
        return self.git("diff-tree", "-p", "--no-ext-diff", *options, old, new)


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    return Trees(tmp_path_factory.mktemp("trees"))


def check_lines(diff: FileDiff, old: bytes, new: bytes) -> None:
    """The map must agree with the two files line by line, and the hunks with their text."""
    old_rows, new_rows = rows(old), rows(new)
    lines = LineMap(diff.hunks)
    pairs = [lines.pair(Side.OLD, line) for line in range(1, len(old_rows) + 1)]
    kept = [(o, n) for o, n in pairs if o is not None and n is not None]
    assert kept == sorted(kept)
    assert kept == [pair for line in range(1, len(new_rows) + 1) if None not in (pair := lines.pair(Side.NEW, line))]
    added = [line for line in range(1, len(new_rows) + 1) if lines.kind_of(Side.NEW, line) is LineKind.ADDED]
    removed = [line for line in range(1, len(old_rows) + 1) if lines.kind_of(Side.OLD, line) is LineKind.REMOVED]
    assert sorted([*added, *(n for _, n in kept)]) == list(range(1, len(new_rows) + 1))
    assert sorted([*removed, *(o for o, _ in kept)]) == list(range(1, len(old_rows) + 1))
    assert all(old_rows[o - 1] == new_rows[n - 1] for o, n in kept)
    assert (diff.additions, diff.deletions) == (len(added), len(removed))
    for index, hunk in enumerate(diff.hunks):
        for line in hunk.lines:
            if line.kind is not LineKind.ADDED:
                assert old_rows[line.old - 1] == line.text
                assert lines.codes(Side.OLD, line.old) == (line.old, line.new)
                assert lines.hunk_at(Side.OLD, line.old) == index
            if line.kind is not LineKind.REMOVED:
                assert new_rows[line.new - 1] == line.text
                assert lines.codes(Side.NEW, line.new) == (line.old, line.new)
                assert lines.hunk_at(Side.NEW, line.new) == index


@EXAMPLES
@given(files=st.lists(versions(), min_size=1, max_size=5), context=st.integers(0, 4))
def test_the_line_map_agrees_with_both_files(trees: Trees, files: list[tuple[bytes, bytes]], context: int) -> None:
    """Every line that the map calls unchanged is equal on both sides, in order, and no line is left out."""
    old = trees.tree([("100644", f"f{at}", before) for at, (before, _) in enumerate(files)])
    new = trees.tree([("100644", f"f{at}", after) for at, (_, after) in enumerate(files)])
    diffs = {diff.path: diff for diff in parse_diff(trees.diff(old, new, f"-U{context}", "--text"))}
    assert set(diffs) == {f"f{at}" for at, (before, after) in enumerate(files) if before != after}
    for at, (before, after) in enumerate(files):
        if diff := diffs.get(f"f{at}"):
            check_lines(diff, before, after)
            if context and diff.new_lacks_newline:
                assert not after.endswith(b"\n")
            if diff.hunks[-1].span(Side.NEW).stop > len(rows(after)) > 0:
                assert diff.new_lacks_newline is not after.endswith(b"\n")
            if diff.hunks[-1].span(Side.OLD).stop > len(rows(before)) > 0:
                assert diff.old_lacks_newline is not before.endswith(b"\n")
            assert parse_patch(diff.as_change().patch or "") == diff.hunks


STATUS = {
    "A": ChangeKind.ADDED, "D": ChangeKind.REMOVED, "R": ChangeKind.RENAMED, "C": ChangeKind.COPIED,
}  # fmt: skip


def raw(trees: Trees, old: str, new: str) -> list[tuple[str, str | None, ChangeKind, str | None, str | None]]:
    """What `--raw -z` says of the same trees: no quoting, no prefixes."""
    fields = trees.git("diff-tree", "--raw", "-z", "-r", "-M", "-C", old, new).decode("utf-8", "surrogateescape")
    words = iter(fields.split("\0")[:-1])
    found = []
    for head in words:
        old_mode, new_mode, _, _, status = head.removeprefix(":").split(" ")
        first = next(words)
        second = next(words) if status[0] in "RC" else first
        kind = STATUS.get(status[0], ChangeKind.MODIFIED)
        before = None if kind is ChangeKind.ADDED else first
        was, is_now = (None if mode == "000000" else mode for mode in (old_mode, new_mode))
        found.append((second, before, kind, was, is_now))
    return found


@EXAMPLES
@given(
    old=st.dictionaries(NAMES, st.tuples(st.sampled_from(["100644", "100755"]), st.sampled_from([b"", b"a\n", b"b\nc\nd\ne\n", b"\0"])), max_size=4),
    new=st.dictionaries(NAMES, st.tuples(st.sampled_from(["100644", "100755"]), st.sampled_from([b"", b"a\n", b"b\nc\nd\nf\n", b"\0\1"])), max_size=4),
    same=st.booleans(),
)  # fmt: skip
def test_paths_kinds_and_modes_agree_with_git(
    trees: Trees, old: dict[str, tuple[str, bytes]], new: dict[str, tuple[str, bytes]], same: bool
) -> None:
    """Any name that git can hold is read back, with what happened to the file, as the raw format gives it."""
    if same:
        new = dict(zip(old, new.values(), strict=False))
    before = trees.tree([(mode, name, content) for name, (mode, content) in old.items()])
    after = trees.tree([(mode, name, content) for name, (mode, content) in new.items()])
    for quoting in ("true", "false"):
        text = trees.git(
            "-c", f"core.quotePath={quoting}", "diff-tree", "-p", "-r", "-M", "-C", "--binary", before, after
        )
        read = [
            (diff.path, diff.old_path, ChangeKind.MODIFIED if diff.kind is ChangeKind.CHANGED else diff.kind)
            for diff in parse_diff(text)
        ]
        assert read == [row[:3] for row in raw(trees, before, after)]
        modes = [
            (diff.old_mode, diff.new_mode)
            for diff in parse_diff(text)
            if diff.kind not in {ChangeKind.RENAMED, ChangeKind.COPIED}
        ]
        assert modes == [
            row[3:] for row in raw(trees, before, after) if row[2] not in {ChangeKind.RENAMED, ChangeKind.COPIED}
        ]


@EXAMPLES
@given(files=versions(), data=st.data())
def test_a_diff_that_is_cut_short_is_never_read_as_another(
    trees: Trees, files: tuple[bytes, bytes], data: st.DataObject
) -> None:
    """A part of a diff is refused, or gives the same hunks up to where it ends."""
    old = trees.tree([("100644", "x", files[0])])
    new = trees.tree([("100644", "x", files[1])])
    text = trees.diff(old, new, "--text")
    whole = parse_diff(text)
    part = text[: data.draw(st.integers(0, len(text)))]
    try:
        read = parse_diff(part)
    except BadAnswer:
        return
    if read and read[0].hunks:
        count = len(read[0].hunks)
        assert [hunk.lines[:-1] for hunk in read[0].hunks] == [hunk.lines[:-1] for hunk in whole[0].hunks[:count]]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["diff --git ", "a/x b/x", '"', "\\", "--- ", "+++ ", "@@ ", "@@ -1 +1 @@", "-1,2 ", "\n", "\n", " ", "-", "+", "x", "\ud800", "\0", "rename from ", "index ", "copy to ", "-- \n"]), max_size=30).map("".join))  # fmt: skip
def test_no_text_raises_anything_but_a_bad_answer(text: str) -> None:
    """Whatever a host sends, a caller has one error to catch."""
    for read in (parse_diff, parse_patch):
        refusal: BadAnswer | None = None
        try:
            read(text)
        except BadAnswer as error:
            refusal = error
        assert refusal is None or refusal.what == "diff"


def test_a_submodule_a_link_and_a_change_of_type(trees: Trees) -> None:
    """Git prints a submodule and a link as files of one line, and a change of type as a removal and an addition."""
    link = trees.tree([("120000", "l", b"there"), ("100644", "t", b"a\n")])
    file = trees.tree([("120000", "l", b"here"), ("120000", "t", b"a")])
    moved, gone, new = parse_diff(trees.diff(link, file))
    assert (moved.new_mode, moved.new_lacks_newline, moved.deletions) == ("120000", True, 1)
    assert [(diff.path, diff.kind) for diff in (gone, new)] == [("t", ChangeKind.REMOVED), ("t", ChangeKind.ADDED)]
