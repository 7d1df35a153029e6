"""What pull requests are: open, closed or merged, a draft or not, and of how many commits, over the forge."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.hostile.scene import Scene
from werkzeug.wrappers import Request, Response

from pullbridge import Pull, PullState, Repository, Unsupported

OPEN, CLOSED, MERGED = PullState.OPEN, PullState.CLOSED, PullState.MERGED
#: Pull requests 2 to 8, of which several beside each other were closed without a merge.
STATES = [CLOSED, CLOSED, MERGED, CLOSED, MERGED, CLOSED, OPEN]


@pytest.fixture
def several(scene: Scene) -> Scene:
    store, pulls = scene.host.store, scene.app.record.pulls
    with store.lock:
        for number, state in enumerate(STATES, 2):
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
            ended = None if state is OPEN else at
            copy = dataclasses.replace(
                pulls[1], id=store.next_id(), number=number, state=state.value, closed_at=ended, updated_at=at
            )
            copy.merged_at = at if state is MERGED else None
            pulls[number] = store.keep(copy)
    scene.requests.clear()
    return scene


def test_a_list_tells_merged_from_closed(several: Scene) -> None:
    """GH-01, GH-02, N-06: every row says which it is, without another request; "all" is a filter and no state."""
    listed = list(several.connect().pulls.list(states=set(PullState)))
    assert {pull.number: pull.state for pull in listed} == {1: OPEN, **dict(enumerate(STATES, 2))}
    assert [pull.merged_at is not None for pull in listed] == [pull.state is MERGED for pull in listed]
    assert len(several.requests) == 1
    assert {pull.state for pull in listed} == set(PullState)


@pytest.mark.parametrize("state", [MERGED, CLOSED])
def test_one_kind_of_the_ended_leaves_no_other_in(several: Scene, state: PullState) -> None:
    """GH-10, GH-11: neither does one of two neighbours slip through, nor is one behind it passed over."""
    listing = several.connect().pulls.list(states={state})
    assert {pull.number for pull in listing} == {n for n, each in enumerate(STATES, 2) if each is state}
    assert {pull.state for pull in listing} == {state}
    assert listing.complete


def test_looking_at_a_row_asks_nobody(several: Scene) -> None:
    """N-07: a row is a value: all its properties are there, down to the people's."""
    repo = several.connect()
    for listing in (repo.pulls.list(), repo.pulls.list(author="ada")):
        rows = list(listing)
        several.requests.clear()
        for pull in rows:
            assert looked_at(pull) > 20
        assert several.requests == []


def looked_at(value: Any) -> int:
    """Read every property of a value and of those in it; count them."""
    if isinstance(value, tuple):
        return sum(map(looked_at, value))
    if not dataclasses.is_dataclass(value):
        return 1
    names = [name for name in dir(value) if not name.startswith("_") and not callable(getattr(value, name))]
    return sum(looked_at(getattr(value, name)) for name in names)


@pytest.mark.parametrize(
    ("draft", "mutation"), [(True, b"convertPullRequestToDraft"), (False, b"markPullRequestReady")]
)
def test_draft_and_ready_are_graphqls(scene: Scene, draft: bool, mutation: bytes) -> None:
    """GH-08, GH-09: REST's PATCH takes no `draft`, and would keep silent about it."""
    repo = scene.connect("ada")
    repo.pulls.set_draft(1, not draft)
    scene.requests.clear()
    assert repo.pulls.set_draft(1, draft).draft is draft
    (written,) = scene.writes()
    assert written.path.endswith("/graphql")
    assert mutation in written.body
    assert repo.pulls.get(1).draft is draft


# Commits --------------------------------------------------------------------------------------------------------------


def listing_at_most(most: int) -> Callable[[Request, Response], None]:
    """Let a pull request's own list end after so many commits, though it counts them all."""

    def cut(request: Request, true: Response) -> None:
        if request.path.endswith("/graphql") and b"commits(first" in request.get_data():
            answer = json.loads(true.get_data())
            found = answer["data"]["repository"]["pullRequest"]["commits"]
            del found["nodes"][most:]
            found["pageInfo"]["hasNextPage"] = False
            true.set_data(json.dumps(answer))

    return cut


@pytest.fixture
def long(scene: Scene) -> Repository:
    """Pull request 1 has four commits, of which GitHub lists two."""
    for line in (20, 21, 22):
        scene.push(line)
    scene.instead(listing_at_most(2))
    scene.requests.clear()
    return scene.connect()


def test_commits_that_are_not_listed_are_found(scene: Scene, long: Repository) -> None:
    """GH-57: the list is whole and in order all the same, and the panel, which lists what it gets, says what is missing."""
    commits = long.pulls.commits(1)
    expected = scene.app.record.git.run("rev-list", "--reverse", "main..fix").decode().split()
    assert len(expected) == 4
    assert [commit.id for commit in commits] == expected
    assert len(scene.requests) == 3
    panel = long.pulls.panel(1)
    assert [commit.id for commit in panel.commits] == expected[:2]
    assert [(gap.part, gap.reason) for gap in panel.gaps] == [("commits", "GitHub lists 2 of 4 commits")]


def test_commits_that_nobody_lists_are_said(scene: Scene, long: Repository) -> None:
    """GH-57: half of the commits is never taken for all of them."""
    scene.host.behave(status=200, body=b'{"commits": []}', path="*/compare/*")
    with pytest.raises(Unsupported, match="2 of 4 commits") as caught:
        long.pulls.commits(1)
    assert "clone" in caught.value.remedy


def test_pull_is_what_a_list_holds(scene: Scene) -> None:
    """A row of the list and the pull request read by itself are alike, but for what only the latter tells."""
    repo = scene.connect()
    (row,) = repo.pulls.list()
    whole: Pull = repo.pulls.get(1)
    for field in dataclasses.fields(Pull):
        told = getattr(row, field.name)
        assert told is None or told == getattr(whole, field.name), field.name
