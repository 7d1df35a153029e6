"""Branches, commits, files, comparisons, people and templates over the wire."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.testing.gitlab.conftest import Caller, Place

REPO = f"{Place.path}/repository"


@pytest.fixture
def ada(place: Place) -> Caller:
    """Somebody who may write."""
    return place.person("ada")


def test_branches(place: Place, ada: Caller) -> None:
    """A branch says what it is; it is made from any ref and deleted; what is wrong with a name is said."""
    found = ada.json("GET", f"{REPO}/branches/main")
    assert (found["default"], found["merged"], found["protected"], found["can_push"]) == (True, False, False, True)
    assert found["commit"]["id"] == place.app.head("main")
    made = ada.json("POST", f"{REPO}/branches", json={"branch": "feat/x", "ref": "fix"}, expect=201)
    assert made["commit"]["id"] == place.app.head("fix")
    for sent, said in (
        ({"branch": "feat/x", "ref": "main"}, {"message": "Branch already exists"}),
        ({"branch": "a..b", "ref": "main"}, {"message": "Branch name is invalid"}),
        ({"branch": "new", "ref": "nope"}, {"message": "Invalid reference name: nope"}),
        ({"branch": "new"}, {"error": "ref is missing"}),
    ):
        assert ada.json("POST", f"{REPO}/branches", json=sent, expect=400) == said
    ada("HEAD", f"{REPO}/branches/feat%2Fx", expect=204)
    ada("DELETE", f"{REPO}/branches/feat%2Fx", expect=204)
    assert ada.json("GET", f"{REPO}/branches/feat%2Fx", expect=404) == {"message": "404 Branch Not Found"}
    ada("DELETE", f"{REPO}/branches/main", expect=400)


def test_searches_for_branches(place: Place, ada: Caller) -> None:
    """`^` and `$` bind a search to the ends of a name, `*` is anything, and case does not count."""
    place.app.commit("x-box", {"x": "x"})
    expected = {"^fi": ["fix"], "x$": ["fix", "x-box"], "^x*x$": ["x-box"], "I": ["fix", "main"]}
    found = {text: ada.json("GET", f"{REPO}/branches", params={"search": text}) for text in expected}
    assert {text: [row["name"] for row in rows] for text, rows in found.items()} == expected


def test_protected_branches(place: Place, ada: Caller) -> None:
    """A protected branch is listed as such, and developers neither delete it nor commit to it through the API."""
    place.app.commit("stable", {"s": "s"})
    place.app.require("stable", reviews=1)
    assert [row["name"] for row in ada.json("GET", f"{Place.path}/protected_branches")] == ["stable"]
    ada("GET", f"{Place.path}/protected_branches/main", expect=404)
    ada("DELETE", f"{REPO}/branches/stable", expect=405)
    sent = {"branch": "stable", "commit_message": "m", "content": "x"}
    refused = ada.json("POST", f"{REPO}/files/n.txt", json=sent, expect=400)
    assert refused == {"message": "You are not allowed to push into this branch"}


def test_files(place: Place, ada: Caller) -> None:
    """A file comes as JSON, raw and as headers; it is made, changed and deleted by commits."""
    found = ada.json("GET", f"{REPO}/files/docs%2Fb.txt?ref=HEAD")
    assert base64.b64decode(found["content"]) == b"b\n"
    assert (found["file_name"], found["size"], found["last_commit_id"]) == ("b.txt", 2, place.app.head("main"))
    raw = ada("GET", f"{REPO}/files/a.txt/raw?ref=fix", expect=200)
    assert (raw.content, raw.headers["X-Gitlab-Size"]) == (b"two\n", "4")
    assert ada("HEAD", f"{REPO}/files/a.txt?ref=main", expect=200).headers["X-Gitlab-Blob-Id"]
    sent = {"branch": "main", "commit_message": "New", "content": "bmV3", "encoding": "base64"}
    made = ada.json("POST", f"{REPO}/files/docs%2Fn.txt", json=sent, expect=201)
    assert made == {"file_path": "docs/n.txt", "branch": "main"}
    assert ada("GET", f"{REPO}/files/docs%2Fn.txt/raw").content == b"new"
    ada("PUT", f"{REPO}/files/docs%2Fn.txt", json=sent | {"encoding": "text"}, expect=200)
    assert ada("GET", f"{REPO}/files/docs%2Fn.txt/raw").content == b"bmV3"
    ada("DELETE", f"{REPO}/files/docs%2Fn.txt", json={"branch": "main", "commit_message": "Gone"}, expect=204)
    assert ada.json("GET", f"{REPO}/files/docs%2Fn.txt?ref=main", expect=404) == {"message": "404 File Not Found"}


@pytest.mark.parametrize(
    ("method", "path", "change", "said"),
    [
        ("POST", "a.txt", {}, "A file with this name already exists"),
        ("PUT", "nope.txt", {}, "A file with this name doesn't exist"),
        ("PUT", "a.txt", {"last_commit_id": "0" * 40}, "You are attempting to update a file that has changed since"),
        ("POST", "n.txt", {"branch": "nope"}, "You can only create or edit files when you are on a branch"),
    ],
)
def test_bad_files(ada: Caller, method: str, path: str, change: dict[str, Any], said: str) -> None:
    """What cannot be written says why."""
    sent = {"branch": "main", "commit_message": "m", "content": "x"} | change
    assert ada.json(method, f"{REPO}/files/{path}", json=sent, expect=400)["message"].startswith(said)


def test_files_that_are_not_there(ada: Caller) -> None:
    """A ref is needed for JSON, and what is not found is named."""
    assert ada.json("GET", f"{REPO}/files/a.txt", expect=400) == {"error": "ref is missing, ref is empty"}
    assert ada.json("GET", f"{REPO}/files/a.txt?ref=nope", expect=404) == {"message": "404 Commit Not Found"}
    assert ada.json("GET", f"{REPO}/tree?path=nope", expect=404) == {"message": "404 Tree Not Found"}


def test_folders(ada: Caller) -> None:
    """A folder's entries, folders first; recursively with whole paths; pages by key."""
    rows = ada.json("GET", f"{REPO}/tree")
    assert [(row["type"], row["path"]) for row in rows] == [("tree", "docs"), ("blob", "a.txt")]
    deep = ada.json("GET", f"{REPO}/tree?recursive=true")
    assert [row["path"] for row in deep] == ["docs", "a.txt", "docs/b.txt"]
    first = ada("GET", f"{REPO}/tree?pagination=keyset&per_page=1", expect=200)
    assert [row["path"] for row in ada.json("GET", first.links["next"]["url"])] == ["a.txt"]
    blob = ada.json("GET", f"{REPO}/blobs/{rows[1]['id']}")
    assert base64.b64decode(blob["content"]) == b"one\n"
    assert ada("GET", f"{REPO}/blobs/{rows[1]['id']}/raw").content == b"one\n"


