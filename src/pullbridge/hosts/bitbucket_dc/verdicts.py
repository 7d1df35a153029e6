"""Verdicts, each a state of mine: approved, "needs work" (changes requested), or neither.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (participants)
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from pullbridge import errors
from pullbridge.hosts.bitbucket_dc import payloads, versioned, whoami, wire
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import writing
from pullbridge.model.people import Person
from pullbridge.model.reviews import Review, Verdict
from pullbridge.transport.call import Repeat

STATUSES = {Verdict.APPROVE: "APPROVED", Verdict.REQUEST_CHANGES: "NEEDS_WORK"}
_NEITHER = "UNAPPROVED"


def status(verdict: Verdict, commit: str | None) -> dict[str, Any]:
    """What finishing a review says of it: nothing for one that only comments."""
    if verdict is Verdict.COMMENT:
        return {}
    return {"participantStatus": STATUSES[verdict], **({} if commit is None else {"lastReviewedCommit": commit})}


def give(api: RepositoryApi, number: int, verdict: Verdict, commit: str | None) -> Review:
    """Approve, or request changes, having seen that commit; `Stale` when the head is another one."""
    return _set(api, number, STATUSES[verdict], commit)


def withdraw(api: RepositoryApi, number: int) -> Review:
    """Take my verdict back. Raises `NotThere` when I have given none."""
    me, pull = _myself(api), versioned.read(api, number)
    mine = next((each for each in wire.participants(pull) if wire.person(each.user).id == me.id), None)
    if mine is None or mine.status not in wire.VERDICTS:
        raise errors.NotThere("You have given no verdict that could be withdrawn.", what="verdict of mine")
    return _set(api, number, _NEITHER, None)


def _set(api: RepositoryApi, number: int, word: str, commit: str | None) -> Review:
    slug = _slug(_myself(api))
    body: dict[str, Any] = {"status": word, **({} if commit is None else {"lastReviewedCommit": commit})}
    path = api.pull(number, "participants", slug)
    try:
        told = api.api.send("PUT", path, body, payloads.Participant, writing(number), repeat=Repeat.SAFE)
    except errors.Stale as error:
        raise moved(error, commit) from error.__cause__
    except errors.Rejected as error:
        raise own(error) from error.__cause__
    return wire.standing(told, whoami.me(api.api))


def moved(error: errors.Stale, commit: str | None) -> errors.Stale:
    """The head is another one than what was looked at; Bitbucket tells by its versions alone."""
    text = "The source branch has moved since you looked."
    facts: dict[str, Any] = {"host": error.host, "status": error.status, "request_id": error.request_id}
    return errors.Stale(text, expected=commit, **facts)


def own(error: errors.Rejected) -> errors.BridgeError:
    """`400 … the currently authenticated user is the author of the PR and cannot have its status updated`"""
    if error.status != 400 or not any("author" in problem.lower() for problem in error.problems):
        return error
    text, step = "Nobody reviews their own pull request on Bitbucket.", "Ask somebody else for a verdict."
    facts: dict[str, Any] = {"host": error.host, "status": error.status, "request_id": error.request_id}
    return errors.Forbidden(text, next_step=step, **facts)


def _myself(api: RepositoryApi) -> Person:
    """Me; raises `SignInNeeded` where nobody is told who that is."""
    return whoami.viewer(api.api)


def _slug(me: Person) -> str:
    """What somebody is called in addresses, which is not what they sign in with: the last part of their page's address.

    Without that, what Bitbucket makes of most names.
    """
    told = (me.url or "").rpartition("/users/")[2].partition("/")[0]
    return unquote(told) if told and "/users/" in (me.url or "") else re.sub(r"[^a-z0-9._-]", "_", me.handle.lower())
