"""Changed files: a list without hunks, and a diff without a list."""

from __future__ import annotations

import json
import time
from typing import Any

import msgspec
import pytest
from tests.hosts.bitbucket_dc.recorded import stash

from pullbridge.anchoring import parse_diff
from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.model.diff import ChangeKind

RAW = b"""diff --git src://a.py dst://a.py
index 3cc2d49..4a62838 100644
--- src://a.py
+++ dst://a.py
@@ -1,2 +1,2 @@
--- src://a.py
-b
+++ dst://a.py
+B
diff --git src://former.py dst://moved.py
similarity index 90%
rename from former.py
rename to moved.py
index 3cc2d49..4a62838 100644
--- src://former.py
+++ dst://moved.py
@@ -3,2 +3,3 @@
 3
+x
 4
diff --git src://gone.txt dst://gone.txt
deleted file mode 100644
index 3cc2d49..0000000
--- src://gone.txt
+++ /dev/null
@@ -1,1 +0,0 @@
-all
diff --git "src://n\\303\\251.txt" "dst://n\\303\\251.txt"
new file mode 100644
index 0000000..3cc2d49
--- /dev/null
+++ "dst://n\\303\\251.txt"
@@ -0,0 +1,1 @@
+one
diff --git src://logo.png dst://logo.png
index 3cc2d49..4a62838 100644
Binary files src://logo.png and dst://logo.png differ
"""


def row(path: str, kind: str = "MODIFY", **more: Any) -> dict[str, Any]:
    parts = path.split("/")
    return {"path": {"components": parts, "name": parts[-1]}, "type": kind, **more}


def rows(*given: dict[str, Any]) -> list[payloads.Change]:
    return msgspec.convert(list(given), list[payloads.Change])


ALL = (
    row("a.py"),
    row("moved.py", "MOVE", srcPath={"components": ["former.py"]}),
    row("gone.txt", "DELETE"),
    row("né.txt", "ADD"),
    row("logo.png"),
)


def test_the_diff_gets_the_prefixes_that_git_writes() -> None:
    """Data Center has its own for the two sides; lines of a file that look like headers stay as they are."""
    text = wire.git_diff(RAW).decode()
    assert "diff --git a/a.py b/a.py\n" in text
    assert "--- a/a.py\n+++ b/a.py\n@@" in text
    assert "\n--- src://a.py\n-b\n+++ dst://a.py\n" in text
    assert '"a/n\\303\\251.txt" "b/n\\303\\251.txt"' in text
    assert [each.path for each in parse_diff(text)] == ["a.py", "moved.py", "gone.txt", "né.txt", "logo.png"]


def test_a_diff_with_the_usual_prefixes_stays_as_it_is() -> None:
    """Whatever an instance is set to."""
    usual = wire.git_diff(RAW)
    assert wire.git_diff(usual) == usual


def test_each_file_gets_its_hunks() -> None:
    """Kinds and former paths are the list's, hunks and counts the diff's."""
    files = wire.file_changes(rows(*ALL), wire.cut(RAW))
    assert [(each.path, each.kind, each.old_path, each.additions, each.deletions, each.binary) for each in files] == [
        ("a.py", ChangeKind.MODIFIED, None, 2, 2, False),
        ("moved.py", ChangeKind.RENAMED, "former.py", 1, 0, False),
        ("gone.txt", ChangeKind.REMOVED, None, 0, 1, False),
        ("né.txt", ChangeKind.ADDED, None, 1, 0, False),
        ("logo.png", ChangeKind.MODIFIED, None, 0, 0, True),
    ]
    assert files[1].patch == "@@ -3,2 +3,3 @@\n 3\n+x\n 4"
    assert not any(each.truncated for each in files)


def test_what_the_list_leaves_out_the_diff_has() -> None:
    """A list of files is cut at the instance's limit, without another page; the old name of a moved one is no file."""
    files = wire.file_changes(rows(*ALL[:2]), wire.cut(RAW))
    assert [each.path for each in files] == ["a.py", "moved.py", "gone.txt", "né.txt", "logo.png"]


