"""Branches, commits, comparisons, changes, diffs, contents, builds, default reviewers and groups."""

from __future__ import annotations

from typing import Any

from tests.testing.bitbucket_dc.conftest import Caller, Place

UTILS = f"/rest/branch-utils/latest{Place.repo}/branches"
REVIEWERS = f"/rest/default-reviewers/latest{Place.repo}"
GROUPS = f"{Place.repo}/settings/reviewer-groups"


# -- branches ----------------------------------------------------------------------------------------------------------


def test_branches(place: Place, ada: Caller) -> None:
    """Listed by a part of the name, with how far they are from the default one."""
    place.app.commit("feature/x", {"x.txt": "x"})
    assert [row["displayId"] for row in ada.rows(f"{Place.repo}/branches", orderBy="ALPHABETICAL")] == [
        "feature/x",
        "fix",
        "main",
    ]
    (row,) = ada.rows(f"{Place.repo}/branches", filterText="FIX", details="true", boostMatches="true")
    assert (row["id"], row["latestCommit"], row["isDefault"]) == ("refs/heads/fix", place.app.head("fix"), False)
    counts = row["metadata"]["com.atlassian.bitbucket.server.bitbucket-branch:ahead-behind-metadata-provider"]
    assert counts == {"ahead": 2, "behind": 0}
    for path in ("default-branch", "branches/default"):
        assert ada.json("GET", f"{Place.repo}/{path}")["displayId"] == "main"


def test_making_and_deleting_branches(place: Place, ada: Caller) -> None:
    """200 by one resource, 201 by the other; overlapping, existing and impossible names are refused."""
    made = ada.json("POST", f"{Place.repo}/branches", json={"name": "one", "startPoint": "refs/heads/fix"})
    assert made["latestCommit"] == place.app.head("fix")
    ada("POST", UTILS, json={"name": "two", "startPoint": place.app.head("main")}, expect=201)
    for name, status in (("one", 409), ("one/more", 409), ("a..b", 400), ("", 400)):
        ada.refused("POST", UTILS, status, json={"name": name, "startPoint": "main"})
    ada.refused("POST", UTILS, 404, json={"name": "three", "startPoint": "gone"})
    ada.refused("DELETE", UTILS, 400, json={"name": "one", "endPoint": place.app.head("main")})
    ada("DELETE", UTILS, json={"name": "one", "dryRun": True}, expect=204)
    assert "one" in place.app.branches()
    for _ in range(2):
        ada("DELETE", UTILS, json={"name": "refs/heads/one", "endPoint": made["latestCommit"]}, expect=204)
    assert "one" not in place.app.branches()
    ada.refused("DELETE", UTILS, 400, json={"name": "main"})
    ada.refused("DELETE", UTILS, 400, json={})
    assert [row["displayId"] for row in ada.rows(f"{UTILS}/info/{place.app.head('fix')}")] == ["fix"]


def test_the_default_branch(place: Place, ada: Caller) -> None:
    """Administrators choose another."""
    ada.refused("PUT", f"{Place.repo}/default-branch", 401, json={"id": "refs/heads/fix"})
    place.app.members(ada="admin")
    ada("PUT", f"{Place.repo}/default-branch", json={"id": "refs/heads/fix"}, expect=204)
    assert ada.json("GET", f"{Place.repo}/default-branch")["id"] == "refs/heads/fix"
    ada.refused("PUT", f"{Place.repo}/default-branch", 404, json={"id": "refs/heads/gone"})


def test_tags(ada: Caller) -> None:
    """Made, listed, found."""
    tags = f"{Place.repo}/tags"
    made = ada.json("POST", tags, json={"name": "v/1", "startPoint": "main"})
    assert (made["id"], made["type"]) == ("refs/tags/v/1", "TAG")
    assert ada.rows(tags) == [made]
    assert ada.json("GET", f"{tags}/v/1") == made
    ada.refused("POST", tags, 409, json={"name": "v/1", "startPoint": "main"})
    ada.refused("POST", tags, 400, json={"name": "a b", "startPoint": "main"})
    ada.refused("GET", f"{tags}/gone", 404)


# -- commits and diffs -------------------------------------------------------------------------------------------------


def messages(rows: list[dict[str, Any]]) -> list[str]:
    """What the commits say."""
    return [row["message"] for row in rows]


