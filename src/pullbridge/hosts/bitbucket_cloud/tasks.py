"""Tasks on Bitbucket Cloud. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (tasks)"""

from __future__ import annotations

from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import drafting, payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import WRITE, about
from pullbridge.model.threads import Task
from pullbridge.transport.call import Repeat


class CloudTasks:
    """`ports.TasksPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Task, ...]:
        rows = self._api.api.pages(self._api.pull(number, "tasks"), payloads.Task, about(number))
        return tuple(wire.task(row) for row in rows)

    def add(self, number: int, text: str, comment: str | None) -> Task:
        values: dict[str, object] = {"content": {"raw": text}}
        if comment is not None:
            values["comment"] = {"id": drafting.number_of(comment)}
        path = self._api.pull(number, "tasks")
        return wire.task(self._api.api.send("POST", path, values, payloads.Task, drafting.write_to(number)))

    def set_done(self, number: int, task: str, done: bool) -> Task:
        asked = Asked(what="such task", write=True, needs=WRITE)
        path, values = self._api.pull(number, "tasks", drafting.number_of(task)), {"state": wire.TASK_STATES[done]}
        return wire.task(self._api.api.send("PUT", path, values, payloads.Task, asked, repeat=Repeat.SAFE))
