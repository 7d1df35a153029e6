"""Merging. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-merge-post

Bitbucket merges whatever the head is: the one that was looked at is compared immediately before, and who pushes between
the two is merged with it. A merge that takes long goes on as a task, which is watched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import editing, hashes, payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.checks import CloudChecks
from pullbridge.hosts.bitbucket_cloud.errors import WRITE, about
from pullbridge.hosts.waiting import pauses
from pullbridge.model.merge import Mergeability, MergeReceipt, MergeState
from pullbridge.model.orders import MergeOrder
from pullbridge.model.refs import same_commit
from pullbridge.transport.call import sleep
from pullbridge.transport.session import Reply

T = TypeVar("T")

#: "The size of the message is limited to 128 KiB."
_LONGEST = 128 * 1024
#: For how many seconds a merge that is under way is watched, and one that Bitbucket has given no answer to.
_PATIENCE, _DOUBT = 120.0, 20.0
#: Where a task is looked at, behind the address of the merge.
_TASK = re.compile(r"([^?#]*)/task-status/([^/?#]+)/?(?:[?#].*)?")
#: Bitbucket's own status for what took too long.
TIMED_OUT = 555


@dataclass(frozen=True, slots=True)
class Looked(Generic[T]):
    """A part that this credential, or this role, may not be told: `found` is `None` then, and `why` says so."""

    found: T | None
    why: str | None = None


def mergeability(api: RepositoryApi, number: int) -> Mergeability:
    """As far as it can be read: conflicts, builds, approvals, and the rules of the branch for an administrator."""
    looks: list[Callable[[], Any]] = [
        lambda: editing.read(api, number),
        lambda: conflicts(api, number),
        lambda: _looked(lambda: CloudChecks(api).list(number), "the builds are not told"),
        lambda: rules(api),
    ]
    found, clashes, checks, held = api.api.gather(*looks)
    unread = tuple(sorted(each.why for each in (clashes, checks, held) if each.why))
    standing = wire.Standing(conflicts=clashes.found, checks=checks.found, rules=held.found, unread=unread)
    return wire.mergeability(found, standing)


def conflicts(api: RepositoryApi, number: int, path: str | None = None) -> Looked[tuple[str, ...]]:
    """The files that conflict; `path` is where they are, if that is known: it saves a redirect."""
    shape = payloads.Paged[payloads.FileConflict] | list[payloads.FileConflict]

    def look() -> tuple[str, ...]:
        found: Any = api.api.get(path or api.pull(number, "conflicts"), shape, about(number))  # type: ignore[arg-type]  # a union
        rows = found if isinstance(found, list) else found.values
        return tuple(row.path or row.message or "a file" for row in rows)

    return _looked(look, "whether the branches conflict is not told")


def rules(api: RepositoryApi) -> Looked[tuple[payloads.BranchRestriction, ...]]:
    """The rules of the repository's branches."""
    asked = Asked(what="such repository", needs=("repository:admin",))
    path = api.path("branch-restrictions")
    return _looked(
        lambda: tuple(api.api.pages(path, payloads.BranchRestriction, asked)),
        "the rules of the branch are told to administrators only",
    )


def _looked(look: Callable[[], T], otherwise: str) -> Looked[T]:
    try:
        return Looked(look())
    except (errors.Forbidden, errors.ScopeMissing, errors.NotThere, errors.SignInNeeded, errors.HostDown):
        return Looked(None, otherwise)


# The merge -----------------------------------------------------------------------------------------------------------


def merge(api: RepositoryApi, number: int, order: MergeOrder) -> MergeReceipt:
    """Merge now. `WAITING` when Bitbucket has begun and is not done after two minutes, or when the deadline comes."""
    found = editing.read(api, number)
    _check_head(api, found, order.expect_head)
    body = _body(found, order)
    try:
        asked = Asked(what=f"pull request #{number}", write=True, needs=WRITE)
        reply = api.api.reply("POST", api.pull(number, "merge"), asked, body=body)
        merged = _after(api, number, reply)
    except errors.HostDown as error:
        if error.status != TIMED_OUT:
            raise
        merged = _seen_merged(api, number, order, error)
    except (errors.Rejected, errors.Stale) as error:
        raise _refused(error, order) from error.__cause__
    if merged is None:
        return MergeReceipt(state=MergeState.WAITING)
    return MergeReceipt(
        state=MergeState.MERGED, commit=_commit(api, merged), branch_deleted=_deleted(api, found, order)
    )


def _check_head(api: RepositoryApi, found: payloads.PullRequest, expected: str | None) -> None:
    """The one that was looked at, by as many digits as there are."""
    head = found.source.commit.hash if found.source and found.source.commit else None
    if expected is not None and not same_commit(head, expected):
        text = "The source branch has moved since you looked."
        raise errors.Stale(text, expected=expected, found=head, host=api.api.host)
    if not wire.is_done(found) and found.state == "OPEN" and not found.draft:
        return
    reason = "it is a draft" if found.state == "OPEN" else f"it is {found.state.lower()}"
    raise errors.NotMergeable(f"Bitbucket does not merge it: {reason}.", reasons=(reason,), host=api.api.host)


