"""Comments and tasks in the forge's Bitbucket Cloud."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.bitbucket_cloud.conftest import LINES, Caller, Place, text


@pytest.fixture
def opened(place: Place, ada: Caller) -> Place:
    """With a pull request of Ada's."""
    place.opened(ada)
    return place


def every(place: Place, who: Caller) -> list[dict[str, Any]]:
    """All comments."""
    found: list[dict[str, Any]] = who.get(f"{place.pull}/comments", pagelen=100)["values"]
    return found


@pytest.mark.parametrize(
    ("inline", "kept"),
    [
        ({"path": "a.txt", "to": 5}, {"to": 5}),
        ({"path": "a.txt", "from": 6}, {"from": 6}),
        ({"path": "a.txt", "from": 6, "to": 5}, {"from": 6}),
        ({"path": "a.txt", "start_to": 5, "to": 6}, {"start_to": 5, "to": 6}),
        ({"path": "a.txt", "start_from": 5, "from": 6}, {"start_from": 5, "from": 6}),
        ({"path": "a.txt"}, {}),
        ({"path": "docs/b.txt", "to": 1}, {"to": 1}),
    ],
)
def test_places(opened: Place, bob: Caller, inline: dict[str, Any], kept: dict[str, int]) -> None:
    """The new side, the old one (which has the last word), ranges, a file, and even what is not in the diff."""
    shown = opened.commented(bob, inline=inline)["inline"]
    lines = {name: shown[name] for name in ("to", "from", "start_to", "start_from") if shown[name] is not None}
    assert (shown["path"], lines) == (inline["path"], kept)
    if inline["path"] == "a.txt":
        assert shown["outdated"] is False


@pytest.mark.parametrize(
    "inline",
    [{}, {"path": "a.txt", "to": 0}, {"path": "a.txt", "start_to": 6, "to": 5}, {"path": "a.txt", "start_to": 1}],
)
def test_bad_places(opened: Place, bob: Caller, inline: dict[str, Any]) -> None:
    """No path, no line 0, no range that ends before it begins."""
    bob.post(f"{opened.pull}/comments", {"content": {"raw": "x"}, "inline": inline}, 400)


def test_outside_of_the_diff(opened: Place, bob: Caller) -> None:
    """A knob refuses what is not in the diff."""
    opened.host.knobs.rejects_outside = True
    opened.commented(bob, inline={"path": "a.txt", "to": 5})
    for inline in ({"path": "a.txt", "to": 20}, {"path": "docs/b.txt", "to": 1}):
        bob.post(f"{opened.pull}/comments", {"content": {"raw": "x"}, "inline": inline}, 400)


def test_places_move(opened: Place, ada: Caller, bob: Caller) -> None:
    """Lines move with a push, and across a rename; what changed is outdated, and keeps its numbers."""
    opened.commented(bob, inline={"path": "a.txt", "start_to": 5, "to": 6})
    opened.commented(bob, inline={"path": "a.txt"})
    opened.commented(bob, inline={"path": "new.txt", "to": 1})
    body = [*LINES[:4], "new 5", "new 6", *LINES[6:]]
    opened.app.commit("fix", {"a.txt": text(["zero", *body]), "new.txt": None})
    places = [comment["inline"] for comment in every(opened, ada)]
    assert [(place["start_to"], place["to"], place["outdated"]) for place in places] == [
        (6, 7, False),
        (None, None, False),
        (None, 1, True),
    ]
    opened.app.commit("fix", {"a.txt": None, "moved.txt": text(["zero", *body])})
    first = every(opened, ada)[0]["inline"]
    assert (first["path"], first["to"], first["outdated"]) == ("moved.txt", 7, False)
    opened.app.commit("fix", {"moved.txt": text([*body[:5], "newer 6", *body[6:]])})
    first = every(opened, ada)[0]["inline"]
    assert (first["path"], first["to"], first["outdated"]) == ("a.txt", 6, True)


