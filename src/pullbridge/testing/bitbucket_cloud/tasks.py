"""Tasks: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/"""

from __future__ import annotations

from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.comments import seen, text
from pullbridge.testing.bitbucket_cloud.errors import forbidden, invalid, not_found
from pullbridge.testing.bitbucket_cloud.pulls import PULL
from pullbridge.testing.bitbucket_cloud.talk import Remark, Task
from pullbridge.testing.store import Role

_TASKS = f"{PULL}/tasks"
_TASK = f"{_TASKS}/<int:task>"
_WRITE = ("read:pullrequest:bitbucket", "write:pullrequest:bitbucket")


def list_tasks(ask: Ask) -> Answer:
    """GET tasks, oldest first."""
    found = [task for task in ask.state.tasks if not task.pending or task.author is ask.user]
    return ask.paged(found, ask.shapes.task)


def _find(ask: Ask) -> Task:
    number = ask.values["task"]
    for task in ask.state.tasks:
        if task.id == number and (not task.pending or task.author is ask.user):
            return task
    raise not_found(f"No task with id {number}")


def get(ask: Ask) -> Answer:
    """GET tasks/{id}."""
    return Answer(payload=ask.shapes.task(_find(ask)))


def create(ask: Ask) -> Answer:
    """POST tasks: on its own, or under a comment."""
    now = ask.store.now()
    task = Task(
        id=ask.store.next_id(),
        pull=ask.pull,
        author=ask.me,
        body=text(ask.body),
        created_at=now,
        updated_at=now,
        remark=_remark(ask),
        pending=ask.body.get("pending") is True,
    )
    ask.state.tasks.append(task)
    shown = ask.shapes.task(task)
    return Answer(payload=shown, status=201, headers={"Location": shown["links"]["self"]["href"]})


def _remark(ask: Ask) -> Remark | None:
    sent = ask.body.get("comment")
    if sent is None:
        return None
    remark = next((each for each in seen(ask) if isinstance(sent, dict) and each.id == sent.get("id")), None)
    if remark is None:
        raise invalid("comment", "The comment does not exist.")
    return remark


def edit(ask: Ask) -> Answer:
    """PUT tasks/{id}: its text by its author, its state by everybody."""
    task = _find(ask)
    if "content" in ask.body:
        if task.author is not ask.me:
            raise forbidden("You do not have access to edit this task.")
        task.body = text(ask.body)
    state = ask.body.get("state")
    if state is not None and state not in {"RESOLVED", "UNRESOLVED"}:
        raise invalid("state", f"'{state}' is not a valid choice.")
    if state == "RESOLVED" and task.resolved_at is None:
        task.resolved_by, task.resolved_at = ask.me, ask.store.now()
    elif state == "UNRESOLVED":
        task.resolved_by = task.resolved_at = None
    task.updated_at = ask.store.now()
    return Answer(payload=ask.shapes.task(task))


def delete(ask: Ask) -> Answer:
    """DELETE tasks/{id}: by its author, or who may write."""
    task = _find(ask)
    if task.author is not ask.me and ask.role < Role.WRITE:
        raise forbidden("You do not have access to delete this task.")
    ask.state.tasks.remove(task)
    return Answer(status=204)


ROUTES = (
    Route(method="GET", rule=_TASKS, answer=list_tasks, scope="pullrequest"),
    Route(method="POST", rule=_TASKS, answer=create, scope="pullrequest", granular=_WRITE),
    Route(method="GET", rule=_TASK, answer=get, scope="pullrequest"),
    Route(method="PUT", rule=_TASK, answer=edit, scope="pullrequest", granular=_WRITE),
    Route(method="DELETE", rule=_TASK, answer=delete, scope="pullrequest", granular=_WRITE),
)
