"""Changes to a pull request, none of which may cost it a reviewer.

A PUT without reviewers removes them, and one with somebody who has left is refused as a whole: so they are read, sent
along, and sent again without those whom the refusal is about. Only what is to change is sent beside them, so that what
somebody else writes in the meantime stays. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pullbridge.errors import Forbidden, NotThere, Rejected, ScopeMissing
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import WRITE, about
from pullbridge.transport.call import Repeat

#: What `GET` leaves out unless it is asked for: how the destination may be merged into, and whether its checks pass.
FIELDS = "+destination.branch.merge_strategies,+destination.branch.default_merge_strategy,+mergeable"
#: What the refusal says of reviewers begins with the field's name.
_ABOUT = "reviewers: "
#: https://github.com/renovatebot/renovate/blob/main/lib/modules/platform/bitbucket/index.ts (sanitizeReviewers)
_NOT_A_MEMBER = " is not a member of this workspace and cannot be added"
_MALFORMED = "malformed reviewers list"

Accounts = Sequence[payloads.Account]


def read(api: RepositoryApi, number: int) -> payloads.PullRequest:
    """The pull request as it is now, with what may be done to it."""
    return api.api.get(api.pull(number), payloads.PullRequest, about(number), params={"fields": FIELDS})


def put(
    api: RepositoryApi,
    number: int,
    body: Mapping[str, Any],
    *,
    found: payloads.PullRequest | None = None,
    reviewers: Callable[[Accounts], Accounts] = lambda there: there,
) -> payloads.PullRequest:
    """Write what `body` names, and whom `reviewers` makes of those who are asked; without it they stay.

    Of those who were asked before, whoever cannot be any more (an account that is inactive, somebody who has left the
    workspace) is left out when Bitbucket refuses them, and is missing in what comes back. Somebody new is never left out:
    that is `Rejected`.
    """
    there = (found or read(api, number)).reviewers or []
    wanted = reviewers(there)
    try:
        return _sent(api, number, body, wanted)
    except Rejected as refusal:
        old = {each.uuid for each in there}
        gone = _gone(api, [each for each in wanted if each.uuid in old], refusal)
        if not gone:
            raise
        return _sent(api, number, body, [each for each in wanted if each.uuid not in gone])


def _sent(api: RepositoryApi, number: int, body: Mapping[str, Any], people: Accounts) -> payloads.PullRequest:
    asked = Asked(what=f"pull request #{number}", write=True, needs=WRITE)
    whole = {**body, "reviewers": [{"uuid": each.uuid} for each in people if each.uuid]}
    return api.api.send("PUT", api.pull(number), whole, payloads.PullRequest, asked, repeat=Repeat.SAFE)


def _gone(api: RepositoryApi, people: Accounts, refusal: Rejected) -> frozenset[str]:
    """Whom of these the refusal is about: it names those who have left, and of those who are inactive it names nobody."""
    said = [each.removeprefix(_ABOUT) for each in refusal.problems if each.startswith(_ABOUT)]
    named = {each.partition(_NOT_A_MEMBER)[0] for each in said if _NOT_A_MEMBER in each}
    gone = {each.uuid for each in people if each.uuid and named & {each.display_name, each.nickname, each.uuid}}
    if any(each.lower().startswith(_MALFORMED) for each in said):
        active = api.api.gather(*(lambda each=each: _is_active(api, each) for each in people))
        gone |= {each.uuid for each, alive in zip(people, active, strict=True) if each.uuid and not alive}
    return frozenset(gone)


def _is_active(api: RepositoryApi, account: payloads.Account) -> bool:
    """Whether an account is in use, and in the workspace; what is not shown is taken for it."""
    uuid = account.uuid or ""
    try:
        now = api.api.get(api.user(uuid), payloads.Account, Asked(what="such account"))
        if now.account_status not in {None, "active"}:
            return False
        asked = Asked(what="such member", needs=("account",))
        api.api.get(api.workspace_path("members", uuid), payloads.Membership, asked)
    except NotThere:
        return False
    except (Forbidden, ScopeMissing):
        return True
    return True
