"""Merging over the API: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_cloud import merge_tasks
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import CLOSED, bad_request, conflict, forbidden, invalid, timed_out
from pullbridge.testing.bitbucket_cloud.pulls import PULL, answer
from pullbridge.testing.bitbucket_cloud.shapes import link
from pullbridge.testing.store import Role

#: "Note that the size of the message is limited to 128 KiB."
MOST_MESSAGE = 128 * 1024


def merge(ask: Ask) -> Answer:
    """POST merge: 200 with the pull request, or 202 with the task's address when it is asked for, or takes long."""
    pull, knobs = ask.pull, ask.knobs
    if pull.state != "open":
        raise bad_request(CLOSED)
    strategy, message, close = _strategy(ask), _message(ask), _close(ask)
    if knobs.meets("merge_timeouts"):
        if knobs.timeouts_land:
            merge_tasks.perform(ask.app, pull, ask.me, strategy, message, close)
        raise timed_out()
    if knobs.meets("merge_races"):
        raise conflict(merge_tasks.RACED)
    if knobs.meets("slow_merges") or ask.flag("async", False):
        task = merge_tasks.queue(ask.app, pull, ask.me, strategy, message, close)
        return Answer(status=202, headers={"Location": _url(ask, task.id)})
    merge_tasks.perform(ask.app, pull, ask.me, strategy, message, close)
    return answer(ask, pull)


def _strategy(ask: Ask) -> str:
    allowed = ask.app.strategies(ask.repository)
    strategy = ask.body.get("merge_strategy")
    if strategy is None:
        return allowed[0]
    if strategy not in allowed:
        raise invalid("merge_strategy", f"'{strategy}' is not a valid choice.")
    return str(strategy)


def _message(ask: Ask) -> str | None:
    message = ask.body.get("message")
    if message is None:
        return None
    if not isinstance(message, str) or len(message.encode()) > MOST_MESSAGE:
        raise invalid("message", "The message is limited to 128 KiB.")
    return message


def _close(ask: Ask) -> bool:
    sent = ask.body.get("close_source_branch")
    return sent if isinstance(sent, bool) else ask.state.close_source_branch


def _url(ask: Ask, task: str) -> str:
    return f"{ask.shapes.pull_url(ask.pull)}/merge/task-status/{task}"


def task_status(ask: Ask) -> Answer:
    """GET merge/task-status/{task}: `PENDING`, `SUCCESS` with the pull request, or the error that it ended with."""
    pull, task = ask.pull, ask.state.merges.get(str(ask.values["task"]))
    if task is None:
        raise bad_request("The task does not relate to this pull request.")
    if task.user is not ask.user and ask.role < Role.WRITE:
        raise forbidden()
    merge_tasks.look(ask.app, pull)
    if task.error is not None:
        raise task.error
    shown: dict[str, Any] = {"task_status": "PENDING", "links": {"self": link(_url(ask, task.id))}}
    if task.done:
        shown |= {"task_status": "SUCCESS", "merge_result": answer(ask, pull).payload}
    return Answer(payload=shown)


ROUTES = (
    Route(method="POST", rule=f"{PULL}/merge", answer=merge, scope="pullrequest:write", role=Role.WRITE),
    Route(
        method="GET",
        rule=f"{PULL}/merge/task-status/<task>",
        answer=task_status,
        scope="pullrequest",
        signed_in=True,
    ),
)