def test_commits(place: Place, ada: Caller) -> None:
    """Several files are committed at once, on a new branch; the commit tells what it did."""
    actions = [
        {"action": "create", "file_path": "n.txt", "content": "n\n"},
        {"action": "update", "file_path": "a.txt", "content": "three\n"},
        {"action": "move", "file_path": "moved.txt", "previous_path": "docs/b.txt"},
    ]
    sent = {"branch": "many", "start_branch": "main", "commit_message": "Many\n\nText", "actions": actions}
    made = ada.json("POST", f"{REPO}/commits", json=sent, expect=201)
    assert (made["title"], made["stats"], made["parent_ids"]) == (
        "Many",
        {"additions": 2, "deletions": 1, "total": 3},
        [place.app.head("main")],
    )
    changed = {row["new_path"]: row for row in ada.json("GET", f"{REPO}/commits/many/diff")}
    assert changed["moved.txt"]["old_path"] == "docs/b.txt"
    assert ada.json("GET", f"{REPO}/commits/{made['id']}/refs") == [{"type": "branch", "name": "many"}]
    assert ada.json("GET", f"{REPO}/commits/nope", expect=404) == {"message": "404 Commit Not Found"}
    bad = sent | {"actions": [{"action": "chmod", "file_path": "a.txt"}], "branch": "b"}
    assert "does not have a valid value" in ada.json("POST", f"{REPO}/commits", json=bad, expect=400)["error"]


def test_histories(ada: Caller) -> None:
    """A history is of a ref, a path, an author."""
    titles = [row["title"] for row in ada.json("GET", f"{REPO}/commits?ref_name=fix&path=c.txt&with_stats=true")]
    assert titles == ["Add c"]
    assert ada.json("GET", f"{REPO}/commits?author=nobody") == []
    assert ada.json("GET", f"{REPO}/commits?until=2020-01-01T00:00:00Z") == []


