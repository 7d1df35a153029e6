"""Whole diffs, read file by file."""

from __future__ import annotations

import pytest

from pullbridge.anchoring import FileDiff, parse_diff, parse_patch
from pullbridge.errors import BadAnswer
from pullbridge.model.diff import ChangeKind

BODY = "@@ -1 +1 @@\n-a\n+b\n"


def one(text: str | bytes) -> FileDiff:
    (diff,) = parse_diff(text)
    return diff


def test_a_modified_file() -> None:
    """Both paths, the mode and the hunks of a file that stays where it is."""
    diff = one(
        f"diff --git a/src/x.py b/src/x.py\nindex 78981922613b..61780798228d 100755\n--- a/src/x.py\n+++ b/src/x.py\n{BODY}"
    )
    assert diff == FileDiff("src/x.py", "src/x.py", ChangeKind.MODIFIED, False, parse_patch(BODY), "100755", "100755")
    assert (diff.additions, diff.deletions) == (1, 1)


def test_a_new_and_a_removed_file() -> None:
    """A new file has no old path; a removed one keeps the path it had."""
    new, gone = parse_diff(
        "diff --git a/n b/n\nnew file mode 100644\nindex 0000000..7898192\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+a\n"
        "diff --git a/g b/g\ndeleted file mode 120000\nindex 7898192..0000000\n--- a/g\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
    )
    assert (new.path, new.old_path, new.kind, new.old_mode, new.new_mode) == (
        "n",
        None,
        ChangeKind.ADDED,
        None,
        "100644",
    )
    assert (gone.path, gone.old_path, gone.kind, gone.old_mode, gone.new_mode) == (
        "g", "g", ChangeKind.REMOVED, "120000", None,
    )  # fmt: skip


def test_an_empty_new_file_has_no_hunks() -> None:
    """Git prints neither `---` nor hunks for an empty file."""
    diff = one("diff --git a/a file b/a file\nnew file mode 100644\nindex 0000000..e69de29\n")
    assert (diff.path, diff.kind, diff.hunks, diff.as_change().patch) == ("a file", ChangeKind.ADDED, (), None)


def test_renames_and_copies() -> None:
    """Their paths are given whole, without a prefix, even where they begin with a/."""
    renamed, copied = parse_diff(
        "diff --git a/a/x b/b/y\nsimilarity index 91%\nrename from a/x\nrename to b/y\nindex 78..61 100644\n"
        f"--- a/a/x\n+++ b/b/y\n{BODY}"
        "diff --git a/o b/a c\nsimilarity index 100%\ncopy from o\ncopy to a c\n"
    )
    assert (renamed.old_path, renamed.path, renamed.kind, renamed.similarity) == ("a/x", "b/y", ChangeKind.RENAMED, 91)
    assert renamed.as_change().old_path == "a/x"
    assert (copied.old_path, copied.path, copied.kind, copied.hunks) == ("o", "a c", ChangeKind.COPIED, ())


def test_a_change_of_mode_alone() -> None:
    """It has no hunks, and is a change all the same."""
    diff = one("diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n")
    assert (diff.kind, diff.old_mode, diff.new_mode) == (ChangeKind.CHANGED, "100644", "100755")
    assert one(f"diff --git a/x b/x\nold mode 100644\nnew mode 100755\nindex 1..2\n--- a/x\n+++ b/x\n{BODY}").kind is (
        ChangeKind.MODIFIED
    )


def test_a_submodule() -> None:
    """A submodule is a file of mode 160000 with one line."""
    diff = one(
        f"diff --git a/lib b/lib\nindex 1..2 160000\n--- a/lib\n+++ b/lib\n{BODY.replace('a', 'Subproject commit 1')}"
    )
    assert (diff.new_mode, diff.hunks[0].lines[0].text) == ("160000", "Subproject commit 1")


def test_binary_files() -> None:
    """Both ways in which git prints them have no hunks and do not swallow the next file."""
    short, long, text = parse_diff(
        "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\n"
        "diff --git a/j.png b/j.png\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZQzWMT#Y01f~L\n\nliteral 3\nKcmZQzWMT#Y01f~L\n\n"
        f"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{BODY}"
    )
    assert [diff.binary for diff in (short, long, text)] == [True, True, False]
    assert [diff.path for diff in (short, long, text)] == ["i.png", "j.png", "x"]


@pytest.mark.parametrize(
    ("quoted", "path"),
    [
        (r"t\303\251st.txt", "tést.txt"),
        (r"tab\there \"and\\ there", 'tab\there "and\\ there'),
        (r"line\nfeed\r\a\b\v\f", "line\nfeed\r\a\b\v\f"),
        (r"latin\351", "latin\udce9"),
        ("tést\\t", "tést\t"),
    ],
)
def test_quoted_paths(quoted: str, path: str) -> None:
    """Git quotes control characters, quotes and (by default) what is not ASCII; bytes that are no UTF-8 survive."""
    for text in (
        f'diff --git "a/{quoted}" "b/{quoted}"\nindex 1..2 100644\n--- "a/{quoted}"\n+++ "b/{quoted}"\n{BODY}',
        f'diff --git "a/{quoted}" "b/{quoted}"\nold mode 100644\nnew mode 100755\n',
        f'diff --git "a/{quoted}" b/x\nsimilarity index 100%\nrename from "{quoted}"\nrename to x\n',
    ):
        assert one(text).old_path == path