def test_the_old_side_moves(opened: Place, ada: Caller, bob: Caller) -> None:
    """A line of the old side moves when the merge base does."""
    opened.commented(bob, inline={"path": "a.txt", "from": 6})
    opened.app.commit("main", {"a.txt": text(["zero", *LINES])})
    tip = opened.app.head("main")
    git = opened.app.record.git
    merged = git.merge(opened.app.head("fix"), tip)
    assert merged.tree is not None
    people = opened.host.store.people
    me = people.signature(people.user("ada"))
    sha = git.commit_tree(merged.tree, (opened.app.head("fix"), tip), message="Merge", author=me, committer=me)
    opened.app.reset("fix", sha)
    assert every(opened, ada)[0]["inline"]["from"] == 7


def test_replies_to_any_depth(opened: Place, ada: Caller, bob: Caller) -> None:
    """A reply may answer a reply; it says whom, and echoes the root's place unless a knob says otherwise."""
    root = opened.commented(bob, inline={"path": "a.txt", "to": 5})
    one = opened.commented(ada, parent={"id": root["id"]})
    two = opened.commented(bob, parent={"id": one["id"]}, inline={"path": "new.txt", "to": 1})
    assert [each["parent"]["id"] for each in (one, two)] == [root["id"], one["id"]]
    assert two["inline"]["path"] == "a.txt"
    opened.host.knobs.echo_inline = False
    assert "inline" not in ada.get(f"{opened.pull}/comments/{two['id']}")
    bob.post(f"{opened.pull}/comments", {"content": {"raw": "x"}, "parent": {"id": 1}}, 400)


def test_edited_and_deleted(opened: Place, ada: Caller, bob: Caller) -> None:
    """Only its author edits a comment; a deleted one stays as a stone, with its replies."""
    comment = opened.commented(bob)
    where = f"{opened.pull}/comments/{comment['id']}"
    opened.commented(ada, parent={"id": comment["id"]})
    assert bob.put(where, {"content": {"raw": "Better"}})["content"]["html"] == "<p>Better</p>"
    ada.put(where, {"content": {"raw": "Mine"}}, 403)
    ada("DELETE", where, expect=403)
    bob("DELETE", where, expect=204)
    stone, reply = every(opened, ada)
    assert (stone["deleted"], stone["content"]["raw"], reply["parent"]["id"]) == (True, "", comment["id"])
    assert ada.get(opened.pull)["comment_count"] == 1
    for method in ("DELETE", "PUT"):
        bob(method, where, json={"content": {"raw": "x"}}, expect=404)
    bob.post(f"{opened.pull}/comments", {"content": {"raw": "x"}, "parent": {"id": comment["id"]}}, 400)


def test_blank_ones(opened: Place, bob: Caller) -> None:
    """A comment needs words."""
    for content in ({"raw": "  "}, {}, "words"):
        refused = bob.post(f"{opened.pull}/comments", {"content": content}, 400)
        assert list(refused["error"]["fields"]) == ["content"]


def test_resolving(opened: Place, ada: Caller, bob: Caller) -> None:
    """Only the root of what is on the diff; not twice; and open again."""
    root, general = opened.commented(bob, inline={"path": "a.txt", "to": 5}), opened.commented(bob)
    reply = opened.commented(bob, parent={"id": root["id"]})
    where = [f"{opened.pull}/comments/{each['id']}/resolve" for each in (root, general, reply)]
    assert "resolution" not in root
    assert ada.post(where[0])["user"]["nickname"] == "ada"
    ada.post(where[0], expect=409)
    for refused in where[1:]:
        ada.post(refused, expect=403)
    assert every(opened, bob)[0]["resolution"]["type"] == "comment_resolution"
    opened.host.knobs.empty_resolutions = True
    assert every(opened, bob)[0]["resolution"] == {}
    bob("DELETE", where[0], expect=204)
    bob("DELETE", where[0], expect=404)
    assert "resolution" not in every(opened, bob)[0]


