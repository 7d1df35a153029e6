"""Checks."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.wire.people import person
from pullbridge.hosts.github.wire.rows import rows
from pullbridge.hosts.moments import moment
from pullbridge.model.checks import Check, CheckState, newest_of_each

#: https://docs.github.com/en/graphql/reference/enums#checkconclusionstate
_CONCLUSIONS = {
    "SUCCESS": CheckState.SUCCESS,
    "FAILURE": CheckState.FAILURE,
    "NEUTRAL": CheckState.NEUTRAL,
    "CANCELLED": CheckState.CANCELLED,
    "SKIPPED": CheckState.SKIPPED,
    "TIMED_OUT": CheckState.ERROR,
    "STARTUP_FAILURE": CheckState.ERROR,
    "ACTION_REQUIRED": CheckState.ACTION_REQUIRED,
}
#: https://docs.github.com/en/graphql/reference/enums#checkstatusstate
_RUNNING = {
    "QUEUED": CheckState.PENDING,
    "PENDING": CheckState.PENDING,
    "REQUESTED": CheckState.PENDING,
    "WAITING": CheckState.PENDING,
    "IN_PROGRESS": CheckState.RUNNING,
}
#: https://docs.github.com/en/graphql/reference/enums#statusstate
_STATUSES = {
    "SUCCESS": CheckState.SUCCESS,
    "FAILURE": CheckState.FAILURE,
    "ERROR": CheckState.ERROR,
    "PENDING": CheckState.PENDING,
    "EXPECTED": CheckState.PENDING,
}
STATUS_WORDS = {
    CheckState.SUCCESS: "success",
    CheckState.FAILURE: "failure",
    CheckState.ERROR: "error",
    CheckState.PENDING: "pending",
    CheckState.RUNNING: "pending",
}


def all_checks(rollup: payloads.GraphRollup | None, more: Iterable[payloads.GraphContext] = ()) -> tuple[Check, ...]:
    """Check runs and commit statuses together; of several runs with one name, the newest."""
    contexts = [*rows(rollup.contexts if rollup else None), *more]
    return newest_of_each(
        tuple(_check_run(each) if each.typename == "CheckRun" else _status(each) for each in contexts)
    )


def _check_run(payload: payloads.GraphContext) -> Check:
    if payload.status == "COMPLETED" or payload.conclusion:
        raw, state = payload.conclusion, _CONCLUSIONS.get(payload.conclusion or "", CheckState.UNKNOWN)
    else:
        raw, state = payload.status, _RUNNING.get(payload.status or "", CheckState.UNKNOWN)
    app = payload.check_suite.app if payload.check_suite else None
    return Check(
        name=payload.name or "",
        state=state,
        raw_state=raw,
        required=payload.is_required,
        url=payload.details_url,
        description=payload.title,
        started_at=moment(payload.started_at),
        completed_at=moment(payload.completed_at),
        source=app.name or app.slug if app else None,
    )


def _status(payload: payloads.GraphContext) -> Check:
    return Check(
        name=payload.context or payload.name or "",
        state=_STATUSES.get(payload.state or "", CheckState.UNKNOWN),
        raw_state=payload.state,
        required=payload.is_required,
        url=payload.target_url,
        description=payload.description,
        started_at=moment(payload.created_at),
        source=person(payload.creator).handle if payload.creator else None,
    )


def reported(payload: payloads.RestStatus) -> Check:
    """A commit status just written."""
    return Check(
        name=payload.context,
        state=_STATUSES.get((payload.state or "").upper(), CheckState.UNKNOWN),
        raw_state=payload.state,
        url=payload.target_url,
        description=payload.description,
        started_at=moment(payload.created_at),
        source=payload.creator.login if payload.creator else None,
    )


def rollup_state(payload: payloads.GraphRollupState | None) -> CheckState | None:
    """A commit's checks in one word, as GitHub folds them; `None` where there are none."""
    return None if payload is None else _STATUSES.get(payload.state or "", CheckState.UNKNOWN)
