"""Checks: the jobs of the head's pipeline, and what others report on the head.

https://docs.gitlab.com/ci/jobs/ and https://docs.gitlab.com/ci/ci_cd_for_external_repos/external_commit_statuses/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urljoin

from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.wire.graph import number
from pullbridge.hosts.gitlab.wire.pipelines import pipeline_state
from pullbridge.hosts.moments import moment
from pullbridge.model.checks import Check, CheckState

#: Who reports a pipeline's own jobs, and Ultimate's external status checks.
CI, STATUS_CHECK = "GitLab CI", "external status check"
#: What a job that is allowed to fail has come to: it does not count. https://docs.gitlab.com/ci/yaml/#allow_failure
_FORGIVEN = {
    CheckState.FAILURE: CheckState.NEUTRAL,
    CheckState.CANCELLED: CheckState.NEUTRAL,
    # Nobody has to start it: https://docs.gitlab.com/ci/jobs/job_control/#types-of-manual-jobs
    CheckState.ACTION_REQUIRED: CheckState.SKIPPED,
}
#: https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
STATUS_WORDS = {
    CheckState.SUCCESS: "success",
    CheckState.FAILURE: "failed",
    CheckState.ERROR: "failed",
    CheckState.PENDING: "pending",
    CheckState.RUNNING: "running",
    CheckState.CANCELLED: "canceled",
}
#: https://docs.gitlab.com/api/status_checks/
_STATUS_CHECKS = {
    "pending": CheckState.PENDING,
    "passed": CheckState.SUCCESS,
    "failed": CheckState.FAILURE,
}

#: A check with its number, by which the newest of a name is told: one that waits has not started yet.
Numbered = tuple[int, Check]


def newest(checks: Iterable[Numbered]) -> tuple[Check, ...]:
    """Of several runs with one name and reporter, the newest; the oldest name comes first."""
    found: dict[tuple[str, bool], Check] = {}
    for _, check in sorted(checks, key=lambda each: each[0]):
        key = (check.name, check.source == CI)
        found[key] = check
    return tuple(found.values())


def job(payload: payloads.Job, must_pass: bool | None = None) -> Numbered:
    """A job, or a trigger; `must_pass` is whether the project merges only after a pipeline that succeeded."""
    told = Check(
        name=payload.name,
        state=_state(payload.status, payload.allow_failure),
        raw_state=payload.status,
        required=_required(must_pass, payload.allow_failure),
        url=payload.web_url,
        description=payload.failure_reason.replace("_", " ") if payload.failure_reason else None,
        started_at=moment(payload.started_at),
        completed_at=moment(payload.finished_at),
        source=CI,
    )
    return payload.id, told


def status(payload: payloads.CommitStatus, must_pass: bool | None = None) -> Numbered:
    """What somebody reports on a commit."""
    told = Check(
        name=payload.name,
        state=_state(payload.status, payload.allow_failure),
        raw_state=payload.status,
        required=_required(must_pass, payload.allow_failure),
        url=payload.target_url,
        description=payload.description,
        started_at=moment(payload.started_at or payload.created_at),
        completed_at=moment(payload.finished_at),
    )
    return payload.id, told


def reported(payload: payloads.CommitStatus) -> Check:
    """A report just written, with who wrote it."""
    return replace(status(payload)[1], source=payload.author.username if payload.author else None)


def status_check(payload: payloads.StatusCheck) -> Check:
    """An external status check, which the merge may depend on."""
    return Check(
        name=payload.name,
        state=_STATUS_CHECKS.get(payload.status or "", CheckState.UNKNOWN),
        raw_state=payload.status,
        url=payload.external_url,
        source=STATUS_CHECK,
    )


def graph_checks(
    jobs: Sequence[payloads.GraphJob], others: Sequence[payloads.GraphJob], web: str, must_pass: bool | None
) -> tuple[Check, ...]:
    """The `jobs` of the head's pipeline, and of the head's other pipelines only what somebody else reported.

    `web` is the instance's address, which the paths of GraphQL begin at.
    """
    theirs = [each for each in others if is_report(each)]
    return newest(_graph_job(each, web, must_pass) for each in (*theirs, *jobs))


def is_report(payload: payloads.GraphJob) -> bool:
    """Whether it is a report of others: `gid://gitlab/GenericCommitStatus/9`."""
    return "/GenericCommitStatus/" in (payload.id or "")


def _graph_job(payload: payloads.GraphJob, web: str, must_pass: bool | None) -> Numbered:
    report, shown = is_report(payload), payload.detailed_status or payloads.GraphDetailedStatus()
    told = Check(
        name=payload.name or "",
        state=_state(payload.status, payload.allow_failure),
        raw_state=payload.status.lower() if payload.status else None,
        required=_required(must_pass, payload.allow_failure),
        url=urljoin(web, shown.details_path) if shown.details_path else None,
        description=shown.label if report else shown.tooltip,
        started_at=moment(payload.started_at or (payload.created_at if report else None)),
        completed_at=moment(payload.finished_at),
        source=None if report else CI,
    )
    return number(payload.id) or 0, told


def _state(word: str | None, allow_failure: bool | None) -> CheckState:
    state = pipeline_state(word) or CheckState.UNKNOWN
    return _FORGIVEN.get(state, state) if allow_failure else state


def _required(must_pass: bool | None, allow_failure: bool | None) -> bool | None:
    """https://docs.gitlab.com/user/project/merge_requests/auto_merge/#require-a-successful-pipeline-for-merge"""
    if must_pass is None:
        return False if allow_failure else None
    return must_pass and not allow_failure
