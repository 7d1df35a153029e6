"""Tasks: comments that block the merge until they are resolved."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire.people import person
from pullbridge.model.threads import Task


def task(payload: payloads.Comment) -> Task:
    """A task; `comment_id` is what it answers, where it is an answer."""
    return Task(
        id=str(payload.id),
        text=payload.text or "",
        done=payload.state == "RESOLVED",
        author=person(payload.author),
        comment_id=str(payload.parent.id) if payload.parent is not None else None,
    )