def test_commits(place: Place, ada: Caller) -> None:
    """Newest first: of a pull request, between two, of a file, one of them."""
    assert messages(ada.rows(f"{Place.one}/commits")) == ["Add c", "Change a line"]
    counted = ada.json("GET", f"{Place.one}/commits", params={"withCounts": "true"})
    assert (counted["totalCount"], counted["authorCount"]) == (2, 1)
    commits = f"{Place.repo}/commits"
    assert messages(ada.rows(commits, until="fix", since="main")) == ["Add c", "Change a line"]
    assert messages(ada.rows(commits, until="fix", path="c.txt")) == ["Add c"]
    assert ada.rows(commits, until="fix", merges="ONLY") == []
    assert len(ada.rows(commits, until="fix", merges="EXCLUDE")) == 3
    short = place.app.head("fix")[:11]
    assert ada.json("GET", f"{commits}/{short}")["displayId"] == short
    assert ada.json("GET", f"{commits}/fix/merge-base", params={"otherCommitId": "main"})["id"] == place.app.head(
        "main"
    )
    assert ada.json("GET", f"{Place.one}/merge-base")["id"] == place.app.head("main")
    assert [row["path"]["name"] for row in ada.rows(f"{commits}/fix/changes")] == ["c.txt"]
    assert ada.json("GET", f"{commits}/fix/diff")["diffs"][0]["destination"]["toString"] == "c.txt"
    assert "+c" in ada("GET", f"{commits}/fix/diff/c.txt", headers={"Accept": "text/plain"}).text


def test_comparing(ada: Caller) -> None:
    """`from` is what has more; commits, changes and the diff."""
    ends = {"from": "refs/heads/fix", "to": "main"}
    compare = f"{Place.repo}/compare"
    assert messages(ada.rows(f"{compare}/commits", **ends)) == ["Add c", "Change a line"]
    assert {row["path"]["name"]: row["type"] for row in ada.rows(f"{compare}/changes", **ends)} == {
        "a.txt": "MODIFY",
        "c.txt": "ADD",
    }
    assert len(ada.json("GET", f"{compare}/diff", params=ends)["diffs"]) == 2
    assert len(ada.json("GET", f"{compare}/diff/a.txt", params=ends | {"fromRepo": "OCTO/app"})["diffs"]) == 1
    ada.refused("GET", f"{compare}/commits", 404, params={"fromRepo": "OCTO/gone"})
    assert len(ada.rows(f"{Place.repo}/changes", until="fix", since="main")) == 2
    assert len(ada.json("GET", f"{Place.repo}/diff", params={"until": "fix"})["diffs"]) == 1
    assert len(ada.json("GET", f"{Place.repo}/diff/a.txt", params={"until": "fix", "since": "main"})["diffs"]) == 1


def test_changes(place: Place, ada: Caller, grace: Caller) -> None:
    """Types, contents and where a file came from; how many comments hang there; what I have not seen."""
    place.app.commit("fix", {"docs/b.txt": None, "docs/moved.txt": "b\n", "c.txt": "c\nc\n"})
    anchor = {"path": "a.txt", "line": 20, "lineType": "ADDED"}
    ada("POST", f"{Place.one}/comments", json={"text": "x", "anchor": anchor}, expect=201)
    page = ada.json("GET", f"{Place.one}/changes")
    assert (page["toHash"], page["properties"]) == (place.app.head("fix"), {"changeScope": "ALL"})
    rows = {row["path"]["toString"]: row for row in page["values"]}
    assert rows["a.txt"]["properties"] == {"gitChangeType": "MODIFY", "activeComments": 1}
    assert rows["docs/moved.txt"]["type"] == "MOVE"
    assert rows["docs/moved.txt"]["srcPath"]["toString"] == "docs/b.txt"
    assert rows["docs/moved.txt"]["percentUnchanged"] == 100
    assert rows["c.txt"]["fromContentId"] == "0" * 40
    grace("PUT", f"{Place.one}/participants/grace", json={"status": "NEEDS_WORK"}, expect=200)
    place.app.commit("fix", {"d.txt": "d"})
    page = grace.json("GET", f"{Place.one}/changes", params={"changeScope": "UNREVIEWED"})
    assert [row["path"]["name"] for row in page["values"]] == ["d.txt"]
    assert page["properties"] == {"changeScope": "UNREVIEWED"}
    ends = {"sinceId": place.app.head("main"), "untilId": place.app.head("fix"), "changeScope": "RANGE"}
    assert len(ada.json("GET", f"{Place.one}/changes", params=ends)["values"]) == 4


