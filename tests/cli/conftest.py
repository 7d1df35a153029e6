"""A repository on a host of its own, a checkout of it, and the command line signed in there."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest

import pullbridge
from pullbridge import Anchor, Pull, Repository, Token
from pullbridge.cli import main
from pullbridge.testing import Forge, RepositoryHandle

LINES = [f"line {number}\n" for number in range(1, 21)]


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Run a command with that on its standard input."""

    def __call__(self, *arguments: str, stdin: str = "") -> Done: ...


@dataclass
class World:
    """`app` has the branch `fix`, whose pull request by ada has one thread on line 10 of `a.py`."""

    forge: Forge
    app: RepositoryHandle
    pull: Pull
    head: str

    @property
    def url(self) -> str:
        """The pull request's page."""
        return f"{self.app.url}/pull/{self.pull.number}"

    def connect(self, who: str) -> Repository:
        """The repository as somebody else sees it."""
        github = self.forge.github
        return pullbridge.connect(self.app.url, credentials=Token(github.token(who)), settings=github.settings)

    def ask(self, question: Callable[[Repository], Any], who: str = "ada") -> Any:
        """Ask the library, beside the command line."""
        with self.connect(who) as repository:
            return question(repository)


@pytest.fixture
def world(forge: Forge) -> World:
    """A world of its own for each test."""
    app = forge.github.repository("octo/app", files={"a.py": "".join(LINES), "b.py": "one\n"})
    changed = "".join([*LINES[:9], "line ten\n", *LINES[10:]])
    head = app.commit("fix", {"a.py": changed}, message="Spell it\n\nTen is a word.", author="ada")
    github = forge.github
    github.token("grace")  # makes her, so that she can be asked
    with pullbridge.connect(app.url, credentials=Token(github.token("ada")), settings=github.settings) as repository:
        pull = repository.pulls.create("Spell ten", "fix", "main", body="So.", reviewers=["grace"])
        repository.threads.start(pull, "Why?", Anchor.line("a.py", 10, commit=head))
    return World(forge, app, pull, head)


@pytest.fixture
def environment(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed in as ada on the forge, and nowhere else; git has no configuration but a name."""
    github = world.forge.github
    host = urlsplit(github.url).netloc
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GITHUB_ENTERPRISE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GH_HOST", host)
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", github.token("ada"))
    monkeypatch.setenv("PULLBRIDGE_HOST", host)
    monkeypatch.setenv("PULLBRIDGE_KIND", "github")
    monkeypatch.setenv("PULLBRIDGE_API_URL", github.api_url)
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Ada\n\temail = ada@code.example\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # receipts are saved there
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(environment: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as ada; nothing that it prints has an escape sequence."""
    del environment

    def command(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = main(arguments)
        printed = capsys.readouterr()
        assert "\x1b" not in printed.out
        return Done(code, printed.out, printed.err)

    return command


@pytest.fixture
def checkout(world: World, environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of the repository with `fix` checked out, and the folder one is in."""
    del environment
    made = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "-b", "fix", world.app.clone_url, str(made)], check=True)
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def git(checkout: Path) -> Callable[..., str]:
    """Run git in the checkout."""

    def command(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=checkout, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return command
