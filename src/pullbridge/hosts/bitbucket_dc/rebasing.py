"""Catching up with the target, which Data Center does by a rebase.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (git, rebase)
"""

from __future__ import annotations

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import WRITE, writing
from pullbridge.hosts.bitbucket_dc.versioned import persistent, read
from pullbridge.hosts.waiting import pauses
from pullbridge.model.merge import MergeMethod
from pullbridge.model.refs import same_commit
from pullbridge.transport.call import sleep

#: For how many seconds the pull request is given to learn of its new head, where no deadline is nearer.
_BRIEFLY = 15.0


def rebase(api: RepositoryApi, number: int, method: MergeMethod | None, head: str | None) -> payloads.PullRequest:
    """Rebase the source branch onto the target, if its head is this one.

    Raises `Unsupported` for a merge, and `Rejected` with Data Center's words when it cannot be done.
    """
    if method is not None and method is not MergeMethod.REBASE:
        reason = "Data Center updates a source branch by a rebase only"
        step = "Leave the method out, or ask for a rebase; or merge the target yourself, and push."
        text = f"It cannot be updated by {method.value}: {reason}."
        raise errors.Unsupported(text, can=Can.UPDATE_BRANCH, reason=reason, next_step=step, host=api.api.host)
    result = persistent(lambda: _expected(api, number, head), lambda found: _post(api, found))
    if result.ref_change is None or result.ref_change.to_hash is None:
        problem = "the source branch has all of the target's commits"
        raise errors.Rejected(f"There is nothing to bring: {problem}.", problems=(problem,), host=api.api.host)
    return _caught_up(api, number, result.ref_change.to_hash)


def _expected(api: RepositoryApi, number: int, head: str | None) -> payloads.PullRequest:
    found = read(api, number)
    if head is not None and not same_commit(head, found.from_ref.latest_commit):
        text = "The source branch has moved since you looked."
        raise errors.Stale(text, expected=head, found=found.from_ref.latest_commit, host=api.api.host)
    return found


def _post(api: RepositoryApi, found: payloads.PullRequest) -> payloads.Rebased:
    path, body = api.pull(found.id, "rebase", service="git"), {"version": found.version}
    return api.api.send("POST", path, body, payloads.Rebased, writing(found.id, WRITE))


def _caught_up(api: RepositoryApi, number: int, tip: str) -> payloads.PullRequest:
    """The pull request as soon as it has the new head, or as it is after a while."""
    found = _look(api, number)
    for pause in pauses(_BRIEFLY):
        if found.from_ref.latest_commit == tip:
            break
        found = _look(api, number, after=pause)
    return found


def _look(api: RepositoryApi, number: int, *, after: float = 0) -> payloads.PullRequest:
    try:
        sleep(after)
        return read(api, number)
    except errors.BridgeError as error:
        # The rebase is done.
        error.maybe_done = True
        raise
