"""Lists of pull requests: which requests they cost, and which cursors they take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import pullbridge
from pullbridge.testing import Forge


@pytest.fixture
def repo(forge: Forge) -> Iterator[pullbridge.Repository]:
    """A repository with one pull request."""
    app = forge.github.repository("octo/app")
    app.commit("fix", {"a": "1\n"})
    token = pullbridge.Token(forge.github.token("ada"))
    with pullbridge.connect(app.url, credentials=token, settings=forge.github.settings) as repo:
        repo.pulls.create("t", "fix", "main")
        forge.github.requests.clear()
        yield repo


@pytest.mark.parametrize(
    "cursor", ["garbage", "0", "-1", "2/x", "1/", "99999999999", "1/99999999999", "\u0661", "~3~x"]
)
def test_a_cursor_of_another_list_is_rejected(forge: Forge, repo: pullbridge.Repository, cursor: str) -> None:
    """Before anything is sent: it would lead nowhere, or to another place than was meant."""
    with pytest.raises(pullbridge.Rejected, match="is no cursor"):
        list(repo.pulls.list(after=cursor))
    assert forge.github.requests == []


def test_a_generous_limit_asks_for_a_few_pages(forge: Forge, repo: pullbridge.Repository) -> None:
    """A million wanted of one that is there is not ten thousand requests."""
    listing = repo.pulls.list(limit=1_000_000)
    assert [pull.title for pull in listing] == ["t"]
    assert listing.complete
    assert len(forge.github.requests) <= 10


def test_what_is_decided_when_merging_is_not_noted_before(repo: pullbridge.Repository) -> None:
    """GitHub has no place for it, and says so instead of passing over it."""
    for wish in ({"squash_on_merge": True}, {"delete_source_on_merge": False}):
        with pytest.raises(pullbridge.Unsupported, match="does not note"):
            repo.pulls.create("u", "fix", "main", **wish)  # type: ignore[arg-type]  # one of two flags


def test_a_branch_is_not_deleted_by_a_merge_that_waits(forge: Forge) -> None:
    """The receipt says that it stays: GitHub does not do both."""
    app = forge.github.repository("octo/queue")
    app.commit("fix", {"a": "1\n"})
    app.require(queue=True)
    token = pullbridge.Token(forge.github.token("octo"))
    with pullbridge.connect(app.url, credentials=token, settings=forge.github.settings) as queued:
        queued.pulls.create("t", "fix", "main")
        receipt = queued.pulls.merge(1, when_ready=True, delete_source=True)
    assert (receipt.state, receipt.branch_deleted) == (pullbridge.MergeState.QUEUED, False)


def test_labels_are_names_and_not_letters(repo: pullbridge.Repository) -> None:
    """One text is easily given for a list of them, and would be searched for letter by letter."""
    with pytest.raises(pullbridge.Rejected, match="list of names"):
        repo.pulls.list(labels="bug")


@pytest.mark.parametrize("filters", [{"author": ""}, {"source": " "}, {"text": ""}, {"labels": ["bug", ""]}])
def test_an_empty_filter_is_rejected(repo: pullbridge.Repository, filters: dict[str, str]) -> None:
    """It is no filter to one host and one that nothing passes to another."""
    with pytest.raises(pullbridge.Rejected, match="is empty"):
        repo.pulls.list(**filters)  # type: ignore[arg-type]  # names and texts
