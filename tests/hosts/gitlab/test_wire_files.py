"""What GitLab says of changed files, as neutral values."""

from __future__ import annotations

from typing import Any

import pytest

from pullbridge.anchoring import parse_diff
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.model.diff import ChangeKind

HUNK = "@@ -1,2 +1,2 @@\n one\n-two\n+2\n"


def row(**told: Any) -> payloads.Diff:
    """A row as `/diffs` gives it (18.4)."""
    plain: dict[str, Any] = {
        "new_path": "a.py",
        "old_path": "a.py",
        "a_mode": "100644",
        "b_mode": "100644",
        "diff": HUNK,
        "new_file": False,
        "renamed_file": False,
        "deleted_file": False,
        "generated_file": False,
        "collapsed": False,
        "too_large": False,
    }
    return payloads.Diff(**{**plain, **told})


def old_row(**told: Any) -> payloads.Diff:
    """The same before 18.4, which does not say what it leaves out."""
    return row(**{"collapsed": None, "too_large": None, "generated_file": None, **told})


def counted(additions: int, deletions: int, path: str = "a.py") -> payloads.GraphDiffStats:
    return payloads.GraphDiffStats(path=path, additions=additions, deletions=deletions)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({}, ChangeKind.MODIFIED),
        ({"new_file": True, "a_mode": "0"}, ChangeKind.ADDED),
        ({"deleted_file": True, "b_mode": "0"}, ChangeKind.REMOVED),
        ({"renamed_file": True, "old_path": "b.py"}, ChangeKind.RENAMED),
        ({"b_mode": "100755", "diff": ""}, ChangeKind.CHANGED),
        ({"b_mode": "100755"}, ChangeKind.MODIFIED),
        ({"b_mode": "100755", "diff": "", "too_large": True}, ChangeKind.MODIFIED),
    ],
)
def test_a_kind_of_change_is_told(told: dict[str, Any], kind: ChangeKind) -> None:
    """Added, removed, renamed, another mode or another content."""
    assert wire.file_change(row(**told)).kind is kind


def test_hunks_are_counted() -> None:
    """The hunks come without their last line feed, and their lines are counted."""
    file = wire.file_change(row())
    assert (file.patch, file.additions, file.deletions) == (HUNK.rstrip("\n"), 1, 1)
    assert (file.old_path, file.binary, file.truncated) == (None, False, False)


def test_file_headers_are_no_lines() -> None:
    """Old versions put file headers before the hunks; what looks like one inside a hunk is a line."""
    text = "--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,2 @@\n x\n--- old\n+++ new\n"
    file = wire.file_change(old_row(diff=text))
    assert (file.patch, file.additions, file.deletions) == ("@@ -1,2 +1,2 @@\n x\n--- old\n+++ new", 1, 1)


def test_a_binary_file_has_no_hunks_and_is_not_cut() -> None:
    """GitLab says so in a sentence in the diff's place."""
    file = wire.file_change(row(diff="Binary files a/a.png and b/a.png differ\n"))
    assert (file.patch, file.binary, file.truncated, file.additions) == (None, True, False, None)


@pytest.mark.parametrize("flag", ["collapsed", "too_large"])
def test_hunks_left_out_are_said(flag: str) -> None:
    """GL-65: a row without hunks that says so itself."""
    file = wire.file_change(row(**{"diff": "", flag: True}))
    assert (file.truncated, file.additions, file.deletions, file.binary) == (True, None, None, None)


def test_hunks_left_out_are_found_by_what_git_counts() -> None:
    """GL-66: no hunks and no flag, but changed lines."""
    file = wire.file_change(old_row(diff="", new_file=True), counted(7, 0))
    assert (file.truncated, file.additions, file.deletions) == (True, 7, 0)
    whole = wire.file_change(old_row(diff="", new_file=True), counted(0, 0))
    assert (whole.truncated, whole.additions) == (False, 0)


@pytest.mark.parametrize(
    ("told", "cut"),
    [
        ({}, True),
        ({"renamed_file": True, "old_path": "b.py"}, False),
        ({"new_file": True}, False),
        ({"b_mode": "100755"}, False),
    ],
)
def test_without_counts_only_a_change_of_content_must_have_hunks(told: dict[str, Any], cut: bool) -> None:
    """A mere rename, an empty file and another mode have none, and are whole."""
    assert wire.file_change(old_row(diff="", **told)).truncated is cut


