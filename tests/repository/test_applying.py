"""Suggestions on a host that applies none itself: the files are written, one commit each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import pullbridge
from pullbridge import Anchor, Pull, Repository, Suggestion
from pullbridge.anchoring import suggestion_block
from pullbridge.testing import Forge

LINES = [f"line {n}\n" for n in range(1, 11)]


@pytest.fixture
def repo(forge: Forge) -> Iterator[Repository]:
    """A project whose branch `more` changes all of two files."""
    app = forge.github.repository("octo/app", files={"a.txt": "a\n", "b.txt": "b\n"})
    app.commit("more", {"a.txt": "".join(LINES), "b.txt": "".join(LINES)})
    token = pullbridge.Token(forge.github.token("ada"))
    with pullbridge.connect(app.url, credentials=token, settings=forge.github.settings) as repo:
        yield repo


@pytest.fixture
def pull(repo: Repository) -> Pull:
    return repo.pulls.create("More", "more", "main")


def suggested(repo: Repository, pull: Pull, path: str, start: int, end: int, text: str) -> Suggestion:
    thread = repo.threads.start(pull, suggestion_block(text), Anchor.lines(path, start, end))
    return thread.comments[0].suggestions[0]


def test_several_in_one_file_are_one_commit(repo: Repository, pull: Pull) -> None:
    """Whatever their order and their lengths, each replaces its own lines."""
    chosen = [
        suggested(repo, pull, "a.txt", 8, 9, "eight and nine\n"),
        suggested(repo, pull, "a.txt", 2, 2, "two\nand a half\n"),
        suggested(repo, pull, "a.txt", 4, 5, ""),
    ]
    (commit,) = repo.threads.apply_suggestions(pull, chosen)
    assert commit.title == "Apply 3 suggestions to a.txt"
    assert repo.files.content("a.txt", commit.id).decode() == (
        "line 1\ntwo\nand a half\nline 3\nline 6\nline 7\neight and nine\nline 10\n"
    )


def test_several_files_are_a_commit_each(repo: Repository, pull: Pull) -> None:
    """One on top of the other, with the caller's words."""
    chosen = [suggested(repo, pull, path, 1, 1, "first\n") for path in ("a.txt", "b.txt")]
    one, two = repo.threads.apply_suggestions(pull, chosen, "Begin well")
    assert (one.title, two.title) == ("Begin well", "Begin well")
    assert repo.pulls.get(pull).source.commit == two.id
    for path in ("a.txt", "b.txt"):
        assert repo.files.content(path, two.id).startswith(b"first\nline 2\n")


def test_two_for_the_same_lines_are_refused(repo: Repository, pull: Pull) -> None:
    """Before anything is written."""
    chosen = [suggested(repo, pull, "a.txt", 2, 4, "x\n"), suggested(repo, pull, "a.txt", 4, 6, "y\n")]
    with pytest.raises(pullbridge.Rejected, match="in common"):
        repo.threads.apply_suggestions(pull, chosen)
    assert repo.pulls.get(pull).source.commit == pull.source.commit


def test_none_at_all_is_refused(repo: Repository, pull: Pull) -> None:
    """There is nothing to do."""
    with pytest.raises(pullbridge.Rejected):
        repo.threads.apply_suggestions(pull, [])
