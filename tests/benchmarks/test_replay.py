"""Anchors carried over a history are judged by git's word on the same lines."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from benchmarks.history import History
from benchmarks.replay import ALTERED, GONE, KEPT, WRONG, replay

from pullbridge import Anchor, Place, PlaceStatus

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
LINES = [
    f"{word} = {word[::-1]}({number * 7919})" for number, word in enumerate(["apple", "basket", "candle", "dragon"])
]


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Two commits: the second puts a line in, edits one, takes one out, and renames the file."""
    me = ("-c", "user.name=mona", "-c", "user.email=mona@example.com", "-c", "commit.gpgsign=false")

    def git(*words: str) -> None:
        subprocess.run(["git", *me, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--quiet")
    rest = [f"kept_{number} = {number * 104_729}" for number in range(20)]
    (tmp_path / "a.py").write_text("\n".join([*LINES, *rest, ""]), "utf-8", newline="\n")
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    edited = ["import math", LINES[0], LINES[1].replace("(", "(more, "), LINES[3]]
    git("mv", "a.py", "b.py")
    (tmp_path / "b.py").write_text("\n".join([*edited, *rest, ""]), "utf-8", newline="\n")
    git("commit", "--quiet", "-a", "-m", "two")
    return History.at(tmp_path)


def test_what_git_keeps_edits_and_takes_out_is_told_apart(history: History) -> None:
    """Each line is counted once, by what git says of it, over the rename, and none is wrong."""
    result = replay(history, 10)
    assert (result.changes, result.commits) == (1, 1)
    singles = {kind: dict(result.found[1, kind]) for kind in (KEPT, ALTERED, GONE)}
    assert singles == {KEPT: {"exact": 22}, ALTERED: {"changed": 1}, GONE: {"deleted": 1}}
    assert result.count(WRONG, KEPT, ALTERED, GONE) == 0


def test_a_wrong_place_is_called_wrong(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """If every anchor stayed on its number, the replay would say so of those that went elsewhere."""

    def stay(anchors: list[Anchor], *_: bytes) -> list[Place]:
        return [Place(status=PlaceStatus.EXACT, start=one.start, end=one.end, score=1.0) for one in anchors]

    monkeypatch.setattr("benchmarks.replay.carry", stay)
    result = replay(history, 10)
    assert result.found[1, KEPT][WRONG] == 1
    assert result.found[1, GONE][WRONG] == 1
    assert result.wrong