def test_changes_have_one_page(place: Place, ada: Caller) -> None:
    """What does not fit is left out, whatever `start` says; with the knob not even the page tells."""
    page = ada.json("GET", f"{Place.one}/changes", params={"limit": 1, "start": 1})
    assert (page["size"], page["start"], page["isLastPage"]) == (1, 0, False)
    place.host.knobs.tells_truncation = False
    assert ada.json("GET", f"{Place.one}/changes", params={"limit": 1})["isLastPage"] is True


def test_a_diff(place: Place, ada: Caller) -> None:
    """Runs of lines with both numbers, the context that was asked for, the comments that hang there; cut where it is long."""
    made = ada.json(
        "POST",
        f"{Place.one}/comments",
        json={"text": "x", "anchor": {"path": "a.txt", "line": 20, "lineType": "ADDED"}},
        expect=201,
    )
    told = ada.json("GET", f"{Place.one}/diff/a.txt", params={"contextLines": 0})
    (file,) = told["diffs"]
    first, second = file["hunks"]
    assert [(segment["type"], segment["lines"][0]["line"]) for segment in first["segments"]] == [
        ("REMOVED", "line 20"),
        ("ADDED", "changed"),
    ]
    assert first["segments"][1]["lines"][0]["commentIds"] == [made["id"]]
    assert (second["sourceLine"], second["sourceSpan"], second["destinationSpan"]) == (40, 1, 0)
    place.host.knobs.most_diff_lines = 5
    cut = ada.json("GET", f"{Place.one}/diff")
    assert cut["truncated"] is True
    assert sum(len(s["lines"]) for f in cut["diffs"] for h in f["hunks"] for s in h["segments"]) == 5


def test_a_moved_file_needs_its_old_name(place: Place, ada: Caller) -> None:
    """Without `srcPath`, all of it is added."""
    place.app.commit("fix", {"docs/b.txt": None, "b.txt": "b\nmore\n"})
    place.app.commit("fix", {"b.txt": "b\n"})
    path = f"{Place.one}/diff/b.txt"
    assert ada.json("GET", path)["diffs"][0]["source"] is None
    assert ada.json("GET", path, params={"srcPath": "docs/b.txt"})["diffs"][0]["source"]["toString"] == "docs/b.txt"


def test_raw_diffs(place: Place, ada: Caller) -> None:
    """As git writes it, in any encoding; as mails; and the JSON resource with another Accept."""
    place.app.commit("fix", {"latin.txt": b"caf\xe9\n", "blob.bin": b"\0\1"})
    body = ada("GET", f"{Place.one}.diff", expect=200).content
    assert b"+caf\xe9\n" in body
    assert body.startswith(b"diff --git a/a.txt b/a.txt")
    assert ada("GET", f"{Place.one}.patch", expect=200).text.startswith("From ")
    plain = ada("GET", f"{Place.one}/diff", headers={"Accept": "text/plain"})
    assert plain.content == body
    binary = [file for file in ada.json("GET", f"{Place.one}/diff")["diffs"] if file.get("binary")]
    assert [file["destination"]["name"] for file in binary] == ["blob.bin"]
    assert ada.json("GET", f"{Place.one}/diff-stats-summary/a.txt")["linesRemoved"] == 2


def test_contents(place: Place, ada: Caller) -> None:
    """Raw, by lines, by folders, by names; what is not there is 404."""
    place.app.commit("main", {"blob.bin": b"\0\1"})
    assert ada("GET", f"{Place.repo}/raw/c.txt", params={"at": "refs/heads/fix"}).content == b"c\n"
    assert ada("GET", f"{Place.repo}/raw/blob.bin").headers["Content-Type"] == "application/octet-stream"
    page = ada.json("GET", f"{Place.repo}/browse/a.txt", params={"start": 58, "limit": 1})
    assert (page["lines"], page["isLastPage"], page["nextPageStart"]) == ([{"text": "line 59"}], False, 59)
    children = ada.json("GET", f"{Place.repo}/browse")["children"]["values"]
    assert [(child["path"]["name"], child["type"]) for child in children][-1] == ("docs", "DIRECTORY")
    assert ada.rows(f"{Place.repo}/files/docs") == ["b.txt"]
    assert ada.json("GET", f"{Place.repo}/browse/a.txt", params={"size": "true"}) == {"size": 471}
    assert ada.json("GET", f"{Place.repo}/browse/a.txt", params={"type": "true"}) == {"type": "FILE"}
    assert ada.json("GET", f"{Place.repo}/browse/blob.bin")["binary"] is True
    for path in ("raw/gone", "browse/gone", "files/gone"):
        error = ada.refused("GET", f"{Place.repo}/{path}", 404)
        assert error["exceptionName"] == "com.atlassian.bitbucket.content.NoSuchPathException"
    ada.refused("GET", f"{Place.repo}/raw/a.txt", 404, params={"at": "gone"})


