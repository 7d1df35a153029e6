"""What a folder has checked out, as git tells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.local.conftest import Git

import pullbridge
from pullbridge.errors import Rejected
from pullbridge.local import checkout
from pullbridge.model.refs import RepoRef

APP = "https://github.com/octo/app.git"


def test_a_clone_of_one_repository(folder: Path, git: Git) -> None:
    """From a folder deep inside: the top, the branch, its commit and the repository."""
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("remote", "add", "origin", APP)
    (folder / "a" / "b").mkdir(parents=True)
    found = checkout.read(folder / "a" / "b")
    assert found.top.samefile(folder)
    assert (found.branch, found.head) == ("main", git("rev-parse", "HEAD"))
    assert found.repository == RepoRef(web="https://github.com", path="octo/app")
    assert (found.source, found.fork, found.number) == ("main", None, None)


def test_before_the_first_commit(folder: Path) -> None:
    """There is a branch and no commit."""
    found = checkout.read(folder)
    assert (found.branch, found.head, found.remotes) == ("main", None, ())


def test_a_detached_head_is_on_no_branch(folder: Path, git: Git) -> None:
    """A commit is checked out, and no branch to look for."""
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("remote", "add", "origin", APP)
    git("checkout", "-q", "--detach")
    found = checkout.read(folder)
    assert (found.branch, found.source) == (None, None)
    assert found.head == git("rev-parse", "HEAD")


def test_a_linked_worktree_has_a_branch_of_its_own(git: Git, tmp_path: Path) -> None:
    """The remotes are those of the repository, the branch and the top those of the worktree."""
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("remote", "add", "origin", APP)
    git("worktree", "add", "-q", "-b", "fix", str(tmp_path / "other"))
    found = checkout.read(tmp_path / "other")
    assert found.top.samefile(tmp_path / "other")
    assert (found.branch, found.repository.path) == ("fix", "octo/app")


def test_instead_of_is_resolved(folder: Path, git: Git, settings: Path) -> None:
    """The user's short forms lead to the addresses that they stand for, apart for fetching and pushing."""
    with settings.open("a") as file:
        file.write('[url "https://github.com/"]\n\tinsteadOf = gh:\n')
        file.write('[url "git@github.com:ada/"]\n\tpushInsteadOf = gh:octo/\n')
    git("remote", "add", "origin", "gh:octo/app")
    found = checkout.read(folder)
    assert found.repository.url == "https://github.com/octo/app"
    assert found.fork is not None
    assert found.fork.url == "https://github.com/ada/app"


def test_of_a_fork_the_parent_gets_the_pull_requests(folder: Path, git: Git) -> None:
    """`upstream` is the base, and the branch, pushed to `origin`, is named with its owner."""
    git("remote", "add", "origin", "git@github.com:ada/app.git")
    git("remote", "add", "upstream", APP)
    git("checkout", "-q", "-b", "fix")
    found = checkout.read(folder)
    assert (found.repository.path, found.source) == ("octo/app", "ada:fix")


def test_a_mirror_on_another_host_is_no_fork(folder: Path, git: Git) -> None:
    """Where a branch is also pushed to says nothing about the host that has the pull requests."""
    git("remote", "add", "origin", APP)
    git("remote", "add", "mirror", "https://code.example/octo/app")
    git("config", "remote.pushDefault", "mirror")
    found = checkout.read(folder)
    assert (found.repository.host, found.fork, found.source) == ("github.com", None, "main")


def test_the_name_on_the_remote_counts(folder: Path, git: Git) -> None:
    """A branch that is pushed under another name is looked for under that one."""
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("remote", "add", "origin", APP)
    git("update-ref", "refs/remotes/origin/fix/edge", "HEAD")
    git("checkout", "-q", "-b", "mine", "--track", "origin/fix/edge")
    git("config", "push.default", "upstream")
    assert checkout.read(folder).source == "fix/edge"


def test_a_fresh_branch_is_not_what_it_was_made_of(folder: Path, git: Git) -> None:
    """A branch made of `origin/main` follows that, and is not pushed there."""
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("remote", "add", "origin", APP)
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    git("checkout", "-q", "-b", "fix", "--track", "origin/main")
    assert checkout.read(folder).source == "fix"


