"""Reviewers: who was asked, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.wire.people import person
from pullbridge.model.reviews import Reviewer, ReviewState

_REVIEWER = "REVIEWER"
_STATES = {"approved": ReviewState.APPROVED, "changes_requested": ReviewState.CHANGES_REQUESTED}


def standing(row: payloads.Participant) -> ReviewState | None:
    """Where somebody stands; `None` for who has only taken part.

    `participated_on` tells of one who was asked and has given no verdict that they have commented.
    """
    verdict = _STATES.get(row.state or "")
    if verdict is None and row.state is None and row.approved:
        verdict = ReviewState.APPROVED
    if verdict is not None or row.role != _REVIEWER:
        return verdict
    return ReviewState.COMMENTED if row.participated_on is not None else ReviewState.REQUESTED


def reviewers(pull: payloads.PullRequest) -> tuple[Reviewer, ...]:
    """Who was asked, and who has given a verdict without being asked."""
    rows = pull.participants or ()
    found = [(row, state) for row in rows if (state := standing(row)) is not None]
    listed = {row.user.uuid for row, _ in found if row.user is not None}
    told = [Reviewer(person=person(row.user), state=state) for row, state in found]
    # A write may answer with the reviewers, and the participants as they were before it.
    more = (account for account in pull.reviewers or () if account.uuid not in listed)
    return (*told, *(Reviewer(person=person(each), state=ReviewState.REQUESTED) for each in more))


def verdicts(rows: Iterable[payloads.Participant] | None) -> list[tuple[payloads.Participant, ReviewState]]:
    """Who has given a verdict, or has commented as one who was asked to review."""
    found = ((row, standing(row)) for row in rows or ())
    return [(row, state) for row, state in found if state is not None and state is not ReviewState.REQUESTED]
