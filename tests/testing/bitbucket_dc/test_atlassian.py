"""atlassian-python-api, as it comes, works with the forge's Data Center: an independent reader of what it answers.

Left out is what that package itself gets wrong: its inbox is at another address, its inline comments lose their lines, its
merges send Bitbucket Cloud's words, and its tasks are a resource that Data Center has no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import atlassian
import pytest
import requests
from tests.testing.bitbucket_dc.conftest import Place, draft

#: Its own annotations are few.
Bitbucket: Any = atlassian.Bitbucket
KEY, SLUG = "OCTO", "app"


@pytest.fixture
def clients(data_center: Callable[..., Place]) -> Iterator[tuple[Place, Any, Any]]:
    """A place below a context path, and two people's clients: a token's and a password's."""
    place = data_center(dc_context="/bitbucket")
    url = place.host.url
    ada = Bitbucket(url=url, token=place.host.token("ada"))
    grace = Bitbucket(url=url, username="grace", password=place.host.password("grace"))
    yield place, ada, grace
    for client in (ada, grace):
        client.close()


def test_a_life(clients: tuple[Place, Any, Any]) -> None:
    """Opened with a reviewer, listed, edited, commented on, approved, declined, reopened, merged, all by its methods."""
    place, ada, grace = clients
    made = ada.open_pull_request(KEY, SLUG, KEY, SLUG, "fix", "main", "Fix", "Why.", reviewers=["grace"])
    number = made["id"]
    assert [each["id"] for each in ada.get_pull_requests(KEY, SLUG, limit=1)] == [number]
    people = {"reviewers": made["reviewers"]}
    edited = ada.update_pull_request(KEY, SLUG, number, {"version": 0, "title": "Better", **people})
    assert (edited["title"], edited["version"]) == ("Better", 1)
    said = grace.add_pull_request_comment(KEY, SLUG, number, "Hm.")
    reply = ada.add_pull_request_comment(KEY, SLUG, number, "Yes?", parent_id=said["id"])
    assert ada.update_pull_request_comment(KEY, SLUG, number, reply["id"], "Yes!", 0)["version"] == 1
    ada.delete_pull_request_comment(KEY, SLUG, number, reply["id"], 1)
    assert grace.get_pull_request_comment(KEY, SLUG, number, said["id"])["comments"] == []
    assert grace.change_reviewed_status(KEY, SLUG, number, "APPROVED", "grace")["approved"] is True
    actions = [each["action"] for each in ada.get_pull_requests_activities(KEY, SLUG, number)]
    assert actions == ["APPROVED", "COMMENTED", "OPENED"]
    assert [each["path"]["toString"] for each in ada.get_pull_requests_changes(KEY, SLUG, number)] == ["a.txt", "c.txt"]
    assert len(list(ada.get_pull_requests_commits(KEY, SLUG, number))) == 2
    assert len(list(ada.get_pull_requests_participants(KEY, SLUG, number))) == 2
    assert ada.decline_pull_request(KEY, SLUG, number, 1)["state"] == "DECLINED"
    assert ada.reopen_pull_request(KEY, SLUG, number, 2)["state"] == "OPEN"
    assert ada.is_pull_request_can_be_merged(KEY, SLUG, number)["canMerge"] is True
    assert place.app.head("main") != place.app.head("fix")


def test_what_is_around(clients: tuple[Place, Any, Any]) -> None:
    """Repositories, branches, tags, files, builds, reviewers, the dashboard."""
    place, ada, grace = clients
    place.host.default_reviewers("octo/app", "grace")
    assert ada.get_repo(KEY, SLUG)["slug"] == SLUG
    assert {each["displayId"] for each in ada.get_branches(KEY, SLUG)} == {"main", "fix"}
    ada.create_branch(KEY, SLUG, "next", "main")
    ada.delete_branch(KEY, SLUG, "refs/heads/next")
    assert ada.get_default_branch(KEY, SLUG)["displayId"] == "main"
    ada.set_tag(KEY, SLUG, "v1", "main")
    assert [each["displayId"] for each in ada.get_tags(KEY, SLUG)] == ["v1"]
    assert ada.get_content_of_file(KEY, SLUG, "c.txt", at="refs/heads/fix") == b"c\n"
    assert sorted(ada.get_file_list(KEY, SLUG)) == ["a.txt", "docs/b.txt"]
    head = place.app.head("fix")
    place.host.build("octo/app", head, "ci", "SUCCESSFUL")
    assert ada.get_associated_build_statuses(head)["values"][0]["state"] == "SUCCESSFUL"
    found = ada.get_required_reviewers_for_pull_request(KEY, SLUG, KEY, SLUG, "fix", "main")
    assert [each["name"] for each in found] == ["grace"]
    made = ada.create_pull_request(KEY, SLUG, draft(reviewers=[{"user": {"name": "grace"}}]))
    assert [each["id"] for each in grace.get_dashboard_pull_requests(role="REVIEWER", state="OPEN")] == [made["id"]]
    assert [each["id"] for each in ada.get_pull_requests_contain_commit(KEY, SLUG, head)] == [made["id"]]
    assert ada.add_pull_request_blocker_comment(KEY, SLUG, 1, "Do it", "BLOCKER")["severity"] == "BLOCKER"
    assert len(ada.search_pull_request_blocker_comment(KEY, SLUG, 1)["values"]) == 1
    ada.delete_pull_request(KEY, SLUG, 1, made["version"])
    assert list(ada.get_pull_requests(KEY, SLUG)) == []


def test_what_it_makes_of_refusals(clients: tuple[Place, Any, Any]) -> None:
    """Its own reading of an error finds the message in the body."""
    _, ada, _ = clients
    ada.create_pull_request(KEY, SLUG, draft())
    with pytest.raises(requests.HTTPError, match="Only one pull request may be open"):
        ada.create_pull_request(KEY, SLUG, draft())
    with pytest.raises(requests.HTTPError, match="out-of-date"):
        ada.decline_pull_request(KEY, SLUG, 1, 7)
