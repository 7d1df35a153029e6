"""Lists in the forge's Bitbucket Cloud: states, queries, orders, parts of answers, pages."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.bitbucket_cloud.conftest import Caller, Place

from pullbridge.testing.bitbucket_cloud import bbql
from pullbridge.testing.bitbucket_cloud.errors import ApiError
from pullbridge.testing.bitbucket_cloud.fields import partial


def ids(page: dict[str, Any]) -> list[int]:
    """The numbers of a page."""
    return [row["id"] for row in page["values"]]


@pytest.fixture
def three(place: Place, ada: Caller) -> Place:
    """1 is open and Bob's to review, 2 declined, 3 merged."""
    place.opened(ada, "Fix (one)", reviewers=place.people("bob"))
    for number in (2, 3):
        place.app.commit(f"b{number}", {f"{number}.txt": "x\n"})
        source = {"branch": {"name": f"b{number}"}}
        ada.post(place.pulls, {"title": f'The "{number}"', "source": source, "draft": False}, 201)
    ada.post(f"{place.pulls}/2/decline")
    ada.post(f"{place.pulls}/3/merge")
    return place


def test_states(three: Place, ada: Caller) -> None:
    """What is open, unless states are named, as often as one likes; unknown ones are refused."""
    assert ids(ada.get(three.pulls)) == [1]
    assert ids(ada.get(three.pulls, state=["OPEN", "DECLINED", "MERGED"])) == [3, 2, 1]
    assert ids(ada.get(three.pulls, state="merged")) == [3]
    ada("GET", three.pulls, params={"state": "CLOSED"}, expect=400)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('title ~ "FIX"', [1]),
        ('title = "The \\"2\\"" AND state != "OPEN"', [2]),
        ('state = "MERGED" OR state = "DECLINED"', [3, 2]),
        ('state IN ("OPEN", "MERGED")', [3, 1]),
        ('(state = "OPEN" OR state = "MERGED") AND title !~ "fix"', [3]),
        ('state = "OPEN" AND source.branch.name = "fix"', [1]),
        ('state != "OPEN" AND draft = false', [3, 2]),
        ('state != "MERGED" AND id > 1', [2]),
        ("updated_on > 2000-01-01T00:00:00Z AND updated_on < 2100-01-01", [1]),
        ("updated_on < 2000-01-01T00:00:00+00:00", []),
        ('source.repository.full_name = "octo/app" AND closed_by = null', [1]),
    ],
)
def test_queries(three: Place, ada: Caller, query: str, found: list[int]) -> None:
    """Comparisons, AND before OR, brackets, IN, times and null; a query that names a state looks at all of them."""
    assert ids(ada.get(three.pulls, q=query)) == found


def test_queries_by_people(three: Place, ada: Caller) -> None:
    """Reviewers and authors are found by uuid, although lists do not show the former."""
    bob, author = three.host.uuid("bob"), three.host.uuid("ada")
    assert ids(ada.get(three.pulls, q=f'reviewers.uuid="{bob}"')) == [1]
    assert ids(ada.get(three.pulls, q=f'author.uuid="{author}"', state=["OPEN", "MERGED"])) == [3, 1]
    assert ids(ada.get(three.pulls, q=f'reviewers.uuid="{author}"')) == []


@pytest.mark.parametrize(
    "query", ["title", 'title = "open', "title ~", 'nothing = "x"', "(id = 1", "id = 1 id = 2", "!"]
)
def test_bad_queries(three: Place, ada: Caller, query: str) -> None:
    """What makes no sense is 400, and so are fields that there are none of."""
    ada("GET", three.pulls, params={"q": query}, expect=400)


def test_bad_comparisons() -> None:
    """What cannot be compared is refused, and so is what cannot be ordered."""
    with pytest.raises(ApiError):
        bbql.parse("title > 5").test({"title": "x"})
    with pytest.raises(ApiError):
        bbql.ordered([{"id": 1}, {"id": "x"}], "id")


def test_order(three: Place, ada: Caller) -> None:
    """By a field, and the other way round; by a path into it, too."""
    every = ["OPEN", "DECLINED", "MERGED"]
    assert ids(ada.get(three.pulls, state=every, sort="id")) == [1, 2, 3]
    assert ids(ada.get(three.pulls, state=every, sort="-source.branch.name")) == [1, 3, 2]
    ada("GET", three.pulls, params={"sort": "nothing"}, expect=400)


def test_lists_lack_people(three: Place, ada: Caller) -> None:
    """Participants and reviewers come with a list only when they are asked for."""
    row = ada.get(three.pulls)["values"][0]
    assert not {"participants", "reviewers", "rendered"} & row.keys()
    asked = ada.get(three.pulls, fields="+values.participants,+values.reviewers,-values.links")["values"][0]
    assert [person["user"]["nickname"] for person in asked["participants"]] == ["bob"]
    assert ("links" in asked, "title" in asked) == (False, True)
    raw = ada("GET", f"{three.pulls}?fields=+values.reviewers.uuid", expect=200).json()["values"][0]
    assert raw["reviewers"][0]["uuid"] == three.host.uuid("bob")  # an unescaped plus is a space on the wire


