"""Checkouts made by git itself, with no configuration but what a test writes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own configuration, empty but for a name."""
    place = tmp_path / "gitconfig"
    place.write_text("[user]\n\tname = Ada\n\temail = ada@code.example\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(place))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return place


@pytest.fixture
def folder(tmp_path: Path, settings: Path) -> Path:
    """An empty repository on `main`, without a commit."""
    del settings
    made = tmp_path / "app"
    subprocess.run(["git", "init", "-q", str(made)], check=True)
    return made


@pytest.fixture
def git(folder: Path) -> Git:
    """Run git there."""

    def run(*arguments: str, stdin: str = "") -> str:
        done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, input=stdin)
        return done.stdout.strip()

    return run
