"""Merging later, and catching up with the target.

https://docs.github.com/en/graphql/reference/mutations#enablepullrequestautomerge and #enqueuepullrequest
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pullbridge.capabilities import AnswerState, Can
from pullbridge.errors import Rejected, Unsupported
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import background, payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.hosts.github.features import Features
from pullbridge.model.merge import MergeMethod, MergeReceipt, MergeState
from pullbridge.model.orders import MergeOrder
from pullbridge.model.pulls import Pull
from pullbridge.transport.call import Repeat

_WRITE = ("contents:write", "pull_requests:write")
METHODS = {MergeMethod.MERGE: "MERGE", MergeMethod.SQUASH: "SQUASH", MergeMethod.REBASE: "REBASE"}
_Queue = payloads.GraphPullAnswer[payloads.GraphQueue]


def when_ready(api: RepositoryApi, features: Features, number: int, order: MergeOrder) -> MergeReceipt:
    """Queue it where the target has a merge queue; else merge once the rules are met."""
    wanted = replace(order, method=features.method(order.method))
    found = _queue(api, number)
    if found.is_merge_queue_enabled:
        return _queued(api, number, found.id, order)
    refused = features.capabilities[Can.AUTO_MERGE]
    if refused.state is AnswerState.NO:
        text = f"It cannot wait to be merged: {refused.reason}."
        raise Unsupported(text, can=Can.AUTO_MERGE, reason=refused.reason, host=api.api.host)
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    values = {"pullRequestId": found.id, **_guard(order), **_worded(wanted)}
    try:
        api.api.mutate(queries.AUTO_MERGE, values, payloads.GraphNothing, asked, repeat=Repeat.SAFE)
    except Rejected as error:
        # https://docs.github.com/en/pull-requests (automatically merging): only what cannot be merged yet can wait.
        error.remedy = "If it can be merged already, merge it now (`when_ready=False`)."
        raise
    return MergeReceipt(state=MergeState.WAITING)


def _queued(api: RepositoryApi, number: int, node: str, order: MergeOrder) -> MergeReceipt:
    """Put it into the queue, which knows its own method and words."""
    if order.method is not None or order.message is not None:
        reason = "the target's merge queue has its own method and message"
        text = f"It cannot be queued with a method or a message: {reason}."
        step = "Leave `method` and `message` out."
        raise Unsupported(text, can=Can.CHOOSE_MERGE_METHOD, reason=reason, host=api.api.host, next_step=step)
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    try:
        api.api.mutate(queries.ENQUEUE, {"pullRequestId": node, **_guard(order)}, payloads.GraphQueued, asked)
    except Rejected as error:
        if background.demanded(error):
            return background.merge(api, number, order, queue=True)
        raise
    return MergeReceipt(state=MergeState.QUEUED)


def _guard(order: MergeOrder) -> dict[str, str]:
    return {"expectedHeadOid": order.expect_head} if order.expect_head else {}


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
    asked = about(number)
    found = reading.only(api.api.graphql(queries.QUEUE, api.variables(number), _Queue, asked), number)
    api.remember(number, found.id)
    return found


def _worded(order: MergeOrder) -> dict[str, str]:
    """The method, and the message as headline and body."""
    values = {"mergeMethod": METHODS[order.method]} if order.method in METHODS else {}
    if order.message is not None:
        title, _, rest = order.message.partition("\n")
        values |= {"commitHeadline": title, "commitBody": rest.strip("\n")}
    return values