def test_pending_ones(opened: Place, ada: Caller, bob: Caller) -> None:
    """Only their author sees them; nothing publishes them, unless a knob lets an edit do it."""
    draft = opened.commented(bob, pending=True)
    assert draft["pending"] is True
    assert (every(opened, ada), ada.get(opened.pull)["comment_count"]) == ([], 0)
    ada("GET", f"{opened.pull}/comments/{draft['id']}", expect=404)
    where = f"{opened.pull}/comments/{draft['id']}"
    bob.put(where, {"pending": False}, 400)
    opened.host.knobs.publish_by_put = True
    bob.put(where, {"pending": False})
    assert [each["id"] for each in every(opened, ada)] == [draft["id"]]


def test_twelve_hundred(opened: Place, ada: Caller, bob: Caller) -> None:
    """As many comments as one likes, in pages of a hundred; newer ones by a query."""
    first = opened.commented(bob)
    stamp = first["created_on"]
    opened.host.comments("octo/app", 1, "cleo", 1199)
    page, seen = ada.get(f"{opened.pull}/comments", pagelen=100), 0
    while True:
        seen += len(page["values"])
        if "next" not in page:
            break
        page = ada.get(page["next"])
    assert seen == page["size"] == 1200
    newer = ada.get(f"{opened.pull}/comments", q=f"created_on > {stamp}", sort="-created_on")
    assert (newer["size"], newer["values"][0]["user"]["nickname"]) == (1199, "cleo")


def test_tasks(opened: Place, ada: Caller, bob: Caller) -> None:
    """On their own or under a comment; done, undone, reworded, deleted, and counted while they are open."""
    comment = opened.commented(bob)
    tasks = f"{opened.pull}/tasks"
    own = bob.post(tasks, {"content": {"raw": "Do"}}, 201)
    under = bob.post(tasks, {"content": {"raw": "Do that"}, "comment": {"id": comment["id"]}}, 201)
    assert ("comment" in own, under["comment"]["id"]) == (False, comment["id"])
    assert ada.get(opened.pull)["task_count"] == 2
    done = ada.put(f"{tasks}/{own['id']}", {"state": "RESOLVED"})
    assert (done["state"], done["resolved_by"]["nickname"]) == ("RESOLVED", "ada")
    assert [task["state"] for task in ada.get(tasks)["values"]] == ["RESOLVED", "UNRESOLVED"]
    assert ada.get(opened.pull)["task_count"] == 1
    again = ada.put(f"{tasks}/{own['id']}", {"state": "UNRESOLVED"})
    assert (again["resolved_on"], again["resolved_by"]) == (None, None)
    ada.put(f"{tasks}/{own['id']}", {"content": {"raw": "Mine"}}, 403)
    assert bob.put(f"{tasks}/{own['id']}", {"content": {"raw": "Do it"}})["content"]["raw"] == "Do it"
    bob.put(f"{tasks}/{own['id']}", {"state": "DONE"}, 400)
    bob.post(tasks, {"content": {"raw": "x"}, "comment": {"id": 1}}, 400)
    opened.app.members(ada="write", bob="read", cleo="read")
    opened.person("cleo")("DELETE", f"{tasks}/{own['id']}", expect=403)
    bob("DELETE", f"{tasks}/{own['id']}", expect=204)
    bob("GET", f"{tasks}/{own['id']}", expect=404)


def test_pending_tasks(opened: Place, ada: Caller, bob: Caller) -> None:
    """A pending task is its author's alone."""
    made = bob.post(f"{opened.pull}/tasks", {"content": {"raw": "x"}, "pending": True}, 201)
    assert ada.get(f"{opened.pull}/tasks")["values"] == []
    assert bob.get(f"{opened.pull}/tasks/{made['id']}")["pending"] is True
    assert ada.get(opened.pull)["task_count"] == 0


def test_unresolved_in_so_many_words(opened: Place, ada: Caller, bob: Caller) -> None:
    """A knob lets `resolution` be null where there is none."""
    opened.commented(bob, inline={"path": "a.txt", "to": 5})
    opened.host.knobs.null_resolutions = True
    assert every(opened, ada)[0]["resolution"] is None
