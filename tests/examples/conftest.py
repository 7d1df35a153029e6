"""Hosts for the examples, which they find by their addresses alone, as a user's would."""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

import pullbridge
from pullbridge import Pull, Repository, Token
from pullbridge.testing import Forge, RepositoryHandle
from pullbridge.testing.host import Host

EXAMPLES = Path(__file__).parents[2] / "examples"
CLOUD = "bitbucket-cloud"
#: Where each host's server is named, and its token. Nobody runs a Bitbucket Cloud of their own: see `place`.
VARIABLES = {
    "github": ("GH_HOST", "GH_ENTERPRISE_TOKEN"),
    "gitlab": ("GITLAB_HOST", "GITLAB_TOKEN"),
    "bitbucket-dc": ("BITBUCKET_URL", "BITBUCKET_TOKEN"),
}
#: How each is told to refuse what is too much, for an hour.
LIMITED: dict[str, dict[str, Any]] = {
    "github": {"rate_limit": "primary", "retry_after": 3600},
    "gitlab": {"rate_limit": "throttle", "retry_after": 3600},
    CLOUD: {"rate_limit": True, "retry_after": 3600},
    "bitbucket-dc": {"status": 429, "headers": {"Retry-After": "3600"}},
}
LINES = [f"line {n}\n" for n in range(1, 61)]


class Place(NamedTuple):
    """A pull request that changes lines 10 to 45 of `src/a.py`, and ada's connection."""

    host: Host
    app: RepositoryHandle
    repo: Repository
    pull: Pull

    def refuse(self, **which: str) -> None:
        """Let the host say that its budget is used up."""
        self.host.behave(**LIMITED[self.host.kind], **which)

    @property
    def url(self) -> str:
        return self.pull.url or ""


@pytest.fixture(params=["github", "gitlab", CLOUD, "bitbucket-dc"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which host it is. What has nothing to do with it is tried on one."""
    return str(request.param)


@pytest.fixture
def place(kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with Forge() as forge:
        host: Host = getattr(forge, kind.replace("-", "_"))
        token = Token(host.token("ada"))
        connect = partial(pullbridge.connect, credentials=token, settings=host.settings)
        if kind == CLOUD:
            # It is bitbucket.org, and nowhere else: the address leads here instead.
            monkeypatch.setattr(pullbridge, "connect", connect)
        else:
            its_host, its_token = VARIABLES[kind]
            monkeypatch.setenv(its_host, urlsplit(host.url).netloc)
            monkeypatch.setenv(its_token, token.value)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        app = host.repository("octo/app", {"src/a.py": "".join(LINES)})
        changed = [*LINES[:9], *(f"new {n}\n" for n in range(10, 46)), *LINES[45:]]
        app.commit("fix", {"src/a.py": "".join(changed)}, message="Change lines")
        with connect(app.url) as repo:
            yield Place(host, app, repo, repo.pulls.create(title="Change lines", source="fix", target="main"))


@pytest.fixture
def run(kind: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run an example as a user does; in this process where only here the address leads to the forge."""

    def example(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(EXAMPLES / name), *arguments]
        if kind != CLOUD:
            return subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, timeout=60)
        monkeypatch.setattr(sys, "argv", command)
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err, pytest.raises(SystemExit) as end:
            runpy.run_path(command[0], run_name="__main__")
        return subprocess.CompletedProcess(command, int(end.value.code or 0), out.getvalue(), err.getvalue())

    return example
