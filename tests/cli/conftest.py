"""A repository on a host of its own, a checkout of it, and the command line signed in there.

It is a GitHub, unless a test says that it is about every host: `@on_every_host`.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest

import pullbridge
from pullbridge import Anchor, Pull, Repository, Token
from pullbridge.cli import main
from pullbridge.testing import Forge, RepositoryHandle
from pullbridge.testing.host import Host

CLOUD = "bitbucket-cloud"
#: By kind: where a server of one's own is named, and its token. Nobody has a Bitbucket Cloud of their own.
VARIABLES = {
    "github": ("GH_HOST", "GH_ENTERPRISE_TOKEN"),
    "gitlab": ("GITLAB_HOST", "GITLAB_TOKEN"),
    CLOUD: (None, "BITBUCKET_TOKEN"),
    "bitbucket-dc": ("BITBUCKET_URL", "BITBUCKET_TOKEN"),
}
ALL_NAMES = (
    *("GH_TOKEN", "GITHUB_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITLAB_TOKEN", "GITLAB_HOST"),
    *("BITBUCKET_SERVER_URL", "BITBUCKET_URL", "BITBUCKET_HOST", "BITBUCKET_SERVER_TOKEN", "BITBUCKET_TOKEN"),
)
on_every_host = pytest.mark.parametrize("kind", VARIABLES, indirect=True)
on_every_server = pytest.mark.parametrize("kind", [kind for kind in VARIABLES if kind != CLOUD], indirect=True)
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

    host: Host
    app: RepositoryHandle
    pull: Pull
    head: str

    @property
    def url(self) -> str:
        """The pull request's page."""
        return self.pull.url or ""

    @property
    def variable(self) -> str:
        """What the token of this host is called in the environment."""
        return VARIABLES[self.host.kind][1]

    def connect(self, who: str) -> Repository:
        """The repository as somebody else sees it."""
        host = self.host
        return pullbridge.connect(self.app.url, credentials=Token(host.token(who)), settings=host.settings)

    def ask(self, question: Callable[[Repository], Any], who: str = "ada") -> Any:
        """Ask the library, beside the command line."""
        with self.connect(who) as repository:
            return question(repository)


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Which host it is."""
    return str(getattr(request, "param", "github"))


@pytest.fixture
def forge() -> Iterator[Forge]:
    """Its Data Center is below a context path."""
    with Forge(dc_context="/bitbucket") as made:
        yield made


def sign_in(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put ada's token where that host's tokens are looked for."""
    naming, token = VARIABLES[host.kind]
    for variable in ALL_NAMES:
        monkeypatch.delenv(variable, raising=False)
    name = urlsplit(host.url).netloc
    if naming is None:
        # Its variables count for bitbucket.org alone, in whose place the forge stands.
        monkeypatch.setattr("pullbridge.hosts.bitbucket_cloud.is_cloud", name.__eq__)
    else:
        monkeypatch.setenv(naming, name)
    monkeypatch.setenv(token, host.token("ada"))


@pytest.fixture
def world(forge: Forge, kind: str) -> World:
    """A world of its own for each test."""
    host: Host = getattr(forge, kind.replace("-", "_"))
    app = host.repository("octo/app", files={"a.py": "".join(LINES), "b.py": "one\n"})
    changed = "".join([*LINES[:9], "line ten\n", *LINES[10:]])
    head = app.commit("fix", {"a.py": changed}, message="Spell it\n\nTen is a word.", author="ada")
    host.token("grace")  # makes her, so that she can be asked
    with pullbridge.connect(app.url, credentials=Token(host.token("ada")), settings=host.settings) as repository:
        pull = repository.pulls.create("Spell ten", "fix", "main", body="So.", reviewers=["grace"])
        repository.threads.start(pull, "Why?", Anchor.line("a.py", 10, commit=head))
    return World(host, app, pull, head)


@pytest.fixture
def environment(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed in as ada on the host, and nowhere else; git has no configuration but a name."""
    sign_in(world.host, monkeypatch)
    monkeypatch.setenv("PULLBRIDGE_HOST", urlsplit(world.host.url).netloc)
    monkeypatch.setenv("PULLBRIDGE_KIND", world.host.kind)
    monkeypatch.setenv("PULLBRIDGE_API_URL", world.host.api_url)
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Ada\n\temail = ada@code.example\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # receipts are saved there
    monkeypatch.setattr("pullbridge.cli.kept.folder", lambda: tmp_path / "data")
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
