"""Merging, now or later, and catching up with the target. https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request

How commits land is a setting of the project (`merge_method`); what can be chosen is whether they are squashed first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, sources, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import WRITE, about
from pullbridge.hosts.gitlab.methods import Landing, landing
from pullbridge.hosts.waiting import pauses
from pullbridge.model.merge import MergeabilityState, MergeReceipt, MergeState
from pullbridge.model.orders import MergeOrder
from pullbridge.model.refs import same_commit
from pullbridge.transport.call import Repeat, sleep

#: For how many seconds a refusal is not believed while GitLab says that it can be merged: it may have computed that just
#: now, or be about to make the pipeline. https://github.com/renovatebot/renovate/issues/26438
_DOUBT = 15.0
#: For how many seconds a merge that is under way is watched, where no deadline is nearer.
_PATIENCE = 120.0
#: Since 17.11; `merge_when_pipeline_succeeds` before. The trains' own route has its `auto_merge` since then, too.
_AUTO_MERGE = (17, 11)
#: What a pipeline that is not there yet looks like, which is just what an automatic merge waits for.
_PIPELINE = frozenset({"ci_still_running", "ci_must_pass"})


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A merge request as it is now, how it would land, and the body that says so."""

    found: payloads.MergeRequest
    landing: Landing
    body: dict[str, Any]
    project: payloads.Project | None


def read(api: RepositoryApi, number: int, **params: str) -> payloads.MergeRequest:
    """The single merge request, which is never out of a cache; GitLab looks at its mergeability again."""
    return api.api.get(api.pull(number), payloads.MergeRequest, about(number), params=params or None)


def merge(api: RepositoryApi, number: int, order: MergeOrder) -> MergeReceipt:
    """Merge now. The head is always sent: the expected one, or the one that was just read.

    `WAITING` when GitLab has begun and is not done after two minutes, or when the deadline comes.
    """
    prepared = _prepared(api, number, order, with_project=order.method is not None or order.message is not None)
    if prepared.found.state == "locked":
        return _watched(api, number)
    _set_before(api, number, prepared, order)
    return _doubting(api, number, order, lambda: _put(api, number, prepared.body), later=False)


def when_ready(api: RepositoryApi, number: int, order: MergeOrder) -> MergeReceipt:
    """Merge as soon as the checks have passed, by the merge train where the project has one.

    https://docs.gitlab.com/user/project/merge_requests/auto_merge/ and https://docs.gitlab.com/ci/pipelines/merge_trains/
    """
    prepared = _prepared(api, number, order, with_project=True)
    newer = api.api.at_least(_AUTO_MERGE)
    if newer and prepared.project is not None and prepared.project.merge_trains_enabled:
        return _boarded(api, number, order, prepared)
    _set_before(api, number, prepared, order)
    body = {**prepared.body, "auto_merge" if newer else "merge_when_pipeline_succeeds": True}
    return _doubting(api, number, order, lambda: _put(api, number, body), later=True)


def _prepared(api: RepositoryApi, number: int, order: MergeOrder, *, with_project: bool) -> _Prepared:
    looks: list[Callable[[], Any]] = [lambda: read(api, number)]
    found, *home = api.api.gather(*looks, *([lambda: sources.project(api)] if with_project else []))
    if order.expect_head is not None and not same_commit(order.expect_head, found.sha):
        raise _stale(order.expect_head, found.sha, {"host": api.api.host})
    now = wire.mergeability(found)
    if now.state is MergeabilityState.CLOSED or found.sha is None:
        raise _not_mergeable(now.reasons, {"host": api.api.host})
    project = home[0] if home else None
    how = landing(project, found, order.method)
    body: dict[str, Any] = {"sha": found.sha}
    if how.squash:
        body["squash"] = True
    if order.delete_source is not None:
        body["should_remove_source_branch"] = order.delete_source
    if order.message is not None:
        body[how.message_field()] = order.message
    return _Prepared(found, how, body, project)


def _set_before(
    api: RepositoryApi, number: int, prepared: _Prepared, order: MergeOrder, *, train: bool = False
) -> None:
    """What the merge call itself does not take: `squash=false` is passed over there, and trains leave branches alone."""
    body: dict[str, Any] = {"squash": False} if prepared.landing.unsquash else {}
    if train and order.delete_source is not None:
        body["remove_source_branch"] = order.delete_source
    if body:
        asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
        api.api.reply("PUT", api.pull(number), asked, body=body, repeat=Repeat.SAFE)


def _put(api: RepositoryApi, number: int, body: dict[str, Any]) -> MergeReceipt:
    asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
    merged = api.api.send("PUT", api.pull(number, "merge"), body, payloads.MergeRequest, asked)
    return _receipt(api, merged) or _watched(api, number)


