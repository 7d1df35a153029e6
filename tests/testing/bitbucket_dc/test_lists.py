"""Lists: filters, orders, pages, and what is mine across repositories."""

from __future__ import annotations

import pytest
from tests.testing.bitbucket_dc.conftest import Caller, Place, draft


def many(place: Place, who: Caller, count: int) -> None:
    """Open so many pull requests."""
    for number in range(count):
        place.app.commit(f"b{number}", {f"{number}.txt": "x"})
        who("POST", place.pulls, json=draft(f"Number {number}", source=f"b{number}"), expect=201)


def test_pages_lead_on_by_themselves(place: Place) -> None:
    """`nextPageStart` is followed to the end; the last page has none, as on a 9.x."""
    ada = place.person("ada")
    many(place, ada, 7)
    first = ada.json("GET", place.pulls, params={"limit": 3})
    assert (first["size"], first["limit"], first["isLastPage"], first["nextPageStart"]) == (3, 3, False, 3)
    assert "nextPageStart" not in ada.json("GET", place.pulls)
    assert len(ada.rows(place.pulls, limit=3)) == 7
    place.host.version = "8.9.0"
    assert ada.json("GET", place.pulls)["nextPageStart"] is None


def test_a_computed_start_goes_wrong(place: Place) -> None:
    """With rows between that one may not see, start + limit gives rows twice; `nextPageStart` gives each once."""
    ada = place.person("ada")
    many(place, ada, 6)
    place.host.knobs.hidden_rows = 2
    first = ada.json("GET", place.pulls, params={"limit": 3})
    assert first["nextPageStart"] == 7
    wrong = ada.json("GET", place.pulls, params={"limit": 3, "start": 3})
    assert {row["id"] for row in first["values"]} & {row["id"] for row in wrong["values"]}
    assert sorted(row["id"] for row in ada.rows(place.pulls, limit=3)) == [1, 2, 3, 4, 5, 6]


def test_pages_are_capped(place: Place) -> None:
    """More than a resource gives is cut to it, without a word but `limit`."""
    ada = place.person("ada")
    assert ada.json("GET", place.pulls, params={"limit": 5000})["limit"] == 100
    place.host.knobs.most_rows = 2
    many(place, ada, 3)
    assert len(ada.rows(place.pulls, limit=5000)) == 3
    assert ada.refused("GET", place.pulls, 400, params={"start": -1})["exceptionName"].endswith(
        "ArgumentValidationException"
    )


def test_hostile_answers(place: Place, ada: Caller) -> None:
    """With the knobs, pages go round in circles, and links lead elsewhere."""
    place.host.knobs.pages_loop = True
    page = ada.json("GET", place.pulls)
    assert (page["isLastPage"], page["nextPageStart"]) == (False, 0)
    place.host.knobs.links_to = "https://elsewhere.example"
    link = ada.json("GET", place.one)["links"]["self"][0]["href"]
    assert link == "https://elsewhere.example/projects/OCTO/repos/app/pull-requests/1"


def test_filters(place: Place, ada: Caller, grace: Caller) -> None:
    """State, branch with direction, text, draft, people with roles and approvals."""
    place.app.commit("other", {"o.txt": "o"})
    grace("POST", place.pulls, json=draft("Another thing", source="other", draft=True), expect=201)
    ada("POST", f"{place.one}/decline", json={"version": 0}, expect=200)

    def found(**params: str) -> list[int]:
        return [row["id"] for row in ada.rows(place.pulls, **params)]

    assert found() == [2]
    assert found(state="DECLINED") == [1]
    assert found(state="ALL", order="OLDEST") == [2, 1]  # by what changed last
    assert found(state="ALL", at="refs/heads/main", order="NEWEST") == [1, 2]
    assert found(state="ALL", at="main") == []
    assert found(state="ALL", at="refs/heads/fix", direction="OUTGOING") == [1]
    assert found(filterText="ANOTHER") == [2]
    assert found(draft="true") == [2]
    assert found(draft="false") == []
    people = {"username.1": "grace", "role.1": "REVIEWER", "state": "ALL"}
    assert found(**people) == [1]
    assert found(**people, **{"approved.1": "true"}) == []
    assert found(**{"username.2": "grace"}) == [2]  # numbers begin with 1, others are ignored
    ada.refused("GET", place.pulls, 400, params={"username.1": "ada", "role.1": "BOSS"})
    ada.refused("GET", place.pulls, 400, params={"state": "CLOSED"})


