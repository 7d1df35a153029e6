"""Pipelines and their jobs: https://docs.gitlab.com/api/pipelines/, https://docs.gitlab.com/api/jobs/"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.ci import Pipeline, status_of, warned
from pullbridge.testing.gitlab.errors import forbidden, not_found
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.gitlab.shapes import Shapes, stamp, stamp_or_none
from pullbridge.testing.store import CheckRun, PullRequest

Json = dict[str, Any]
_TEXTS = {"success": "Passed", "canceled": "Canceled", "waiting_for_resource": "Waiting"}


def basic(shapes: Shapes, pipeline: Pipeline) -> Json:
    """`Ci::PipelineBasic`."""
    pipelines = shapes.app.pipelines
    ends = [check.completed_at for check in pipelines.jobs(pipeline) if check.completed_at]
    shown: Json = {
        "id": pipeline.id,
        "iid": pipeline.iid,
        "project_id": pipeline.project.id,
        "sha": pipeline.sha,
        "ref": pipeline.ref,
        "status": pipelines.status(pipeline),
        "source": pipeline.source,
        "created_at": stamp(pipeline.created_at),
        "updated_at": stamp(max([pipeline.created_at, *ends])),
        "web_url": f"{shapes.web_url(pipeline.project)}/-/pipelines/{pipeline.id}",
    }
    return {**shown, "name": None} if shapes.at_least(15, 7) else shown


def detail(shapes: Shapes, pipeline: Pipeline) -> Json:
    """`Ci::Pipeline`."""
    jobs = shapes.app.pipelines.jobs(pipeline)
    begins, ends = [job.started_at for job in jobs if job.started_at], [job.completed_at for job in jobs]
    over = [end for end in ends if end is not None] if ends and None not in ends else []
    page = basic(shapes, pipeline)
    author = shapes.store.people.by_email(pipeline.project.git.commit(pipeline.sha).author.email)
    return {
        **page,
        "before_sha": "0" * 40,
        "tag": False,
        "yaml_errors": None,
        "user": shapes.user_or_null(author),
        "started_at": stamp_or_none(min(begins, default=None)),
        "finished_at": stamp_or_none(max(over, default=None)),
        "committed_at": None,
        "duration": int((max(over) - min(begins)).total_seconds()) if over and begins else None,
        "queued_duration": None,
        "coverage": None,
        "detailed_status": _detailed(shapes, pipeline, str(page["status"])),
    }


def _detailed(shapes: Shapes, pipeline: Pipeline, status: str) -> Json:
    warns = status == "success" and warned(shapes.app.pipelines.checks(pipeline))
    text = "Warning" if warns else _TEXTS.get(status, status.capitalize())
    label = "passed with warnings" if warns else "passed" if status == "success" else status
    return {
        "icon": "status_warning" if warns else f"status_{status}",
        "text": text,
        "label": label,
        "group": "success-with-warnings" if warns else status.replace("_", "-"),
        "tooltip": label,
        "has_details": True,
        "details_path": f"/{pipeline.project.path}/-/pipelines/{pipeline.id}",
        "illustration": None,
        "favicon": f"/assets/ci_favicons/favicon_status_{status}.png",
    }


def head_pipeline(shapes: Shapes, pull: PullRequest, *, full: bool = True) -> Json | None:
    """A merge request's newest pipeline, for its own shape."""
    found = shapes.app.pipelines.head(pull)
    return None if found is None else detail(shapes, found) if full else basic(shapes, found)


