"""Lists of merge requests: whose, which, in what order, and how old their rows may be."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.gitlab.conftest import Caller, Place


@pytest.fixture
def ada(place: Place) -> Caller:
    """The author of !1 (`fix`, labelled, with a reviewer) and !2 (a draft); !3 is bob's, and closed."""
    ada, bob = place.person("ada"), place.person("bob")
    place.opened(ada, title="First thing", labels="bug,ui", reviewer_ids=[place.number("bob")], description="why")
    for name, who, title in (("two", ada, "Draft: Second"), ("three", bob, "Third")):
        place.app.commit(name, {f"{name}.txt": name})
        sent = {"title": title, "source_branch": name, "target_branch": "main", "assignee_id": place.number("ada")}
        who("POST", f"{place.path}/merge_requests", json=sent, expect=201)
    bob("PUT", f"{place.path}/merge_requests/3", json={"state_event": "close"}, expect=200)
    return ada


FILTERS = {
    "": [3, 2, 1],
    "sort=asc": [1, 2, 3],
    "order_by=title&sort=asc": [2, 1, 3],
    "state=opened": [2, 1],
    "state=closed": [3],
    "state=locked": [],
    "author_username=ada": [2, 1],
    "author_username=ADA&state=opened": [2, 1],
    "reviewer_username=bob": [1],
    "reviewer_id=None": [3, 2],
    "reviewer_id=Any": [1],
    "assignee_username=ada": [3, 2],
    "assignee_id=None": [1],
    "labels=bug,ui": [1],
    "labels=None": [3, 2],
    "not[labels]=bug": [3, 2],
    "not[author_username]=ada": [3],
    "source_branch=two": [2],
    "target_branch=other": [],
    "search=second": [2],
    "search=why": [1],
    "search=why&in=title": [],
    "wip=yes": [2],
    "wip=no&state=opened": [1],
    "draft=true": [2],
    "iids[]=1&iids[]=3": [3, 1],
    "milestone=None&state=opened": [2, 1],
    "scope=assigned_to_me": [3, 2],
    "scope=created_by_me": [2, 1],
    "updated_after=2020-01-01T00:00:00Z": [3, 2, 1],
    "updated_before=2020-01-01T00:00:00Z": [],
    "merged_after=2020-01-01": [],
}


def test_filters(place: Place, ada: Caller) -> None:
    """Each filter of a project's list shows what it should, newest first."""
    found = {query: ada.json("GET", f"{place.path}/merge_requests?{query}") for query in FILTERS}
    assert {query: [row["iid"] for row in rows] for query, rows in found.items()} == FILTERS


REFUSED = {
    "state=open": "state does not have a valid value",
    "order_by=size": "order_by does not have a valid value",
    "author_id=1&author_username=ada": "author_id, author_username are mutually exclusive",
    "author_id=x": "author_id does not have a valid value",
    "updated_after=yesterday": "updated_after is invalid",
    "wip=yes&draft=true": "wip, draft are mutually exclusive",
}


def test_bad_filters(place: Place, ada: Caller) -> None:
    """What is not understood is refused, in Grape's words."""
    found = {query: ada.json("GET", f"{place.path}/merge_requests?{query}", expect=400) for query in REFUSED}
    assert {query: answer["error"] for query, answer in found.items()} == REFUSED


def test_whose(place: Place, ada: Caller) -> None:
    """Everywhere, the list is of mine unless `scope` says otherwise; it is of what I may see, and archived ones count."""
    assert [row["iid"] for row in ada.json("GET", "/merge_requests")] == [2, 1]
    bob = place.person("bob")
    asked = "/merge_requests?scope=all&reviewer_username=bob&state=opened"
    row = bob.json("GET", asked)[0]
    assert (row["iid"], row["references"]["relative"]) == (1, "octo/app!1")
    place.app.settings(archived=True)
    assert len(bob.json("GET", asked)) == 1
    assert bob.json("GET", f"{asked}&non_archived=true") == []
    place.app.settings(archived=False, private=True)
    place.app.members(ada="write")
    assert bob.json("GET", asked) == []
    place.caller(None)("GET", "/merge_requests", expect=401)
    assert place.caller(None).json("GET", "/merge_requests?scope=all") == []


def test_groups(place: Place, ada: Caller) -> None:
    """A group's list has those of its subgroups; an unknown group is not there."""
    deep = place.lab.repository("octo/sub/tool", files={"a": "1"})
    deep.commit("fix", {"a": "2"})
    sent = {"title": "Deep", "source_branch": "fix", "target_branch": "main"}
    ada("POST", "/projects/octo%2Fsub%2Ftool/merge_requests", json=sent, expect=201)
    titles = [row["title"] for row in ada.json("GET", "/groups/octo/merge_requests?state=opened")]
    assert titles == ["Deep", "Draft: Second", "First thing"]
    assert [row["title"] for row in ada.json("GET", "/groups/octo%2Fsub/merge_requests")] == ["Deep"]
    assert ada.json("GET", "/groups/nope", expect=404) == {"message": "404 Group Not Found"}
    assert [row["path"] for row in ada.json("GET", "/groups/octo/projects")] == ["app"]


def test_stale_rows(place: Place, ada: Caller) -> None:
    """With the knob, a row of a project's list stays as it was first seen until its status, labels or people change."""
    place.lab.knobs.stale_rows = True
    one, rows = f"{place.path}/merge_requests/1", f"{place.path}/merge_requests?iids[]=1"

    def title() -> Any:
        return ada.json("GET", rows)[0]["title"]

    assert title() == "First thing"
    ada("PUT", one, json={"title": "Renamed"}, expect=200)
    assert title() == "First thing"
    assert ada.json("GET", one)["title"] == "Renamed"
    ada("PUT", one, json={"add_labels": "fresh"}, expect=200)
    assert title() == "Renamed"


def test_statuses_in_lists(place: Place, ada: Caller) -> None:
    """Rows say what is known of mergeability, and bring it no nearer; `view=simple` says little."""
    rows = f"{place.path}/merge_requests?iids[]=1"
    assert [ada.json("GET", rows)[0]["merge_status"] for _ in range(3)] == ["unchecked"] * 3
    assert set(ada.json("GET", f"{rows}&view=simple")[0]) == {
        "id",
        "iid",
        "project_id",
        "title",
        "description",
        "state",
        "created_at",
        "updated_at",
        "web_url",
    }


def test_rechecks(place: Place, ada: Caller) -> None:
    """A list can ask for mergeability to be looked at: the next look finds it, not that one."""
    rows = f"{place.path}/merge_requests?iids[]=1"
    assert ada.json("GET", f"{rows}&with_merge_status_recheck=true")[0]["merge_status"] == "unchecked"
    assert ada.json("GET", rows)[0]["merge_status"] == "can_be_merged"
