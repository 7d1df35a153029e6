"""Versions of the diff, and its files in three ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gitlab
import pytest
from tests.testing.gitlab.review.conftest import Scene, changed, text


def test_each_push_makes_a_version(scene: Scene) -> None:
    """Newest first, with the commits of that moment; the first one's diff can still be read."""
    scene.app.commit("main", {"b.txt": "b\n"})
    head = scene.app.commit("fix", {"a.py": text(["top", *changed()])})
    newest, first = scene.pull(reads=2).diffs.list()
    assert (newest.head_commit_sha, first.head_commit_sha) == (head, scene.head)
    assert newest.base_commit_sha == first.base_commit_sha == first.start_commit_sha
    assert newest.start_commit_sha == scene.app.head("main")
    assert (newest.state, newest.real_size, newest.merge_request_id) == ("collected", "5", scene.pull().id)
    assert len(newest.patch_id_sha) == 40
    full = scene.pull().diffs.get(first.id)
    assert [commit["id"] for commit in full.commits] == [scene.head]
    assert next(one for one in full.diffs if one["new_path"] == "a.py")["diff"].startswith("@@ -17,7 +17,8 @@")
    with pytest.raises(gitlab.GitlabGetError, match="404"):
        scene.pull().diffs.get(1)


def test_a_version_appears_when_its_diff_is_made(scene: Scene) -> None:
    """For some reads after a push the former version is the newest, and its commits are `diff_refs`."""
    scene.forge.gitlab.knobs.push_reads = 2
    head = scene.app.commit("fix", {"a.py": "new\n"})
    assert scene.pull().diff_refs["head_sha"] == scene.head
    assert scene.raw("bob", "GET", "/diffs").json()[0]["new_path"] == "a.py"
    assert scene.pull().diff_refs["head_sha"] == head
    assert scene.raw("bob", "GET", "/versions").json()[0]["head_commit_sha"] == head


def test_nothing_is_there_before_the_first_diff(scene: Scene) -> None:
    """A new merge request has no versions, files or raw diff; looking at its versions is a look at it."""
    scene.forge.gitlab.knobs.preparation_reads = 2
    scene.app.commit("other", {"x.txt": "x\n"})
    project = scene.client("ada").projects.get("group/app")
    scene.number = project.mergerequests.create(
        {"title": "Other", "source_branch": "other", "target_branch": "main"}
    ).iid
    assert scene.raw("bob", "GET", "/diffs").json() == []
    assert scene.raw("bob", "GET", "/raw_diffs").status_code == 404
    counts = [len(scene.raw("bob", "GET", "/versions").json()) for _ in range(4)]
    assert counts[0] == 0
    assert counts[-1] == 1


def test_files_have_their_names_modes_and_text(scene: Scene) -> None:
    """Added, removed, renamed, changed and binary files, as `/diffs` tells of them."""
    files = {file["new_path"]: file for file in scene.raw("bob", "GET", "/diffs").json()}
    flags = {
        path: [name for name in ("new_file", "renamed_file", "deleted_file") if file[name]]
        for path, file in files.items()
    }
    assert flags == {
        "a.py": [],
        "fresh.py": ["new_file"],
        "gone.txt": ["deleted_file"],
        "logo.bin": [],
        "new.py": ["renamed_file"],
    }
    assert files["new.py"]["old_path"] == "old.py"
    assert (files["fresh.py"]["a_mode"], files["fresh.py"]["b_mode"]) == ("0", "100644")
    assert (files["gone.txt"]["a_mode"], files["gone.txt"]["b_mode"]) == ("100644", "0")
    assert files["fresh.py"]["diff"] == "@@ -0,0 +1,2 @@\n+one\n+two\n"
    assert files["logo.bin"]["diff"] == "Binary files a/logo.bin and b/logo.bin differ\n"
    unified = {file["new_path"]: file for file in scene.raw("bob", "GET", "/diffs?unidiff=true").json()}
    assert unified["fresh.py"]["diff"].startswith("--- /dev/null\n+++ b/fresh.py\n@@")


def test_large_files_come_without_text(scene: Scene) -> None:
    """Collapsed and too large ones are empty and say so; raw access gives all of it."""
    knobs = scene.forge.gitlab.knobs
    knobs.patch_bytes, knobs.collapsed_files, knobs.generated_files = 100, ("fresh.py",), ("new.*",)
    files = {file["new_path"]: file for file in scene.raw("bob", "GET", "/diffs").json()}
    assert (files["a.py"]["diff"], files["a.py"]["too_large"], files["a.py"]["collapsed"]) == ("", True, False)
    assert (files["fresh.py"]["diff"], files["fresh.py"]["collapsed"]) == ("", True)
    assert files["new.py"]["generated_file"]
    whole = scene.raw("bob", "GET", "/changes?access_raw_diffs=true").json()
    assert all(file["diff"] for file in whole["changes"])
    assert whole["overflow"] is False


def test_a_diff_overflows(scene: Scene) -> None:
    """Of too many files only the first are kept, and everything that counts them says so."""
    scene.forge.gitlab.knobs.most_files = 2
    assert [file["new_path"] for file in scene.raw("bob", "GET", "/diffs").json()] == ["a.py", "fresh.py"]
    changes: Any = scene.pull().changes()
    assert (len(changes["changes"]), changes["overflow"], changes["changes_count"]) == (2, True, "2+")
    version = scene.pull().diffs.list()[0]
    assert (version.state, version.real_size) == ("overflow", "2+")


def test_raw_diffs_are_gits_own(scene: Scene) -> None:
    """What `git diff` writes, as plain text."""
    answer = scene.raw("bob", "GET", "/raw_diffs")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.startswith("diff --git a/a.py b/a.py\n")
    assert "rename from old.py\nrename to new.py\n" in answer.text


def test_older_gitlabs_have_less(make: Callable[..., Scene]) -> None:
    """`/diffs` is of 15.7, `/raw_diffs` of 17.9; flags of files came with 16.9 and 18.4."""
    scene = make(gitlab_version="15.6.0-ee")
    assert scene.raw("bob", "GET", "/diffs").status_code == 404
    changes: Any = scene.pull().changes()
    assert {"collapsed", "generated_file"}.isdisjoint(changes["changes"][0])
    scene.forge.gitlab.version = "17.8.0"
    assert scene.raw("bob", "GET", "/raw_diffs").status_code == 404
    assert "generated_file" in scene.raw("bob", "GET", "/diffs").json()[0]


def test_git_has_the_heads_of_merge_requests(scene: Scene) -> None:
    """`refs/merge-requests/<iid>/head` moves with the source branch: what a checkout fetches."""
    git = scene.app.record.git
    assert git.ref("refs/merge-requests/1/head") == scene.head
    head = scene.app.commit("fix", {"more.txt": "m\n"})
    assert git.ref("refs/merge-requests/1/head") == head
