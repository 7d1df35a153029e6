"""The forge as a stock client sees it that nobody here wrote: atlassian-python-api with its own I/O."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from atlassian import bitbucket
from tests.testing.bitbucket_cloud.conftest import Place

#: It says that it is typed, and is not.
Cloud: Any = vars(bitbucket)["Cloud"]


class Stock:
    """The client for some people."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.exit = ExitStack()

    def client(self, who: str, **how: Any) -> Any:
        """Somebody's client, with the retries of its own turned off."""
        session = requests.Session()
        session.trust_env = False
        self.exit.callback(session.close)
        return Cloud(url=self.place.host.url, session=session, token=self.place.host.token(who), **how)

    def repository(self, who: str) -> Any:
        """The repository as somebody sees it."""
        return self.client(who).repositories.get("octo", "app")


@pytest.fixture
def stock(place: Place) -> Iterator[Stock]:
    """Clients that are closed afterwards."""
    made = Stock(place)
    with made.exit:
        yield made


@pytest.fixture
def pull(stock: Stock) -> Any:
    """Ada's pull request, which Bob shall review."""
    reviewers = [stock.place.host.uuid("bob")]
    return stock.repository("ada").pullrequests.create("Fix", "fix", "main", "Why", True, reviewers)


def test_signing_in(stock: Stock) -> None:
    """It signs in with a token, or an e-mail address and an API token, and is refused with a bad one."""
    place = stock.place
    assert stock.client("ada").get("user")["nickname"] == "ada"
    made = Cloud(url=place.host.url, username=place.host.email("ada"), password=place.host.token("ada", kind="api"))
    stock.exit.callback(made.close)
    assert made.get("user")["nickname"] == "ada"
    bad = Cloud(url=place.host.url, token="nonsense")
    stock.exit.callback(bad.close)
    with pytest.raises(requests.HTTPError, match="Token is invalid"):
        bad.get("user")


def test_a_repository(stock: Stock) -> None:
    """A workspace's repositories are walked, and one tells what it is."""
    repository = stock.repository("ada")
    assert (repository.slug, repository.name, repository.is_private) == ("app", "app", False)
    workspace = stock.client("ada").workspaces.get("octo")
    assert [each.slug for each in workspace.repositories.each()] == ["app"]
    assert "ada" in [member.get_data("user")["nickname"] for member in workspace.members.each()]


def test_a_pull_request_through_its_life(stock: Stock, pull: Any) -> None:
    """Created, found, commented, tasked, approved, merged: each by the client's own methods."""
    assert (pull.id, pull.title, pull.description, pull.is_open, pull.close_source_branch) == (
        1,
        "Fix",
        "Why",
        True,
        True,
    )
    assert (pull.source_branch, pull.destination_branch) == ("fix", "main")
    assert stock.place.app.head("fix").startswith(pull.source_commit)
    theirs = stock.repository("bob").pullrequests.get(1)
    assert [each.nickname for each in theirs.reviewers()] == ["bob"]
    theirs.comment("Hm")
    assert [each.raw for each in theirs.comments()] == ["Hm"]
    task = theirs.add_task("Do it")
    task.update("Do it now")
    assert [(each.description, each.is_resolved) for each in theirs.tasks()] == [("Do it now", False)]
    task.delete()
    theirs.request_changes()
    theirs.unrequest_changes()
    theirs.approve()
    again = stock.repository("ada").pullrequests.get(1)
    assert [(each.user.nickname, each.has_approved) for each in again.participants()] == [("bob", True)]
    again.merge(merge_strategy="squash")
    assert stock.repository("ada").pullrequests.get(1).is_merged
    assert stock.place.app.branches().keys() == {"main"}


def test_what_changed(stock: Stock, pull: Any) -> None:
    """Diffs, diffstats, commits and builds, each behind whatever redirect there is."""
    stock.place.app.check(stock.place.app.head("fix"), "ci", "success")
    assert pull.diff().startswith("diff --git a/a.txt")
    assert "Say it anew" in pull.patch()
    rows = list(pull.diffstat())
    assert [(row.new.path, row.has_conflict) for row in rows] == [("a.txt", False), ("new.txt", False)]
    assert [commit.message for commit in pull.commits] == ["Add new\n", "Say it anew\n"]
    assert [build.key for build in pull.builds()] == ["ci"]
    assert pull.has_conflict is False


@pytest.mark.usefixtures("pull")
def test_lists(stock: Stock) -> None:
    """It follows pages to their end, and passes queries on."""
    repository = stock.repository("ada")
    for number in range(12):
        stock.place.app.commit(f"b{number:02}", {f"{number}.txt": "x\n"})
        repository.pullrequests.create(f"Nr. {number}", f"b{number:02}")
    assert [each.id for each in repository.pullrequests.each(sort="id")] == list(range(1, 14))
    assert [each.title for each in repository.pullrequests.each(q='title ~ "nr. 11"')] == ["Nr. 11"]
    assert len(list(repository.branches.each())) == 14


def test_declined(stock: Stock, pull: Any) -> None:
    """A declined one says so, and the client's errors carry the host's words."""
    pull.decline()
    again = stock.repository("ada").pullrequests.get(1)
    assert again.is_declined
    with pytest.raises(requests.HTTPError, match="already closed"):
        again.post("decline", {})
    with pytest.raises(requests.HTTPError, match="No pull request"):
        stock.repository("ada").pullrequests.get(99)


def test_default_reviewers(stock: Stock) -> None:
    """They are added, listed and removed."""
    stock.place.app.members(ada="admin", bob="write")
    reviewers = stock.repository("ada").default_reviewers
    reviewers.add(stock.place.host.uuid("bob"))
    assert [each.nickname for each in reviewers.each()] == ["bob"]


def test_restrictions(stock: Stock) -> None:
    """What a branch asks for is read."""
    stock.place.app.members(ada="admin")
    stock.place.app.require(reviews=2)
    found = {each.kind: each.value for each in stock.repository("ada").branch_restrictions.each()}
    assert found["require_approvals_to_merge"] == 2
