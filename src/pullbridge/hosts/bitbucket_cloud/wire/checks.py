"""Checks: reports on a commit, each under its key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.moments import moment
from pullbridge.model.checks import Check, CheckState

_STATES = {
    "INPROGRESS": CheckState.RUNNING,
    "SUCCESSFUL": CheckState.SUCCESS,
    "FAILED": CheckState.FAILURE,
    "STOPPED": CheckState.CANCELLED,
}
#: There is no word for what has not begun: it is in progress, too.
STATUS_WORDS = {
    CheckState.SUCCESS: "SUCCESSFUL",
    CheckState.FAILURE: "FAILED",
    CheckState.ERROR: "FAILED",
    CheckState.PENDING: "INPROGRESS",
    CheckState.RUNNING: "INPROGRESS",
    CheckState.CANCELLED: "STOPPED",
}
#: The most characters of a key. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/ does not
#: tell; https://github.com/jenkinsci/bitbucket-branch-source-plugin cuts its keys there.
_KEY = 40
_DONE = frozenset({CheckState.SUCCESS, CheckState.FAILURE, CheckState.CANCELLED})


def checks(rows: Iterable[payloads.CommitStatus]) -> tuple[Check, ...]:
    """One check a key: of several reports under it, the one that changed last. The order of first appearance stays."""
    newest: dict[str, payloads.CommitStatus] = {}
    for row in rows:
        before = newest.get(row.key)
        if before is None or _changed(row) >= _changed(before):
            newest[row.key] = row
    return tuple(check(row) for row in newest.values())


def check(row: payloads.CommitStatus) -> Check:
    """A report. Bitbucket can require a number of builds that pass, and no build by its name."""
    state = _STATES.get(row.state or "", CheckState.UNKNOWN)
    return Check(
        name=row.name or row.key,
        state=state,
        raw_state=row.state,
        url=row.url or None,
        description=row.description or None,
        started_at=moment(row.created_on),
        completed_at=moment(row.updated_on) if state in _DONE else None,
    )


def key(name: str) -> str:
    """The key of a report: its name, or a digest of one that is too long."""
    return name if len(name) <= _KEY else hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY]


def _changed(row: payloads.CommitStatus) -> float:
    at = moment(row.updated_on) or moment(row.created_on)
    return at.timestamp() if at is not None else 0.0
