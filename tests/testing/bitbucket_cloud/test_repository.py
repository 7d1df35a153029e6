"""Commits, diffs, builds, files, branches and forks in the forge's Bitbucket Cloud."""

from __future__ import annotations

import pytest
from tests.testing.bitbucket_cloud.conftest import Caller, Place


def test_diffs_redirect(place: Place, ada: Caller) -> None:
    """A pull request's diff is the repository's, on the same host, with a spec of its two commits."""
    place.opened(ada)
    answer = ada("GET", f"{place.pull}/diff?context=0", expect=302)
    where = answer.headers["Location"]
    assert where.startswith(f"{place.host.api_url}{place.path}/diff/octo/app:{place.app.head('fix')[:12]}%0D")
    assert "from_pullrequest_id=1&topic=true&context=0" in where
    shown = ada("GET", where, expect=200)
    assert shown.headers["Content-Type"] == "text/plain"
    assert "@@ -5,2 +5,2 @@" in shown.text


@pytest.mark.parametrize("spec", ["fix..main", "{head}..{base}", "octo/app:{head}..{base}"])
def test_specs(place: Place, ada: Caller, spec: str) -> None:
    """The source first, then what it is compared with, by branch or hash, with the repository or without."""
    named = spec.format(head=place.app.head("fix")[:12], base=place.app.head("main")[:12])
    rows = ada.get(f"{place.path}/diffstat/{named}")["values"]
    assert [(row["status"], row["lines_added"], row["lines_removed"]) for row in rows] == [
        ("modified", 2, 2),
        ("added", 1, 0),
    ]
    assert (rows[1]["old"], rows[1]["new"]["path"]) == (None, "new.txt")


def test_three_dots_or_two(place: Place, ada: Caller) -> None:
    """What the target has got meanwhile is in the diff only without `topic`."""
    place.app.commit("main", {"m.txt": "m\n"})

    def paths(**params: str) -> list[str]:
        rows = ada.get(f"{place.path}/diffstat/fix..main", **params)["values"]
        return [(row["new"] or row["old"])["path"] for row in rows]

    assert paths() == ["a.txt", "new.txt"]
    assert paths(topic="false") == ["a.txt", "m.txt", "new.txt"]
    assert paths(path="a.txt") == ["a.txt"]
    assert ada.get(f"{place.path}/diffstat/fix")["values"][0]["new"]["path"] == "new.txt"


def test_diff_as_bytes(place: Place, ada: Caller) -> None:
    """Diffs and patches are the bytes of the files; removed, renamed and binary ones are told apart."""
    body = "".join(f"{number}\n" for number in range(30))
    place.app.commit("main", {"latin.txt": "gr\xfcn\n".encode("latin-1"), "old.txt": body, "gone.txt": "x\n"})
    files = {"latin.txt": "gr\xf6n\n".encode("latin-1"), "old.txt": None, "newer.txt": body, "gone.txt": None}
    place.app.commit("odd", {**files, "b.bin": b"\0\1\2"}, start="main")
    shown = ada("GET", f"{place.path}/diff/odd..main", params={"path": "latin.txt"}, expect=200)
    assert b"+gr\xf6n" in shown.content
    rows = {(row["new"] or row["old"])["path"]: row for row in ada.get(f"{place.path}/diffstat/odd..main")["values"]}
    assert {path: row["status"] for path, row in rows.items()} == {
        "b.bin": "added",
        "gone.txt": "removed",
        "latin.txt": "modified",
        "newer.txt": "renamed",
    }
    assert rows["newer.txt"]["old"]["path"] == "old.txt"
    assert rows["b.bin"]["new"]["attributes"] == ["binary"]
    ignoring = ada("GET", f"{place.path}/diff/odd..main", params={"renames": "false", "ignore_whitespace": "true"})
    assert b"rename from" not in ignoring.content
    assert ada("GET", f"{place.path}/patch/odd..main").content.startswith(b"From ")


def test_diff_takes_too_long(place: Place, ada: Caller) -> None:
    """A knob makes the next diffs 555."""
    place.host.knobs.diff_timeouts = 2
    assert ada("GET", f"{place.path}/diff/fix..main", expect=555).json()["type"] == "error"
    ada("GET", f"{place.path}/diffstat/fix..main", expect=555)
    ada("GET", f"{place.path}/diff/fix..main", expect=200)


def test_bad_specs(place: Place, ada: Caller) -> None:
    """Unknown commits are named; a repository that one does not see is refused."""
    place.host.repository("octo/secret", private=True, members={"bob": "read"})
    assert ada("GET", f"{place.path}/diff/none..main", expect=404).json()["error"]["data"] == {"shas": ["none"]}
    ada("GET", f"{place.path}/diff/a..b..c", expect=404)
    ada("GET", f"{place.path}/diff/octo/secret:main..main", expect=403)
    ada("GET", f"{place.path}/merge-base/fix", expect=404)


