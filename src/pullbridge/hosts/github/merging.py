"""Merging later, and catching up with the target.

https://docs.github.com/en/graphql/reference/mutations#enablepullrequestautomerge and #enqueuepullrequest
"""

from __future__ import annotations

from typing import Any

from pullbridge.errors import Rejected
from pullbridge.hosts.github import panel, payloads, queries, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import Asked
from pullbridge.model.merge import MergeMethod, MergeReceipt, MergeState
from pullbridge.model.pulls import Pull
from pullbridge.ports import MergeOrder
from pullbridge.transport.call import Repeat

_WRITE = ("contents: write", "pull_requests: write")
METHODS = {MergeMethod.MERGE: "MERGE", MergeMethod.SQUASH: "SQUASH", MergeMethod.REBASE: "REBASE"}
_Queue = payloads.GraphPullAnswer[payloads.GraphQueue]


def when_ready(api: RepositoryApi, number: int, order: MergeOrder) -> MergeReceipt:
    """Queue it where the target has a merge queue, which knows its own method; else merge once the rules are met."""
    found = _queue(api, number)
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    guard = {"expectedHeadOid": order.expect_head} if order.expect_head else {}
    if found.is_merge_queue_enabled:
        values = {"pullRequestId": found.id, **guard}
        api.api.mutate(queries.ENQUEUE, values, payloads.GraphQueued, asked)
        return MergeReceipt(state=MergeState.QUEUED)
    values = {"pullRequestId": found.id, **guard, **_worded(order)}
    try:
        api.api.mutate(queries.AUTO_MERGE, values, payloads.GraphNothing, asked, repeat=Repeat.SAFE)
    except Rejected as error:
        # https://docs.github.com/en/pull-requests (automatically merging): only what cannot be merged yet can wait.
        error.remedy = "If it can be merged already, merge it now (`when_ready=False`)."
        raise
    return MergeReceipt(state=MergeState.WAITING)


def cancel(api: RepositoryApi, number: int) -> None:
    """Take it out of the queue, or stop waiting; nothing happens when it does neither."""
    found = _queue(api, number)
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    if found.is_in_merge_queue:
        api.api.mutate(queries.DEQUEUE, {"id": found.id}, payloads.GraphNothing, asked)
    if found.auto_merge_request is not None:
        values = {"pullRequestId": found.id}
        api.api.mutate(queries.CANCEL_AUTO_MERGE, values, payloads.GraphNothing, asked, repeat=Repeat.SAFE)


def update_branch(api: RepositoryApi, number: int, node: str, method: MergeMethod, head: str | None) -> Pull:
    """Bring the target's commits into the source, by a merge or a rebase, guarded by the head."""
    values: dict[str, Any] = {"pullRequestId": node, "updateMethod": METHODS[method]}
    values |= {"expectedHeadOid": head} if head else {}
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    written = api.api.mutate(queries.UPDATE_BRANCH, values, payloads.GraphPullWritten, asked)
    return wire.graph_pull(written.pull_request, api.ref)


def _queue(api: RepositoryApi, number: int) -> payloads.GraphQueue:
    asked = Asked(what=f"pull request #{number}")
    found = panel.only(api.api.graphql(queries.QUEUE, api.variables(number), _Queue, asked), number)
    api.remember(number, found.id)
    return found


def _worded(order: MergeOrder) -> dict[str, str]:
    """The method, and the message as headline and body."""
    values = {"mergeMethod": METHODS[order.method]} if order.method in METHODS else {}
    if order.message is not None:
        title, _, rest = order.message.partition("\n")
        values |= {"commitHeadline": title, "commitBody": rest.strip("\n")}
    return values
