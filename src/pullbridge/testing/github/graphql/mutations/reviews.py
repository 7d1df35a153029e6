"""Mutations of reviews, and of requests for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.errors import unprocessable, unresolved
from pullbridge.testing.github.graphql.mutations.subjects import (
    Payload,
    me,
    not_blank,
    own,
    people_of,
    pull_of,
    subject,
)
from pullbridge.testing.github.graphql.mutations.threads import OUTSIDE, may_converse, place_of
from pullbridge.testing.github.graphql.nodes import view_of
from pullbridge.testing.github.graphql.paging import Edge, cursor_of
from pullbridge.testing.github.graphql.people import User
from pullbridge.testing.github.graphql.schema import mutation
from pullbridge.testing.store import Refused, ReviewEvent, records

Draft = tuple[records.Place, str]

_EVENTS: dict[str, ReviewEvent] = {
    "COMMENT": "COMMENT",
    "APPROVE": "APPROVE",
    "REQUEST_CHANGES": "REQUEST_CHANGES",
}


@mutation
def add_pull_request_review(
    ask: Asking,
    *,
    pull_request_id: str,
    commit_oid: str | None = None,
    body: str | None = None,
    event: str | None = None,
    comments: Sequence[dict[str, Any]] | None = None,
    threads: Sequence[dict[str, Any]] | None = None,
) -> Payload:
    """Write a review; it stays pending without an event.

    Threads outside the diff are left out in silence, or refuse the whole mutation: see `Knobs.lines_outside`.
    """
    pull = pull_of(ask, pull_request_id)
    may_converse(ask, pull)
    if commit_oid is not None and pull.repository.git.resolve(commit_oid) is None:
        raise unprocessable("The commit OID is not part of the pull request")
    drafts = [_by_position(ask, pull, commit_oid, **given) for given in comments or ()]
    drafts += [_by_line(**given) for given in threads or ()]
    review = ask.store.reviews.create(
        pull,
        ask.viewer,
        event=_event(event) if event else None,
        body=body or "",
        commit=commit_oid,
        comments=[draft for draft in drafts if _kept(ask, pull, draft, commit_oid)],
    )
    return {"pull_request_review": view_of(ask, review), "review_edge": Edge(view_of(ask, review), cursor_of(0))}


def _event(name: str) -> ReviewEvent:
    if name not in _EVENTS:
        raise unprocessable("A review can be dismissed only after it was submitted")
    return _EVENTS[name]


def _by_line(*, path: str, body: str, line: int, **rest: Any) -> Draft:
    return place_of(path, line, rest.get("side"), rest.get("start_line"), rest.get("start_side")), body


def _by_position(
    ask: Asking, pull: records.PullRequest, commit: str | None, *, path: str, body: str, position: int
) -> Draft:
    """The older way to name a place: by counting the lines of the file's diff."""
    head = commit or pull.head
    base = pull.merge_base if head == pull.head else pull.repository.git.merge_base(pull.base, head)
    file = ask.store.threads.by_path(pull.repository, base or pull.merge_base, head).get(path)
    places = {at: (side, line) for (side, line), at in file.positions.items()} if file else {}
    side, line = places.get(position, ("RIGHT", 0))
    return place_of(path, line, side), body


def _kept(ask: Asking, pull: records.PullRequest, draft: Draft, commit: str | None) -> bool:
    """Whether a thread goes into the review; `False` for one that is dropped in silence."""
    if ask.knobs.lines_outside == "refuse":
        return True
    try:
        ask.store.threads.check(pull, draft[0], commit)
    except Refused as refused:
        if refused.why in OUTSIDE:
            return False
        raise
    return True


@mutation
def submit_pull_request_review(
    ask: Asking,
    *,
    event: str,
    pull_request_id: str | None = None,
    pull_request_review_id: str | None = None,
    body: str | None = None,
) -> Payload:
    """Publish the viewer's pending review."""
    if pull_request_review_id is not None:
        review: records.Review | None = _mine(ask, pull_request_review_id)
    elif pull_request_id is not None:
        review = ask.store.reviews.pending(pull_of(ask, pull_request_id), ask.viewer)
    else:
        raise unprocessable("Either `pullRequestId` or `pullRequestReviewId` must be specified")
    if review is None:
        raise unprocessable("Could not find a pending review to submit")
    if not review.pending:
        raise unprocessable("Review has already been submitted.")
    may_converse(ask, review.pull)
    ask.store.reviews.submit(review, _event(event), body)
    return {"pull_request_review": view_of(ask, review)}


def _mine(ask: Asking, id: str) -> records.Review:
    review = subject(ask, id, records.Review)
    ask.require(review.pull.repository, "pull_requests")
    if not own(ask, review):
        raise unresolved(id)
    return review


@mutation
def delete_pull_request_review(ask: Asking, *, pull_request_review_id: str) -> Payload:
    """Discard the viewer's pending review with its comments."""
    review = _mine(ask, pull_request_review_id)
    ask.store.reviews.delete(review)
    return {"pull_request_review": view_of(ask, review)}


@mutation
def update_pull_request_review(ask: Asking, *, pull_request_review_id: str, body: str) -> Payload:
    """Replace a review's own text."""
    review = _mine(ask, pull_request_review_id)
    ask.store.reviews.edit(review, body)
    return {"pull_request_review": view_of(ask, review)}


@mutation
def dismiss_pull_request_review(ask: Asking, *, pull_request_review_id: str, message: str) -> Payload:
    """Take the force out of a verdict."""
    review = subject(ask, pull_request_review_id, records.Review)
    ask.require(review.pull.repository, "pull_requests", role=records.Role.WRITE)
    ask.store.reviews.dismiss(review, ask.viewer, not_blank(message, "Message"))
    return {"pull_request_review": view_of(ask, review)}


@mutation
def request_reviews(
    ask: Asking,
    *,
    pull_request_id: str,
    user_ids: list[str] | None = None,
    team_ids: list[str] | None = None,
    union: bool | None = None,
) -> Payload:
    """Ask for reviews: in addition to who is asked already with `union`, else of exactly these."""
    pull = pull_of(ask, pull_request_id)
    ask.require(pull.repository, "pull_requests", role=records.Role.TRIAGE, own=own(ask, pull))
    people = people_of(ask, user_ids or [])
    teams = [subject(ask, one, records.Team) for one in team_ids or []]
    ask.store.pulls.request_reviewers(pull, ask.viewer, people, teams)
    if not union:
        others = [user for user in pull.requested_reviewers if user not in people]
        other_teams = [team for team in pull.requested_teams if team not in teams]
        ask.store.pulls.remove_reviewers(pull, ask.viewer, others, other_teams)
    edge = Edge(User(ask, people[0]), cursor_of(0)) if people else None
    return {"actor": me(ask), "pull_request": view_of(ask, pull), "requested_reviewers_edge": edge}