def test_comparisons(place: Place, ada: Caller) -> None:
    """What the one has since it left the other; what is not there is a ref not found."""
    place.app.commit("main", {"m.txt": "m\n"})
    found = ada.json("GET", f"{REPO}/compare?from=main&to=fix")
    assert [commit["title"] for commit in found["commits"]] == ["Say two", "Add c"]
    assert [file["new_path"] for file in found["diffs"]] == ["a.txt", "c.txt"]
    straight = ada.json("GET", f"{REPO}/compare?from=main&to=fix&straight=true")
    assert "m.txt" in [file["new_path"] for file in straight["diffs"]]
    assert ada.json("GET", f"{REPO}/compare?from=main&to=main")["compare_same_ref"] is True
    assert ada.json("GET", f"{REPO}/compare?from=main&to=nope", expect=404) == {"message": "404 Ref Not Found"}
    base = ada.json("GET", f"{REPO}/merge_base?refs[]=main&refs[]=fix")
    assert base["id"] in {commit.sha for commit in place.app.record.git.log("main", limit=5)}
    assert ada.json("GET", f"{REPO}/merge_base?refs[]=main&refs[]=x", expect=400) == {
        "message": "Could not find ref: x"
    }


def test_people(place: Place, ada: Caller) -> None:
    """Members have levels, users are found by exact handle or by a part of their name."""
    place.lab.repository("octo/team", members={"ada": "maintain", "bob": "write", "eve": "read"})
    rows = ada.json("GET", "/projects/octo%2Fteam/members/all")
    assert {row["username"]: row["access_level"] for row in rows} == {"ada": 40, "bob": 30, "eve": 20}
    assert [row["username"] for row in ada.json("GET", "/projects/octo%2Fteam/members?query=bo")] == ["bob"]
    number = place.number("eve")
    assert ada.json("GET", f"/projects/octo%2Fteam/members/all/{number}")["access_level"] == 20
    ada("GET", "/projects/octo%2Fteam/members/all/1", expect=404)
    assert [row["id"] for row in ada.json("GET", "/users?username=EVE")] == [number]
    assert ada.json("GET", "/users?username=ev") == []
    assert [row["username"] for row in ada.json("GET", "/users?search=ev")] == ["eve"]
    assert ada.json("GET", f"/users/{number}")["bot"] is False
    assert ada.json("GET", "/users/1", expect=404) == {"message": "404 User Not Found"}
    place.lab.delete_user("bob")
    assert "bob" not in {row["username"] for row in ada.json("GET", "/projects/octo%2Fteam/users")}


def test_deleted_authors(place: Place, ada: Caller) -> None:
    """What a deleted account made is the ghost's, who is a member of nothing."""
    place.opened(place.person("bob"))
    place.lab.delete_user("bob")
    assert ada.json("GET", f"{Place.path}/merge_requests/1")["author"]["username"] == "ghost"
    assert "ghost" not in {row["username"] for row in ada.json("GET", f"{Place.path}/members/all")}


def test_groups(place: Place, ada: Caller) -> None:
    """All groups above a project are there."""
    place.lab.repository("a/b/c/app")
    assert ada.json("GET", "/groups/a%2Fb")["name"] == "b"
    found = ada.json("GET", "/projects/a%2Fb%2Fc%2Fapp")["namespace"]
    assert found["parent_id"] == ada.json("GET", "/groups/a%2Fb")["id"]


def test_projects(place: Place, ada: Caller) -> None:
    """A project tells its settings and my access; strangers get the basics; forks and searches list others."""
    place.app.settings(allow_squash=False, delete_branch_on_merge=True)
    found = ada.json("GET", Place.path)
    assert (found["merge_method"], found["squash_option"]) == ("merge", "never")
    assert (found["remove_source_branch_after_merge"], found["visibility"]) == (True, "public")
    assert found["permissions"]["project_access"]["access_level"] == 30
    assert "merge_method" not in place.caller(None).json("GET", Place.path)
    ada("POST", f"{Place.path}/fork", json={}, expect=201)
    taken = ada.json("POST", f"{Place.path}/fork", json={}, expect=409)
    assert taken["message"]["name"] == ["has already been taken"]
    assert [row["path_with_namespace"] for row in ada.json("GET", f"{Place.path}/forks")] == ["ada/app"]
    assert [row["path_with_namespace"] for row in ada.json("GET", "/projects?owned=true")] == ["ada/app"]
    assert ada.json("GET", "/projects?search=nothing") == []


def test_templates(place: Place, ada: Caller) -> None:
    """Templates are the files of a folder on the default branch."""
    assert ada.json("GET", f"{Place.path}/templates/merge_requests") == []
    place.app.commit("main", {".gitlab/merge_request_templates/Bug.md": "# Bug\n"})
    assert ada.json("GET", f"{Place.path}/templates/merge_requests") == [{"key": "Bug", "name": "Bug"}]
    found = ada.json("GET", f"{Place.path}/templates/merge_requests/Bug")
    assert found == {"name": "Bug", "content": "# Bug\n"}
    ada("GET", f"{Place.path}/templates/merge_requests/Nope", expect=404)