def test_commits(place: Place, ada: Caller) -> None:
    """One by any name; many by what includes and excludes them, or touches a path."""
    head = place.app.head("fix")
    shown = ada.get(f"{place.path}/commit/fix")
    assert (shown["hash"], shown["message"], shown["author"]["user"]["nickname"]) == (
        head,
        "Add new\n",
        "octo-committer",
    )
    assert shown["parents"][0]["hash"] == ada.get(f"{place.path}/commits/fix")["values"][1]["hash"]

    def subjects(path: str, /, **params: object) -> list[str]:
        return [row["message"].strip() for row in ada.get(f"{place.path}/{path}", **params)["values"]]

    assert subjects("commits/fix", exclude="main") == ["Add new", "Say it anew"]
    assert subjects("commits", include="fix", exclude="main", path="a.txt") == ["Say it anew"]
    assert len(subjects("commits")) == 3
    form = ada("POST", f"{place.path}/commits", data={"include": "fix", "exclude": "main"}, expect=200).json()
    assert len(form["values"]) == 2
    assert ada.get(f"{place.path}/merge-base/fix..main")["hash"] == place.app.head("main")
    for name in ("0" * 40, "none", "abc"):
        ada("GET", f"{place.path}/commit/{name}", expect=404)


def test_pulls_of_a_commit(place: Place, ada: Caller) -> None:
    """Those that it was reviewed in, once they are indexed."""
    place.opened(ada)
    where = f"{place.path}/commit/{place.app.head('fix')}/pullrequests"
    place.host.knobs.indexing_reads = 1
    assert ada("GET", where, expect=202).json()["values"] == []
    assert [row["id"] for row in ada.get(where)["values"]] == [1]
    ada.post(f"{place.pull}/merge")
    merged = f"{place.path}/commit/{place.app.head('main')}/pullrequests"
    assert [row["id"] for row in ada.get(merged, state="MERGED")["values"]] == [1]


def test_builds(place: Place, ada: Caller) -> None:
    """Known by their keys: the newest of one counts, unless a knob lets it be there twice; changed by key, too."""
    place.opened(ada)
    commit = f"{place.path}/commit/{place.app.head('fix')}/statuses"
    sent = {"key": "ci", "state": "INPROGRESS", "url": "https://ci/{repository.full_name}/{commit.hash}"}
    made = ada.post(f"{commit}/build", {**sent, "name": "CI", "refname": "fix"}, 201)
    assert made["url"] == f"https://ci/octo/app/{place.app.head('fix')}"
    assert (made["type"], made["name"], made["refname"]) == ("build", "CI", "fix")
    again = ada.put(f"{commit}/build/ci", {"state": "SUCCESSFUL", "description": "All good"})
    assert (again["name"], again["state"], again["created_on"]) == ("CI", "SUCCESSFUL", made["created_on"])
    assert ada.get(f"{commit}/build/ci")["description"] == "All good"
    ada.post(f"{commit}/build", {"key": "other", "state": "STOPPED", "refname": "elsewhere"}, 201)
    assert [row["state"] for row in ada.get(commit)["values"]] == ["SUCCESSFUL", "STOPPED"]
    assert [row["key"] for row in ada.get(commit, refname="elsewhere")["values"]] == ["other"]
    assert [row["key"] for row in ada.get(f"{place.pull}/statuses")["values"]] == ["ci"]
    place.host.knobs.duplicate_statuses = True
    assert [row["key"] for row in ada.get(commit)["values"]] == ["ci", "ci", "other"]
    for bad in ({"state": "FAILED"}, {"key": "x"}, {"key": "x", "state": "GOOD"}):
        ada.post(f"{commit}/build", bad, 400)
    ada("GET", f"{commit}/build/none", expect=404)


def test_checks_from_behind(place: Place, ada: Caller) -> None:
    """What a test reports is a build here, whichever kind of check it was."""
    place.opened(ada)
    head = place.app.head("fix")
    for name, state in (
        ("a", "success"),
        ("b", "failure"),
        ("c", "pending"),
        ("d", "error"),
        ("e", "in_progress"),
        ("f", "cancelled"),
        ("g", "skipped"),
        ("h", "timed_out"),
    ):
        place.app.check(head, name, state)
    rows = ada.get(f"{place.pull}/statuses", sort="key")["values"]
    assert [row["state"] for row in rows] == [
        "SUCCESSFUL",
        "FAILED",
        "INPROGRESS",
        "STOPPED",
        "INPROGRESS",
        "STOPPED",
        "SUCCESSFUL",
        "FAILED",
    ]


