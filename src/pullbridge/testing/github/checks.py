"""Commit statuses and check runs.

https://docs.github.com/en/rest/commits/statuses, https://docs.github.com/en/rest/checks/runs
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, invalid, not_found
from pullbridge.testing.github.pull_shapes import check_run, simple_status, status
from pullbridge.testing.store import CheckRun, Role
from pullbridge.testing.store.checks import Outcome


def _commit(ask: Ask) -> str:
    """The commit that a branch, `refs/pull/{number}/head`, a tag or an id names."""
    ref = str(ask.values["ref"])
    git = ask.repository.git
    sha = git.resolve(ref) or git.ref(f"refs/{ref}")
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {ref}")
    return sha


def combined(ask: Ask) -> Answer:
    """GET commits/{ref}/status: without any status it is pending."""
    sha = _commit(ask)
    found = ask.store.checks.statuses(ask.repository, sha)
    rows, headers = ask.page(found, lambda one: simple_status(ask.shapes, ask.repository, one))
    states = {one.state for one in found}
    bad = states & {"error", "failure"}
    url = f"{ask.shapes.repo_url(ask.repository)}/commits/{sha}"
    payload = {
        "state": "failure" if bad else "pending" if not found or "pending" in states else "success",
        "statuses": rows,
        "sha": sha,
        "total_count": len(found),
        "repository": ask.shapes.repository(ask.repository),
        "commit_url": url,
        "url": f"{url}/status",
    }
    return Answer(payload=payload, headers=headers)


def statuses(ask: Ask) -> Answer:
    """GET commits/{ref}/statuses: all of them, newest first."""
    every = ask.repository.statuses.get(_commit(ask), [])[::-1]
    return ask.paged(every, lambda one: status(ask.shapes, ask.repository, one))


def report_status(ask: Ask) -> Answer:
    """POST statuses/{sha}."""
    sha, state = str(ask.values["sha"]), ask.required("state", str)
    if ask.repository.git.resolve(sha) != sha:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    if state not in {"error", "failure", "pending", "success"}:
        raise ApiError(422, f"Invalid request.\n\nFor 'properties/state', {state} is not a member of the enum.")
    made = ask.store.checks.report_status(
        ask.repository,
        sha,
        ask.sent("context", str) or "default",
        cast("Outcome", state),
        ask.me,
        description=ask.sent("description", str),
        target_url=ask.sent("target_url", str),
    )
    return Answer(payload=status(ask.shapes, ask.repository, made), status=201)


def runs(ask: Ask) -> Answer:
    """GET commits/{ref}/check-runs: the newest of each name, unless `filter=all`."""
    sha, checks = _commit(ask), ask.store.checks
    every = tuple(ask.repository.check_runs.get(sha, ()))
    found = every if ask.query("filter") == "all" else checks.runs(ask.repository, sha)
    wanted = (("check_name", "name"), ("status", "status"))
    found = tuple(run for run in found if all(ask.query(key) in {"", getattr(run, name)} for key, name in wanted))
    rows, headers = ask.page(found, lambda run: check_run(ask.shapes, ask.repository, run))
    return Answer(payload={"total_count": len(found), "check_runs": rows}, headers=headers)


def run(ask: Ask) -> Answer:
    """GET check-runs/{id}."""
    found = ask.record(CheckRun)
    if found not in ask.repository.check_runs.get(found.sha, ()):
        raise not_found()
    return Answer(payload=check_run(ask.shapes, ask.repository, found))


def create_run(ask: Ask) -> Answer:
    """POST check-runs: for apps only, says GitHub; here for whoever has the permission."""
    sha, name = ask.required("head_sha", str), ask.required("name", str)
    if ask.repository.git.resolve(sha) != sha:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    conclusion = ask.sent("conclusion", str)
    state = ask.sent("status", str) or ("completed" if conclusion else "queued")
    if state == "completed" and conclusion is None:
        raise invalid("CheckRun", "conclusion", "missing_field")
    output = ask.sent("output", dict) or {}
    made = ask.store.checks.report_run(
        ask.repository,
        sha,
        name,
        status=state,
        conclusion=conclusion,
        app=ask.me.handle.removesuffix("[bot]"),
        details_url=ask.sent("details_url", str),
        external_id=ask.sent("external_id", str),
        title=output.get("title"),
        summary=output.get("summary"),
        started_at=_time(ask.sent("started_at", str)),
        completed_at=_time(ask.sent("completed_at", str)),
    )
    return Answer(payload=check_run(ask.shapes, ask.repository, made), status=201)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


_REPO = "/repos/<owner>/<repo>"
_REF = f"{_REPO}/commits/<path:ref>"
ROUTES = (
    Route(method="GET", rule=f"{_REF}/status", answer=combined, permissions="statuses=read", scope="repo:status"),
    Route(method="GET", rule=f"{_REF}/statuses", answer=statuses, permissions="statuses=read", scope="repo:status"),
    Route(
        method="POST",
        rule=f"{_REPO}/statuses/<sha>",
        answer=report_status,
        permissions="statuses=write",
        role=Role.WRITE,
        scope="repo:status",
    ),
    Route(method="GET", rule=f"{_REF}/check-runs", answer=runs, permissions="checks=read"),
    Route(method="GET", rule=f"{_REPO}/check-runs/<int:id>", answer=run, permissions="checks=read"),
    Route(method="POST", rule=f"{_REPO}/check-runs", answer=create_run, permissions="checks=write", role=Role.WRITE),
)