def test_editing_a_file(place: Place, ada: Caller) -> None:
    """By a form with the commit that was seen; another one is 409."""
    path, form = f"{Place.repo}/browse/c.txt", {"content": (None, "new\n"), "branch": (None, "fix")}
    ada.refused("PUT", path, 409, files=form)
    seen = {"sourceCommitId": (None, place.app.head("fix")), "message": (None, "Edit")}
    assert ada.json("PUT", path, files=form | seen)["message"] == "Edit"
    assert ada("GET", f"{Place.repo}/raw/c.txt", params={"at": "fix"}).text == "new\n"
    ada.refused("PUT", path, 400, files={"branch": (None, "fix")})


# -- builds ------------------------------------------------------------------------------------------------------------


def test_builds_of_both_resources(place: Place, ada: Caller) -> None:
    """The old one lists them, the new one answers one by its key and says more."""
    head = place.app.head("fix")
    old, new = f"/rest/build-status/1.0/commits/{head}", f"{Place.repo}/commits/{head}/builds"
    sent = {"key": "ci", "state": "INPROGRESS", "url": "https://ci.example/1"}
    ada("POST", old, json=sent, expect=204)
    more = {"name": "CI", "description": "All good", "buildNumber": "7", "duration": 12, "ref": "refs/heads/fix"}
    ada("POST", new, json={**sent, **more, "state": "SUCCESSFUL", "testResults": {"failed": 1}}, expect=204)
    (row,) = ada.rows(old)
    assert {key: row[key] for key in ("key", "state", "name", "description", "url")} == {
        "key": "ci",
        "state": "SUCCESSFUL",
        "name": "CI",
        "description": "All good",
        "url": "https://ci.example/1",
    }
    assert "buildNumber" not in row
    one = ada.json("GET", new, params={"key": "ci"})
    assert (one["buildNumber"], one["duration"], one["testResults"]) == ("7", 12, {"failed": 1})
    assert one["commit"]["id"] == head
    error = ada.refused("GET", new, 400)
    assert error["message"] == "Please specify a non-blank key smaller than 255 characters"
    ada.refused("GET", new, 404, params={"key": "gone"})


def test_states_of_builds(place: Place, ada: Caller) -> None:
    """Five of them, counted for one commit or many; what is missing or unknown is 400."""
    head = place.app.head("fix")
    for state in ("SUCCESSFUL", "FAILED", "INPROGRESS", "CANCELLED", "UNKNOWN"):
        place.host.build("octo/app", head, state.lower(), state)
    place.app.check(head, "lint", "cancelled")
    counts = {"successful": 1, "failed": 1, "inProgress": 1, "cancelled": 2, "unknown": 1}
    stats = "/rest/build-status/latest/commits/stats"
    assert ada.json("GET", f"{stats}/{head}") == counts
    assert ada.json("POST", stats, json=[head, place.app.head("main")]) == {head: counts}
    ada.refused("POST", stats, 400, json={})
    old = f"/rest/build-status/latest/commits/{head}"
    for wrong in ({}, {"key": "k", "state": "GOOD", "url": "u"}, {"key": "k" * 256, "state": "FAILED", "url": "u"}):
        ada.refused("POST", old, 400, json=wrong)
    ada.refused("POST", f"{old[:-4]}", 400, json={"key": "k", "state": "FAILED", "url": "u"})
    place.app.members(ada="admin")
    ada("DELETE", f"{Place.repo}/commits/{head}/builds", params={"key": "failed"}, expect=204)
    assert ada.json("GET", f"{stats}/{head}")["failed"] == 0


# -- who reviews -------------------------------------------------------------------------------------------------------


