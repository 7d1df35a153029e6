"""Pages by number and by key, their headers, and where they end."""

from __future__ import annotations

import pytest
from tests.testing.gitlab.conftest import Caller, Place


@pytest.fixture
def ada(place: Place) -> Caller:
    """Somebody in a project with seven branches."""
    for number in range(5):
        place.app.commit(f"b{number}", {"n": str(number)})
    return place.person("ada")


def test_offset_pages(place: Place, ada: Caller) -> None:
    """A page says where it is, how many there are, and links to its neighbours with the parameters of the path."""
    answer = ada("GET", f"{place.path}/repository/branches?per_page=3&page=2", expect=200)
    shown = {name: answer.headers[f"X-{name}"] for name in ("Page", "Per-Page", "Total", "Total-Pages")}
    assert shown == {"Page": "2", "Per-Page": "3", "Total": "7", "Total-Pages": "3"}
    assert (answer.headers["X-Prev-Page"], answer.headers["X-Next-Page"]) == ("1", "3")
    links = {rel: link["url"] for rel, link in answer.links.items()}
    assert set(links) == {"prev", "next", "first", "last"}
    assert links["next"] == f"{place.lab.api_url}{place.path}/repository/branches?id=octo%2Fapp&page=3&per_page=3"
    last = ada("GET", links["last"], expect=200)
    assert (len(last.json()), last.headers["X-Next-Page"], "next" in last.links) == (1, "", False)


def test_long_lists(place: Place, ada: Caller) -> None:
    """A list that is too long to count has no totals and no link to its end, but one to the next page."""
    place.lab.knobs.most_counted = 5
    answer = ada("GET", f"{place.path}/repository/branches?per_page=3", expect=200)
    assert "X-Total" not in answer.headers
    assert "X-Total-Pages" not in answer.headers
    assert set(answer.links) == {"next", "first"}
    assert answer.headers["X-Next-Page"] == "2"


def test_sizes(place: Place, ada: Caller) -> None:
    """Twenty rows are usual, a hundred the most; less than one is refused as Grape does it."""
    assert ada("GET", "/projects?per_page=500").headers["X-Per-Page"] == "100"
    assert ada("GET", "/projects").headers["X-Per-Page"] == "20"
    for wrong, said in (("per_page=0", "per_page does not have a valid value"), ("page=x", "page is invalid")):
        assert ada.json("GET", f"{place.path}/repository/branches?{wrong}", expect=400) == {"error": said}


def test_the_largest_offset(place: Place, ada: Caller) -> None:
    """Projects end at an offset, and go on by key."""
    place.lab.knobs.most_offset = 40
    refused = ada.json("GET", "/projects?page=3&per_page=20", expect=405)
    assert refused["error"].startswith("Offset pagination has a maximum allowed offset of 40 for requests that return")
    ada("GET", "/projects?page=2&per_page=20", expect=200)
    wrong = ada.json("GET", "/projects?pagination=keyset&order_by=name", expect=405)
    assert wrong == {"error": "Keyset pagination is not yet available for this type of request"}


@pytest.mark.parametrize("sort", ["asc", "desc"])
def test_keys(place: Place, ada: Caller, sort: str) -> None:
    """Following the links by key gives every project once, in order; nothing is counted."""
    for name in ("one", "two"):
        place.lab.repository(f"octo/{name}")
    url, found = f"/projects?pagination=keyset&order_by=id&per_page=1&sort={sort}", []
    while url:
        answer = ada("GET", url, expect=200)
        assert "X-Total" not in answer.headers
        found += [row["path"] for row in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert found == (["app", "one", "two"] if sort == "asc" else ["two", "one", "app"])


def test_names_as_keys(place: Place, ada: Caller) -> None:
    """Branches go on behind the name of the last."""
    first = ada("GET", f"{place.path}/repository/branches?pagination=keyset&per_page=4", expect=200)
    assert "page_token=b3" in first.links["next"]["url"]
    rest = ada("GET", first.links["next"]["url"], expect=200)
    assert [row["name"] for row in [*first.json(), *rest.json()]] == ["b0", "b1", "b2", "b3", "b4", "fix", "main"]


def test_uncounted_lists(place: Place, ada: Caller) -> None:
    """Commits are never counted."""
    answer = ada("GET", f"{place.path}/repository/commits?ref_name=fix&per_page=2", expect=200)
    assert [row["title"] for row in answer.json()] == ["Add c", "Say two"]
    assert "X-Total" not in answer.headers
    assert answer.headers["X-Next-Page"] == "2"