def _boarded(api: RepositoryApi, number: int, order: MergeOrder, prepared: _Prepared) -> MergeReceipt:
    """Put it on the merge train: at once (201), or when its checks have passed (202)."""
    if order.message is not None:
        reason = "the merge train writes its own message"
        text = f"It cannot be queued with a message: {reason}."
        raise errors.Unsupported(text, can=Can.MERGE_QUEUE, reason=reason, next_step="Leave `message` out.")
    _set_before(api, number, prepared, order, train=True)
    body = {name: prepared.body[name] for name in ("sha", "squash") if name in prepared.body} | {"auto_merge": True}

    def board() -> MergeReceipt:
        asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
        reply = api.api.reply("POST", api.path("merge_trains", "merge_requests", number), asked, body=body)
        return MergeReceipt(state=MergeState.WAITING if reply.status == 202 else MergeState.QUEUED)

    return _doubting(api, number, order, board, later=True)


def _doubting(
    api: RepositoryApi, number: int, order: MergeOrder, send: Callable[[], MergeReceipt], *, later: bool
) -> MergeReceipt:
    """Send; a refusal is not believed at once where GitLab itself says that nothing is in the way."""
    doubt = pauses(_DOUBT)
    while True:
        try:
            return send()
        except (errors.Rejected, errors.Stale) as error:
            pause = _doubtful(api, number, order, error, next(doubt, None), later=later)
        sleep(pause)


def _doubtful(
    api: RepositoryApi, number: int, order: MergeOrder, error: errors.BridgeError, pause: float | None, *, later: bool
) -> float:
    """How long to wait before it is sent again; raises what the refusal means when it is to be believed."""
    facts = {"host": error.host, "status": error.status, "request_id": error.request_id}
    found = read(api, number)
    if error.status == 409:
        raise _stale(order.expect_head, found.sha, facts) from error.__cause__
    now = wire.mergeability(found)
    open_ = {MergeabilityState.READY, MergeabilityState.CHECKING}
    if pause is not None and error.status == 405 and (now.state in open_ or (later and now.raw in _PIPELINE)):
        return pause
    said = error.problems if isinstance(error, errors.Rejected) else ()
    reasons = (*now.reasons, *(each for each in said if not each.startswith("405 ")))
    raise _not_mergeable(reasons, facts) from error.__cause__


def _receipt(api: RepositoryApi, found: payloads.MergeRequest) -> MergeReceipt | None:
    """What became of it; `None` while it is under way."""
    if found.state == "locked":
        return None
    if found.state == "merged":
        return MergeReceipt(state=MergeState.MERGED, commit=wire.merge_commit(found))
    if found.merge_when_pipeline_succeeds:
        return MergeReceipt(state=MergeState.WAITING)
    if found.merge_error:
        raise _not_mergeable((found.merge_error,), {"host": api.api.host})
    text = "GitLab did not say what became of the merge."
    raise errors.BadAnswer(text, what=f"merge request !{found.iid}", host=api.api.host, maybe_done=True)


def _watched(api: RepositoryApi, number: int) -> MergeReceipt:
    """Look until it is no longer `locked`, which it is while GitLab merges."""
    for pause in pauses(_PATIENCE):
        try:
            sleep(pause)
            receipt = _receipt(api, read(api, number))
        except errors.DeadlineExceeded:
            break
        if receipt is not None:
            return receipt
    return MergeReceipt(state=MergeState.WAITING)


def cancel(api: RepositoryApi, number: int) -> None:
    """Stop waiting to merge, and leave the merge train; nothing happens when it does neither.

    The older route answers a refusal with a 201, and with the refusal in the body.
    """
    asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
    try:
        path = api.pull(number, "cancel_merge_when_pipeline_succeeds")
        told = api.api.send("POST", path, None, payloads.Outcome, asked, repeat=Repeat.SAFE)
        refused: tuple[str, ...] | None = None
        if told.status == "error":
            refused = (told.message or "it gives no reason",)
    except errors.NotThere:
        refused = _cancelled(api, number, asked)
    except errors.Rejected as error:
        refused = error.problems
    if refused is not None and read(api, number).merge_when_pipeline_succeeds:
        text = f"GitLab does not stop waiting: {'; '.join(refused)}."
        raise errors.Rejected(text, problems=refused, host=api.api.host, status=406)


def _cancelled(api: RepositoryApi, number: int, asked: Asked) -> tuple[str, ...] | None:
    """By the route that is to take the older one's place; why not, if not. Raises `NotThere` for no such merge request."""
    try:
        api.api.reply("POST", api.pull(number, "cancel_auto_merge"), asked, repeat=Repeat.SAFE)
    except errors.Stale as error:
        return (error.summary,)
    return None


def _stale(expected: str | None, found: str | None, facts: dict[str, Any]) -> errors.Stale:
    return errors.Stale("The source branch has moved since you looked.", expected=expected, found=found, **facts)


def _not_mergeable(reasons: tuple[str, ...], facts: dict[str, Any]) -> errors.NotMergeable:
    told = "; ".join(reason.rstrip(". ") for reason in reasons) or "it gives no reason"
    return errors.NotMergeable(f"GitLab does not merge it: {told}.", reasons=reasons, **facts)
