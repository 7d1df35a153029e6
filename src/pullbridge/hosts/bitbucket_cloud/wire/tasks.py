"""Tasks."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.wire.people import known
from pullbridge.model.threads import Task

#: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (tasks)
TASK_STATES = {True: "RESOLVED", False: "UNRESOLVED"}


def task(row: payloads.Task) -> Task:
    """Something to do."""
    return Task(
        id=str(row.id),
        text=(row.content.raw or "") if row.content is not None else "",
        done=row.state == TASK_STATES[True],
        author=known(row.creator),
        comment_id=str(row.comment.id) if row.comment is not None else None,
    )