@pytest.mark.parametrize("ref", ["refs/pull/7/head", "refs/merge-requests/7/head", "refs/pull-requests/7/from"])
def test_a_branch_fetched_from_a_pull_request_knows_its_number(folder: Path, git: Git, ref: str) -> None:
    """What `gh pr checkout`, and others, note down."""
    git("remote", "add", "origin", APP)
    git("config", "branch.main.remote", "origin")
    git("config", "branch.main.merge", ref)
    assert checkout.read(folder).number == 7


def test_several_remotes_are_not_guessed_at(folder: Path, git: Git) -> None:
    """Without a usual name, and with a branch that goes nowhere yet, every remote is named and none is taken."""
    git("remote", "add", "one", APP)
    git("remote", "add", "two", "https://github.com/ada/app")
    with pytest.raises(Rejected, match="one, two") as refused:
        _ = checkout.read(folder).repository
    assert "address" in refused.value.remedy
    git("config", "branch.main.remote", "two")
    git("config", "branch.main.merge", "refs/heads/main")
    git("commit", "-q", "--allow-empty", "-m", "One")
    assert checkout.read(folder).repository.path == "ada/app"


def test_remotes_without_an_address_are_left_out(folder: Path, git: Git, tmp_path: Path) -> None:
    """A path on this machine and a remote without an address lead to no host."""
    git("remote", "add", "backup", str(tmp_path))
    git("config", "remote.half.fetch", "+refs/heads/*:refs/remotes/half/*")
    with pytest.raises(Rejected, match="none of its remotes leads to a host"):
        _ = checkout.read(folder).repository


def test_a_password_in_a_remote_is_kept_out(folder: Path, git: Git) -> None:
    """What some tools write into an address is in nothing that is shown."""
    git("remote", "add", "origin", "https://ada:hunter2@github.com/octo/app.git")
    found = checkout.read(folder)
    assert found.repository.path == "octo/app"
    assert "hunter2" not in repr(found)


def test_the_branchs_own_commits(folder: Path, git: Git) -> None:
    """Those that the target has not, oldest first, with their whole messages."""
    git("remote", "add", "origin", APP)
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    git("checkout", "-q", "-b", "fix")
    git("commit", "-q", "--allow-empty", "-m", "Two\non two lines\n\nIts body.")
    git("commit", "-q", "--allow-empty", "-m", "Three ü")
    here = checkout.read(folder)
    two, three = checkout.commits(here, "main")
    assert (two.title, two.message) == ("Two on two lines", "Two\non two lines\n\nIts body.")
    assert (three.title, three.id) == ("Three ü", here.head)
    assert [each.title for each in checkout.commits(here, "never-fetched")] == ["Three ü"]


def test_a_folder_in_no_checkout(tmp_path: Path, settings: Path) -> None:
    """It is said, with the next step."""
    del settings
    with pytest.raises(Rejected, match="not a git repository") as refused:
        checkout.read(tmp_path)
    assert "address" in refused.value.remedy


def test_connect_takes_a_checkout(folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its folder, as text or path, and without anything for the folder one is in."""
    git("remote", "add", "origin", APP)
    monkeypatch.chdir(folder)
    for where in ([], ["."], [str(folder)], [folder]):
        with pullbridge.connect(*where) as repository:
            assert repository.ref.url == "https://github.com/octo/app"


def test_a_folder_named_like_an_address_is_not_taken_for_it(
    folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address stays one, whatever lies in the folder that one is in."""
    git("remote", "add", "origin", "https://elsewhere.example/evil/app")
    monkeypatch.chdir(folder)
    (folder / "git@github.com:octo" / "app").mkdir(parents=True)
    with pullbridge.connect("git@github.com:octo/app") as repository:
        assert repository.host == "github.com"


@pytest.mark.parametrize("where", ["", "nowhere", "x" * 5000, "nul\0"])
def test_what_is_neither_is_rejected(where: str) -> None:
    """No address and no folder: `Rejected`, whatever it is."""
    with pytest.raises(Rejected):
        pullbridge.connect(where)
