"""Merging, now or when nothing is in the way. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (merge)

The version of a pull request changes with its head, so that a merge that names the version which was read with the expected
head merges that head, and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.bitbucket_dc import payloads, probing, wire
from pullbridge.hosts.bitbucket_dc.abilities import RULES
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import WRITE, about, writing
from pullbridge.hosts.bitbucket_dc.refusing import too_old
from pullbridge.hosts.bitbucket_dc.versioned import persistent, read
from pullbridge.model.merge import Mergeability, MergeMethod, MergeReceipt, MergeState
from pullbridge.model.orders import MergeOrder
from pullbridge.model.refs import same_commit
from pullbridge.transport.call import Repeat


def mergeability(api: RepositoryApi, number: int) -> Mergeability:
    """Both what Data Center says of merging it, and the pull request, which says why it says nothing."""
    both: list[Callable[[], Any]] = [lambda: read(api, number), lambda: told(api, number)]
    found, said = api.api.gather(*both)
    return wire.mergeability(said, found)


def told(api: RepositoryApi, number: int) -> payloads.Mergeability | None:
    """What it says; `None` of what is not open, which it refuses to say anything of (409)."""
    try:
        return api.api.get(api.pull(number, "merge"), payloads.Mergeability, about(number))
    except errors.Rejected as error:
        if error.status != 409:
            raise
        return None


def merge(api: RepositoryApi, number: int, order: MergeOrder) -> MergeReceipt:
    """Merge now. Raises `Stale` when the head is not the expected one, and `NotMergeable` with the vetoes."""
    return _merged(api, number, order, {})


def when_ready(api: RepositoryApi, number: int, order: MergeOrder) -> MergeReceipt:
    """Merge as soon as nothing vetoes it. https://confluence.atlassian.com/bitbucketserver/auto-merge-a-pull-request-1307090744.html"""
    since = RULES[Can.AUTO_MERGE].since
    if not api.api.at_least(since):
        raise too_old(Can.AUTO_MERGE, since, api.api.server, api.api.host)
    try:
        return _merged(api, number, order, {"autoMerge": True})
    except errors.Forbidden as error:
        if error.status != 403:
            raise
        reason = "automatic merges are off in the repository's settings"
        text, step = (
            f"It cannot be left to merge by itself: {reason}.",
            "Turn them on there, or merge when it is ready.",
        )
        facts: dict[str, Any] = {"host": error.host, "status": 403, "request_id": error.request_id}
        raise errors.Unsupported(text, can=Can.AUTO_MERGE, reason=reason, next_step=step, **facts) from error.__cause__


def _merged(api: RepositoryApi, number: int, order: MergeOrder, more: dict[str, Any]) -> MergeReceipt:
    body = {**_words(api, order), **more}
    merged = persistent(lambda: _expected(api, number, order), lambda found: _post(api, found, body))
    waits = merged.state == "OPEN"
    if waits and not more:
        text = "Bitbucket did not say what became of the merge."
        raise errors.BadAnswer(text, what=f"pull request {number}", host=api.api.host, maybe_done=True)
    return MergeReceipt(
        state=MergeState.WAITING if waits else MergeState.MERGED,
        commit=None if waits else wire.pull(merged, api.ref).merge_commit,
        # It is not deleted by a merge that nobody watches.
        branch_deleted=False if waits and order.delete_source else None,
    )


def _words(api: RepositoryApi, order: MergeOrder) -> dict[str, Any]:
    """The body, but for its version. The message is all of it: a subject of Data Center's own is not put before it."""
    words: dict[str, Any] = {}
    if order.method is not None:
        words["strategyId"] = _strategy(api, order.method)
    if order.message is not None:
        words |= {"message": order.message, "autoSubject": False}
    return words


def _strategy(api: RepositoryApi, method: MergeMethod) -> str:
    """The strategy for a method. Raises `Unsupported` for one that the settings rule out."""
    config = probing.settings(api).merge_config
    found = wire.strategy(method, wire.enabled(config))
    if found is None:
        allowed = ", ".join(sorted(wire.enabled(config) or ())) or "none that is known here"
        reason = f"the repository's settings allow {allowed}"
        text, step = f"It cannot be merged by {method.value}: {reason}.", "Leave the method out, or change the setting."
        raise errors.Unsupported(text, can=Can.CHOOSE_MERGE_METHOD, reason=reason, next_step=step, host=api.api.host)
    return found


def _expected(api: RepositoryApi, number: int, order: MergeOrder) -> payloads.PullRequest:
    """The pull request as it is now, if it is open and at the expected head."""
    found = read(api, number)
    _open(api, found)
    head = found.from_ref.latest_commit
    if order.expect_head is not None and not same_commit(order.expect_head, head):
        text = "The source branch has moved since you looked."
        raise errors.Stale(text, expected=order.expect_head, found=head, host=api.api.host)
    return found


def _open(api: RepositoryApi, found: payloads.PullRequest) -> None:
    if found.state != "OPEN":
        reason = wire.closed(found)
        raise errors.NotMergeable(f"Bitbucket does not merge it: {reason}.", reasons=(reason,), host=api.api.host)


def _post(api: RepositoryApi, found: payloads.PullRequest, body: dict[str, Any]) -> payloads.PullRequest:
    asked, path = writing(found.id, WRITE), api.pull(found.id, "merge")
    # Older versions read it in the query alone.
    params, versioned = {"version": found.version}, {**body, "version": found.version}
    try:
        return api.saw(api.api.send("POST", path, versioned, payloads.PullRequest, asked, params=params))
    except errors.Rejected as error:
        if error.status == 409:
            _open(api, read(api, found.id))
        raise


def cancel(api: RepositoryApi, number: int) -> None:
    """Stop waiting to merge. Nothing to stop is a 404, as no such pull request is, and one that is closed a 409."""
    try:
        api.api.reply("DELETE", api.pull(number, "auto-merge"), writing(number, WRITE), repeat=Repeat.SAFE)
    except errors.NotThere:
        read(api, number)
    except errors.Rejected as error:
        if error.status != 409:
            raise
