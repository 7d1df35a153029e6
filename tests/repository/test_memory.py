"""What was last seen: enough to need no read before a write, and never too old."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pullbridge.model.diff import ChangeKind, FileChange
from pullbridge.model.orders import Changes
from pullbridge.model.pulls import Branch, Pull, PullState
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.repository.memory import KEPT, Memory, Seen

PULL = Pull(
    ref=PullRef(repository=RepoRef(web="https://github.com", path="o/r"), number=1),
    number=1,
    title="t",
    state=PullState.OPEN,
    source=Branch(name="fix", commit="a" * 40),
    target=Branch(name="main"),
)
FILE = FileChange(path="x", kind=ChangeKind.ADDED)
CHANGES = Changes(head="a" * 40, files=(FILE, FILE))


def moved(pull: Pull) -> Pull:
    return replace(pull, source=replace(pull.source, commit="b" * 40))


def test_nothing_is_known_of_the_unseen() -> None:
    """An empty answer, not an error: the caller reads then."""
    seen = Memory().of(7)
    assert seen == Seen()
    assert seen.head is None


def test_what_is_seen_adds_up() -> None:
    """The pull request, its changes and its comments come in different answers."""
    memory = Memory()
    memory.saw(1, pull=PULL)
    memory.saw(1, changes=CHANGES)
    memory.saw(1, comments=frozenset({"c1"}))
    assert memory.of(1) == Seen(pull=PULL, changes=CHANGES, file_count=2, comments=frozenset({"c1"}))


def test_changes_of_another_head_are_forgotten() -> None:
    """After a push, a comment must not be placed in the diff before it."""
    memory = Memory()
    memory.saw(1, changes=CHANGES)
    memory.saw(1, pull=moved(PULL))
    assert memory.of(1).changes is None
    assert memory.of(1).file_count is None
    assert memory.of(1).head == "b" * 40


def test_changes_of_the_same_head_stay() -> None:
    """Reading the pull request again does not make its diff old."""
    memory = Memory()
    memory.saw(1, changes=CHANGES)
    memory.saw(1, pull=PULL)
    assert memory.of(1).changes is CHANGES
    assert memory.of(1).file_count == 2


def test_the_hosts_count_of_files_is_taken() -> None:
    """It tells how many pages the next read needs."""
    memory = Memory()
    memory.saw(1, pull=replace(PULL, file_count=300))
    assert memory.of(1).file_count == 300


def test_comments_of_mine_are_added() -> None:
    """What I wrote is known from then on, with or without a list of the others."""
    memory = Memory()
    memory.wrote(1, "c1")
    memory.wrote(1, "c2", "c3")
    assert memory.of(1).comments == frozenset({"c1", "c2", "c3"})
    memory.saw(1, comments=frozenset({"c9"}))
    assert memory.of(1).comments == frozenset({"c9"})


def test_what_was_written_over_is_forgotten() -> None:
    """After a merge nothing that was seen is true any more."""
    memory = Memory()
    memory.saw(1, pull=PULL)
    memory.forget(1)
    memory.forget(2)
    assert memory.of(1) == Seen()


def test_only_the_last_few_are_kept() -> None:
    """Bounded: a bot that goes through thousands does not grow. What was touched last stays."""
    memory = Memory()
    for number in range(1, KEPT + 1):
        memory.saw(number, pull=PULL)
    memory.saw(1, comments=frozenset())
    memory.saw(KEPT + 1, pull=PULL)
    assert memory.of(1).pull is PULL
    assert memory.of(2) == Seen()
    assert sum(memory.of(number) != Seen() for number in range(KEPT + 2)) == KEPT


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns after every few instructions."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("restless")
def test_threads_lose_nothing() -> None:
    """Comments written at the same time are all known."""
    memory, ready = Memory(), threading.Barrier(8)

    def write(thread: int) -> None:
        ready.wait()
        for i in range(50):
            memory.wrote(1, f"{thread}-{i}")

    threads = [threading.Thread(target=write, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memory.of(1).comments or ()) == 400