def test_the_eleventh_person_is_dropped(place: Place, ada: Caller) -> None:
    """Ten participants filter; one more does not."""
    filters = {f"username.{number}": "ada" for number in range(1, 11)}
    assert ada.rows(place.pulls, **filters, **{"username.11": "nobody"})
    assert not ada.rows(place.pulls, **{**filters, "username.10": "nobody"})


def test_counts_come_with_lists(place: Place, ada: Caller) -> None:
    """Comments, tasks and whether it merges are properties of a row, unless they are not wanted."""
    ada("POST", f"{place.one}/comments", json={"text": "x"}, expect=201)
    ada("POST", f"{place.one}/comments", json={"text": "x", "severity": "BLOCKER"}, expect=201)
    (row,) = ada.rows(place.pulls)
    assert row["properties"] == {
        "mergeResult": {"outcome": "CLEAN", "current": True},
        "resolvedTaskCount": 0,
        "commentCount": 1,
        "openTaskCount": 1,
    }
    (row,) = ada.rows(place.pulls, withProperties="false")
    assert "properties" not in row


def test_the_dashboard(place: Place, ada: Caller, grace: Caller) -> None:
    """Mine in every repository, by role and by what I said of it."""
    other = place.host.repository("octo/other")
    other.commit("x", {"x.txt": "x"})
    sent = draft("Elsewhere", source="x", reviewers=[{"user": {"name": "grace"}}])
    ada("POST", "/projects/OCTO/repos/other/pull-requests", json=sent, expect=201)
    waiting = {"role": "REVIEWER", "participantStatus": "UNAPPROVED", "state": "OPEN"}
    assert len(grace.rows("/dashboard/pull-requests", **waiting)) == 2
    grace("PUT", f"{place.one}/participants/grace", json={"status": "APPROVED"}, expect=200)
    (left,) = grace.rows("/dashboard/pull-requests", **waiting)
    assert left["title"] == "Elsewhere"
    assert len(ada.rows("/dashboard/pull-requests", role="AUTHOR")) == 2
    assert grace.rows("/dashboard/pull-requests", role="AUTHOR") == []
    assert len(grace.rows("/dashboard/pull-requests", user="ada", role="AUTHOR")) == 2
    ada("POST", f"{place.one}/decline", json={"version": 0}, expect=200)
    (closed,) = ada.rows("/dashboard/pull-requests", closedSince="60")
    assert closed["id"] == 1


@pytest.mark.parametrize("order", ["OLDEST", "DRAFT_STATUS", "PARTICIPANT_STATUS", "CLOSED_DATE"])
def test_orders_of_the_dashboard(ada: Caller, order: str) -> None:
    """Every order is understood, and another one refused."""
    assert ada.rows("/dashboard/pull-requests", order=order)
    ada.refused("GET", "/dashboard/pull-requests", 400, params={"order": "RANDOM"})


def test_the_inbox(place: Place, grace: Caller) -> None:
    """What I am to review and have not; it can be counted."""
    assert [row["id"] for row in grace.rows("/inbox/pull-requests")] == [1]
    assert grace.json("GET", "/inbox/pull-requests/count") == {"count": 1}
    grace("PUT", f"{place.one}/participants/grace", json={"status": "NEEDS_WORK"}, expect=200)
    assert grace.json("GET", "/inbox/pull-requests/count") == {"count": 0}


def test_by_commit(place: Place, ada: Caller) -> None:
    """The pull requests that have a commit; of one that is not there, 404."""
    path = f"{place.repo}/commits/{place.app.head('fix')}/pull-requests"
    assert [row["id"] for row in ada.rows(path)] == [1]
    assert ada.rows(f"{place.repo}/commits/{place.app.head('main')}/pull-requests") == []
    error = ada.refused("GET", f"{place.repo}/commits/{'0' * 40}/pull-requests", 404)
    assert error["exceptionName"] == "com.atlassian.bitbucket.commit.NoSuchCommitException"
