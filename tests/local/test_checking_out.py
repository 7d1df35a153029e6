"""A pull request's head is fetched and checked out, and nothing of the user's is lost for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.hostile.site import KINDS, Site, opened

import pullbridge
from pullbridge import BranchChange, NotThere, Rejected, Repository, SignInNeeded, Token
from pullbridge.local import checkout, fetching
from pullbridge.testing import Forge


class Clone:
    """A clone of the site's repository, on `main`, and a session connected from it."""

    def __init__(self, site: Site, top: Path) -> None:
        self.site, self.top = site, top
        subprocess.run(["git", "clone", "-q", "-b", "main", site.app.clone_url, str(top)], check=True)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.top, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    @property
    def repo(self) -> Repository:
        site = self.site
        return site.stack.enter_context(
            pullbridge.connect(self.top, credentials=Token(site.token("bob")), settings=site.host.settings)
        )


@pytest.fixture
def clone(
    forge: Forge, settings: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Clone]:
    """Of GitHub, unless a test says otherwise."""
    del settings
    monkeypatch.setenv("NO_PROXY", "*")
    with ExitStack() as stack:
        yield Clone(opened(forge, stack, getattr(request, "param", "github")), tmp_path / "clone")


on_every_host = pytest.mark.parametrize("clone", KINDS, indirect=True)


@on_every_host
def test_a_branch_of_the_repository(clone: Clone) -> None:
    """It is made, follows the remote's branch, and comes forward with it; the second time nothing is to do."""
    done = clone.repo.checkout(1)
    assert (done.branch, done.commit, done.change) == ("fix", clone.site.head, BranchChange.MADE)
    assert (done.remote, done.ref) == ("origin", "refs/heads/fix")
    assert clone.git("rev-parse", "HEAD", "fix@{upstream}").split() == [clone.site.head] * 2
    assert clone.git("status", "--porcelain") == ""
    assert clone.repo.checkout(1).change is BranchChange.KEPT
    clone.site.push(3)
    assert clone.repo.checkout(1).change is BranchChange.FORWARDED
    assert clone.git("rev-parse", "HEAD") == clone.site.head
    assert clone.git("for-each-ref", "refs/pullbridge") == ""


@on_every_host
def test_a_forks_branch(clone: Clone) -> None:
    """It comes by the host's ref, or from the fork where the host has none, and the checkout knows its number."""
    site = clone.site
    fork = site.host.fork(site.app.path, "carol")
    head = fork.commit("idea", {"i.txt": "i\n"})
    source = pullbridge.parse(fork.url)
    assert isinstance(source, pullbridge.RepoRef)
    pull = site.connect("carol").pulls.create("An idea", "idea", "main", source_repository=source)
    done = clone.repo.checkout(pull)
    assert (done.commit, done.change) == (head, BranchChange.MADE)
    assert done.branch.lower() == "carol/idea"
    assert (clone.top / "i.txt").read_text() == "i\n"
    assert checkout.read(clone.top).number == pull.number


def test_what_would_be_overwritten_is_refused(clone: Clone) -> None:
    """A change, an untracked and an ignored file in the way: git's words, and everything as it was."""
    clone.site.push(new_txt="theirs\n")
    (clone.top / ".git" / "info" / "exclude").write_text("new.txt\n")
    (clone.top / "new.txt").write_text("mine\n")
    with pytest.raises(Rejected, match=r"overwritten"):
        clone.repo.checkout(1)
    assert (clone.top / "new.txt").read_text() == "mine\n"
    (clone.top / "new.txt").unlink()
    (clone.top / "a.txt").write_text("mine\n")
    with pytest.raises(Rejected, match=r"overwritten"):
        clone.repo.checkout(1)
    assert (clone.top / "a.txt").read_text() == "mine\n"
    assert (clone.git("branch", "--show-current"), clone.git("branch", "--list", "fix")) == ("main", "")