def job(shapes: Shapes, pipeline: Pipeline, found: CheckRun) -> Json:
    """`Ci::Job`."""
    git, status = pipeline.project.git, status_of(found)
    span = (found.completed_at - found.started_at).total_seconds() if found.completed_at and found.started_at else None
    shown: Json = {
        "id": found.id,
        "status": status,
        "stage": found.stage,
        "name": found.name,
        "ref": pipeline.ref,
        "tag": False,
        "coverage": None,
        "allow_failure": found.optional,
        "created_at": stamp(found.started_at or pipeline.created_at),
        "started_at": stamp_or_none(found.started_at),
        "finished_at": stamp_or_none(found.completed_at),
        "erased_at": None,
        "duration": span,
        "queued_duration": None,
        "user": shapes.user_or_null(shapes.store.people.by_email(git.commit(pipeline.sha).author.email)),
        "commit": shapes.commit(pipeline.project, git.commit(pipeline.sha)),
        "pipeline": basic(shapes, pipeline),
        "web_url": f"{shapes.web_url(pipeline.project)}/-/jobs/{found.id}",
        "project": {"ci_job_token_scope_enabled": False},
        "artifacts": [],
        "runner": None,
        "artifacts_expire_at": None,
        "archived": False,
        "tag_list": [],
    }
    return {**shown, "failure_reason": "script_failure"} if status == "failed" else shown


# -- operations --------------------------------------------------------------------------------------------------------


def of_pull(ask: Ask) -> Answer:
    """GET merge_requests/{iid}/pipelines, newest first."""
    return ask.paged(ask.app.pipelines.of_pull(ask.pull), lambda found: basic(ask.shapes, found))


def start(ask: Ask) -> Answer:
    """POST merge_requests/{iid}/pipelines: on the head, or on the merged result."""
    pull = ask.pull
    if ask.level < DEVELOPER:
        raise forbidden()
    sha = ask.app.pipelines.merge_ref(pull) if ask.knobs.merged_results else pull.head
    made = ask.app.pipelines.of_commit(ask.project, sha) or ask.app.pipelines.create(ask.project, sha)
    if ask.flag("async"):
        return Answer(payload=b"", status=202)
    return Answer(payload=detail(ask.shapes, made))


def _find(ask: Ask) -> Pipeline:
    found = ask.store.find(Pipeline, int(ask.values["pipeline"]))
    if found is None or found.project is not ask.project:
        raise not_found()
    return found


def get(ask: Ask) -> Answer:
    """GET pipelines/{id}."""
    return Answer(payload=detail(ask.shapes, _find(ask)))


def _everywhere(ask: Ask) -> list[Pipeline]:
    shas = dict.fromkeys([*ask.project.check_runs, *ask.project.statuses])
    found = [ask.app.pipelines.of_commit(ask.project, sha) for sha in shas]
    return sorted((one for one in found if one is not None), key=lambda one: -one.id)


def pipelines(ask: Ask) -> Answer:
    """GET pipelines of the project, newest first, by `sha`, `ref` and `status`."""
    found = _everywhere(ask)
    sha, ref, status = ask.text("sha"), ask.text("ref"), ask.text("status")
    chosen = [
        one
        for one in found
        if sha in {None, one.sha} and ref in {None, one.ref} and status in {None, ask.app.pipelines.status(one)}
    ]
    return ask.paged(chosen, lambda one: basic(ask.shapes, one))


def jobs(ask: Ask) -> Answer:
    """GET pipelines/{id}/jobs, newest first."""
    pipeline, scope = _find(ask), ask.words("scope")
    found = ask.app.pipelines.jobs(pipeline)[::-1]
    chosen = [one for one in found if scope is None or status_of(one) in scope]
    return ask.paged(chosen, lambda one: job(ask.shapes, pipeline, one))


def bridges(ask: Ask) -> Answer:
    """GET pipelines/{id}/bridges: none here starts another pipeline."""
    _find(ask)
    nothing: list[CheckRun] = []
    return ask.paged(nothing, lambda one: one)


_PULL = "/projects/<project>/merge_requests/<int:iid>/pipelines"
_ALL = "/projects/<project>/pipelines"
_ONE = f"{_ALL}/<int:pipeline>"
ROUTES = (
    Route(method="GET", rule=_PULL, answer=of_pull, permission="read_merge_request_pipeline"),
    Route(method="POST", rule=_PULL, answer=start, permission="create_merge_request_pipeline"),
    Route(method="GET", rule=_ALL, answer=pipelines, permission="read_pipeline"),
    Route(method="GET", rule=_ONE, answer=get, permission="read_pipeline"),
    Route(method="GET", rule=f"{_ONE}/jobs", answer=jobs, permission="read_job"),
    Route(method="GET", rule=f"{_ONE}/bridges", answer=bridges, permission="read_job"),
)
