"""Stacked pull requests are merged in the background, which every other way of merging refers to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import pullbridge
from pullbridge import (
    AlreadyThere,
    BadAnswer,
    MergeMethod,
    MergeState,
    NotMergeable,
    PullState,
    Repository,
    Token,
    Unsupported,
)
from pullbridge.hosts import waiting
from pullbridge.hosts.github import background
from pullbridge.repository import confirm, merging
from pullbridge.testing import Forge, RepositoryHandle


class World:
    """Three pull requests of which the first two are a stack, and their author."""

    def __init__(self, forge: Forge) -> None:
        self.host = forge.github
        self.app: RepositoryHandle = self.host.repository("octo/app", files={"a.txt": "one\n"})
        start = "main"
        for number in (1, 2, 3):
            self.app.commit(f"step/{number}", {f"{number}.txt": f"{number}\n"}, start=start if number < 3 else "main")
            start = f"step/{number}"
        self.repo: Repository = pullbridge.connect(
            self.app.url, credentials=Token(self.host.token("ada")), settings=self.host.settings
        )
        for number, target in ((1, "main"), (2, "step/1"), (3, "main")):
            self.repo.pulls.create(f"Step {number}", f"step/{number}", target)
        self.host.stack("octo/app", 1, 2)
        self.host.requests.clear()

    def asked(self) -> list[tuple[str, str]]:
        """What was asked of merging, by its last words."""
        paths = [(each.method, each.path.rpartition("/pulls/")[2]) for each in self.host.requests]
        return [(method, path.partition("/")[2].partition("/")[0]) for method, path in paths if "/merge" in path]

    def states(self) -> list[PullState]:
        return [self.repo.pulls.get(number).state for number in (1, 2, 3)]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(waiting, "WAITS", (0.01, 0.02))
    monkeypatch.setattr(merging, "_PATIENCE", 0.0)
    monkeypatch.setattr(confirm, "_AGAIN", 0.0)
    with Forge() as forge:
        made = World(forge)
        with made.repo:
            yield made


def test_a_stack_is_merged_in_the_background(world: World) -> None:
    """GH-40: asked for, looked at until it is done, and confirmed with its commit; together with all below it."""
    world.host.graphql.stacks.looks = 3
    head = world.app.head("step/2")
    receipt = world.repo.pulls.merge(2, method=MergeMethod.MERGE, message="All\n\nof it", expect_head=head)
    assert (receipt.state, receipt.commit) == (MergeState.MERGED, world.app.head("main"))
    assert world.asked() == [("PUT", "merge"), ("PUT", "merge-async"), *[("GET", "merge-async")] * 4]
    assert world.states() == [PullState.MERGED, PullState.MERGED, PullState.OPEN]


def test_others_are_merged_as_ever(world: World) -> None:
    """One request, as nobody demands more."""
    assert world.repo.pulls.merge(3).state is MergeState.MERGED
    assert world.asked() == [("PUT", "merge")]


def test_a_stack_is_queued_where_its_target_has_a_queue(world: World) -> None:
    """GitHub chooses; asked to wait, the queue is asked for."""
    world.app.require(queue=True)
    assert world.repo.pulls.merge(1).state is MergeState.QUEUED
    assert world.repo.pulls.merge(1, when_ready=True).state is MergeState.QUEUED
    assert PullState.MERGED not in world.states()


def test_what_cannot_be_merged_says_why(world: World) -> None:
    """The reason comes with a later look; a closed one is refused at once."""
    world.app.commit("main", {"2.txt": "other\n"})
    with pytest.raises(NotMergeable, match="conflict"):
        world.repo.pulls.merge(2)
    assert PullState.MERGED not in world.states()
    world.repo.pulls.close(1)
    with pytest.raises(NotMergeable, match="not open"):
        world.repo.pulls.merge(1)


def test_a_method_is_no_matter_for_a_queue(world: World) -> None:
    """It is refused in GitHub's words, and nothing is merged in another way."""
    world.app.require(queue=True)
    with pytest.raises(NotMergeable, match="merge queue"):
        world.repo.pulls.merge(2, method=MergeMethod.SQUASH)
    with pytest.raises(Unsupported, match="queue"):
        world.repo.pulls.merge(1, method=MergeMethod.SQUASH, when_ready=True)


def test_another_merge_is_under_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """GH-41: its options may be others, and so its outcome is not taken for ours."""
    world.host.graphql.stacks.looks = 1000
    monkeypatch.setattr(background, "_PATIENCE", 0.1)
    assert world.repo.pulls.merge(2).state is MergeState.WAITING
    with pytest.raises(AlreadyThere, match="under way"):
        world.repo.pulls.merge(2, method=MergeMethod.SQUASH)


def test_it_is_not_waited_for_without_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while the receipt says that it is still under way."""
    world.host.graphql.stacks.looks = 1000
    monkeypatch.setattr(background, "_PATIENCE", 0.1)
    assert world.repo.pulls.merge(2).state is MergeState.WAITING
    looked = world.asked().count(("GET", "merge-async"))
    assert 3 <= looked <= 6


def test_a_deadline_while_it_is_under_way(world: World) -> None:
    """It was accepted and goes on, which is no failure: neither when a look is cut off, nor when there is no time for one."""
    world.host.graphql.stacks.looks = 1000
    world.host.behave(path="*/merge-async/*", latency=60)
    assert world.repo.within(deadline=4).pulls.merge(2).state is MergeState.WAITING


def test_a_look_that_fails_does_not_ask_twice(world: World) -> None:
    """It goes on without us: the second time GitHub says that it is under way, or done."""
    world.host.graphql.stacks.looks = 2
    world.host.behave(path="*/merge-async/*", status=404, body=b'{"message": "Not Found"}', times=1)
    with pytest.raises(AlreadyThere, match="under way"):
        world.repo.pulls.merge(2)
    assert len(world.host.graphql.stacks.jobs) == 1


def test_a_word_that_nobody_knows_is_no_success(world: World) -> None:
    """Only what GitHub documents is taken for an end."""
    body = b'{"status": "sleeping", "details": {"message": "Zzz"}}'
    world.host.behave(path="*/merge-async", status=202, body=body, headers={"Content-Type": "application/json"})
    with pytest.raises((BadAnswer, pullbridge.Unconfirmed)):
        world.repo.pulls.merge(2)
    assert PullState.MERGED not in world.states()
