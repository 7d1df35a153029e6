"""Merging in the forge's Bitbucket Cloud: strategies, checks, and merges that take their time."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.bitbucket_cloud.conftest import Caller, Place


@pytest.fixture
def opened(place: Place, ada: Caller) -> Place:
    """With a pull request of Ada's."""
    place.opened(ada)
    return place


def merge(place: Place, who: Caller, expect: int = 200, query: str = "", **how: Any) -> Any:
    """Merge, or hear why not."""
    return who("POST", f"{place.pull}/merge{query}", json={"type": "pullrequest", **how}, expect=expect)


@pytest.mark.parametrize(
    ("strategy", "subjects"),
    [
        ("merge_commit", ["Why not", "Add new", "Say it anew"]),
        ("squash", ["Why not"]),
        ("rebase_fast_forward", ["Add new", "Say it anew"]),
        ("rebase_merge", ["Why not", "Add new", "Say it anew"]),
    ],
)
def test_strategies(opened: Place, ada: Caller, strategy: str, subjects: list[str]) -> None:
    """Each makes the history that it is called after, when the target has moved on."""
    opened.app.commit("main", {"m.txt": "m\n"}, message="Move on")
    before = opened.app.head("main")
    merged = merge(opened, ada, merge_strategy=strategy, message="Why not").json()
    assert (merged["state"], merged["merge_commit"]["hash"]) == ("MERGED", opened.app.head("main")[:12])
    made = opened.app.record.git.between(before, opened.app.head("main"))
    assert [commit.message.splitlines()[0] for commit in reversed(made)] == subjects
    if strategy == "rebase_merge":
        rebased = made[-1].parents[1]
        assert opened.app.record.git.merge_base(rebased, before) == before


@pytest.mark.parametrize("strategy", ["fast_forward", "squash_fast_forward"])
def test_fast_forward(opened: Place, ada: Caller, strategy: str) -> None:
    """It works while the target has not moved, and is refused with its own words when it has."""
    opened.app.commit("main", {"m.txt": "m\n"})
    refused = merge(opened, ada, 400, merge_strategy=strategy).json()["error"]["message"]
    assert refused == "Unable to fast forward due changes in destination branch."
    opened.app.reset("main", opened.app.record.git.commit(opened.app.head("main")).parents[0])
    before = opened.app.head("fix")
    merge(opened, ada, merge_strategy=strategy, message="One")
    tip = opened.app.record.git.commit(opened.app.head("main"))
    assert (tip.sha == before, len(tip.parents)) == (strategy == "fast_forward", 1)


def test_the_usual_message(opened: Place, ada: Caller, bob: Caller) -> None:
    """It names the branch, the pull request and who approved."""
    bob.post(f"{opened.pull}/approve")
    merge(opened, ada)
    message = opened.app.record.git.commit(opened.app.head("main")).message
    assert message == "Merged in fix (pull request #1)\n\nFix\n\nApproved-by: Bob"


def test_the_source_branch(opened: Place, ada: Caller) -> None:
    """It is closed when the merge, or else the pull request, says so."""
    ada.put(opened.pull, {"close_source_branch": True})
    merge(opened, ada, close_source_branch=False)
    assert "fix" in opened.app.branches()
    opened.app.commit("two", {"2.txt": "2\n"})
    source = {"title": "Two", "source": {"branch": {"name": "two"}}, "close_source_branch": True}
    ada.post(opened.pulls, source, 201)
    ada.post(f"{opened.pulls}/2/merge")
    assert "two" not in opened.app.branches()


def test_refusals(opened: Place, ada: Caller) -> None:
    """Who may not, what is no strategy or too long, what is closed."""
    opened.app.members(ada="write", eve="read")
    merge(opened, opened.person("eve"), 403)
    merge(opened, ada, 400, merge_strategy="octopus")
    merge(opened, ada, 400, message="x" * (128 * 1024 + 1))
    opened.app.settings(allow_squash=False)
    merge(opened, ada, 400, merge_strategy="squash")
    merge(opened, ada)
    assert merge(opened, ada, 400).json()["error"]["message"] == "This pull request is already closed."


def test_conflicts(opened: Place, ada: Caller) -> None:
    """A conflict is 400; where it is stands behind a redirect, and in a diffstat only by a knob."""
    opened.app.commit("main", {"a.txt": "all else\n"})
    assert merge(opened, ada, 400).json()["error"]["message"] == "Conflicts during merge."
    rows = ada.get(f"{opened.pull}/conflicts")["values"]
    assert [(row["type"], row["path"], row["scenario"]) for row in rows] == [("file_conflict", "a.txt", "content")]

    def told() -> list[str]:
        return [row["status"] for row in ada.get(f"{opened.pull}/diffstat")["values"]]

    assert told() == ["modified", "added"]
    opened.host.knobs.diffstat_tells_conflicts = True
    assert told() == ["merge conflict", "added"]


