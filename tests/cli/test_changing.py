"""`open`, `ready`, `close`, `reopen` and `merge`: what they change, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.cli.conftest import CLOUD, Run, World, on_every_host

from pullbridge import Pull, PullState
from pullbridge.model.as_json import from_plain
from pullbridge.model.merge import MergeReceipt, MergeState

Git = Callable[..., str]


def opened(done: Any) -> Pull:
    assert done.code == 0, done.err
    return from_plain(Pull, json.loads(done.out))


@pytest.fixture
def idea(world: World) -> None:
    """A branch `idea-box/one` of two commits, without a pull request."""
    world.app.commit("idea-box/one", {"i.py": "i\n"}, message="An idea", author="ada")
    world.app.commit("idea-box/one", {"j.py": "j\n"}, message="Another\n\nWith\nreasons.", start="idea-box/one")


@pytest.fixture
def on_idea(idea: None, git: Git) -> None:
    """A checkout of it."""
    del idea
    git("fetch", "-q")
    git("checkout", "-q", "idea-box/one")


@on_every_host
@pytest.mark.usefixtures("on_idea")
def test_open_takes_the_last_commits_words(run: Run) -> None:
    """Without any option: title and description, the current branch, the default branch."""
    pull = opened(run("open", "--json"))
    assert (pull.title, pull.body) == ("Another", "With\nreasons.")
    assert (pull.source.name, pull.target.name, pull.draft) == ("idea-box/one", "main", False)


@pytest.mark.usefixtures("on_idea")
def test_open_with_fill_takes_all_commits(run: Run) -> None:
    """The branch's name in words, and a list of the titles."""
    pull = opened(run("open", "--fill", "--json"))
    assert (pull.title, pull.body) == ("Idea box one", "- An idea\n- Another")


@pytest.mark.usefixtures("on_idea")
def test_open_says_what_is_not_pushed(run: Run, git: Git) -> None:
    """The pull request has the host's head; that it is not the checkout's is told."""
    git("commit", "-q", "--allow-empty", "-m", "Mine alone")
    done = run("open", "--title", "Idea")
    assert done.code == 0
    assert "is everything pushed?" in done.err
    assert done.out.rstrip().endswith("/pull/2")


@on_every_host
def test_open_without_a_checkout(run: Run, world: World, idea: None) -> None:
    """Everything is said by options; people are asked, and labels set. Where there are none, nothing is opened, and it is said."""
    del idea
    words = ["--source", "idea-box/one", "--title", "Idea", "--body", "-", "--draft", "--reviewer", "grace"]
    command, label = ["open", world.app.url, *words, "--target", "main", "--json"], ["--label", "new"]
    if "bitbucket" in world.host.kind:
        refused = run(*command, *label, stdin="Precious.")
        assert (refused.code, refused.out) == (1, "")
        assert f"Unsupported | {urlsplit(world.host.url).netloc}" in refused.err
        assert "labels" in refused.err
        assert "Precious." in refused.err
        label = []
    pull = opened(run(*command, *label, stdin="Long."))
    assert (pull.number, pull.title, pull.body, pull.draft) == (2, "Idea", "Long.", True)
    assert [each.handle for each in pull.reviewers or ()] == ["grace"]
    assert [each.name for each in pull.labels or ()] == label[1:]


@pytest.mark.parametrize(("missing", "given"), [("--title", ["--source", "fix"]), ("--source", ["--title", "Fix"])])
def test_open_without_a_checkout_needs_both(run: Run, world: World, missing: str, given: list[str]) -> None:
    """What nothing tells is asked for by its option, and the description is given back."""
    done = run("open", world.app.url, *given, "--body", "Precious.")
    assert done.code == 2
    assert missing in done.err
    assert "Precious." in done.err


def test_open_takes_the_template(run: Run, world: World, idea: None) -> None:
    """Where there would be no description; an empty one that was meant stays empty."""
    del idea
    world.app.commit("main", {".github/pull_request_template.md": "## Why\n"})
    first = opened(run("open", world.app.url, "--source", "idea-box/one", "--title", "Idea", "--json"))
    assert (first.body or "").strip() == "## Why"
    world.app.commit("more", {"m.py": "m\n"})
    second = opened(run("open", world.app.url, "--source", "more", "--title", "More", "--body", "", "--json"))
    assert not second.body


@on_every_host
@pytest.mark.usefixtures("checkout")
def test_open_twice(run: Run, world: World) -> None:
    """The one that is there is an error with its address, or what is given back."""
    refused = run("open", "--body", "Precious.")
    assert refused.code == 5
    assert world.url in refused.err
    assert "Precious." in refused.err
    assert opened(run("open", "--if-exists", "return", "--json")).number == world.pull.number


