"""Catching up with the target, which GitLab does by a rebase, in the background.

https://docs.gitlab.com/api/merge_requests/#rebase-a-merge-request
"""

from __future__ import annotations

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.encoding import quoted
from pullbridge.hosts.gitlab import merging, payloads
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import WRITE
from pullbridge.hosts.waiting import pauses
from pullbridge.model.merge import MergeMethod
from pullbridge.model.refs import same_commit
from pullbridge.transport.call import sleep

#: For how many seconds a rebase is watched, where no deadline is nearer.
_PATIENCE = 120.0
#: The same for the merge request to learn of its new head.
_BRIEFLY = 15.0


def rebase(api: RepositoryApi, number: int, method: MergeMethod | None, head: str | None) -> payloads.MergeRequest:
    """Rebase the source branch onto the target, if its head is this one, and wait until that is done.

    GitLab has no guard of its own, so the head is compared just before. Raises `Unsupported` for a merge, and `Rejected`
    with GitLab's words when it cannot be done.
    """
    if method is MergeMethod.MERGE:
        reason = "GitLab updates a source branch by a rebase only"
        step = "Leave the method out, or ask for a rebase; or merge the target yourself, and push."
        raise errors.Unsupported(
            f"It cannot be updated by a merge: {reason}.", can=Can.UPDATE_BRANCH, reason=reason, next_step=step
        )
    found = merging.read(api, number)
    if head is not None and not same_commit(head, found.sha):
        text = "The source branch has moved since you looked."
        raise errors.Stale(text, expected=head, found=found.sha, host=api.api.host)
    _begun(api, number)
    return _judged(api, found, _over(api, number))


def _begun(api: RepositoryApi, number: int) -> None:
    asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
    try:
        api.api.reply("PUT", api.pull(number, "rebase"), asked)
    except errors.Stale as error:
        # 409 is a lock that GitLab did not get: nothing was begun.
        text = "GitLab is busy with this merge request, and has not begun to rebase it."
        raise errors.HostDown(
            text, host=error.host, status=error.status, request_id=error.request_id
        ) from error.__cause__


def _over(api: RepositoryApi, number: int) -> payloads.MergeRequest:
    """Look until GitLab no longer rebases."""
    found = _look(api, number)
    for pause in pauses(_PATIENCE):
        if not found.rebase_in_progress:
            return found
        found = _look(api, number, after=pause)
    if found.rebase_in_progress:
        text = "GitLab has not finished the rebase yet; it goes on by itself."
        raise errors.DeadlineExceeded(text, host=api.api.host, maybe_done=True, next_step="Look again in a while.")
    return found


def _judged(api: RepositoryApi, before: payloads.MergeRequest, after: payloads.MergeRequest) -> payloads.MergeRequest:
    """What came of it. The branch tells: `merge_error` may be an older one, and the merge request learns of a push later."""
    tip = after.sha if after.sha != before.sha else _tip(api, after)
    if tip != before.sha:
        return _caught_up(api, after, tip)
    host = api.api.host
    if after.merge_error:
        text = f"GitLab could not rebase it: {after.merge_error.rstrip('. ')}."
        step = "Rebase it in a checkout, settle the conflicts, and push."
        raise errors.Rejected(text, problems=(after.merge_error,), next_step=step, host=host)
    problem = "the source branch has all of the target's commits"
    raise errors.Rejected(f"There is nothing to bring: {problem}.", problems=(problem,), host=host)


def _tip(api: RepositoryApi, found: payloads.MergeRequest) -> str | None:
    path = f"/projects/{found.source_project_id}/repository/branches/{quoted(found.source_branch)}"
    tip = api.api.get(path, payloads.Branch, Asked(what=f"branch {found.source_branch}")).commit
    return tip.id if tip is not None else None


def _caught_up(api: RepositoryApi, found: payloads.MergeRequest, tip: str | None) -> payloads.MergeRequest:
    """The merge request as soon as it has the new head, or as it is after a while."""
    for pause in pauses(_BRIEFLY):
        if found.sha == tip:
            break
        found = _look(api, found.iid, after=pause)
    return found


def _look(api: RepositoryApi, number: int, *, after: float = 0) -> payloads.MergeRequest:
    try:
        sleep(after)
        return merging.read(api, number, include_rebase_in_progress="true")
    except errors.BridgeError as error:
        # It was asked for, and goes on without us.
        error.maybe_done = True
        raise
