"""Changed files and commits out of Bitbucket's words: pure."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pullbridge import ChangeKind
from pullbridge.hosts.bitbucket_cloud import payloads, wire

DIFF = (
    b"diff --git a/old.py b/new.py\nsimilarity index 80%\nrename from old.py\nrename to new.py\n"
    b"--- a/old.py\n+++ b/new.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
    b"diff --git a/data.bin b/data.bin\nindex 1..2 100644\nBinary files a/data.bin and b/data.bin differ\n"
    b"diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n"
)


def stat(**what: Any) -> payloads.DiffStat:
    return msgspec.convert(what, payloads.DiffStat)


def test_hunks_are_cut_out_of_the_one_diff() -> None:
    """By the path that a file has now; both paths where it was renamed, one where it was not."""
    rows = [
        stat(status="renamed", old={"path": "old.py"}, new={"path": "new.py"}, lines_added=1, lines_removed=1),
        stat(status="modified", old={"path": "data.bin"}, new={"path": "data.bin"}, lines_added=0, lines_removed=0),
        stat(status="modified", old={"path": "run.sh"}, new={"path": "run.sh"}, lines_added=0, lines_removed=0),
    ]
    renamed, binary, mode = wire.file_changes(rows, DIFF)
    assert (renamed.kind, renamed.path, renamed.old_path) == (ChangeKind.RENAMED, "new.py", "old.py")
    assert (renamed.patch, renamed.truncated) == ("@@ -1,2 +1,2 @@\n a\n-b\n+c", False)
    assert (binary.binary, binary.patch, binary.truncated, binary.old_path) == (True, None, False, None)
    assert (mode.kind, mode.patch) == (ChangeKind.CHANGED, None)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ({"status": "added", "old": None, "new": {"path": "a"}}, ChangeKind.ADDED),
        ({"status": "removed", "old": {"path": "a"}, "new": None}, ChangeKind.REMOVED),
        ({"status": "merge conflict", "old": {"path": "a"}, "new": {"path": "a"}}, ChangeKind.MODIFIED),
        ({"status": "rename conflict", "old": {"path": "b"}, "new": {"path": "a"}}, ChangeKind.RENAMED),
        ({"status": "remote deleted", "old": {"path": "a"}, "new": None}, ChangeKind.REMOVED),
        ({"status": "local deleted", "old": None, "new": {"path": "a"}}, ChangeKind.ADDED),
        ({}, ChangeKind.UNKNOWN),
    ],
    ids=str,
)
def test_kinds(what: dict[str, Any], kind: ChangeKind) -> None:
    """A conflict has words of its own, and is told by the sides that there are."""
    assert wire.file_changes([stat(**what)], None)[0].kind is kind


@pytest.mark.parametrize("attributes", ["binary", ["binary"], ["executable", "binary"]], ids=str)
def test_binary_by_its_attributes(attributes: Any) -> None:
    """One word, as it is documented, or a list of them, as it is answered: never truncated for it."""
    row = stat(status="modified", new={"path": "a", "attributes": attributes}, lines_added=3, lines_removed=0)
    (change,) = wire.file_changes([row], None)
    assert (change.binary, change.truncated) == (True, False)


def test_lines_that_are_counted_and_not_shown() -> None:
    """The whole file, or a part of it."""
    counted = {"status": "renamed", "old": {"path": "old.py"}, "new": {"path": "new.py"}, "lines_removed": 1}
    for added, diff in ((1, None), (9, DIFF)):
        (change,) = wire.file_changes([stat(**counted, lines_added=added)], diff)
        assert (change.truncated, change.additions, change.deletions) == (True, added, 1)


def test_escaped_paths_find_their_hunks() -> None:
    """What is no UTF-8 stands in the diff as git writes it."""
    diff = b'diff --git "a/gr\\374n" "b/gr\\374n"\n--- "a/gr\\374n"\n+++ "b/gr\\374n"\n@@ -1 +1 @@\n-a\n+b\n'
    raw = b"gr\xfcn".decode("utf-8", "surrogateescape")
    row = stat(status="modified", new={"path": "gr\ufffdn"}, lines_added=1, lines_removed=1)
    assert row.new is not None
    row.new.escaped_path = raw
    (change,) = wire.file_changes([row], diff)
    assert change.patch == "@@ -1,1 +1,1 @@\n-a\n+b"


def test_commits() -> None:
    """The author as git has it, and the account where Bitbucket knows one; one time is told."""
    row = {
        "hash": "a" * 40,
        "message": "Fix it\n\nBecause.\n",
        "author": {"raw": "Ada Lovelace <ada@example.com>", "user": {"uuid": "{ada}", "nickname": "ada"}},
        "date": "2026-01-01T10:00:00+02:00",
        "parents": [{"hash": "b" * 40}],
    }
    commit = wire.commit(msgspec.convert(row, payloads.Commit))
    assert (commit.title, commit.message) == ("Fix it", "Fix it\n\nBecause.")
    assert (commit.author_name, commit.author_email) == ("Ada Lovelace", "ada@example.com")
    assert (commit.author and commit.author.handle, commit.parents) == ("ada", ("b" * 40,))
    assert commit.authored_at is not None
    assert (commit.authored_at.hour, commit.committed_at) == (8, None)
    odd = wire.commit(msgspec.convert({"hash": "c", "author": {"raw": "nobody"}}, payloads.Commit))
    assert (odd.author_name, odd.author_email, odd.title) == ("nobody", None, "")
