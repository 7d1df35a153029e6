"""Odd input to the forge's Bitbucket Cloud: nothing of it may end in a 500."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.bitbucket_cloud.conftest import Caller, Place

from pullbridge.testing.bitbucket_cloud import bbql
from pullbridge.testing.bitbucket_cloud.fields import partial

_JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "{}"])
def test_bodies(place: Place, ada: Caller, body: str) -> None:
    """What is no JSON, no object, or says nothing, is 400."""
    ada("POST", place.pulls, data=body, headers=_JSON, expect=400)


@pytest.mark.parametrize(
    "sent",
    [
        {"reviewers": "bob"},
        {"reviewers": [1]},
        {"source": "fix"},
        {"source": {"branch": {"name": 1}}},
        {"source": {"branch": {"name": "fix"}, "repository": "octo/app"}, "title": 1},
        {"destination": {"branch": {"name": ["main"]}}},
        {"description": 1},
    ],
)
def test_fields_of_other_types(place: Place, ada: Caller, sent: dict[str, Any]) -> None:
    """A field of another type is 400, and named."""
    assert len(place.opened(ada, expect=400, **sent)["error"]["fields"]) == 1


def test_an_edit_that_is_in_the_way(place: Place, ada: Caller) -> None:
    """A target that has it all already, or that has a pull request of the branch, is refused."""
    place.app.commit("other", {"o.txt": "o\n"})
    place.opened(ada)
    place.opened(ada, destination={"branch": {"name": "other"}})
    ada.put(place.pull, {"destination": {"branch": {"name": "other"}}}, 400)
    place.host.store.repositories.create_branch(place.app.record, "same", place.app.head("fix"))
    same = ada.put(place.pull, {"destination": {"branch": {"name": "same"}}}, 400)
    assert same["error"]["message"] == "There are no changes to be pulled"


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("id NOT IN (1, 2)", True),
        ("id NOT IN (3)", False),
        ('people.name = "Bob"', True),
        ('people.name != "Bob"', False),
        ("id >= 3 AND id <= 3", True),
        ('title > "a"', True),
        ('when = "2026-13-01"', True),
        ("title.nothing = null", True),
        ("id = -3 OR id = 3.0", True),
    ],
)
def test_query_words(query: str, holds: bool) -> None:
    """Any of a list's members may be meant; numbers, texts and what only looks like a time."""
    row = {"id": 3, "title": "b", "when": "2026-13-01", "people": [{"name": "Ada"}, {"name": "Bob"}]}
    understood = bbql.parse(query)
    assert understood.test(row) is holds


def test_parts_of_plain_values() -> None:
    """What has no parts stays what it is, or is left out."""
    assert partial({"a": [1, {"b": None}], "c": {"d": 2}}, "a.b,c.d.e") == {"a": [1, {"b": None}], "c": {}}
    assert partial({"a": [1, {"b": 2}]}, "-a.b") == {"a": [1, {}]}


def test_what_may_be_empty(place: Place, ada: Caller) -> None:
    """An empty file and an empty diff are texts all the same."""
    place.app.commit("main", {"empty.txt": ""})
    for path in ("src/main/empty.txt", "diff/main..main"):
        answer = ada("GET", f"{place.path}/{path}", expect=200)
        assert (answer.content, answer.headers["Content-Type"]) == (b"", "text/plain")


def test_a_commit_of_a_stranger(place: Place, ada: Caller) -> None:
    """A commit whose address nobody has is by nobody who is known."""
    git = place.app.record.git
    me = place.host.store.people.signature(place.host.store.people.user("ghost"))
    tip = place.app.head("main")
    sha = git.commit_tree(git.commit(tip).tree, (tip,), message="Hi", author=me, committer=me)
    git.set_ref("refs/heads/ghostly", sha)
    place.host.delete_user("ghost")
    author = ada.get(f"{place.path}/commit/{sha}")["author"]
    assert (author["raw"], "user" in author) == ("Ghost <ghost@users.example>", False)
