"""Reviews and reviewers."""

from __future__ import annotations

from collections.abc import Sequence

from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.wire.people import person, team
from pullbridge.hosts.github.wire.rows import rows
from pullbridge.hosts.moments import moment
from pullbridge.model.reviews import Review, Reviewer, ReviewState, Verdict

EVENTS = {Verdict.APPROVE: "APPROVE", Verdict.REQUEST_CHANGES: "REQUEST_CHANGES", Verdict.COMMENT: "COMMENT"}


#: https://docs.github.com/en/graphql/reference/enums#pullrequestreviewstate
_REVIEW_STATES = {
    "PENDING": ReviewState.STARTED,
    "COMMENTED": ReviewState.COMMENTED,
    "APPROVED": ReviewState.APPROVED,
    "CHANGES_REQUESTED": ReviewState.CHANGES_REQUESTED,
    "DISMISSED": ReviewState.DISMISSED,
}


def review(payload: payloads.GraphReview) -> Review:
    """A review; a state that is not known here counts as `COMMENTED`, and `raw_state` has GitHub's word."""
    return Review(
        id=payload.id,
        author=person(payload.author),
        state=_REVIEW_STATES.get(payload.state or "", ReviewState.COMMENTED),
        raw_state=payload.state,
        body=payload.body or "",
        commit=payload.commit.oid if payload.commit else None,
        submitted_at=moment(payload.submitted_at),
        url=payload.url,
        mine=payload.viewer_did_author,
    )


def reviewers(
    payload: payloads.GraphFullPull, owner: str, teams: Sequence[payloads.RestTeam] = ()
) -> tuple[Reviewer, ...]:
    """Who was asked and who has reviewed: GitHub takes a person off its list of requests once they have.

    A new request puts them back to `REQUESTED`. The pull request's author is no reviewer, though they may comment.
    """
    standing: dict[str, Reviewer] = {}
    author = person(payload.author)
    said = [*rows(payload.reviews), *rows(payload.latest_opinionated_reviews)]
    for each in map(review, said):
        if each.author.handle != author.handle and each.state is not ReviewState.STARTED:
            before = standing.get(each.author.handle)
            if before is None or each.state is not ReviewState.COMMENTED:
                standing[each.author.handle] = Reviewer(person=each.author, state=each.state)
    for request in rows(payload.review_requests):
        if request.requested_reviewer is not None and request.requested_reviewer.typename != "Team":
            asked = person(request.requested_reviewer)
            standing[asked.handle] = Reviewer(
                person=asked, state=ReviewState.REQUESTED, required=request.as_code_owner or None
            )
    asked_teams = (team(each, owner) for each in teams)
    return (*standing.values(), *(Reviewer(person=each, state=ReviewState.REQUESTED) for each in asked_teams))
