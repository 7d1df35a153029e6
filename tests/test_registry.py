"""Which host is which."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest
from tests.transport.scripted import Server, answer

from pullbridge import registry
from pullbridge.errors import UnknownHost
from pullbridge.hosts.github import PROVIDER
from pullbridge.model.settings import Settings


@dataclass
class Added:
    """A package that adds hosts, on `sys.path` but installed nowhere."""

    folder: Path
    entries: list[str] = field(default_factory=list)

    def add(self, kind: str, module: str, source: str) -> None:
        """Add a module, and its entry point."""
        (self.folder / f"{module}.py").write_text(dedent(source), "utf-8")
        self.entries.append(f"{kind} = {module}:PROVIDER")
        about = self.folder / "added_hosts-1.0.dist-info"
        about.mkdir(exist_ok=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: added-hosts\nVersion: 1.0\n", "utf-8")
        (about / "entry_points.txt").write_text("[pullbridge.hosts]\n" + "\n".join(self.entries), "utf-8")


GITEA = """
    from pullbridge.ports import Provider

    def _open(opening):
        raise AssertionError("nobody asked to open it")

    PROVIDER = Provider(
        kind="gitea", name="Gitea", owns=lambda host: host == "gitea.com", open=_open, ambient=lambda host, env: ()
    )
"""


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Added]:
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield Added(tmp_path)
    for name in set(sys.modules) - before:
        if name.startswith("added_"):
            del sys.modules[name]


def test_hosts_are_built_in() -> None:
    """No entry point is needed for them, and their kinds are those of `Settings`."""
    assert registry.kinds()[:2] == ("github", "gitlab")
    assert registry.provider("github") is PROVIDER
    assert registry.provider("gitlab").name == "GitLab"


@pytest.mark.parametrize(
    ("host", "kind"), [("github.com", "github"), ("acme.ghe.com", "github"), ("gitlab.com", "gitlab")]
)
def test_a_name_is_known(host: str, kind: str) -> None:
    """A product's own names need no probe."""
    assert registry.owner(host) is registry.provider(kind)
    assert registry.identify(f"https://{host}", Settings()).kind == kind


@pytest.mark.parametrize(
    "host",
    [
        "github.com.evil.example",
        "evilgithub.com",
        "github.company.example",
        "gitlab.com.evil.example",
        "gitlab.company.example",
        "ghe.com",
        "a.b.ghe.com",
        "acme.ghe.com.evil.example",
        "github.com:8443",
        "GITHUB.com ",
        "",
    ],
)
def test_a_name_that_only_looks_alike_is_not_known(host: str) -> None:
    """N-28: names match exactly, or not at all; a port of one's own is a server of one's own."""
    assert registry.owner(host) is None


def test_the_settings_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that was given is not doubted, and nobody is asked."""
    monkeypatch.setattr(registry, "_probed", lambda *_: pytest.fail("asked"))
    assert registry.identify("https://code.example", Settings(kind="github")) is PROVIDER


def test_a_kind_that_nobody_provides() -> None:
    """The error names those that can be had."""
    with pytest.raises(UnknownHost) as caught:
        registry.provider("gitlab-of-another-world")
    assert "github" in caught.value.candidates


def test_a_package_adds_a_host(added: Added) -> None:
    """By its entry point alone: its kind is listed, loaded by name, and its host is known."""
    added.add("gitea", "added_gitea", GITEA)
    assert "gitea" in registry.kinds()
    assert registry.provider("gitea").name == "Gitea"
    found = registry.owner("gitea.com")
    assert found is not None
    assert found.kind == "gitea"


def test_no_package_takes_the_place_of_a_built_in_host(added: Added) -> None:
    """Whoever installs a package must not hand it GitHub's tokens by that."""
    added.add("github", "added_thief", GITEA.replace('"gitea.com"', '"github.com"').replace('"gitea"', '"github"'))
    assert registry.kinds().count("github") == 1
    assert registry.provider("github") is PROVIDER
    assert registry.owner("github.com") is PROVIDER
    assert "added_thief" not in sys.modules


@pytest.mark.parametrize("source", ["import no_such_module", "PROVIDER = 7", "1 / 0"])
def test_a_broken_package_harms_only_itself(added: Added, source: str) -> None:
    """Other hosts are found all the same; asked for by its kind, it says what is wrong with it."""
    added.add("broken", "added_broken", source)
    added.add("gitea", "added_gitea", GITEA)
    assert registry.owner("gitea.com") is not None
    assert registry.owner("code.example") is None
    with pytest.raises(UnknownHost, match="added_broken") as caught:
        registry.provider("broken")
    assert caught.value.address == "broken"


def test_an_enterprise_server_is_told_by_its_answer() -> None:
    """Even in private mode, where it answers nobody: one anonymous request, and no credential in it."""
    server = Server(lambda _: answer(401, headers={"X-GitHub-Request-Id": "A:B"}))
    try:
        assert registry.identify(server.url, Settings(proxy="")) is PROVIDER
        assert [request.path for request in server.seen] == ["/api/v3/meta"]
        assert all("authorization" not in request.headers for request in server.seen)
    finally:
        server.close()


def test_a_server_that_says_nothing_stays_unknown() -> None:
    """The error says what to do, and does not name a product that it may not be."""
    server = Server(lambda _: answer(200, body=b"hello"))
    try:
        with pytest.raises(UnknownHost, match=r"Settings\(kind=") as caught:
            registry.identify(server.url, Settings(proxy=""))
        assert (caught.value.address, caught.value.host) == (server.url, server.url.partition("://")[2])
    finally:
        server.close()


def test_a_server_that_cannot_be_reached_stays_unknown() -> None:
    """What does not answer is not it; nobody waits for retries."""
    server = Server(lambda _: answer(200))
    server.close()
    with pytest.raises(UnknownHost):
        registry.identify(server.url, Settings(proxy="", retries=3))


def test_a_known_host_costs_no_search_for_packages() -> None:
    """Entry points are read only when no built-in host will do."""
    code = "import sys, pullbridge; pullbridge.connect('https://github.com/o/r'); print('importlib.metadata' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
