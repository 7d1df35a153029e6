"""git is asked, and does nothing else: it starts no program, asks no question and changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.local.conftest import Git

from pullbridge.errors import DeadlineExceeded, Rejected, Unsupported
from pullbridge.local import checkout
from pullbridge.local import git as local

unix = pytest.mark.skipif(sys.platform == "win32", reason="the programs that must not run are shell scripts")


@pytest.fixture
def trap(folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A program that leaves a trace when it runs, and the trace."""
    del folder
    program, trace = tmp_path / "trap", tmp_path / "sprung"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{trace}"\nexit 1\n')
    program.chmod(0o755)
    return program, trace


@unix
def test_a_hostile_configuration_runs_nothing(
    folder: Path, git: Git, trap: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every setting that names a program names the trap; reading the checkout springs it not once."""
    program, trace = trap
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("remote", "add", "origin", "https://github.com/octo/app")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    _commit_signed(git, "Two")
    for key in ("core.fsmonitor", "core.pager", "pager.log", "core.askPass", "core.sshCommand", "core.editor"):
        git("config", key, str(program))
    for key in ("credential.helper", "gpg.program", "diff.external", "core.gitProxy", "core.alternateRefsCommand"):
        git("config", key, str(program))
    for alias in ("log", "remote", "config", "rev-parse", "for-each-ref", "symbolic-ref"):
        git("config", f"alias.{alias}", f"!{program}")
    git("config", "log.showSignature", "true")
    git("config", "core.hooksPath", str(program.parent))
    for name in ("GIT_PAGER", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH", "GIT_EXTERNAL_DIFF", "GIT_EDITOR"):
        monkeypatch.setenv(name, str(program))
    found = checkout.read(folder)
    assert [each.title for each in checkout.commits(found, "main")] == ["Two"]
    assert not trace.exists()


def _commit_signed(git: Git, title: str) -> None:
    """A commit with a signature, for git to check if it is told to."""
    tree, parent = git("rev-parse", "HEAD^{tree}"), git("rev-parse", "HEAD")
    who = "Ada <ada@code.example> 1700000000 +0000"
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    content = f"tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n{signature}\n\n{title}\n"
    git("update-ref", "HEAD", git("hash-object", "-t", "commit", "-w", "--stdin", stdin=content))


@unix
def test_a_missing_object_is_not_fetched(folder: Path, git: Git, trap: tuple[Path, Path]) -> None:
    """A partial clone's promise is not called in: no protocol is allowed, whatever the configuration allows."""
    program, trace = trap
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("config", "core.sshCommand", str(program))
    git("config", "protocol.allow", "always")
    git("config", "extensions.partialClone", "origin")
    git("remote", "add", "origin", "ssh://github.com/octo/app")
    git("config", "remote.origin.promisor", "true")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    sha = git("rev-parse", "HEAD")
    (folder / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    with pytest.raises(Rejected):
        local.read(folder, "log", "-1", "HEAD")
    assert not trace.exists()


def test_reading_changes_nothing(folder: Path, git: Git) -> None:
    """Every file below is, to the byte and to the moment, what it was before."""
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("remote", "add", "origin", "https://github.com/octo/app")

    def state() -> dict[Path, tuple[int, int]]:
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}

    before = state()
    checkout.commits(checkout.read(folder), "main")
    assert state() == before


def test_another_commands_repository_is_not_taken(
    folder: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside a hook, GIT_DIR names that hook's repository; the folder that was given counts."""
    git("remote", "add", "origin", "https://github.com/octo/app")
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert checkout.read(folder).top.samefile(folder)


def test_a_planted_bare_repository_is_refused(folder: Path) -> None:
    """A folder that looks like a repository's inside, put into a checkout, is not read as one."""
    subprocess.run(["git", "init", "-q", "--bare", str(folder / "vendor")], check=True)
    with pytest.raises(Rejected, match="bareRepository"):
        local.read(folder / "vendor", "rev-parse", "--is-bare-repository")


@unix
def test_a_git_in_the_folder_is_not_run(folder: Path, trap: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that names the folder one is in, as `.` or as nothing, does not lead to a program there."""
    program, trace = trap
    (folder / "git").write_bytes(program.read_bytes())
    (folder / "git").chmod(0o755)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    checkout.read(folder)
    assert not trace.exists()


def test_without_git_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where to get it, and what does without."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unsupported, match="no git") as refused:
        local.read(tmp_path, "version")
    assert "address" in refused.value.remedy


def test_a_git_that_hangs_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder on a dead drive does not keep an editor for ever."""
    monkeypatch.setattr(local, "_PATIENCE", 0.0)
    with pytest.raises(DeadlineExceeded, match="does not answer"):
        local.read(folder, "version")


@pytest.mark.parametrize("place", ["nowhere", "nul\0"])
def test_a_folder_that_is_not_there(tmp_path: Path, place: str) -> None:
    """It is `Rejected`, and no exception of the operating system."""
    with pytest.raises(Rejected):
        local.read(tmp_path / place, "version")


def test_a_checkout_of_another_users_is_gits_to_refuse(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been put there to be read: git says whose it is, and that is passed on, not worked around."""
    monkeypatch.setattr(local, "_KEPT", local._KEPT | {"GIT_TEST_ASSUME_DIFFERENT_OWNER"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(Rejected, match="dubious ownership"):
        checkout.read(folder)


@unix
def test_a_git_that_is_too_old_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 2.15 it does not know how to read without locks: its own words say so, and an address does without it."""
    program = tmp_path / "old" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'Unknown option: --no-optional-locks' >&2\nexit 129\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    with pytest.raises(Rejected, match="no-optional-locks") as refused:
        checkout.read(folder)
    assert "address" in refused.value.remedy
