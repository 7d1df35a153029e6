"""Statuses of commits, from jobs and from elsewhere: https://docs.gitlab.com/api/commits/#commit-status"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab import ci
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.ci import Pipeline
from pullbridge.testing.gitlab.errors import not_found, problem
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.gitlab.shapes import stamp, stamp_or_none
from pullbridge.testing.store import CheckRun, Status
from pullbridge.testing.store.checks import name_of

Json = dict[str, Any]
Check = Status | CheckRun

#: What asks for each state: `app/models/concerns/ci/has_status.rb`
_EVENTS = {
    "pending": "enqueue",
    "running": "run",
    "success": "success",
    "failed": "drop",
    "canceled": "cancel",
    "skipped": "skip",
}


def _commit(ask: Ask) -> str:
    sha = ask.project.git.resolve(str(ask.values["sha"]))
    if sha is None:
        raise not_found("Commit")
    return sha


def _shape(ask: Ask, pipeline: Pipeline, found: Check) -> Json:
    """`CommitStatus`."""
    status, is_run = ci.status_of(found), isinstance(found, CheckRun)
    begun = found.started_at if isinstance(found, CheckRun) else found.created_at
    ended = found.completed_at if isinstance(found, CheckRun) else found.created_at
    url = found.details_url if isinstance(found, CheckRun) else found.target_url
    page = f"{ask.shapes.web_url(ask.project)}/-/jobs/{found.id}"
    creator = ask.store.people.find(found.app) if isinstance(found, CheckRun) else found.creator
    return {
        "id": found.id,
        "sha": pipeline.sha,
        "ref": pipeline.ref,
        "status": status,
        "name": name_of(found),
        "target_url": page if is_run and not ci.external(found) else url,
        "description": found.summary if isinstance(found, CheckRun) else found.description,
        "created_at": stamp(begun or pipeline.created_at),
        "started_at": stamp_or_none(begun),
        "finished_at": stamp_or_none(ended) if status not in {"pending", "running", "created"} else None,
        "allow_failure": ci.allowed_to_fail(found),
        "coverage": None,
        "pipeline_id": pipeline.id,
        "author": ask.shapes.user(creator or ask.project.owner),
    }


def statuses(ask: Ask) -> Answer:
    """GET repository/commits/{sha}/statuses: the newest of each name, unless `all`."""
    sha = _commit(ask)
    pipeline = ask.app.pipelines.of_commit(ask.project, sha)
    if pipeline is None or ask.number("pipeline_id") not in {None, pipeline.id}:
        return ask.paged([], lambda found: found)
    found: list[Check] = list(ask.store.checks.all(ask.project, sha))
    if ask.flag("all"):
        found = [*ask.project.check_runs.get(sha, ()), *ask.project.statuses.get(sha, ())]
    ref, stage, name = ask.text("ref"), ask.text("stage"), ask.text("name")
    chosen = [
        one
        for one in sorted(found, key=lambda one: one.id)
        if ref in {None, pipeline.ref} and stage in {None, _stage(one)} and name in {None, name_of(one)}
    ]
    if ask.text("sort") == "desc":
        chosen.reverse()
    return ask.paged(chosen, lambda one: _shape(ask, pipeline, one))


def _stage(found: Check) -> str:
    return found.stage if isinstance(found, CheckRun) and not ci.external(found) else ci.EXTERNAL


def report(ask: Ask) -> Answer:
    """POST statuses/{sha}: a new one, or a change of one that is not over."""
    ask.need("state")
    state = ask.choice("state", tuple(_EVENTS)) or ""
    ask.need_level(DEVELOPER)
    sha, name = _commit(ask), ask.text("name") or ask.text("context") or "default"
    known = ask.store.checks.all(ask.project, sha)
    running = [one for one in known if isinstance(one, CheckRun) and ci.external(one) and one.name == name]
    if running and running[0].status != "completed":
        found = running[0]
        _check_change(ci.status_of(found), state)
        ci.change(ask.store, found, state)
        ask.store.merging.retry_auto_merges(ask.project, sha)
    else:
        found = ci.report_job(ask.store, ask.project, sha, name, state, stage=ci.EXTERNAL, app=ci.EXTERNAL)
    found.details_url = ask.text("target_url", found.details_url)
    found.summary = ask.text("description", found.summary)
    pipeline = ask.app.pipelines.of_commit(ask.project, sha) or ask.app.pipelines.create(ask.project, sha)
    shown = _shape(ask, pipeline, found)
    return Answer(payload={**shown, "author": ask.shapes.user(ask.me)}, status=201)


def _check_change(now: str, state: str) -> None:
    """Saying what is so already is refused, and so is going back."""
    if state == now or (now == "running" and state == "pending"):
        event = _EVENTS[state]
        reason = f'Reason(s): Status cannot transition via "{event}"'
        raise problem(400, f"Cannot transition status via :{event} from :{now} ({reason})")


_PROJECT = "/projects/<project>"
ROUTES = (
    Route(
        method="GET",
        rule=f"{_PROJECT}/repository/commits/<path:sha>/statuses",
        answer=statuses,
        signed_in=True,
        permission="read_commit_status",
    ),
    Route(method="POST", rule=f"{_PROJECT}/statuses/<sha>", answer=report, permission="create_commit_status"),
)
