"""Verdicts, each a state of mine: approved, changes requested, or neither.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (approve, request-changes). None of them takes a
commit: whoever wants the head guarded reads it before.
"""

from __future__ import annotations

from dataclasses import replace

from pullbridge import errors
from pullbridge.hosts.bitbucket_cloud import drafting, payloads, whoami, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.model.people import Person
from pullbridge.model.reviews import Review, ReviewState, Verdict
from pullbridge.transport.call import Repeat

_PATHS = {ReviewState.APPROVED: "approve", ReviewState.CHANGES_REQUESTED: "request-changes"}
_STATES = {Verdict.APPROVE: ReviewState.APPROVED, Verdict.REQUEST_CHANGES: ReviewState.CHANGES_REQUESTED}


def give(api: RepositoryApi, number: int, verdict: Verdict, commit: str | None) -> Review:
    """Approve, or request changes; each takes the place of the other. What stands already stays so (`409`)."""
    state = _STATES[verdict]
    path, asked = api.pull(number, _PATHS[state]), drafting.write_to(number)
    try:
        row = api.api.send("POST", path, {}, payloads.Participant, asked, repeat=Repeat.SAFE)
    except errors.BridgeError as error:
        mine = _mine(api, number) if error.status == 409 else None
        if mine is None or wire.standing(mine) is not state:
            raise
        row = mine
    me = wire.person(row.user) if row.user is not None else whoami.me(api.api)
    return replace(wire.review_of(row, state, me), commit=commit, mine=True)


def withdraw(api: RepositoryApi, number: int) -> Review:
    """Take my verdict back. Raises `NotThere` when I have given none."""
    me = whoami.me(api.api)
    if me is None:
        return _tried(api, number)
    mine = _mine(api, number)
    state = wire.standing(mine) if mine is not None else None
    if state not in _PATHS or not _taken_back(api, number, state):
        raise _none()
    return _taken(me)


def _tried(api: RepositoryApi, number: int) -> Review:
    """For a credential that is not told whose it is: whichever it has given."""
    done = [_taken_back(api, number, state) for state in _PATHS]
    if not any(done):
        raise _none()
    return _taken(Person(id="", handle=""))


def _taken_back(api: RepositoryApi, number: int, state: ReviewState) -> bool:
    """Whether there was one: without any it is answered `404`, as a pull request that is not there would be."""
    try:
        api.api.reply("DELETE", api.pull(number, _PATHS[state]), drafting.write_to(number), repeat=Repeat.SAFE)
    except errors.NotThere:
        return False
    return True


def _taken(me: Person) -> Review:
    return Review(id=me.id, author=me, state=ReviewState.DISMISSED, mine=True)


def _mine(api: RepositoryApi, number: int) -> payloads.Participant | None:
    """How I stand; `None` where I do not take part, or nobody is told who I am."""
    me = whoami.me(api.api)
    pull = api.api.get(api.pull(number), payloads.PullRequest, about(number))
    rows = (row for row in pull.participants or () if row.user is not None and me is not None)
    return next((row for row in rows if row.user is not None and me is not None and row.user.uuid == me.id), None)


def _none() -> errors.NotThere:
    return errors.NotThere("You have given no verdict that could be withdrawn.", what="verdict of mine")