def test_files(place: Place, ada: Caller) -> None:
    """Bytes with an ETag of their content; folders in pages; what they are, on request."""
    place.app.commit("other/deep", {"docs/c/d.txt": "d\n", "b.bin": b"\0\1"}, start="main")
    answer = ada("GET", f"{place.path}/src/main/docs/b.txt", expect=200)
    assert (answer.content, answer.headers["Content-Type"]) == (b"b\n", "text/plain")
    tag = answer.headers["ETag"]
    assert ada("GET", f"{place.path}/src/fix/docs/b.txt").headers["ETag"] == tag
    ada("GET", f"{place.path}/src/main/docs/b.txt", headers={"If-None-Match": tag}, expect=304)
    for name in ("other/deep", "other%2Fdeep", place.app.head("other/deep")[:12]):
        assert ada("GET", f"{place.path}/src/{name}/b.bin", expect=200).content == b"\0\1"
    listed = ada.get(f"{place.path}/src/other/deep/docs/", max_depth=2)["values"]
    assert [(row["type"], row["path"]) for row in listed] == [
        ("commit_file", "docs/b.txt"),
        ("commit_directory", "docs/c"),
        ("commit_file", "docs/c/d.txt"),
    ]
    assert ada.get(f"{place.path}/src/main/docs/b.txt", format="meta")["size"] == 2
    assert ada.get(f"{place.path}/src/main/docs", format="meta")["type"] == "commit_directory"
    root = ada("GET", f"{place.path}/src", expect=302).headers["Location"]
    assert [row["path"] for row in ada.get(root)["values"]] == ["a.txt", "docs"]
    for path in ("src/main/none.txt", "src/none/a.txt"):
        ada("GET", f"{place.path}/{path}", expect=404)


def test_files_are_written(place: Place, ada: Caller) -> None:
    """A form of files is a commit on a branch, or a new one; its parent must be the branch's head."""
    uploads = {"docs/x.txt": ("x.txt", b"x\n")}
    answer = ada(
        "POST", f"{place.path}/src", files=uploads, data={"message": "X", "branch": "w", "files": "/a.txt"}, expect=201
    )
    assert answer.headers["Location"].endswith(place.app.head("w"))
    assert [row["path"] for row in ada.get(f"{place.path}/src/w/", max_depth=2)["values"]] == [
        "docs",
        "docs/b.txt",
        "docs/x.txt",
    ]
    ada("POST", f"{place.path}/src", data={"/y.txt": "y\n", "branch": "w", "parents": place.app.head("w")}, expect=201)
    stale = {"/y.txt": "z\n", "branch": "w", "parents": place.app.head("main")}
    assert ada("POST", f"{place.path}/src", data=stale, expect=400).json()["error"]["data"]["key"] == "BRANCH_CHANGED"


def test_branches(place: Place, ada: Caller) -> None:
    """Made at a hash, found under their names with slashes, deleted, but never the main one."""
    branches = f"{place.path}/refs/branches"
    head = place.app.head("main")
    made = ada.post(branches, {"name": "some/branch", "target": {"hash": head[:12]}}, 201)
    assert (made["target"]["hash"], made["default_merge_strategy"]) == (head, "merge_commit")
    for name in ("some/branch", "some%2Fbranch"):
        assert ada.get(f"{branches}/{name}")["name"] == "some/branch"
    again = ada.post(branches, {"name": "some/branch", "target": {"hash": head}}, 400)
    assert again["error"]["data"] == {"key": "BRANCH_ALREADY_EXISTS"}
    for bad in ({"name": "a..b", "target": {"hash": head}}, {"name": "x"}):
        ada.post(branches, bad, 400)
    ada.post(branches, {"name": "x", "target": {"hash": "0" * 40}}, 404)
    ada("DELETE", f"{branches}/some/branch", expect=204)
    ada("DELETE", f"{branches}/some/branch", expect=404)
    ada("DELETE", f"{branches}/main", expect=400)
    place.host.knobs.strategies = ("squash",)
    assert ada.get(f"{branches}/main")["merge_strategies"] == ["squash"]


def test_forks(place: Place, ada: Caller) -> None:
    """Into one's own workspace, or another that one is in; not twice by one name."""
    made = ada.post(f"{place.path}/forks", {}, 201)
    assert (made["full_name"], made["parent"]["full_name"]) == ("ada/app", "octo/app")
    ada.post(f"{place.path}/forks", {}, 400)
    named = ada.post(f"{place.path}/forks", {"name": "copy", "workspace": {"slug": "octo"}}, 201)
    assert named["full_name"] == "octo/copy"
    assert [row["full_name"] for row in ada.get(f"{place.path}/forks")["values"]] == ["ada/app", "octo/copy"]
    place.host.repository("closed/one", private=True, members={"bob": "write"})
    ada.post(f"{place.path}/forks", {"workspace": {"slug": "closed"}}, 403)
    ada.post(f"{place.path}/forks", {"workspace": {"slug": "nobody"}}, 404)


def test_default_reviewers_are_set(place: Place, ada: Caller) -> None:
    """Administrators add and remove them."""
    place.app.members(ada="admin", bob="write")
    place.host.user("bob")
    where = f"{place.path}/default-reviewers/{place.host.uuid('bob')}"
    ada("GET", where, expect=404)
    ada("PUT", where, expect=200)
    ada("PUT", where, expect=200)
    assert ada.get(where)["nickname"] == "bob"
    ada("DELETE", where, expect=204)
    assert ada.get(f"{place.path}/default-reviewers")["values"] == []
    ada("PUT", f"{place.path}/default-reviewers/nobody", expect=404)
    place.person("bob")("PUT", where, expect=403)
