"""Tasks on Data Center: comments that block the merge (7.2). Whether a task is done is nothing that settles a conversation.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (blocker-comments)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pullbridge.hosts.bitbucket_dc import drafting, payloads, reading, wire
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import about, writing
from pullbridge.model.threads import Task

_TASK = "such task"
#: Without these some versions list those alone that are to be done. (The specification describes it as `states`, a text, and
#: has `state`, a list: the second is what its parameters are called elsewhere, and by those who read tasks.)
_ALL = {"state": ["OPEN", "RESOLVED"]}


class DataCenterTasks:
    """`ports.TasksPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Task, ...]:
        """All of them, oldest first. What a task answers stands in the conversations alone, which are read beside them."""
        api, path = self._api, self._api.pull(number, "blocker-comments")
        asked: list[Callable[[], Any]] = [
            lambda: api.api.pages(path, payloads.Comment, about(number), params=_ALL),
            lambda: reading.activities(api, number),
        ]
        rows, activities = api.api.gather(*asked)
        above = wire.answered(activities)
        found = {row.id: wire.task(row) for row in rows}
        return tuple(_below(found[identity], above.get(identity)) for identity in sorted(found))

    def add(self, number: int, text: str, comment: str | None) -> Task:
        path, asked = self._api.pull(number, "blocker-comments"), writing(number)
        values: dict[str, Any] = {"text": text}
        if comment is not None:
            values["parent"] = drafting.reference(comment)
        return replace(wire.task(self._api.api.send("POST", path, values, payloads.Comment, asked)), comment_id=comment)

    def set_done(self, number: int, task: str, done: bool) -> Task:
        values = {"state": "RESOLVED" if done else "OPEN", "severity": "BLOCKER"}
        return wire.task(drafting.changed(self._api, number, task, values, what=_TASK))


def _below(task: Task, comment: int | None) -> Task:
    return task if comment is None else replace(task, comment_id=str(comment))
