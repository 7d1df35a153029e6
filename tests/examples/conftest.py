"""A host for the examples, which they find by its address alone, as a user's would."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

import pullbridge
from pullbridge import Pull, Repository, Token
from pullbridge.testing import Forge, RepositoryHandle

EXAMPLES = Path(__file__).parents[2] / "examples"
LINES = [f"line {n}\n" for n in range(1, 61)]


class Place(NamedTuple):
    """A pull request that changes lines 10 to 45 of `src/a.py`, and ada's connection."""

    forge: Forge
    app: RepositoryHandle
    repo: Repository
    pull: Pull

    @property
    def url(self) -> str:
        return self.pull.url or ""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with Forge() as forge:
        token = forge.github.token("ada")
        monkeypatch.setenv("GH_HOST", urlsplit(forge.github.url).netloc)
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", token)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        app = forge.github.repository("octo/app", {"src/a.py": "".join(LINES)})
        changed = [*LINES[:9], *(f"new {n}\n" for n in range(10, 46)), *LINES[45:]]
        app.commit("fix", {"src/a.py": "".join(changed)}, message="Change lines")
        with pullbridge.connect(app.url, credentials=Token(token), settings=forge.github.settings) as repo:
            yield Place(forge, app, repo, repo.pulls.create(title="Change lines", source="fix", target="main"))


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run an example as a user does."""

    def example(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(EXAMPLES / name), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    return example