def test_default_reviewers(place: Place, ada: Caller) -> None:
    """Conditions by branch; who they are for a pull request is a list of people."""
    place.app.members(ada="admin")
    place.host.user("eve")
    matcher = {"id": "refs/heads/main", "type": {"id": "BRANCH"}}
    sent = {"reviewers": [{"name": "grace"}], "requiredApprovals": 1, "targetMatcher": matcher}
    made = ada.json("POST", f"{REVIEWERS}/condition", json=sent)
    place.host.default_reviewers("octo/app", "eve", target="next")
    assert [each["requiredApprovals"] for each in ada.json("GET", f"{REVIEWERS}/conditions")] == [1, 0]
    number = place.app.record.id
    ends = {"sourceRepoId": number, "targetRepoId": number, "sourceRefId": "refs/heads/fix", "targetRefId": "main"}
    assert [user["name"] for user in ada.json("GET", f"{REVIEWERS}/reviewers", params=ends)] == ["grace"]
    ada.refused("GET", f"{REVIEWERS}/reviewers", 400)
    ada.refused("POST", f"{REVIEWERS}/condition", 400, json={"reviewers": [{"name": "nobody"}]})
    ada("DELETE", f"{REVIEWERS}/condition/{made['id']}", expect=204)
    ada.refused("DELETE", f"{REVIEWERS}/condition/{made['id']}", 404)


def test_reviewer_groups(place: Place, ada: Caller) -> None:
    """Of the repository and its project; members by the group's number; an empty one is refused."""
    place.app.members(ada="admin")
    place.host.team("octo", "core", ("grace", "eve"))
    made = ada.json("POST", GROUPS, json={"name": "own", "users": [{"name": "grace"}]})
    assert [row["name"] for row in ada.rows(GROUPS)] == ["core", "own"]
    assert ada.json("GET", f"{GROUPS}/{made['id']}")["scope"]["type"] == "REPOSITORY"
    place.host.delete_user("eve")
    assert [user["name"] for user in ada.json("GET", f"{GROUPS}/core/users")] == ["grace"]
    ada.refused("GET", f"{GROUPS}/gone/users", 404)
    ada.refused("POST", GROUPS, 400, json={"name": "empty", "users": []})
    ada.refused("POST", GROUPS, 400, json={"users": [{"name": "grace"}]})
    ada("DELETE", f"{GROUPS}/{made['id']}", expect=204)


def test_permissions(place: Place, ada: Caller) -> None:
    """Administrators read, grant and revoke them."""
    path = f"{Place.repo}/permissions/users"
    place.app.members(ada="admin", grace="read")
    shown = {row["user"]["name"]: row["permission"] for row in ada.rows(path)}
    assert (shown["ada"], shown["grace"]) == ("REPO_ADMIN", "REPO_READ")
    ada("PUT", path, params={"name": "grace", "permission": "REPO_WRITE"}, expect=204)
    assert {row["permission"] for row in ada.rows(path, filter="grace")} == {"REPO_WRITE"}
    ada("DELETE", path, params={"name": "grace"}, expect=204)
    assert {row["permission"] for row in ada.rows(path, filter="grace")} == {"REPO_READ"}  # everybody may read
    ada.refused("PUT", path, 400, params={"name": "grace", "permission": "BOSS"})
    assert [row["name"] for row in ada.rows(f"{Place.repo}/participants", role="REVIEWER")] == ["grace"]
    assert [row["name"] for row in ada.rows(f"{Place.repo}/participants")] == ["ada", "grace"]


def test_repositories(place: Place, ada: Caller) -> None:
    """Projects, their repositories, a search over all, forks of one."""
    ada("POST", Place.repo, json={}, expect=201)
    assert [row["key"] for row in ada.rows("/projects")] == ["OCTO"]
    assert ada.json("GET", "/projects/octo")["name"] == "Octo"
    ada.refused("GET", "/projects/NONE", 404)
    assert [row["project"]["key"] for row in ada.rows(f"{Place.repo}/forks")] == ["~ADA"]
    assert len(ada.rows("/repos", name="app")) == 2
    assert [row["project"]["key"] for row in ada.rows("/repos", permission="REPO_ADMIN")] == ["~ADA"]
    ada.refused("POST", Place.repo, 409, json={})
    place.host.rename("octo/app", "octo/renamed")
    assert ada.json("GET", Place.repo)["slug"] == "renamed"
