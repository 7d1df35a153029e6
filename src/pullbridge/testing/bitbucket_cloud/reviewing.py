"""Verdicts: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/

One person has one: to approve takes a request for changes back, and the other way round. One's own pull request may be
approved, too (unverified).
"""

from __future__ import annotations

from typing import Literal

from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import bad_request, conflict, not_found
from pullbridge.testing.bitbucket_cloud.pulls import PULL

Verdict = Literal["APPROVED", "CHANGES_REQUESTED"]
_MERGED = {
    "APPROVED": "Pull request cannot be {}approved because the pull request has already been merged.",
    "CHANGES_REQUESTED": "Pull request changes cannot be {}requested because the pull request has already been merged.",
}
_ALREADY = {
    "APPROVED": "You already approved this pull request.",
    "CHANGES_REQUESTED": "You already requested changes on this pull request.",
}
_NEVER = {
    "APPROVED": "You haven't approved this pull request.",
    "CHANGES_REQUESTED": "You haven't requested changes on this pull request.",
}


def _say(ask: Ask, verdict: Verdict) -> Answer:
    _open(ask, verdict, "")
    if _mine(ask) == verdict:
        raise conflict(_ALREADY[verdict])
    ask.store.reviews.say(ask.pull, ask.me, verdict)
    ask.state.acted[ask.me] = ask.store.now()
    return Answer(payload=ask.shapes.participant(ask.pull, ask.me))


def _take_back(ask: Ask, verdict: Verdict) -> Answer:
    _open(ask, verdict, "un" if verdict == "APPROVED" else "no longer ")
    if _mine(ask) != verdict:
        raise not_found(_NEVER[verdict])
    ask.store.reviews.say(ask.pull, ask.me, "DISMISSED")
    return Answer(status=204)


def _open(ask: Ask, verdict: Verdict, prefix: str) -> None:
    if ask.pull.state != "open":
        raise bad_request(_MERGED[verdict].format(prefix))


def _mine(ask: Ask) -> str | None:
    known = ask.store.reviews.verdicts(ask.pull).get(ask.me)
    return None if known is None else known.state


def approve(ask: Ask) -> Answer:
    """POST approve."""
    return _say(ask, "APPROVED")


def unapprove(ask: Ask) -> Answer:
    """DELETE approve."""
    return _take_back(ask, "APPROVED")


def request_changes(ask: Ask) -> Answer:
    """POST request-changes."""
    return _say(ask, "CHANGES_REQUESTED")


def unrequest_changes(ask: Ask) -> Answer:
    """DELETE request-changes."""
    return _take_back(ask, "CHANGES_REQUESTED")


_SCOPE = "pullrequest:write"
ROUTES = (
    Route(method="POST", rule=f"{PULL}/approve", answer=approve, scope=_SCOPE),
    Route(method="DELETE", rule=f"{PULL}/approve", answer=unapprove, scope=_SCOPE),
    Route(method="POST", rule=f"{PULL}/request-changes", answer=request_changes, scope=_SCOPE),
    Route(method="DELETE", rule=f"{PULL}/request-changes", answer=unrequest_changes, scope=_SCOPE),
)
