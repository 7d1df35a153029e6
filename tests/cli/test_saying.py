"""`comment`, `reply` and `resolve`: what is said arrives where it belongs, and is never lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.cli.conftest import Run, World, on_every_host

from pullbridge import Side
from pullbridge.model.as_json import from_plain
from pullbridge.model.threads import Comment, Thread

Git = Callable[..., str]


def threads(world: World) -> tuple[Thread, ...]:
    found: tuple[Thread, ...] = world.ask(lambda repo: repo.threads.list(1))
    return found


@on_every_host
def test_a_comment_on_the_whole_pull_request(run: Run, world: World) -> None:
    """The conversation is printed, and its address on a line of its own."""
    done = run("comment", world.url, "All good?")
    assert done.code == 0, done.err
    assert "All good?" in done.out
    (said,) = [each for each in threads(world) if each.anchor is None]
    assert said.comments[0].body == "All good?"
    assert done.out.rstrip().splitlines()[-1] == said.comments[0].url
    assert (said.comments[0].url or "").startswith(world.url)


@on_every_host
@pytest.mark.parametrize(
    ("options", "at"),
    [
        (["--line", "10"], (Side.NEW, 10, 10)),
        (["--line", "8-11"], (Side.NEW, 8, 11)),
        (["--line", "10", "--side", "old"], (Side.OLD, 10, 10)),
        ([], (Side.NEW, None, None)),
    ],
)
def test_a_comment_on_lines(run: Run, world: World, options: list[str], at: tuple[Any, ...]) -> None:
    """A line, a range, a removed line and the whole file are named by options."""
    done = run("comment", world.url, "There.", "--file", "a.py", *options, "--json")
    assert done.code == 0, done.err
    anchor = from_plain(Thread, json.loads(done.out)).anchor
    assert anchor is not None
    assert (anchor.side, anchor.start, anchor.end) == at


def test_a_text_from_standard_input(run: Run, world: World) -> None:
    """As it is, line ends and all."""
    assert run("comment", world.url, "-", stdin="Two\n\tlines, ü\n").code == 0
    assert threads(world)[0].comments[0].body.rstrip("\n") == "Two\n\tlines, ü"


@pytest.mark.parametrize(
    "options",
    [
        ["--line", "1"],
        ["--file", "a.py", "--line", "x"],
        ["--file", "a.py", "--line", "5-3"],
        ["--file", "a.py", "--line", "0"],
        ["--file", "", "--line", "1"],
        ["--file", ""],
    ],
)
def test_lines_that_cannot_be_are_wrong_use(run: Run, world: World, options: list[str]) -> None:
    """Exit code 2 before anything is sent, with the text given back."""
    world.host.requests.clear()
    done = run("comment", world.url, "-", *options, stdin="Precious.")
    assert done.code == 2
    assert "Precious." in done.err
    assert not world.host.requests


@on_every_host
@pytest.mark.parametrize(("status", "codes"), [(503, {6, 7}), (401, {3}), (403, {3}), (422, {1})])
def test_a_text_that_cannot_be_posted_is_given_back(run: Run, world: World, status: int, codes: set[int]) -> None:
    """Whatever the host says, what was piped in is on standard error to the letter, and its end is not cut."""
    world.host.behave(method="POST", status=status)
    text = "Precious:\n\n\tif x:\n" + "long " * 200 + "end"
    done = run("comment", world.url, "-", "--file", "a.py", "--line", "10", stdin=text)
    assert done.code in codes, done.err
    assert text in done.err


def test_a_place_outside_of_the_diff(run: Run, world: World) -> None:
    """It is refused with the nearest place, before anything is posted."""
    done = run("comment", world.url, "Hm.", "--file", "a.py", "--line", "20")
    assert done.code == 1
    assert "nearest place is a.py:13" in " ".join(done.err.split())
    assert "Hm." in done.err
    assert len(threads(world)) == 1


@on_every_host
def test_a_reply_by_place(run: Run, world: World) -> None:
    """A conversation is found by its place as it is shown; the answer is printed below what it answers."""
    done = run("reply", "a.py:10", "Because.", "--pull", world.url)
    assert done.code == 0, done.err
    assert done.out.index("Why?") < done.out.index("Because.")
    assert [c.body for c in threads(world)[0].comments] == ["Why?", "Because."]


@on_every_host
def test_a_reply_by_a_comments_address(run: Run, world: World) -> None:
    """The address tells the pull request, too."""
    url = threads(world)[0].comments[0].url or ""
    done = run("reply", url, "-", "--json", stdin="Because.\n")
    assert done.code == 0, done.err
    assert from_plain(Comment, json.loads(done.out)).body.strip() == "Because."


@pytest.mark.usefixtures("checkout")
def test_a_reply_in_a_checkout(run: Run, world: World) -> None:
    """By the id alone: the pull request is the current branch's."""
    assert run("reply", threads(world)[0].id, "Because.").code == 0
    assert len(threads(world)[0].comments) == 2