def test_only_some_fields(three: Place, ada: Caller) -> None:
    """Who names fields gets those, and nothing else: not even `next`."""
    assert ada.get(three.pulls, fields="values.id,values.author.uuid", pagelen=1, state=["OPEN", "MERGED"]) == {
        "values": [{"id": 3, "author": {"uuid": three.host.uuid("ada")}}]
    }
    assert ada.get(three.pull, fields="id,reviewers.nickname") == {"id": 1, "reviewers": [{"nickname": "bob"}]}


def test_fields_with_stars() -> None:
    """A star is any field; what is taken away is taken from every row."""
    payload = {"a": {"x": 1, "y": 2}, "b": [{"x": 3, "y": 4}], "c": 5}
    assert partial(payload, "*.x") == {"a": {"x": 1}, "b": [{"x": 3}]}
    assert partial(payload, "-b.y,-c") == {"a": {"x": 1, "y": 2}, "b": [{"x": 3}]}
    assert partial(payload, "-*") == {}
    assert partial(payload, "+a.x", hidden=["a", "c"]) == {"a": {"x": 1, "y": 2}, "b": [{"x": 3, "y": 4}]}


def test_pages(place: Place, ada: Caller) -> None:
    """Ten rows unless asked otherwise; `next` leads on, with what was asked for; the last page has none."""
    for number in range(12):
        place.host.store.repositories.create_branch(place.app.record, f"b{number:02}", place.app.head("main"))
    first = ada.get(f"{place.path}/refs/branches", q='name ~ "b"', sort="-name")
    assert (len(first["values"]), first["size"], first["page"], first["pagelen"]) == (10, 12, 1, 10)
    second = ada.get(first["next"])
    assert [row["name"] for row in second["values"]] == ["b01", "b00"]
    assert ("next" in second, "previous" in second) == (False, True)


def test_what_pages_may_be(place: Place, ada: Caller) -> None:
    """Fifty pull requests and a hundred of most else; more is refused, and so is nonsense."""
    place.opened(ada)
    ada.get(place.pulls, pagelen=50)
    ada.get(f"{place.pull}/comments", pagelen=100)
    for path, params in (
        (place.pulls, {"pagelen": 51}),
        (f"{place.pull}/comments", {"pagelen": 101}),
        (place.pulls, {"pagelen": 0}),
        (place.pulls, {"page": "x"}),
        (f"{place.pull}/activity", {"ctx": "nonsense"}),
    ):
        ada("GET", path, params=params, expect=400)


def test_next_is_opaque(place: Place, ada: Caller) -> None:
    """Some lists tell no size, and a page number without their `ctx` leads nowhere."""
    place.opened(ada)
    first = ada.get(f"{place.pull}/commits", pagelen=1)
    assert "size" not in first
    assert ada.get(f"{place.pull}/commits", pagelen=1, page=2)["values"] == first["values"]
    rest = ada.get(first["next"])
    assert [row["message"] for row in first["values"] + rest["values"]] == ["Add new\n", "Say it anew\n"]
    assert "next" not in rest


def test_repositories_of_a_workspace(place: Place, ada: Caller) -> None:
    """Those that one sees; with a role, those that one is something in."""
    place.host.repository("octo/secret", private=True, members={"bob": "write"})
    place.host.repository("octo/open", members={"bob": "read"})
    place.host.repository("bob/own")
    bob = place.person("bob")

    def seen(who: Caller, **params: Any) -> list[str]:
        return [row["slug"] for row in who.get("/repositories/octo", **params)["values"]]

    assert seen(ada) == ["app", "open"]
    assert seen(bob) == ["app", "secret", "open"]
    assert seen(bob, role="contributor") == ["app", "secret"]
    assert seen(bob, role="admin") == []
    assert seen(bob, q='name ~ "PE"', sort="-updated_on") == ["open"]
    bob("GET", "/repositories/octo", params={"role": "king"}, expect=400)
    bob("GET", "/repositories/nobody", expect=404)


def test_links_that_mislead(three: Place, ada: Caller) -> None:
    """Knobs let `next`, `links.self` and `Location` lead elsewhere, and hide how many rows there are."""
    knobs, evil = three.host.knobs, "https://evil.example/2.0/x"
    knobs.next_to = knobs.self_to = knobs.location_to = evil
    knobs.tells_size = False
    page = ada.get(three.pulls)
    assert (page["next"], page["values"][0]["links"]["self"]["href"], "size" in page) == (evil, evil, False)
    assert page["values"][0]["author"]["links"]["self"] == {"href": evil}
    assert ada("GET", f"{three.pull}/diff", expect=302).headers["Location"] == evil
    assert "next" not in ada.get(three.pull)
