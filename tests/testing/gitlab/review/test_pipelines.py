"""Pipelines, jobs and statuses, driven by stock python-gitlab."""

from __future__ import annotations

from typing import Any

import gitlab
import pytest
from tests.testing.gitlab.review.conftest import Scene


def project(scene: Scene, who: str = "bob") -> Any:
    """The project."""
    return scene.client(who).projects.get("group/app")


def test_checks_are_jobs_and_external_statuses(scene: Scene) -> None:
    """A check in the words of jobs is a job of the commit's pipeline; a status is external, and no job."""
    assert scene.pull().head_pipeline is None
    scene.app.check(scene.head, "lint", "success")
    scene.forge.gitlab.job("group/app", scene.head, "build", "running", stage="build")
    scene.forge.gitlab.job("group/app", scene.head, "deploy", "manual", allow_failure=True)
    pull = scene.pull()
    assert pull.head_pipeline["status"] == "running"
    assert (pull.head_pipeline["sha"], pull.head_pipeline["ref"], pull.head_pipeline["source"]) == (
        scene.head,
        "fix",
        "push",
    )
    assert [row.id for row in pull.pipelines.list()] == [pull.head_pipeline["id"]]
    pipeline = project(scene).pipelines.get(pull.head_pipeline["id"])
    jobs = {job.name: job for job in pipeline.jobs.list()}
    assert {name: (job.status, job.stage, job.allow_failure) for name, job in jobs.items()} == {
        "build": ("running", "build", False),
        "deploy": ("manual", "test", True),
    }
    assert jobs["build"].pipeline["id"] == pipeline.id
    assert pipeline.bridges.list() == []
    statuses = project(scene).commits.get(scene.head).statuses.list()
    assert {status.name: status.status for status in statuses} == {
        "lint": "success",
        "build": "running",
        "deploy": "manual",
    }


#: Jobs, with a question mark those that may fail, and what their pipeline is.
COMBINED = {
    ("success", "success"): "success",
    ("success", "failed"): "failed",
    ("success", "failed?"): "success",
    ("success", "skipped"): "success",
    ("skipped", "skipped"): "skipped",
    ("success", "canceled"): "canceled",
    ("failed", "canceled"): "failed",
    ("success", "manual"): "manual",
    ("success", "manual?"): "success",
    ("success", "pending"): "running",
    ("pending", "created"): "pending",
    ("created", "created"): "created",
    ("success", "scheduled"): "scheduled",
    ("success", "waiting_for_resource"): "waiting_for_resource",
}


def test_a_pipeline_is_what_its_jobs_are(scene: Scene) -> None:
    """Failures that are allowed do not count, and say so; manual jobs block unless they may be left."""
    for jobs, status in COMBINED.items():
        for number, word in enumerate(jobs):
            name, may_fail = word.rstrip("?"), word.endswith("?")
            scene.forge.gitlab.job("group/app", scene.head, f"job {number}", name, allow_failure=may_fail)
        shown = scene.pull().head_pipeline
        assert shown["status"] == status
        assert (shown["detailed_status"]["group"] == "success-with-warnings") == (jobs == ("success", "failed?"))


def test_merged_results_run_on_another_commit(scene: Scene) -> None:
    """The pipeline's commit is that of `refs/merge-requests/1/merge`, and its parents are target and source."""
    sha = scene.forge.gitlab.merge_ref("group/app", 1)
    scene.app.check(sha, "build", "failed")
    shown = scene.pull().head_pipeline
    assert (shown["sha"], shown["ref"], shown["source"], shown["status"]) == (
        sha,
        "refs/merge-requests/1/merge",
        "merge_request_event",
        "failed",
    )
    assert scene.app.record.git.commit(sha).parents == (scene.app.head("main"), scene.head)
    assert project(scene).commits.get(scene.head).statuses.list() == []
    scene.app.commit("fix", {"more.txt": "m\n"})
    assert scene.pull(reads=2).head_pipeline is None
    assert len(scene.pull().pipelines.list()) == 1


