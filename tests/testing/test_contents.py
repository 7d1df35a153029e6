"""Files, commits, comparisons, refs, checks and the pull request as an issue, over the wire."""

from __future__ import annotations

import base64

from tests.testing.conftest import LINES, World, text


def test_a_file_is_written_against_the_blob_that_was_read(world: World) -> None:
    """A new file is 201; an existing one needs its blob, and another blob is a conflict."""
    encoded = base64.b64encode(b"hello\n").decode()
    asked = {"message": "Say hello", "content": encoded, "branch": "fix"}
    made = world.ada("PUT", "/contents/h.txt", json=asked, expect=201).json()
    assert world.ada("GET", "/pulls/1").json()["head"]["sha"] == made["commit"]["sha"]
    world.ada("PUT", "/contents/h.txt", json=asked, expect=422)
    world.ada("PUT", "/contents/h.txt", json={**asked, "sha": "0" * 40}, expect=409)
    world.ada("PUT", "/contents/h.txt", json={**asked, "sha": made["content"]["sha"]}, expect=200)
    gone = {"message": "Bye", "branch": "fix", "sha": made["content"]["sha"]}
    assert world.ada("DELETE", "/contents/h.txt", json=gone, expect=200).json()["content"] is None
    world.ada("GET", "/contents/h.txt?ref=fix", expect=404)


def test_contents_come_raw_encoded_or_as_a_folder(world: World) -> None:
    """The media type picks raw bytes; a large file has no content in JSON; a folder lists what is in it."""
    raw = world.ada("GET", "/contents/logo.png", headers={"Accept": "application/vnd.github.raw"}, expect=200)
    assert raw.content == b"\x89PNG\0\1"
    listed = world.ada("GET", "/contents/b?ref=fix", expect=200).json()
    assert [(entry["path"], entry["type"], entry["size"]) for entry in listed] == [("b/c.txt", "file", 8)]
    world.app.commit("fix", {"large.txt": "x" * 1_000_001})
    large = world.ada("GET", "/contents/large.txt?ref=fix", expect=200).json()
    assert (large["encoding"], large["content"], large["size"]) == ("none", "", 1_000_001)


def test_comparisons_tell_how_far_apart(world: World) -> None:
    """Identical, ahead, behind and diverged; across forks by their owner; unknown names are 404."""
    world.app.commit("main", {"m.txt": "m\n"})
    fork = world.forge.github.fork("octo/app", "eve")
    fork.commit("theirs", {"e.txt": "e\n"})

    def status(span: str) -> tuple[str, int, int]:
        found = world.ada("GET", f"/compare/{span}", expect=200).json()
        return found["status"], found["ahead_by"], found["behind_by"]

    assert status("main...main") == ("identical", 0, 0)
    assert status("main...fix") == ("diverged", 1, 1)
    assert status("main...eve:theirs") == ("ahead", 1, 0)
    assert status("eve:theirs...main") == ("behind", 0, 1)
    world.ada("GET", "/compare/main...nowhere", expect=404)
    raw = world.ada("GET", "/compare/main...fix", headers={"Accept": "application/vnd.github.diff"}, expect=200)
    assert raw.content.startswith(b"diff --git a/a.txt")


def test_a_commit_has_its_files_and_counts(world: World) -> None:
    """A single commit comes with stats, and leads to its pull request."""
    commit = world.ada("GET", f"/commits/{world.head}", expect=200).json()
    assert commit["stats"] == {"total": 5, "additions": 3, "deletions": 2}
    assert commit["author"]["login"] == "ada"
    assert [pull["number"] for pull in world.ada("GET", f"/commits/{world.head}/pulls", expect=200).json()] == [1]
    world.ada("GET", "/commits/nowhere", expect=422)


def test_refs_are_guarded(world: World) -> None:
    """A bad name, a second one, an unknown commit, a step back and a protected branch are refused."""
    main = world.app.head("main")
    for ref, sha in (
        ("refs/heads/a..b", main),
        ("heads/x", main),
        ("refs/heads/fix", main),
        ("refs/heads/x", "0" * 40),
    ):
        world.ada("POST", "/git/refs", json={"ref": ref, "sha": sha}, expect=422)
    back = world.ada("PATCH", "/git/refs/heads/fix", json={"sha": main}, expect=422).json()
    assert back["message"] == "Update is not a fast forward"
    world.app.require("fix")
    world.ada("DELETE", "/git/refs/heads/fix", expect=422)
    assert world.ada("GET", "/branches?protected=true").json()[0]["name"] == "fix"


def test_retargeting_moves_the_base(world: World) -> None:
    """Another target branch changes the diff; an unknown one is refused."""
    world.app.commit("next", {"a.txt": text([*LINES[:19], "line twenty", *LINES[20:]])})
    moved = world.ada("PATCH", "/pulls/1", json={"base": "next"}, expect=200).json()
    assert (moved["base"]["ref"], moved["base"]["sha"]) == ("next", world.app.head("next"))
    error = world.ada("PATCH", "/pulls/1", json={"base": "nowhere"}, expect=422).json()["errors"][0]
    assert (error["field"], error["code"]) == ("base", "invalid")


def test_the_newest_check_of_a_name_counts(world: World) -> None:
    """Statuses are combined by context, check runs by name; all of them can be had, too."""
    for state in ("pending", "failure", "success"):
        asked = {"state": state, "context": "ci"}
        world.bob("POST", f"/statuses/{world.head}", json=asked, expect=201)
    world.app.check(world.head, "lint", "failure")
    assert world.ada("GET", "/commits/fix/status").json()["state"] == "failure"
    assert len(world.ada("GET", "/commits/fix/statuses").json()) == 4
    for conclusion in ("timed_out", "neutral"):
        world.app.check(world.head, "build", conclusion)
    newest = world.ada("GET", "/commits/fix/check-runs", expect=200).json()
    assert [run["conclusion"] for run in newest["check_runs"]] == ["neutral"]
    assert world.ada("GET", "/commits/fix/check-runs?filter=all").json()["total_count"] == 2
    unfinished = {"name": "x", "head_sha": world.head, "status": "completed"}
    world.ada("POST", "/check-runs", json=unfinished, expect=422)


def test_labels_assignees_and_comments_of_the_issue(world: World) -> None:
    """Labels are made on first use, strangers are not assigned, an empty comment is refused."""
    world.app.members(ada="write", bob="triage", eve="read")
    world.forge.github.token("eve")
    labels = world.bob("PUT", "/issues/1/labels", json={"labels": ["Bug", "new"]}, expect=200).json()
    assert [label["name"] for label in labels] == ["Bug", "new"]
    world.bob("DELETE", "/issues/1/labels/bug", expect=200)
    world.bob("DELETE", "/issues/1/labels/bug", expect=404)
    assigned = world.bob("POST", "/issues/1/assignees", json={"assignees": ["ada", "eve", "nobody"]}, expect=201).json()
    assert [user["login"] for user in assigned["assignees"]] == ["ada"]
    edited = world.bob("PATCH", "/issues/1", json={"labels": [], "assignees": ["bob"]}, expect=200).json()
    assert (edited["labels"], edited["assignee"]["login"]) == ([], "bob")
    error = world.bob("POST", "/issues/1/comments", json={"body": " "}, expect=422).json()["errors"][0]
    assert error["message"] == "Body cannot be blank"