def test_no_such_conversation_is_4(run: Run, world: World) -> None:
    """The text is given back, and where to look is said."""
    done = run("reply", "a.py:11", "Precious.", "--pull", world.url)
    assert done.code == 4
    assert "pullbridge show" in done.err
    assert "Precious." in done.err


def test_two_conversations_at_one_place(run: Run, world: World) -> None:
    """Their ids and how they begin are listed, and none is answered."""
    world.ask(lambda repo: repo.threads.start(1, "Also?", threads(world)[0].anchor))
    done = run("reply", "a.py:10", "Hm.", "--pull", world.url)
    assert done.code == 1
    told = " ".join(done.err.split())
    assert all(f"{each.id}: {each.comments[0].body}" in told for each in threads(world))


@on_every_host
def test_resolve_and_undo(run: Run, world: World) -> None:
    """The mark is set, and taken away."""
    assert "resolved" in run("resolve", "a.py:10", "--pull", world.url).out
    assert threads(world)[0].resolved is True
    done = run("resolve", "a.py:10", "--pull", world.url, "--undo", "--json")
    assert from_plain(Thread, json.loads(done.out)).resolved is False
    assert threads(world)[0].resolved is False


@pytest.mark.usefixtures("checkout")
def test_a_comments_line_is_counted_in_what_is_checked_out(run: Run, world: World) -> None:
    """When the branch has moved on the host, the comment stays on the line that the caller saw."""
    old = (world.host.store, world.app.head("fix"))[1]
    lines = ["new first line\n", *(f"line {n}\n" for n in range(1, 10)), "line ten\n"]
    world.app.commit("fix", {"a.py": "".join(lines)}, start="fix", author="grace")
    done = run("comment", ".", "This one.", "--file", "a.py", "--line", "10", "--json")
    assert done.code == 0, done.err
    anchor = from_plain(Thread, json.loads(done.out)).anchor
    assert anchor is not None
    assert (anchor.commit, anchor.start) == (old, 10)


@pytest.mark.usefixtures("checkout")
def test_a_line_of_what_is_not_pushed(run: Run, world: World, git: Git) -> None:
    """The host has not that version: the comment is refused and not put on another line."""
    git("commit", "-q", "--allow-empty", "-m", "Mine alone")
    done = run("comment", ".", "Precious.", "--file", "a.py", "--line", "10")
    assert done.code != 0
    assert "Precious." in done.err
    assert len(threads(world)) == 1


def test_what_others_wrote_cannot_act_on_a_terminal(run: Run, world: World) -> None:
    """Escape sequences in a comment are shown, in answers as in errors."""
    world.ask(lambda repo: repo.threads.start(1, "\x1b]52;c;ZXZpbA==\x07\x9b2J", threads(world)[0].anchor), "grace")
    refused = run("reply", "a.py:10", "Hm.", "--pull", world.url)
    answered = run("reply", threads(world)[-1].id, "Hm.", "--pull", world.url)
    assert answered.code == 0
    assert not {"\x1b", "\x9b", "\x07"} & set(refused.err + answered.out + answered.err)