def test_drafts(opened: Place, ada: Caller) -> None:
    """A draft is not merged."""
    ada.put(opened.pull, {"draft": True})
    assert "draft" in merge(opened, ada, 400).json()["error"]["message"]


def test_checks(opened: Place, ada: Caller, bob: Caller) -> None:
    """Approvals, builds and commits behind are asked for, named, and seen by administrators."""
    opened.app.require(reviews=1, checks=("ci",), strict=True)
    opened.app.commit("main", {"m.txt": "m\n"})
    failed = merge(opened, ada, 400).json()["error"]["fields"]["merge_checks"]
    assert len(failed) == 3
    bob.post(f"{opened.pull}/request-changes")
    assert "No changes are requested" in merge(opened, ada, 400).json()["error"]["fields"]["merge_checks"]
    opened.app.members(ada="admin", bob="write")
    path = f"{opened.path}/branch-restrictions"
    kinds = {row["kind"]: row["value"] for row in ada.get(path)["values"]}
    assert kinds == {
        "require_approvals_to_merge": 1,
        "require_no_changes_requested": None,
        "require_passing_builds_to_merge": 1,
        "require_commits_behind": 0,
        "enforce_merge_checks": None,
    }
    assert [row["pattern"] for row in ada.get(path, kind="require_commits_behind")["values"]] == ["main"]
    bob("GET", path, expect=403)


def test_later(opened: Place, ada: Caller) -> None:
    """Asked for, a merge is a task: pending for some looks, then done, with the pull request."""
    opened.host.knobs.merge_polls = 2
    task = merge(opened, ada, 202, "?async=true", message="Later").headers["Location"]
    assert [ada.get(task)["task_status"] for _ in range(2)] == ["PENDING", "PENDING"]
    assert opened.app.record.pulls[1].state == "open"
    done = ada.get(task)
    assert (done["task_status"], done["merge_result"]["state"]) == ("SUCCESS", "MERGED")
    assert ada.get(task)["task_status"] == "SUCCESS"
    ada("GET", f"{opened.pull}/merge/task-status/none", expect=400)


def test_slow_ones(opened: Place, ada: Caller) -> None:
    """A merge that nobody wanted later may be answered 202 as well; looking at the pull request counts, too."""
    opened.host.knobs.slow_merges = 1
    merge(opened, ada, 202)
    assert [ada.get(opened.pull)["state"] for _ in range(2)] == ["OPEN", "MERGED"]


def test_failing_later(opened: Place, ada: Caller) -> None:
    """A merge that was accepted may fail: for no reason, or for one that came up meanwhile."""
    opened.host.knobs.merge_polls = 0
    opened.host.knobs.merge_failures = 1
    task = merge(opened, ada, 202, "?async=true").headers["Location"]
    assert "went wrong" in ada("GET", task, expect=400).json()["error"]["message"]
    opened.host.knobs.merge_polls = 1
    task = merge(opened, ada, 202, "?async=true").headers["Location"]
    ada.get(task)
    opened.app.commit("main", {"a.txt": "all else\n"})
    assert ada("GET", task, expect=400).json()["error"]["message"] == "Conflicts during merge."
    assert ada.get(opened.pull)["state"] == "OPEN"


def test_twice_later(opened: Place, ada: Caller) -> None:
    """Of two accepted merges the second finds that the refs have changed."""
    opened.host.knobs.merge_polls = 0
    tasks = [merge(opened, ada, 202, "?async=true").headers["Location"] for _ in range(2)]
    assert ada.get(tasks[0])["task_status"] == "SUCCESS"
    ada("GET", tasks[1], expect=409)


def test_others_tasks(opened: Place, ada: Caller) -> None:
    """Who may not write does not look at other people's tasks."""
    opened.app.members(ada="write", eve="read")
    task = merge(opened, ada, 202, "?async=true").headers["Location"]
    opened.person("eve")("GET", task, expect=403)


def test_too_slow(opened: Place, ada: Caller) -> None:
    """555 leaves open whether it was merged."""
    opened.host.knobs.merge_timeouts = 2
    merge(opened, ada, 555)
    assert ada.get(opened.pull)["state"] == "OPEN"
    opened.host.knobs.timeouts_land = True
    merge(opened, ada, 555)
    assert ada.get(opened.pull)["state"] == "MERGED"


def test_raced(opened: Place, ada: Caller) -> None:
    """409 says that a ref changed meanwhile."""
    opened.host.knobs.merge_races = 1
    merge(opened, ada, 409)
    merge(opened, ada)


def test_tasks_as_a_check(opened: Place, ada: Caller) -> None:
    """A knob lets open tasks be in the way."""
    opened.host.knobs.tasks_must_be_completed = True
    task = ada.post(f"{opened.pull}/tasks", {"content": {"raw": "Do"}}, 201)
    assert merge(opened, ada, 400).json()["error"]["fields"]["merge_checks"] == ["All tasks are resolved"]
    ada.put(f"{opened.pull}/tasks/{task['id']}", {"state": "RESOLVED"})
    merge(opened, ada)
