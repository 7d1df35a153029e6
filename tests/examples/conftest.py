"""Hosts for the examples, which they find by their addresses alone, as a user's would."""

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
from pullbridge.testing.host import Host

EXAMPLES = Path(__file__).parents[2] / "examples"
#: Where each host's server is named, and its token.
VARIABLES = {"github": ("GH_HOST", "GH_ENTERPRISE_TOKEN"), "gitlab": ("GITLAB_HOST", "GITLAB_TOKEN")}
LINES = [f"line {n}\n" for n in range(1, 61)]


class Place(NamedTuple):
    """A pull request that changes lines 10 to 45 of `src/a.py`, and ada's connection."""

    host: Host
    app: RepositoryHandle
    repo: Repository
    pull: Pull

    @property
    def limit(self) -> str:
        """What a host calls its limit on the number of requests."""
        return {"github": "primary", "gitlab": "throttle"}[self.host.kind]

    @property
    def url(self) -> str:
        return self.pull.url or ""


@pytest.fixture(params=["github", "gitlab"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which host it is. What has nothing to do with it is tried on one."""
    return str(request.param)


@pytest.fixture
def place(kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with Forge() as forge:
        host: Host = getattr(forge, kind)
        token = host.token("ada")
        its_host, its_token = VARIABLES[kind]
        monkeypatch.setenv(its_host, urlsplit(host.url).netloc)
        monkeypatch.setenv(its_token, token)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        app = host.repository("octo/app", {"src/a.py": "".join(LINES)})
        changed = [*LINES[:9], *(f"new {n}\n" for n in range(10, 46)), *LINES[45:]]
        app.commit("fix", {"src/a.py": "".join(changed)}, message="Change lines")
        with pullbridge.connect(app.url, credentials=Token(token), settings=host.settings) as repo:
            yield Place(host, app, repo, repo.pulls.create(title="Change lines", source="fix", target="main"))


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run an example as a user does."""

    def example(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(EXAMPLES / name), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    return example
