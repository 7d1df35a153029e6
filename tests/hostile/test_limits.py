"""Too much was asked of the host: we wait as long as it says, or say at once until when, and write nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from tests.hostile.scene import Scene

from pullbridge import Can, RateLimited, Repository, Verdict

Verb = Callable[[Repository, Scene], Any]
VERBS: dict[str, Verb] = {
    "pulls.get": lambda repo, _: repo.pulls.get(1),
    "pulls.panel": lambda repo, _: repo.pulls.panel(1),
    "threads.start": lambda repo, _: repo.threads.start(1, "To all"),
    "threads.start on a line": lambda repo, scene: repo.threads.start(1, "On a line", at=scene.at()),
    "reviews.submit": lambda repo, scene: repo.reviews.submit(1, Verdict.COMMENT, "Words", [scene.draft("Here")]),
    "pulls.edit": lambda repo, _: repo.pulls.edit(1, title="New"),
    "pulls.create": lambda repo, _: repo.pulls.create("Another", "fix2", "main", "With a text"),
}
#: What each leaves on the host, so that twice is seen.
LEFT: dict[str, Callable[[Scene], object]] = {
    "threads.start": lambda scene: scene.general() == ["To all"],
    "threads.start on a line": lambda scene: scene.inline() == ["On a line"],
    "reviews.submit": lambda scene: (scene.inline(), scene.reviews()) == (["Here"], [("COMMENTED", "Words")]),
    "pulls.edit": lambda scene: scene.record.title == "New",
    "pulls.create": lambda scene: len(scene.app.record.pulls) == 2,
}


@pytest.fixture
def repo(scene: Scene) -> Repository:
    scene.app.commit("fix2", {"b.txt": "x\n"})
    return scene.connect()


@pytest.mark.parametrize("verb", ["pulls.panel", "threads.start", "reviews.submit"])
def test_short_wait_is_waited(scene: Scene, repo: Repository, verb: str) -> None:
    """A 429 that says how many seconds is waited for, and the call then succeeds; what it writes is there once."""
    scene.host.behave(status=429, headers={"Retry-After": "1"}, times=1)
    began = time.monotonic()
    VERBS[verb](repo, scene)
    assert time.monotonic() - began >= 0.9
    assert verb not in LEFT or LEFT[verb](scene)


def test_moment_is_waited_for(scene: Scene, repo: Repository) -> None:
    """`Retry-After` may be an HTTP date; it is read by the host's own clock."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    scene.host.behave(status=429, headers={"Retry-After": soon}, times=1)
    assert repo.pulls.get(1).number == 1
    assert len(scene.requests) == 2


@pytest.mark.parametrize("verb", VERBS)
def test_long_wait_is_told_at_once(scene: Scene, repo: Repository, verb: str) -> None:
    """When waiting does not fit the deadline, `RateLimited` says until when, after one request, and nothing is written."""
    scene.host.behave(status=429, headers={"Retry-After": "3600"})
    began = time.monotonic()
    with pytest.raises(RateLimited) as caught:
        VERBS[verb](repo, scene)
    assert time.monotonic() - began < 40
    assert len({(each.method, each.path) for each in scene.requests}) == len(scene.requests)
    assert caught.value.resets_at is not None
    assert timedelta(minutes=55) < caught.value.resets_at - datetime.now(UTC) < timedelta(minutes=65)
    assert caught.value.status == 429
    assert caught.value.retryable
    assert not caught.value.maybe_done
    assert caught.value.host == repo.host
    assert (scene.general(), scene.inline(), scene.reviews(), len(scene.app.record.pulls)) == ([], [], [], 1)


@pytest.mark.parametrize("verb", ["threads.start", "threads.start on a line", "reviews.submit", "pulls.create"])
def test_text_is_kept(scene: Scene, repo: Repository, verb: str) -> None:
    """What a person wrote comes back with the refusal."""
    scene.host.behave(rate_limit="primary")
    with pytest.raises(RateLimited) as caught:
        VERBS[verb](repo, scene)
    assert caught.value.text in {"To all", "On a line", "Words", "With a text"}