@pytest.mark.parametrize(
    ("found", "told", "stopped"),
    [
        (3, "3", None),
        (3, None, None),
        (3, "", None),
        (1000, "1200", "GitLab shows 1,000 of 1200 files"),
        (1000, "1000+", "GitLab shows 1,000 of 1000+ files"),
    ],
)
def test_a_list_that_ends_early_says_so(found: int, told: str | None, stopped: str | None) -> None:
    """`changes_count` is a text, and counts no further than a thousand."""
    assert wire.stopped(found, told) == stopped


@pytest.mark.parametrize(
    ("told", "some"), [("3", True), ("20+", True), ("1000+", True), ("0", False), ("", False), (None, False)]
)
def test_a_count_of_any_files_is_known_from_none(told: str | None, some: bool) -> None:
    """So that an empty page is not taken for an empty diff."""
    assert wire.counts_some(told) is some


HEAD, BEFORE = "a" * 40, "b" * 40
REFS = payloads.DiffRefs(base_sha=BEFORE, head_sha=HEAD, start_sha=BEFORE)


@pytest.mark.parametrize(
    ("told", "ready"),
    [
        ({"sha": HEAD, "diff_refs": REFS}, True),
        ({"sha": HEAD, "diff_refs": None}, False),
        ({"sha": HEAD, "diff_refs": payloads.DiffRefs()}, False),
        ({"sha": BEFORE, "diff_refs": REFS, "prepared_at": "2026-01-01T00:00:00Z"}, False),
        ({"sha": None, "diff_refs": None, "prepared_at": "2026-01-01T00:00:00Z"}, True),
        ({"sha": BEFORE, "diff_refs": None, "state": "closed"}, True),
    ],
)
def test_a_diff_is_ready_when_it_is_the_heads(told: dict[str, Any], ready: bool) -> None:
    """GL-11 and GL-12: its commits are there and are the head's; `prepared_at` alone tells nothing about a later push."""
    assert wire.is_ready(payloads.DiffHead(**{"state": "opened", **told})) is ready


def test_answers_about_two_heads_are_told_apart() -> None:
    """What git counts is what the hunks show, or somebody pushed between the two answers."""
    assert not wire.disagrees([row()], [counted(1, 1)])
    assert not wire.disagrees([row()], None)
    assert not wire.disagrees([row(diff="", too_large=True)], [counted(900, 1)])
    assert wire.disagrees([row()], [counted(2, 1)])
    assert wire.disagrees([row()], [counted(1, 1, "b.py")])


def test_a_diff_is_put_together_as_git_writes_it() -> None:
    """What is read of it is what GitLab said of each file."""
    rows = [
        row(),
        row(new_path="n.py", old_path="n.py", new_file=True, a_mode="0", diff="@@ -0,0 +1 @@\n+x\n"),
        row(new_path="d.py", old_path="d.py", deleted_file=True, b_mode="0", diff="@@ -1 +0,0 @@\n-x\n"),
        row(new_path="to.py", old_path="from.py", renamed_file=True, diff=""),
        row(new_path="run", old_path="run", b_mode="100755", diff=""),
    ]
    found = parse_diff(wire.git_diff(rows))
    assert [(each.old_path, each.path) for each in found] == [
        ("a.py", "a.py"),
        (None, "n.py"),
        ("d.py", "d.py"),
        ("from.py", "to.py"),
        ("run", "run"),
    ]


def test_a_strange_path_stays_on_its_line() -> None:
    """A line feed or a quotation mark in a path is quoted as git quotes it."""
    (found,) = parse_diff(wire.git_diff([row(new_path='a\n"b".py', old_path='a\n"b".py')]))
    assert found.path == 'a\n"b".py'


def test_a_comparison_that_gitlab_gave_up_is_not_complete() -> None:
    """`compare_timeout` means that files are missing."""
    told = payloads.Compare(commits=[payloads.Commit(id=HEAD, title="t", message="t\n\nb\n")], diffs=[row()])
    whole = wire.comparison(told, "main", "fix", BEFORE)
    assert (whole.complete, whole.merge_base, whole.ahead_by, len(whole.files)) == (True, BEFORE, 1, 1)
    assert whole.commits[0].message == "t\n\nb"
    told.compare_timeout = True
    assert wire.comparison(told, "main", "fix", None).complete is False
