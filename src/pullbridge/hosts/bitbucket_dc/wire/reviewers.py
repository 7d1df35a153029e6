"""Reviewers: who was asked, and who has given a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire.people import person
from pullbridge.model.reviews import Reviewer, ReviewState

#: https://developer.atlassian.com/server/bitbucket/rest/v902/ (RestPullRequestParticipant); "needs work" is "requested
#: changes" on the pages since 8.10.
VERDICTS = {"APPROVED": ReviewState.APPROVED, "NEEDS_WORK": ReviewState.CHANGES_REQUESTED}


def participants(pull: payloads.PullRequest) -> Iterator[payloads.Participant]:
    """Those who may say something to a pull request, its author left out: first those who were asked."""
    yield from pull.reviewers or ()
    yield from pull.participants or ()


def reviewers(pull: payloads.PullRequest) -> tuple[Reviewer, ...]:
    """Who was asked, with their standing, then who else has given a verdict."""
    asked = [
        Reviewer(person=person(each.user), state=VERDICTS.get(each.status or "", ReviewState.REQUESTED))
        for each in pull.reviewers or ()
    ]
    others = [
        Reviewer(person=person(each.user), state=VERDICTS[each.status])
        for each in pull.participants or ()
        if each.status in VERDICTS
    ]
    return (*asked, *others)
