"""Merging in the background, which stacked pull requests demand, and what the two ways of merging have in common.

A stacked pull request is merged together with all below it in its stack; every other call refuses it and says so. The
operation is github.com's: no Enterprise Server from 3.17 to 3.19 describes it.
https://docs.github.com/rest/pulls/pulls#merge-a-pull-request-asynchronously
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.payloads import RestBackgroundMerge
from pullbridge.hosts.waiting import pauses
from pullbridge.model.merge import MergeMethod, MergeReceipt, MergeState
from pullbridge.model.orders import MergeOrder
from pullbridge.transport.call import sleep

_METHODS = {MergeMethod.MERGE: "merge", MergeMethod.SQUASH: "squash", MergeMethod.REBASE: "rebase"}
#: For how many seconds it looks, where no deadline is nearer.
_PATIENCE = 120.0
#: "This pull request is part of a stack and must be merged using the asynchronous merge REST API."
#: https://github.com/microsoft/vscode-pull-request-github/issues/8912
_DEMAND = "asynchronous merge"


def body(order: MergeOrder) -> dict[str, str]:
    """The order in REST's words; what is not ordered is left out, and so to GitHub."""
    values: dict[str, str | None] = {
        "sha": order.expect_head,
        "merge_method": _METHODS[order.method] if order.method else None,
    }
    if order.message is not None:
        title, _, rest = order.message.partition("\n")
        values |= {"commit_title": title, "commit_message": rest.strip("\n")}
    return {name: value for name, value in values.items() if value is not None}


def demanded(error: errors.BridgeError) -> bool:
    """Whether a refusal says that only a merge in the background will do."""
    return isinstance(error, errors.Rejected) and any(_DEMAND in problem for problem in error.problems)


def not_merged(error: errors.BridgeError, order: MergeOrder) -> errors.BridgeError:
    """409 is the head guard; 400, 405 and 422 say why it may not be merged."""
    facts: dict[str, Any] = {"host": error.host, "status": error.status, "request_id": error.request_id}
    if error.status == 409:
        return errors.Stale("The source branch has moved since you looked.", expected=order.expect_head, **facts)
    return _not_mergeable(error.problems if isinstance(error, errors.Rejected) else (), facts)


def merge(api: RepositoryApi, number: int, order: MergeOrder, *, queue: bool = False) -> MergeReceipt:
    """Ask for it, then look what has become of it after 1, 2, 4 and 8 seconds, and so on.

    `WAITING` when it is still under way after two minutes, or when the deadline comes. `queue` asks for the merge queue,
    which knows its own method. Raises `AlreadyThere` when another such merge is under way, whose options may be others.
    """
    asked = Asked(what=f"pull request #{number}", write=True, needs=("contents:write",))
    path = api.path("pulls", number, "merge-async")
    sent = body(order) | ({"merge_action": "merge_queue"} if queue else {})
    try:
        found = api.api.send("PUT", path, sent, RestBackgroundMerge, asked)
    except errors.Stale as error:
        raise _under_way(error) from error.__cause__
    except errors.Rejected as error:
        raise not_merged(error, order) from error.__cause__
    for pause in pauses(_PATIENCE):
        receipt = _receipt(api, found, asked)
        if receipt is not None:
            return receipt
        try:
            sleep(pause)
            found = _looked_up(api, number, found.details.uuid or "")
        except errors.DeadlineExceeded:
            break
    return _receipt(api, found, asked) or MergeReceipt(state=MergeState.WAITING)


def keeping_branch(receipt: MergeReceipt, order: MergeOrder) -> MergeReceipt:
    """A receipt that says that the source branch stays, where it was to go and GitHub merges later: it does not do both."""
    stays = bool(order.delete_source) and receipt.state is not MergeState.MERGED
    return replace(receipt, branch_deleted=False) if stays else receipt


def _looked_up(api: RepositoryApi, number: int, uuid: str) -> RestBackgroundMerge:
    asked = Asked(what="such merge")
    try:
        return api.api.get(api.path("pulls", number, "merge-async", uuid), RestBackgroundMerge, asked)
    except errors.BridgeError as error:
        # It was asked for, and goes on without us.
        error.maybe_done = True
        raise


def _receipt(api: RepositoryApi, found: RestBackgroundMerge, asked: Asked) -> MergeReceipt | None:
    """What became of it; `None` while it is under way."""
    match found.status:
        case "pending" if found.details.uuid:
            return None
        case "merged":
            return MergeReceipt(state=MergeState.MERGED, commit=found.details.sha)
        case "enqueued":
            return MergeReceipt(state=MergeState.QUEUED)
        case "failed":
            raise _not_mergeable((found.details.message,) if found.details.message else (), {"host": api.api.host})
    text = "GitHub did not say what became of the merge."
    raise errors.BadAnswer(text, what=asked.what, host=api.api.host, maybe_done=True)


def _not_mergeable(reasons: tuple[str, ...], facts: dict[str, Any]) -> errors.NotMergeable:
    told = "; ".join(reason.rstrip(". ") for reason in reasons) or "it gives no reason"
    return errors.NotMergeable(f"GitHub does not merge it: {told}.", reasons=reasons, **facts)


def _under_way(error: errors.Stale) -> errors.AlreadyThere:
    return errors.AlreadyThere(
        "Another merge of this pull request is under way in the background, maybe with other options.",
        host=error.host,
        status=error.status,
        request_id=error.request_id,
        next_step="Look at the pull request again in a while.",
    )