def test_statuses_are_reported(scene: Scene) -> None:
    """201; one that is not over is changed in place, and going nowhere is refused in GitLab's words."""
    commit = project(scene).commits.get(scene.head)
    made = commit.statuses.create({"state": "pending", "name": "ci", "target_url": "https://ci.example/1"})
    assert (made.status, made.name, made.target_url, made.author["username"]) == (
        "pending",
        "ci",
        "https://ci.example/1",
        "bob",
    )
    again = commit.statuses.create({"state": "running", "name": "ci"})
    assert (again.id, again.status, again.target_url) == (made.id, "running", "https://ci.example/1")
    reason = r"Cannot transition status via :run from :running"
    with pytest.raises(gitlab.GitlabCreateError, match=reason):
        commit.statuses.create({"state": "running", "name": "ci"})
    assert commit.statuses.create({"state": "failed", "name": "ci", "description": "Oh"}).description == "Oh"
    assert commit.statuses.create({"state": "success", "name": "ci"}).id != made.id
    assert [status.status for status in commit.statuses.list()] == ["success"]
    assert [status.status for status in commit.statuses.list(query_parameters={"all": True})] == ["failed", "success"]
    assert scene.pull().head_pipeline["source"] == "external"


def test_who_may_report(scene: Scene) -> None:
    """Readers may not; unknown states and commits are named."""
    with pytest.raises(gitlab.GitlabCreateError) as refused:
        project(scene, "eve").commits.get(scene.head).statuses.create({"state": "success"})
    assert refused.value.response_code == 403
    with pytest.raises(gitlab.GitlabCreateError, match="state does not have a valid value"):
        project(scene).commits.get(scene.head).statuses.create({"state": "error"})
    answer = scene.client("bob").http_get
    with pytest.raises(gitlab.GitlabHttpError, match="404 Commit Not Found"):
        answer(f"/projects/group%2Fapp/repository/commits/{'0' * 40}/statuses")


def test_a_pipeline_is_started(scene: Scene) -> None:
    """200 with the pipeline, not the documented 201; on the merged result where the project has that."""
    answer = scene.raw("bob", "POST", "/pipelines")
    assert (answer.status_code, answer.json()["sha"]) == (200, scene.head)
    scene.forge.gitlab.knobs.merged_results = True
    answer = scene.raw("bob", "POST", "/pipelines")
    assert answer.json()["ref"] == "refs/merge-requests/1/merge"
    assert scene.raw("eve", "POST", "/pipelines").status_code == 403


def test_pipelines_of_a_project(scene: Scene) -> None:
    """Newest first, by commit, branch and status; jobs by scope; an unknown one is 404."""
    scene.app.check(scene.head, "build", "failed")
    scene.app.check(scene.app.head("main"), "build", "success")
    found = project(scene).pipelines.list()
    assert {one.ref: one.status for one in found} == {"fix": "failed", "main": "success"}
    assert [one.ref for one in project(scene).pipelines.list(ref="fix", status="failed", sha=scene.head)] == ["fix"]
    pipeline = project(scene).pipelines.list(ref="fix")[0]
    assert pipeline.jobs.list(scope="success") == []
    assert pipeline.jobs.list(scope="failed")[0].failure_reason == "script_failure"
    with pytest.raises(gitlab.GitlabGetError, match="404"):
        project(scene).pipelines.get(1)
    assert scene.raw("bob", "POST", "/pipelines", **{"async": True}).status_code == 202


def test_events_of_labels_milestones_and_states(scene: Scene) -> None:
    """They are events, not notes."""
    store = scene.forge.gitlab.store
    with store.lock:
        bug = store.repositories.label(scene.app.record, "bug", "ff0000")
        goal = store.repositories.milestone(scene.app.record, "1.0", scene.app.record.pulls[1].author)
        pull, ada = scene.app.record.pulls[1], scene.app.record.pulls[1].author
        store.pulls.set_labels(pull, ada, [bug])
        store.pulls.set_labels(pull, ada, [])
        store.pulls.set_milestone(pull, ada, goal)
        store.pulls.close(pull, ada)
        store.pulls.reopen(pull, ada)
    found = scene.pull()
    labels = found.resourcelabelevents.list()
    assert [(event.action, event.label["name"]) for event in labels] == [("add", "bug"), ("remove", "bug")]
    assert found.resourcelabelevents.get(labels[0].id).label["color"] == "#ff0000"
    assert [(event.action, event.milestone["title"]) for event in found.resourcemilestoneevents.list()] == [
        ("add", "1.0")
    ]
    assert [event.state for event in found.resourcestateevents.list()] == ["closed", "reopened"]
    assert found.notes.list() == []