def _body(found: payloads.PullRequest, order: MergeOrder) -> dict[str, Any]:
    """What is not said is Bitbucket's own default, and that is a merge commit, whatever the branch's is."""
    word = wire.strategy(order.method, found.destination)
    if order.message is not None:
        _check_message(order.message, word)
    body = {
        "type": "pullrequest_merge_parameters",
        "merge_strategy": word,
        "message": order.message,
        "close_source_branch": order.delete_source,
    }
    return {name: value for name, value in body.items() if value is not None}


def _check_message(message: str, word: str | None) -> None:
    if not wire.takes_message(word):
        reason = "a fast-forward makes no commit that could carry a message"
        text = f"It cannot be merged with a message: {reason}."
        raise errors.Unsupported(text, can=Can.CHOOSE_MERGE_METHOD, reason=reason, next_step="Leave `message` out.")
    if len(message.encode("utf-8", "surrogatepass")) > _LONGEST:
        problem = "the message is longer than 128 KiB"
        raise errors.Rejected(f"Bitbucket does not take it: {problem}.", problems=(problem,))


def _refused(error: errors.Rejected | errors.Stale, order: MergeOrder) -> errors.BridgeError:
    """A 400 to a merge is about the pull request, unless it names a field; a 409 about a branch that moved meanwhile."""
    facts: dict[str, Any] = {"host": error.host, "status": error.status, "request_id": error.request_id}
    if isinstance(error, errors.Stale):
        error.expected = order.expect_head
        return error
    if any(each.startswith(("message: ", "merge_strategy: ")) for each in error.problems):
        return error
    told = "; ".join(each.rstrip(". ") for each in error.problems) or "it gives no reason"
    reasons = tuple(each.removeprefix("merge_checks: ") for each in error.problems)
    return errors.NotMergeable(f"Bitbucket does not merge it: {told}.", reasons=reasons, **facts)


def _after(api: RepositoryApi, number: int, reply: Reply) -> payloads.PullRequest | None:
    """The merged pull request; `None` when that is not to be seen for now."""
    if reply.status != 202:
        return api.api.decoded(reply, payloads.PullRequest, Asked(what=f"pull request #{number}", write=True))
    return _watched(api, number, _task(api, number, reply.headers.get("Location", "")))


def _task(api: RepositoryApi, number: int, location: str) -> str | None:
    """The name of the task, which is all that is taken from there; `None` where it leads to anything else."""
    found = _TASK.fullmatch(location)
    here = f"{api.api.addresses.rest}{api.pull(number, 'merge')}"
    return (
        found[2] if found is not None and unquote(found[1]) in {unquote(here), unquote(urlsplit(here).path)} else None
    )


def _watched(api: RepositoryApi, number: int, task: str | None) -> payloads.PullRequest | None:
    """Look until the task is done. Raises what it failed with; without its name the pull request is looked at."""
    path = None if task is None else api.pull(number, "merge", "task-status", task)
    for pause in pauses(_PATIENCE):
        try:
            now = _merged(api, number) if path is None else _told(api, path, number)
            if now is not None:
                return now
            sleep(pause)
        except errors.DeadlineExceeded:
            break
    return None


def _told(api: RepositoryApi, path: str, number: int) -> payloads.PullRequest | None:
    told = api.api.get(path, payloads.MergeTask, about(number))
    if told.task_status != "SUCCESS":
        return None
    return told.merge_result or editing.read(api, number)


def _merged(api: RepositoryApi, number: int) -> payloads.PullRequest | None:
    now = editing.read(api, number)
    return now if wire.is_done(now) else None


def _seen_merged(api: RepositoryApi, number: int, order: MergeOrder, error: errors.HostDown) -> payloads.PullRequest:
    """After a 555 it is looked for, and never merged a second time: the first may still be going on."""
    for pause in pauses(_DOUBT):
        now = _merged(api, number)
        if now is not None:
            return now
        try:
            sleep(pause)
        except errors.DeadlineExceeded:
            break
    # `maybe_done` is not said, or else it would be sent again as soon as nothing is to be seen of it.
    raise errors.Unconfirmed(
        "Bitbucket took too long to merge it, and may still do so.",
        operation="the merge",
        payload=order.message,
        host=api.api.host,
        status=error.status,
        request_id=error.request_id,
        next_step="Look at the pull request in a while; merge again when it is still open.",
        maybe_done=False,
    ) from error.__cause__


def _commit(api: RepositoryApi, merged: payloads.PullRequest) -> str | None:
    """The commit on the destination, in full."""
    found = merged.merge_commit
    return None if found is None else hashes.full(api, found.hash) or found.hash


def _deleted(api: RepositoryApi, found: payloads.PullRequest, order: MergeOrder) -> bool | None:
    """Whether the branch that was to go is gone: Bitbucket keeps one that a rule protects, and does not say so."""
    home = found.source.repository if found.source else None
    name = found.source.branch.name if found.source and found.source.branch else None
    if not order.delete_source or home is None or name is None:
        return None
    try:
        path = api.elsewhere(home.full_name, "refs", "branches", name)
        api.api.reply("GET", path, Asked(what=f"branch {name}", needs=("repository",)))
    except errors.NotThere:
        return True
    except errors.BridgeError:
        return None
    return False