def test_paths_with_blanks() -> None:
    """A path with blanks is not quoted, and its header lines end with a tab."""
    diff = one(f"diff --git a/a b/c d b/a b/c d\nindex 1..2 100644\n--- a/a b/c d\t\n+++ b/a b/c d\t\n{BODY}")
    assert diff.path == "a b/c d"
    quoted = one(f'diff --git "a/a \\t" "b/a \\t"\nindex 1..2\n--- "a/a \\t"\t\n+++ "b/a \\t"\t\n{BODY}')
    assert quoted.path == "a \t"
    assert one("diff --git a/a b/c b/a b/c\nold mode 100644\nnew mode 100755\n").path == "a b/c"


def test_a_diff_without_prefixes_keeps_its_directories() -> None:
    """With `diff.noPrefix` a directory named a or b is part of the path."""
    diff = one(f"diff --git a/x a/x\nindex 1..2 100644\n--- a/x\n+++ a/x\n{BODY}")
    assert (diff.path, diff.old_path) == ("a/x", "a/x")


def test_headers_inside_of_lines_are_content() -> None:
    """Removed and added lines that look like file headers do not begin a file (N-43)."""
    diff = one(
        "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/y\n-@@ -1 +1 @@\n+++ b/y\n+diff --git a/y b/y\n"
    )
    assert [line.text for line in diff.hunks[0].lines] == ["-- a/y", "@@ -1 +1 @@", "++ b/y", "diff --git a/y b/y"]
    first, second = parse_diff(f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n--- a/y\n+++ b/y\n--- a/z\n+++ b/z\n{BODY}")
    assert (first.path, len(first.hunks[0].lines), second.path) == ("x", 2, "z")


def test_plain_diffs() -> None:
    """`diff -u` gives paths with times, and no prefix."""
    first, second = parse_diff(
        f"--- x.c\t2026-01-01 00:00:00\n+++ x.c\t2026-01-02 00:00:00\n{BODY}--- /dev/null\n+++ new.c\n@@ -0,0 +1 @@\n+a\n"
    )
    assert (first.path, first.kind) == ("x.c", ChangeKind.MODIFIED)
    assert (second.path, second.old_path, second.kind) == ("new.c", None, ChangeKind.ADDED)


def test_mails_and_what_stands_before_a_diff() -> None:
    """`git format-patch` and `git show` surround a diff with words."""
    file = f"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{BODY}"
    mail = f"From 1 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n---\n x | 2 +-\n\n{file}-- \n2.39.5\n\n"
    assert [diff.path for diff in parse_diff(mail + mail)] == ["x", "x"]
    assert len(parse_diff(f"commit 1\n\n    words\n\n{file}\ncommit 2\n\n    words\n\n{file}")) == 2


def test_the_bytes_of_one_file_harm_no_other() -> None:
    """Latin-1 in one file leaves UTF-8 in another, and comes back byte for byte (N-45)."""

    def file(name: bytes, line: bytes) -> bytes:
        return b"diff --git a/%s b/%s\nindex 1..2 100644\n--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-a\n+%s\n" % (
            *[name] * 4,
            line,
        )

    latin, utf8 = parse_diff(file(b"l", b"caf\xe9") + file(b"u", "café".encode()))
    assert latin.hunks[0].lines[1].text.encode("utf-8", "surrogateescape") == b"caf\xe9"
    assert utf8.hunks[0].lines[1].text == "café"


def test_the_end_of_a_file_without_a_line_feed() -> None:
    """Each side tells for itself."""
    text = (
        "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"
    )
    diff = one(text)
    assert (diff.old_lacks_newline, diff.new_lacks_newline) == (True, False)
    both = one(text.replace("-a\n", " a\n").replace("@@ -1 +1 @@", "@@ -1 +1 @@").replace("+b\n", ""))
    assert (both.old_lacks_newline, both.new_lacks_newline) == (True, True)


def test_headers_with_carriage_returns() -> None:
    """A diff sent with CRLF throughout keeps its paths clean and its lines whole."""
    diff = one(f"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{BODY}".replace("\n", "\r\n"))
    assert (diff.path, diff.new_mode, [line.text for line in diff.hunks[0].lines]) == ("x", "100644", ["a\r", "b\r"])


@pytest.mark.parametrize("nothing", ["", "\n", b"", "\n\n"])
def test_an_empty_diff_has_no_files(nothing: str | bytes) -> None:
    """No difference, no files, no error."""
    assert parse_diff(nothing) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<html>sign in</html>", "no file header"),
        (BODY, "no file header"),
        ("diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n", "cut short"),
        ("diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n", "cut short"),
        ("diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n", "cut short"),
        ("diff --git a/x b/\n", "cannot be told"),
        ("diff --git \n", "cannot be told"),
        (f"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{BODY} c\n", "more lines"),
        (f"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{BODY}-- \n2.39\n{BODY}", "no file"),
        ("diff --git a/x b/x\nindex 1..2 100644\n-a\n+b\n", "without its header"),
        (f'diff --git "a/x b/x\nindex 1..2 100644\n--- "a/x\n+++ b/x\n{BODY}', "without its end"),
        (f'diff --git "a/\\q" "b/\\q"\nindex 1..2 100644\n--- "a/\\q"\n+++ "b/\\q"\n{BODY}', "no escape"),
        ("diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n", "combined diff"),
        ("diff --combined x\nindex 1,2..3\n", "combined diff"),
        (f"--- /dev/null\n+++ /dev/null\n{BODY}", "cut short"),
        (f"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{BODY}diff --git", "more lines"),
    ],
)
def test_what_is_no_diff_is_a_bad_answer(text: str, says: str) -> None:
    """Each malformed diff is named, and nothing but `BadAnswer` comes out."""
    for given in (text, text.encode()):
        with pytest.raises(BadAnswer, match=says) as caught:
            parse_diff(given)
        assert caught.value.what == "diff"
