"""The plumbing: commits, diffs, merges and lines, against real git."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pullbridge.testing.diffs import FileDiff, parse_diff
from pullbridge.testing.git import Git, GitError, Signature

ME = Signature("Ada", "ada@users.example", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Git]:
    """An empty bare repository."""
    made = Git.create(tmp_path / "a.git")
    yield made
    made.close()


def test_a_commit_is_what_was_written(repository: Git) -> None:
    """Names with quotes, spaces and umlauts, bytes and deletions are kept as they are."""
    names = ['say "hi".txt', "ü x/y.txt", "back\\slash"]
    first = repository.write("main", dict.fromkeys(names, b"\0\xff"), message="One\n\nBody", signature=ME)
    second = repository.write("main", {names[0]: None, "new": "x"}, message="Two", signature=ME)
    assert [repository.blob(first, name) for name in names] == [b"\0\xff"] * 3
    assert repository.blob(second, names[0]) is None
    commit = repository.commit(first)
    assert (commit.message, commit.parents, commit.author) == ("One\n\nBody", (), ME)
    assert repository.commit(second).parents == (first,)
    assert repository.resolve(first[:10]) == first
    with pytest.raises(GitError):
        repository.commit("0" * 40)


def test_users_settings_do_not_matter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither variables nor a configuration of the user's change a commit or a diff."""
    hostile = tmp_path / "config"
    hostile.write_text("[diff]\n\tnoprefix = true\n\tcontext = 0\n[user]\n\tname = Mallory\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(hostile))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Mallory")
    other = Git.create(tmp_path / "b.git")
    first = other.write("main", {"a": "1\n2\n3\n"}, message="One", signature=ME)
    second = other.write("main", {"a": "1\n2\nthree\n"}, message="Two", signature=ME)
    assert other.commit(second).author.name == "Ada"
    (file,) = other.diff(first, second)
    assert file.text.startswith(b"diff --git a/a b/a\n")
    assert file.patch == b"@@ -1,3 +1,3 @@\n 1\n 2\n-3\n+three"
    other.close()


def test_content_that_looks_like_a_header_is_content(repository: Git) -> None:
    """Lines that begin like a diff's own headers do not divide it."""
    tricky = "-- a/x\n++ b/x\ndiff --git a/x b/x\n@@ -1 +1 @@\n"
    first = repository.write("main", {"a": tricky, "b": "b\n"}, message="One", signature=ME)
    second = repository.write("main", {"a": "y\n", "b": tricky}, message="Two", signature=ME)
    files = repository.diff(first, second)
    assert [(file.path, file.additions, file.deletions) for file in files] == [("a", 1, 4), ("b", 4, 1)]
    assert [len(file.hunks) for file in files] == [1, 1]


def test_kinds_of_changes(repository: Git) -> None:
    """Added, removed, renamed with changes, binary and emptied files are told apart."""
    long = "".join(f"{number}\n" for number in range(30))
    first = repository.write(
        "main", {"old": long, "bin": b"\0", "gone": "x\n", "full": "x\n"}, message="1", signature=ME
    )
    changes = {"old": None, "new": long + "more\n", "bin": b"\0\1", "gone": None, "full": "", "born": "new\n"}
    second = repository.write("main", changes, message="2", signature=ME)
    files = {file.path: file for file in repository.diff(first, second)}
    assert {path: file.status for path, file in files.items()} == {
        "bin": "modified",
        "born": "added",
        "full": "modified",
        "gone": "removed",
        "new": "renamed",
    }
    assert (files["new"].old_path, files["new"].additions) == ("old", 1)
    assert files["bin"].binary
    assert not files["full"].binary
    assert parse_diff(b"") == ()


def test_a_fork_shares_objects_and_not_branches(repository: Git, tmp_path: Path) -> None:
    """A commit to the fork is known to its parent; the fork can go without harm."""
    base = repository.write("main", {"a": "1\n"}, message="1", signature=ME)
    fork = Git.create(tmp_path / "fork.git", family=repository)
    fork.set_ref("refs/heads/main", base)
    ahead = fork.write("main", {"b": "2\n"}, message="2", signature=ME)
    assert repository.head("main") == base
    assert repository.merge_base(base, ahead) == base
    fork.remove()
    assert repository.blob(ahead, "b") == b"2\n"


def test_merging_and_replaying(repository: Git) -> None:
    """Two sides that touch other files merge, two that touch the same lines do not; a replay keeps the author."""
    base = repository.write("main", {"a": "1\n"}, message="1", signature=ME)
    ours = repository.write("main", {"b": "b\n"}, message="ours", signature=ME)
    theirs = repository.write("topic", {"c": "c\n"}, message="theirs", signature=ME, start=base)
    clash = repository.write("clash", {"b": "other\n"}, message="clash", signature=ME, start=base)
    assert repository.merge(ours, theirs).tree is not None
    assert repository.merge(ours, clash).conflicts == ("b",)
    other = Signature("Bob", "bob@users.example", ME.at)
    replayed = repository.replay(repository.commit(theirs), ours, other)
    assert replayed is not None
    commit = repository.commit(replayed)
    assert (commit.parents, commit.author.name, commit.committer.name) == ((ours,), "Ada", "Bob")
    assert repository.replay(repository.commit(clash), ours, other) is None
    assert [found.sha for found in repository.between(base, theirs)] == [theirs]


def test_ref_names_stay_inside(repository: Git) -> None:
    """A name cannot lead out of the refs."""
    assert repository.ref("refs/../config") is None
    assert repository.ref("config") is None
    assert repository.head("../../config") is None


def _diff_of(old: list[str], new: list[str]) -> FileDiff:
    lines = difflib.unified_diff(old, new, "a/x", "b/x", lineterm="")
    return FileDiff("modified", "x", "x", "", "", "\n".join([*lines, ""]).encode())


lines_of_text = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=30)


@settings(max_examples=200, deadline=None)
@given(lines_of_text, lines_of_text)
def test_an_unchanged_line_is_carried_to_its_equal(old: list[str], new: list[str]) -> None:
    """Wherever a line goes, it has the same text there, and lines keep their order."""
    file = _diff_of(old, new)
    places = [file.carry(number) for number in range(1, len(old) + 1)]
    known = [(number, place) for number, place in enumerate(places, 1) if place is not None]
    assert all(old[number - 1] == new[place - 1] for number, place in known)
    assert [place for _, place in known] == sorted(place for _, place in known)
    assert len(known) == len(old) - file.deletions


@settings(max_examples=100, deadline=None)
@given(lines_of_text, lines_of_text)
def test_positions_count_the_lines_of_the_patch(old: list[str], new: list[str]) -> None:
    """A position is the number of lines below the first hunk's header, for every line that is in a hunk."""
    file = _diff_of(old, new)
    below = file.patch.split(b"\n")
    for (side, number), position in file.positions.items():
        text = (old if side == "LEFT" else new)[number - 1]
        assert below[position][1:].decode() == text