def test_a_file_without_its_part_of_the_diff_is_truncated() -> None:
    """And nothing is said of how many lines it changes; such an answer is of two moments, if the diff is whole."""
    listed = rows(*ALL, row("more.py", "SOMETHING"))
    (more,) = [each for each in wire.file_changes(listed, wire.cut(RAW)) if each.path == "more.py"]
    assert (more.truncated, more.additions, more.kind) == (True, None, ChangeKind.UNKNOWN)
    assert wire.disagrees(listed, wire.cut(RAW))
    assert not wire.disagrees(rows(*ALL), wire.cut(RAW))
    assert not wire.disagrees(listed, wire.cut(RAW, largest=100))


def test_a_part_that_cannot_be_read_harms_no_other() -> None:
    """Its file is truncated."""
    broken = RAW.replace(b"@@ -3,2 +3,3 @@", b"@@ -3,2 +3,9 @@")
    files = wire.file_changes(rows(*ALL), wire.cut(broken))
    assert [each.path for each in files if each.truncated] == ["moved.py"]


def test_a_diff_of_forty_megabytes_is_bounded() -> None:
    """So much of it is read into lines, and the files behind that are said to be truncated."""
    part = b"diff --git src://%d dst://%d\nindex 1..2 100644\n--- src://%d\n+++ dst://%d\n@@ -0,0 +1,1 @@\n+%s\n"
    body = b"".join(part % (n, n, n, n, b"x" * 100_000) for n in range(400))
    began = time.monotonic()
    diff = wire.cut(body)
    assert time.monotonic() - began < 20
    assert not diff.whole
    assert 100 < len(diff.files) < 200
    files = wire.file_changes(rows(*(row(str(n)) for n in range(400))), diff)
    assert len(files) == 400
    assert [each.truncated for each in files] == [n >= len(diff.files) for n in range(400)]


def test_another_mode_alone_is_no_other_content() -> None:
    """The list calls that a modification, too."""
    raw = b"diff --git src://run dst://run\nold mode 100644\nnew mode 100755\n"
    (file,) = wire.file_changes(rows(row("run")), wire.cut(raw))
    assert (file.kind, file.patch, file.truncated) == (ChangeKind.CHANGED, None, False)


def test_where_two_sides_parted_is_told_by_what_one_has_alone() -> None:
    """One commit below all of them is the place; of several, none can be told to be it."""

    def commits(*given: tuple[str, str]) -> list[payloads.Commit]:
        told = [{"id": identity, "parents": [{"id": each} for each in parents.split()]} for identity, parents in given]
        return msgspec.convert(told, list[payloads.Commit])

    assert wire.parted_at(commits(("c", "b"), ("b", "a"))) == {"a"}
    assert wire.parted_at(commits(("d", "c m"), ("c", "b"), ("b", "a"))) == {"a", "m"}


@pytest.mark.contract
def test_recorded_changes_mean_what_others_make_of_them() -> None:
    """The golden values are go-scm's: paths, and what was added, deleted or renamed."""
    payload = msgspec.json.decode((stash() / "pr_change.json").read_bytes(), type=payloads.PullChanges)
    golden = json.loads((stash() / "pr_change.json.golden").read_bytes())
    files = wire.file_changes(payload.values, wire.cut(b""))
    assert [
        {
            "Path": each.path,
            "Added": each.kind is ChangeKind.ADDED,
            "Deleted": each.kind is ChangeKind.REMOVED,
            "Renamed": each.kind is ChangeKind.RENAMED,
        }
        for each in files
    ] == [{name: told[name] for name in ("Path", "Added", "Deleted", "Renamed")} for told in golden]
    assert payload.to_hash == "3d9cef97aa670eb646a3d165fd9302b2edc5acd0"