@pytest.mark.usefixtures("checkout")
def test_open_a_branch_that_is_not_pushed(run: Run, git: Git) -> None:
    """The host's reason is told; nothing is pushed."""
    git("checkout", "-q", "-b", "new")
    done = run("open", "--title", "New", "--body", "Precious.")
    assert done.code == 1
    assert "Precious." in done.err


@pytest.mark.usefixtures("checkout")
def test_open_from_no_branch(run: Run, git: Git) -> None:
    """A detached head has no name to open from."""
    git("checkout", "-q", "--detach")
    assert run("open").code == 2


@on_every_host
def test_ready_and_back(run: Run, world: World) -> None:
    """A draft is marked ready; `--undo` makes it a draft again."""
    assert opened(run("ready", world.url, "--undo", "--json")).draft is True
    done = run("ready", world.url)
    assert "OPEN" in done.out
    assert world.ask(lambda repo: repo.pulls.get(1)).draft is False


@on_every_host
@pytest.mark.usefixtures("checkout")
def test_close_and_reopen(run: Run, world: World) -> None:
    """In a checkout, without a number: the open one is closed, the closed one opened, or it is said what to do instead."""
    assert "CLOSED" in run("close").out
    assert run("close").code == 4
    if world.host.kind == CLOUD:
        refused = run("reopen")
        assert refused.code == 1
        assert "Open a new one from the same branch." in refused.err
        return
    assert opened(run("reopen", "--json")).state is PullState.OPEN
    assert world.ask(lambda repo: repo.pulls.get(1)).state is PullState.OPEN


@on_every_host
def test_merge_shows_what_it_merges(run: Run, world: World) -> None:
    """Without a checkout the head that is merged is the one on the screen."""
    done = run("merge", world.url, "--message", "Ten\n\nis a word.")
    assert done.code == 0, done.err
    assert done.out.index("Spell ten") < done.out.index(f"merged | {world.pull.ref.repository.path}")
    pull = world.ask(lambda repo: repo.pulls.get(1))
    assert pull.state is PullState.MERGED


@on_every_host
def test_merge_as_json(run: Run, world: World) -> None:
    """The receipt, and nothing else."""
    receipt = from_plain(MergeReceipt, json.loads(run("merge", world.url, "--json", "--method", "squash").out))
    assert receipt.state is MergeState.MERGED
    assert receipt.commit == world.app.head("main")


@on_every_host
def test_merge_of_another_head_is_5(run: Run, world: World) -> None:
    """What was looked at is not there any more: the message is given back."""
    done = run("merge", world.url, "--expect-head", "0" * 40, "--message", "Precious.")
    assert done.code == 5
    assert "Precious." in done.err
    assert world.ask(lambda repo: repo.pulls.get(1)).state is PullState.OPEN


@on_every_host
def test_merge_that_is_blocked_is_5(run: Run, world: World) -> None:
    """The reasons are told."""
    world.app.require("main", reviews=1)
    done = run("merge", world.url)
    assert done.code == 5
    assert "NotMergeable" in done.err


@on_every_host
def test_merge_when_ready(run: Run, world: World) -> None:
    """The host is told to wait for the rules; where it cannot, that is said, and nothing is merged."""
    world.app.settings(allow_auto_merge=True)
    world.app.require("main", reviews=1)
    done = run("merge", world.url, "--when-ready")
    if world.host.kind == CLOUD:
        assert done.code == 1
        assert "Merge when the checks have passed." in done.err
        assert world.ask(lambda repo: repo.pulls.get(1)).state is PullState.OPEN
        return
    assert done.code == 0, done.err
    assert "waiting" in done.out


def test_a_method_that_is_none(run: Run, world: World) -> None:
    """The words are listed."""
    done = run("merge", world.url, "--method", "octopus")
    assert done.code == 2
    assert "fast-forward" in done.err


@on_every_host
@pytest.mark.parametrize("command", ["close", "reopen", "ready", "merge"])
def test_nobody_may_change_anything(run: Run, world: World, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Without a credential it is 3, and said; what nobody could do there anyway is said before."""
    monkeypatch.delenv(world.variable)
    done = run(command, world.url)
    assert done.code in {1, 3}, done.err
    never = command == "reopen" and world.host.kind == CLOUD
    assert ("stays so" if never else "sign") in done.err.lower() or "token" in done.err.lower()


def test_a_title_cannot_act_on_a_terminal(run: Run, world: World) -> None:
    """Neither in what is printed nor on the line with the address."""
    world.ask(lambda repo: repo.pulls.edit(1, title="\x1b[2J\x9b31mgone"))
    done = run("close", world.url)
    assert "^[[2J" in done.out
    assert not {"\x1b", "\x9b"} & set(done.out + done.err)
