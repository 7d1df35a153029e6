"""The states of pipelines and jobs. https://docs.gitlab.com/api/pipelines/#list-project-pipelines"""

from __future__ import annotations

from pullbridge.model.checks import CheckState

_STATES = {
    "created": CheckState.PENDING,
    "waiting_for_resource": CheckState.PENDING,
    "waiting_for_callback": CheckState.PENDING,
    "preparing": CheckState.PENDING,
    "pending": CheckState.PENDING,
    "scheduled": CheckState.PENDING,
    "running": CheckState.RUNNING,
    "canceling": CheckState.RUNNING,
    "success": CheckState.SUCCESS,
    "failed": CheckState.FAILURE,
    "canceled": CheckState.CANCELLED,
    "skipped": CheckState.SKIPPED,
    "manual": CheckState.ACTION_REQUIRED,
}


def pipeline_state(word: str | None) -> CheckState | None:
    """The state by GitLab's word for it, in REST's spelling or GraphQL's; `None` where it says none."""
    return None if word is None else _STATES.get(word.lower(), CheckState.UNKNOWN)
