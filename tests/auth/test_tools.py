"""The host's own tools and git's credential programs: asked when that is wanted, for their own host, never a person."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

import pullbridge
from pullbridge import Basic, Can, ScopeMissing, Token
from pullbridge.auth import tools
from pullbridge.auth.ambient import Ambient, BoundAmbient
from pullbridge.testing import Forge

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tools that are played here are shell scripts")
WEB = "https://code.example"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no tools but git, whose user has set up nothing."""
    path = [str(tmp_path), *(each for each in os.environ["PATH"].split(os.pathsep) if not _has_tools(each))]
    monkeypatch.setenv("PATH", os.pathsep.join(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITLAB_TOKEN", "GH_HOST", "GITLAB_HOST"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "gitconfig").touch()
    return tmp_path


def _has_tools(folder: str) -> bool:
    return any(Path(folder, name).exists() for name in ("gh", "glab"))


def script(place: Path, text: str) -> Path:
    place.write_text(f"#!/bin/sh\n{text}\n")
    place.chmod(0o755)
    return place


def helper(bench: Path, text: str) -> Path:
    """Set git up with a credential program."""
    place = script(bench / "helper", f'echo "$1" >> {bench}/helped\n[ "$1" = get ] || exit 0\n{text}')
    (bench / "gitconfig").write_text(f"[credential]\n\thelper = {place}\n")
    return place


def bound(kind: str = "github", web: str = WEB, environment: Mapping[str, str] | None = None) -> BoundAmbient:
    """All tools, as a connection asks them."""
    host = web.partition("://")[2].partition("/")[0]
    return Ambient(tools=True).bound(host, lambda *_: ("GH_TOKEN",), environment or {}, kind=kind, web=web)


# Only when that is wanted ----------------------------------------------------------------------------------------------


def test_nothing_is_started_unless_it_is_asked_for(bench: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By default the environment alone is read; and where it has a token, no tool is asked at all."""
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *command, **_: started.append(command))
    script(bench / "gh", "echo tok")
    assert Ambient().bound("code.example", lambda *_: (), {}, kind="github", web=WEB).current() is None
    assert bound(environment={"GH_TOKEN": "env-1"}).source == "GH_TOKEN"
    assert started == []


def test_only_known_tools_can_be_named() -> None:
    """A misspelled one would be left out in silence."""
    with pytest.raises(ValueError, match="the tools are gh, glab, git"):
        Ambient(tools=("hub",))


def test_a_tool_that_is_not_named_is_not_asked(bench: Path) -> None:
    """`tools=("git",)` starts git alone."""
    script(bench / "gh", f"touch {bench}/asked; echo tok")
    found = Ambient(tools=("git",)).bound("code.example", lambda *_: (), {}, kind="github", web=WEB)
    assert found.current() is None
    assert set(found.skipped or {}) == {"git"}
    assert not (bench / "asked").exists()


# Each for its own host ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "kind", "answer"),
    [
        ("gh", "github", "auth-token---hostname-code.example:8443"),
        ("glab", "gitlab", "config-get-token---host-code.example:8443"),
    ],
)
def test_a_tool_is_asked_for_the_host_by_name(bench: Path, tool: str, kind: str, answer: str) -> None:
    """With its port, and without the path that its pages are below."""
    script(bench / tool, 'echo "$@" | tr " " "-"')
    found = bound(kind, "https://code.example:8443/below")
    assert (found.current(), found.source) == (Token(answer), tool)


@pytest.mark.parametrize(("tool", "kind"), [("gh", "gitlab"), ("glab", "github"), ("gh", "bitbucket-cloud")])
def test_a_tool_of_another_kind_of_host_is_not_asked(bench: Path, tool: str, kind: str) -> None:
    """GitHub's has nothing for GitLab."""
    script(bench / tool, f"touch {bench}/asked; echo tok")
    assert bound(kind).current() is None
    assert not (bench / "asked").exists()


def test_a_variable_of_another_host_does_not_come_back_through_a_tool(
    bench: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`gh` gives GH_ENTERPRISE_TOKEN for any server, and `glab` GITLAB_TOKEN: they are asked without those."""
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITLAB_TOKEN"):
        monkeypatch.setenv(name, "anothers")
    for tool, kind in (("gh", "github"), ("glab", "gitlab")):
        script(bench / tool, 'echo "$GH_TOKEN$GITHUB_TOKEN$GH_ENTERPRISE_TOKEN$GITHUB_ENTERPRISE_TOKEN$GITLAB_TOKEN"')
        found = bound(kind)
        assert found.current() is None
        assert (found.skipped or {})[tool] == "it knows none for this host"


def test_git_gives_what_its_program_keeps_for_the_host(bench: Path) -> None:
    """User and secret, as hosts want them in their different ways; git of any version, whether it tells the end or not."""
    helper(
        bench,
        'grep -q "^host=code.example$" || exit 0; echo username=ada; echo password=tok-9; echo password_expiry_utc=99999999999',
    )
    found = bound("bitbucket-dc")
    assert (found.current(), found.source) == (Basic("ada", "tok-9"), "git")
    assert bound("bitbucket-dc", "https://evil.example").current() is None
    assert "tok-9" not in repr(found)


def test_an_answer_for_another_host_is_not_taken(bench: Path) -> None:
    """A program may change what it was asked."""
    script(bench / "git", "printf 'protocol=https\\nhost=other.example\\nusername=ada\\npassword=tok\\n'")
    assert tools.ask("git", "github", WEB) == tools.Told(why_not="what it answers is for another host")


def test_what_has_expired_is_not_taken(bench: Path) -> None:
    """Where git tells when it ends."""
    script(bench / "git", "cat; printf 'username=ada\\npassword=tok\\npassword_expiry_utc=1\\n'")
    assert tools.ask("git", "github", WEB) == tools.Told(why_not="what it keeps has expired")


# Never a person -------------------------------------------------------------------------------------------------------


def test_git_without_a_program_asks_nobody(bench: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives up: no terminal, no askpass of git's or ssh's, whoever has set one."""
    asked = bench / "asked"
    askpass = script(bench / "askpass", f'echo "$@" >> {asked}; echo secret')
    monkeypatch.setenv("GIT_ASKPASS", str(askpass))
    monkeypatch.setenv("SSH_ASKPASS", str(askpass))
    (bench / "gitconfig").write_text(f"[core]\n\taskPass = {askpass}\n")
    assert tools.ask("git", "github", WEB) == tools.Told(why_not="it knows none for this host")
    assert not asked.exists()


def test_there_is_no_terminal_to_ask_on(bench: Path) -> None:
    """A tool that opens it all the same finds none."""
    script(bench / "gh", "( : < /dev/tty ) 2>/dev/null && echo tok || echo none-there")
    assert bound().current() == Token("none-there")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("echo half-a-tok; exit 1", "it knows none for this host"),
        ("echo half-a-tok; sleep 60", "it does not answer within 0.5 seconds"),
        ("echo half-a-tok; (sleep 60) & exec sleep 60", "it does not answer within 0.5 seconds"),
        ("echo two words", "what it answers is no token"),
        ("echo", "it knows none for this host"),
        ("printf '\\377\\376'", "what it answers is no token"),
        ("exec < /dev/null; exit 3", "it knows none for this host"),
    ],
    ids=["fails", "hangs", "hangs with a child", "words", "nothing", "bytes", "does not listen"],
)
def test_what_fails_or_hangs_is_left_out(bench: Path, text: str, why: str) -> None:
    """Within its time, and what it had printed by then is no token."""
    script(bench / "gh", text)
    begun = time.monotonic()
    assert tools.ask("gh", "github", WEB, patience=0.5) == tools.Told(why_not=why)
    assert time.monotonic() - begun < 30


def test_a_tool_that_is_not_there_is_left_out(bench: Path) -> None:
    """And so is what cannot be run; each is named with its reason, and the next one is asked."""
    (bench / "glab").write_text("no program")
    (bench / "glab").chmod(0o755)
    assert tools.ask("gh", "github", WEB) == tools.Told(why_not="it is not installed")
    assert tools.ask("glab", "gitlab", WEB) == tools.Told(why_not="it cannot be started")
    helper(bench, "echo username=x; echo password=tok")
    found = bound("gitlab")
    assert found.source == "git"
    assert found.skipped == {"glab": "it cannot be started"}


def test_a_checkouts_configuration_counts_for_nothing(bench: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder from anybody may name a program; nor is one of its files taken for git."""
    folder = bench / "checkout"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    evil = script(bench / "evil", f"touch {bench}/ran; echo username=x; echo password=y")
    subprocess.run(["git", "-C", str(folder), "config", "credential.helper", str(evil)], check=True)
    script(folder / "gh", f"touch {bench}/ran; echo tok")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GIT_DIR", str(folder / ".git"))
    assert bound().current() is None
    assert not (bench / "ran").exists()


# In use ---------------------------------------------------------------------------------------------------------------


def test_a_connection_signs_with_what_git_keeps(bench: Path) -> None:
    """End to end; and what is refused is neither erased nor stored anew: it belongs to whoever put it there."""
    with Forge() as forge:
        app = forge.github.repository("octo/app", files={"a": "1\n"}, private=True)
        token = forge.github.token("ada")
        helper(bench, f"echo username=ada; echo password={token}")
        with pullbridge.connect(
            app.url, settings=forge.github.settings, credentials=Ambient(env=False, tools=("git",))
        ) as repo:
            assert list(repo.pulls.list()) == []
        helper(bench, "echo username=ada; echo password=ghp_wrong")
        with (
            pullbridge.connect(app.url, settings=forge.github.settings, credentials=Ambient(tools=True)) as repo,
            pytest.raises(pullbridge.SignInNeeded),
        ):
            list(repo.pulls.list())
    assert set((bench / "helped").read_text().split()) == {"get"}


def test_a_tool_is_asked_again_once_for_what_is_refused(bench: Path) -> None:
    """It may have renewed it; the same answer again is none."""
    script(bench / "gh", f'echo "tok-$(cat {bench}/turn)"')
    (bench / "turn").write_text("1")
    found = bound()
    assert found.refresh() is None
    found = bound()
    (bench / "turn").write_text("2")
    assert found.refresh() == Token("tok-2")
    (bench / "turn").write_text("3")
    assert found.refresh() is None


def test_a_token_for_git_alone_is_refused_with_the_reason(bench: Path) -> None:
    """GitLab's `write_repository` is of no use to the API: the error names what it takes, and so do the answers."""
    with Forge() as forge:
        app = forge.gitlab.repository("octo/app", files={"a": "1\n"}, private=True)
        token = forge.gitlab.token("ada", scopes=("write_repository",))
        helper(bench, f"echo username=oauth2; echo password={token}")
        ambient = Ambient(env=False, tools=True)
        with (
            pullbridge.connect(app.url, settings=forge.gitlab.settings, credentials=ambient) as repo,
            pytest.raises(ScopeMissing, match="read_api"),
        ):
            list(repo.pulls.list())
        with pullbridge.open_host(forge.gitlab.url, settings=forge.gitlab.settings, credentials=ambient) as host:
            known = host.probe()
    assert known.granted == ("write_repository",)
    assert known[Can.INBOX_AUTHOR].reason == "the token lacks read_api (it has write_repository)"