def test_a_branch_with_commits_of_its_own_is_refused(clone: Clone) -> None:
    """It is not moved, and another name does."""
    clone.git("switch", "-q", "-c", "fix")
    clone.git("commit", "-q", "--allow-empty", "-m", "Mine")
    mine = clone.git("rev-parse", "HEAD")
    with pytest.raises(Rejected, match=r"commits \(1\)"):
        clone.repo.checkout(1)
    assert clone.git("rev-parse", "fix") == mine
    assert clone.repo.checkout(1, branch="theirs").branch == "theirs"


def test_another_worktrees_branch_is_left_to_it(clone: Clone, tmp_path: Path) -> None:
    """It would be moved under the one who works there."""
    clone.git("worktree", "add", "-q", "-b", "fix", str(tmp_path / "other"))
    with pytest.raises(Rejected, match="another worktree"):
        clone.repo.checkout(1)


def test_a_commit_on_no_branch_is_not_left(clone: Clone) -> None:
    """Nothing would lead back to it."""
    clone.git("checkout", "-q", "--detach")
    clone.git("commit", "-q", "--allow-empty", "-m", "Mine")
    with pytest.raises(Rejected, match="on no branch"):
        clone.repo.checkout(1)


@pytest.mark.parametrize("name", ["-f", "HEAD", "a..b", "a:b", "@{-1}"])
def test_a_name_that_is_none(clone: Clone, name: str) -> None:
    """It never reaches a command that would take it for something else."""
    with pytest.raises(Rejected, match="no name of a branch"):
        clone.repo.checkout(1, branch=name)


def test_not_from_a_checkout(clone: Clone) -> None:
    """An address has no work tree."""
    with pytest.raises(Rejected, match="not connected from a checkout"):
        clone.site.repo.checkout(1)


@pytest.mark.skipif(sys.platform == "win32", reason="the program that must not run is a shell script")
def test_the_checkouts_own_programs_do_not_run(clone: Clone, tmp_path: Path) -> None:
    """Hooks, filters, helpers: the trap is not sprung, and those that did not count are named."""
    trap, trace = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> "{trace}"\nexit 1\n')
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "core.askPass", "credential.helper", "filter.x.smudge"):
        clone.git("config", key, str(trap))
    clone.git("config", "core.alternateRefsCommand", str(trap))
    for hook in ("post-checkout", "reference-transaction", "post-merge"):
        (clone.top / ".git" / "hooks" / hook).write_bytes(trap.read_bytes())
        (clone.top / ".git" / "hooks" / hook).chmod(0o755)
    (clone.top / ".git" / "info" / "attributes").write_text("* filter=x\n")
    done = clone.repo.checkout(1)
    assert done.commit == clone.site.head
    assert set(done.left_out) == {"core.sshcommand", "credential.helper", "filter.x.smudge"}
    assert not trace.exists()


def test_fetches_led_elsewhere_are_refused(clone: Clone) -> None:
    """Bytes go to the host, and a bundle is not looked for where the checkout says."""
    clone.git("config", "fetch.bundleURI", "https://elsewhere.example/x")
    with pytest.raises(Rejected, match="elsewhere"):
        clone.repo.checkout(1)


def test_the_users_settings_count_where_the_checkouts_do_not() -> None:
    """Of a helper all of the user's, of anything else the last."""
    told = b"\0".join(
        [
            *(b"global", b"core.sshcommand\nssh -i mine", b"global", b"credential.helper\nstore"),
            *(b"local", b"core.sshcommand\nevil", b"local", b"credential.https://x.helper\nevil", b""),
        ]
    )
    settings, names = fetching._without_foreign(told)
    assert settings[0] == "core.sshcommand=ssh -i mine"
    assert settings[-2:] == ["credential.helper=", "credential.helper=store"]
    assert names == ("core.sshcommand", "credential.https://x.helper")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("fatal: couldn't find remote ref refs/heads/x", NotThere),
        ("fatal: Authentication failed for 'https://ada:hunter2@code.example/a/b/'", SignInNeeded),
        ("fatal: unable to access 'https://x/': Could not resolve host: x", pullbridge.Offline),
        ("", Rejected),
    ],
)
def test_gits_words_become_errors(words: str, error: type[Exception]) -> None:
    """Each with its remedy, and without a password."""
    made = fetching.failure(words, ())
    assert type(made) is error
    assert "hunter2" not in str(made)