class TestPrimary:
    """The hourly budget is used up."""

    @pytest.mark.parametrize("verb", ["pulls.get", "threads.start", "pulls.panel"])
    def test_reset_is_told_at_once(self, scene: Scene, repo: Repository, verb: str) -> None:
        """A 403 without budget is no missing right: `RateLimited` with the reset that the host names."""
        scene.host.behave(rate_limit="primary")
        with pytest.raises(RateLimited) as caught:
            VERBS[verb](repo, scene)
        assert caught.value.resets_at is not None
        assert timedelta(minutes=25) < caught.value.resets_at - datetime.now(UTC) < timedelta(minutes=35)
        assert caught.value.status == 403
        assert repo.budget.remaining == 0

    def test_real_budget_ends(self, scene: Scene, repo: Repository) -> None:
        """The forge counts as GitHub does: the request after the last one is refused, and `budget` told it before."""
        scene.host.budget.limits["core"] = 3
        for left, path, at in ((2, "a.txt", "main"), (1, "a.txt", "fix"), (0, "b.txt", "main")):
            repo.files.content(path, at)
            assert repo.budget.remaining == left
        with pytest.raises(RateLimited):
            repo.files.content("b.txt", "fix")

    def test_graphql_refuses_with_200(self, scene: Scene, repo: Repository) -> None:
        """GraphQL says it with status 200 and `RATE_LIMITED`; that is no success and no bad answer."""
        scene.host.behave(rate_limit="graphql")
        for verb in (repo.threads.list, repo.reviews.list, repo.pulls.panel, repo.pulls.commits):
            with pytest.raises(RateLimited) as caught:
                verb(1)
            assert caught.value.resets_at is not None

    def test_graphql_refuses_a_review_without_a_trace(self, scene: Scene, repo: Repository) -> None:
        """A review that meets it is not posted, not in doubt, and not looked for."""
        repo.pulls.panel(1)
        scene.host.behave(rate_limit="graphql")
        scene.requests.clear()
        with pytest.raises(RateLimited) as caught:
            repo.reviews.submit(1, Verdict.APPROVE, "Fine", [scene.draft("Here")])
        assert not caught.value.maybe_done
        assert len(scene.requests) == 1
        assert caught.value.receipt is not None
        scene.host.behave()
        assert repo.reviews.resume(caught.value.receipt).complete
        assert scene.reviews() == [("APPROVED", "Fine")]


class TestSecondary:
    """The limit on haste."""

    def test_with_a_number_it_is_waited_for(self, scene: Scene, repo: Repository) -> None:
        """A 403 with `Retry-After` is waited for, and the write is done once."""
        scene.host.behave(rate_limit="secondary", retry_after=1, times=1)
        repo.threads.start(1, "To all")
        assert scene.general() == ["To all"]

    def test_without_a_number_it_takes_a_minute(self, scene: Scene) -> None:
        """GitHub asks for a minute at least; a call that has not that long says so at once."""
        repo = scene.connect(deadline=30.0)
        scene.host.behave(rate_limit="secondary")
        with pytest.raises(RateLimited, match="secondary") as caught:
            repo.threads.start(1, "To all")
        assert caught.value.resets_at is not None
        assert timedelta(seconds=50) < caught.value.resets_at - datetime.now(UTC) < timedelta(seconds=70)
        assert scene.general() == []

    def test_later_writes_are_held_back(self, scene: Scene) -> None:
        """While the pause lasts, a further write is not even sent; reads go on."""
        repo = scene.connect(deadline=5.0)
        scene.host.behave(rate_limit="secondary", method="POST", times=1, path="*/issues/*")
        with pytest.raises(RateLimited):
            repo.threads.start(1, "First")
        scene.requests.clear()
        with pytest.raises(RateLimited) as caught:
            repo.threads.start(1, "Second")
        assert scene.requests == []
        assert caught.value.text == "Second"
        assert repo.pulls.get(1).number == 1

    def test_it_is_no_missing_right(self, scene: Scene, repo: Repository) -> None:
        """Nothing of it is taken for a right that is missing."""
        scene.host.behave(rate_limit="secondary", retry_after=3600)
        with pytest.raises(RateLimited):
            repo.pulls.edit(1, title="New")
        scene.host.behave()
        assert repo.can[Can.EDIT].state is not repo.can[Can.DELETE_PULL].state


def test_refusal_in_the_midst_of_a_review_is_in_its_receipt(scene: Scene, repo: Repository) -> None:
    """What was up when the host had enough stays up; the rest is `NOT_TRIED`, and `resume` posts just that."""
    drafts = [scene.draft("Here"), scene.draft("There", 40)]
    scene.push(41)
    scene.requests.clear()
    drafts.append(scene.draft("Now", 41))
    scene.host.behave(rate_limit="graphql", containing="Now", times=1)
    receipt = repo.reviews.submit(1, Verdict.COMMENT, "Words", drafts)
    assert [outcome.status.value for outcome in receipt.outcomes] == ["posted", "posted", "not tried"]
    assert not receipt.complete
    with pytest.raises(RateLimited):
        receipt.raise_if_incomplete()
    done = repo.reviews.resume(receipt)
    assert done.complete
    assert sorted(scene.inline()) == ["Here", "Now", "There"]


def test_message_says_until_when(scene: Scene, repo: Repository) -> None:
    """A person reads what happened and what to do."""
    scene.host.behave(rate_limit="primary")
    with pytest.raises(RateLimited) as caught:
        repo.pulls.get(1)
    assert str(caught.value).startswith("The budget is used up")
    assert str(caught.value).endswith("`repo.budget` tells how much is left.")
