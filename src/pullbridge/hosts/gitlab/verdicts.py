"""Verdicts, each a state of mine: approved, changes requested, or neither.

https://docs.gitlab.com/api/merge_request_approvals/ and https://docs.gitlab.com/user/project/merge_requests/reviews/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import drafting, payloads, pending, people, queries, whoami, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about
from pullbridge.model.people import Person
from pullbridge.model.reviews import Review, ReviewState
from pullbridge.transport.call import Repeat

#: `reviewer_state` of `bulk_publish`, which older versions pass over without a word.
_BY_PUBLISHING = (19, 2)
#: The quick action: https://docs.gitlab.com/user/project/quick_actions/
_BY_COMMAND = (16, 9)


def myself(api: RepositoryApi) -> Person:
    """Me; raises `SignInNeeded` where nobody is told who that is."""
    me = whoami.me(api.api)
    if me is None:
        text = "GitLab does not tell this credential whose it is, and a verdict is somebody's."
        raise errors.SignInNeeded(text, host=api.api.host)
    return me


def approve(api: RepositoryApi, number: int, commit: str | None) -> Review:
    """Approve, guarded by the head; `Stale` when that is another commit. What is approved already stays so."""
    me, path = myself(api), api.pull(number, "approve")
    body = {} if commit is None else {"sha": commit}
    try:
        told = api.api.send("POST", path, body, payloads.MyApproval, drafting.write_to(number), repeat=Repeat.SAFE)
    except errors.Stale as error:
        error.expected = error.expected or commit
        raise
    except errors.BridgeError as error:
        # A second approval changes nothing (304), or is refused as one is that one may not give (401).
        if error.status != 304 and not isinstance(error, errors.Forbidden):
            raise
        told = _approvals(api, number)
        if not told.user_has_approved:
            raise _not_mine_to_give(error, told) from error.__cause__
    return wire.standing(me, ReviewState.APPROVED, me, wire.approved_at(told).get(me.id))


def _approvals(api: RepositoryApi, number: int) -> payloads.MyApproval:
    return api.api.get(api.pull(number, "approvals"), payloads.MyApproval, about(number))


def _not_mine_to_give(error: errors.BridgeError, told: payloads.MyApproval) -> errors.BridgeError:
    if told.require_password_to_approve:
        reason = "this project wants the password with every approval (`approval_password`), which is not kept here"
        step = "Approve it in the browser."
        text = f"It was not approved: {reason}."
        return errors.Unsupported(text, can=Can.APPROVE, reason=reason, host=error.host, next_step=step)
    text = "GitLab does not let this account approve it: authors and committers may be kept from it, or the role is missing."
    step = "Ask somebody else for a verdict."
    return errors.Forbidden(text, status=error.status, host=error.host, request_id=error.request_id, next_step=step)


def request_changes(api: RepositoryApi, number: int) -> Review:
    """Request changes, as one of the reviewers: nobody else can, and whoever does becomes one.

    By the way that the version has: a mutation, a parameter of publishing, or a quick action. None of these publishes
    drafts of mine.
    """
    me = myself(api)
    people.GitLabReviewers(api).request(number, [me.handle])
    if not _by_mutation(api, number) and not _by_publishing(api, number):
        _by_command(api, number)
    return wire.standing(me, ReviewState.CHANGES_REQUESTED, me)


def _by_mutation(api: RepositoryApi, number: int) -> bool:
    """Whether GraphQL has it, for this token."""
    try:
        _done(api, number, queries.REQUEST_CHANGES)
    except (errors.Unsupported, errors.ScopeMissing, errors.NotThere):
        return False
    return True


def _by_publishing(api: RepositoryApi, number: int) -> bool:
    """Whether REST has it, and nothing of mine would be published by it."""
    if not api.api.at_least(_BY_PUBLISHING) or pending.mine(api, number):
        return False
    path, body = api.pull(number, "draft_notes", "bulk_publish"), {"reviewer_state": "requested_changes"}
    api.api.reply("POST", path, drafting.write_to(number), body=body, repeat=Repeat.SAFE)
    return True


def _by_command(api: RepositoryApi, number: int) -> None:
    """A note that is nothing but the command, so that GitLab keeps none. It is looked at whether it was carried out."""
    if not api.api.at_least(_BY_COMMAND):
        raise _too_old(api)
    asked, body = drafting.write_to(number), {"body": "/request_changes"}
    note = api.api.send("POST", api.pull(number, "notes"), body, payloads.Note, asked, repeat=Repeat.SAFE)
    if note.id is not None:
        # It was no command to this version, and is a comment now that nobody wanted.
        api.api.reply("DELETE", api.pull(number, "notes", note.id), asked)
        raise _too_old(api)
    me = myself(api)
    if not any(str(row.user.id) == me.id and _requests(row) for row in people.rows(api, number)):
        text = "GitLab took the request for changes, and did not note it."
        raise errors.Forbidden(text, host=api.api.host, next_step="Check that you are one of the reviewers.")


def _too_old(api: RepositoryApi) -> errors.Unsupported:
    text, reason = f"{api.api.server} knows no requests for changes.", "requests for changes need GitLab 16.9"
    step = "Say it in a comment, and do not approve."
    return errors.Unsupported(text, can=Can.REQUEST_CHANGES, reason=reason, host=api.api.host, next_step=step)


def _requests(row: payloads.ReviewerRow) -> bool:
    return wire.review_state(row.state) is ReviewState.CHANGES_REQUESTED


def withdraw(api: RepositoryApi, number: int) -> Review:
    """Take my verdict back. Raises `NotThere` when I have given none."""
    me = myself(api)
    asked: list[Callable[[], Any]] = [lambda: _approvals(api, number), lambda: people.rows(api, number)]
    approvals, rows = api.api.gather(*asked)
    if me.id in wire.approved_at(approvals):
        api.api.reply("POST", api.pull(number, "unapprove"), drafting.write_to(number), repeat=Repeat.SAFE)
    elif any(str(row.user.id) == me.id and _requests(row) for row in rows):
        _take_back(api, number, me)
    else:
        raise errors.NotThere("You have given no verdict that could be withdrawn.", what="verdict of mine")
    return wire.standing(me, ReviewState.DISMISSED, me)


def _take_back(api: RepositoryApi, number: int, me: Person) -> None:
    """A paid plan notes a request for changes apart, and takes it back so; elsewhere I am asked anew for a review."""
    try:
        _done(api, number, queries.TAKE_BACK_CHANGES)
    except (errors.Unsupported, errors.Rejected):
        _done(api, number, queries.ASK_ANEW, userId=f"gid://gitlab/User/{me.id}")


def _done(api: RepositoryApi, number: int, document: str, **more: str) -> None:
    """Execute a mutation about one merge request."""
    variables = {"projectPath": api.path_now, "iid": str(number), **more}
    asked = Asked(what=f"merge request !{number}", write=True, needs=drafting.WRITE)
    shape = dict[str, payloads.GraphDone | None]
    answer = api.api.graphql(document, {"input": variables}, shape, asked, repeat=Repeat.SAFE)
    done = next(iter(answer.values()), None)
    if done is None:
        raise errors.NotThere(f"GitLab shows no merge request !{number} to this credential.", what=asked.what)
    if done.errors:
        raise errors.Rejected(f"GitLab refused it: {done.errors[0]}.", problems=tuple(done.errors), host=api.api.host)
