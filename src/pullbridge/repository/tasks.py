"""`repo.tasks`: what is to be done before the merge, on hosts that have such a thing."""

from __future__ import annotations

from pullbridge.capabilities import Can
from pullbridge.errors import Unsupported
from pullbridge.model.threads import Comment, Task
from pullbridge.ports import TasksPort
from pullbridge.repository.threads import written
from pullbridge.repository.verb import Noun, PullLike, reads, writes


class Tasks(Noun):
    """What is to be done before a merge, where the host knows such a thing."""

    __slots__ = ()

    @reads(Can.TASKS)
    def list(self, n: PullLike) -> tuple[Task, ...]:
        """List the tasks, done and open."""
        return self._tasks.list(self._session.number(n))

    @writes(Can.TASKS)
    def add(self, n: PullLike, text: str, comment: Comment | str | None = None) -> Task:
        """Add a task, about a comment or the whole pull request."""
        about = comment if isinstance(comment, str) or comment is None else comment.id
        return self._tasks.add(self._session.number(n), written(text), about)

    @writes(Can.TASKS)
    def complete(self, n: PullLike, task: Task | str) -> Task:
        """Mark a task as done; safe to repeat."""
        return self._tasks.set_done(self._session.number(n), task if isinstance(task, str) else task.id, True)

    @writes(Can.TASKS)
    def reopen(self, n: PullLike, task: Task | str) -> Task:
        """Mark a task as open again; safe to repeat."""
        return self._tasks.set_done(self._session.number(n), task if isinstance(task, str) else task.id, False)

    @property
    def _tasks(self) -> TasksPort:
        tasks = self._port.tasks
        if tasks is None:
            raise Unsupported("This host has no tasks on pull requests.", can=Can.TASKS, reason="it has none")
        return tasks
