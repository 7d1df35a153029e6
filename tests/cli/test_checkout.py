"""In a checkout, the commands know which pull request is meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run, World

from pullbridge import PullState

Git = Callable[..., str]


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize(
    "command", [["show"], ["diff"], ["status"], ["checks"], ["show", "."], ["show", "1"], ["show", "#1"]]
)
def test_the_current_branchs_pull_request_is_meant(run: Run, world: World, command: list[str]) -> None:
    """Without an address, and by its number, it is found."""
    del world
    done = run(*command)
    assert done.code in {0, 5}, done.err
    assert done.out


@pytest.mark.usefixtures("checkout")
def test_list_needs_no_address(run: Run) -> None:
    """The repository is that of the checkout."""
    assert "Spell ten" in run("list").out


def test_another_folder_can_be_named(run: Run, world: World, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout is an address like another."""
    monkeypatch.chdir(checkout.parent)
    done = run("show", str(checkout), "--json")
    assert json.loads(done.out)["pull"]["number"] == world.pull.number


@pytest.mark.usefixtures("checkout")
def test_a_detached_head_is_found_by_its_commit(run: Run, git: Git) -> None:
    """As a CI job checks it out."""
    git("checkout", "-q", "--detach")
    assert "Spell ten" in run("show").out


@pytest.mark.usefixtures("checkout")
def test_a_branch_without_a_pull_request_is_4(run: Run, git: Git) -> None:
    """What was looked for is named, and what to do."""
    git("checkout", "-q", "main")
    done = run("show")
    assert (done.code, done.out) == (4, "")
    assert "no open pull request from main" in done.err
    assert "pullbridge open" in done.err


@pytest.mark.usefixtures("checkout")
def test_several_pull_requests_are_not_guessed_at(run: Run, world: World) -> None:
    """One branch into two targets: both are named, none is taken."""
    world.app.commit("next", {"n.py": "n\n"})
    world.ask(lambda repo: repo.pulls.create("Also", "fix", "next"))
    done = run("show")
    assert done.code == 1
    assert "#2, #1" in done.err


def test_outside_of_a_checkout_one_is_told(run: Run) -> None:
    """It is wrong use, and an address would do."""
    done = run("show")
    assert done.code == 2
    assert "address" in done.err


@pytest.mark.usefixtures("checkout")
def test_a_merge_is_guarded_by_what_is_checked_out(run: Run, world: World) -> None:
    """What somebody else pushed meanwhile is not merged unseen."""
    world.app.commit("fix", {"c.py": "c\n"}, start="fix", author="grace")
    done = run("merge")
    assert done.code == 5
    assert "Stale" in done.err
    assert world.ask(lambda repo: repo.pulls.get(1)).state is PullState.OPEN


@pytest.mark.usefixtures("checkout")
def test_a_merge_of_what_is_checked_out(run: Run, world: World) -> None:
    """Nothing has moved: it is merged, and the source branch is gone."""
    done = run("merge", "--method", "squash", "--delete-source")
    assert done.code == 0, done.err
    assert "merged" in done.out
    assert "source branch deleted" in done.out
    assert "fix" not in world.app.branches()


def test_a_fork_is_compared_with_its_parent(
    run: Run, world: World, checkout: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A branch that is pushed to a fork opens, and finds, its pull request in the parent."""
    fork = world.host.fork("octo/app", "ada")
    fork.commit("idea", {"i.py": "i\n"}, message="An idea")
    git("remote", "rename", "origin", "upstream")
    git("remote", "add", "origin", fork.clone_url)
    git("fetch", "-q", "origin")
    git("checkout", "-q", "idea")
    del checkout, monkeypatch
    opened = run("open", "--json")
    assert opened.code == 0, opened.err
    pull = json.loads(opened.out)
    assert (pull["title"], pull["source"]["repository"]["path"]) == ("An idea", "ada/app")
    assert json.loads(run("show", "--json").out)["pull"]["number"] == pull["number"]


@pytest.mark.usefixtures("checkout")
def test_the_checkout_is_not_changed(run: Run, git: Git) -> None:
    """After every reading command, git sees what it saw before."""
    before = git("status", "--porcelain=v2", "--branch"), git("for-each-ref"), sorted(Path(".git").iterdir())
    for command in ("show", "status", "diff", "checks", "hosts", "list", "inbox"):
        run(command)
    assert (git("status", "--porcelain=v2", "--branch"), git("for-each-ref"), sorted(Path(".git").iterdir())) == before
