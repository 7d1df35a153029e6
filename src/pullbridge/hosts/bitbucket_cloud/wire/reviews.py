"""Reviews: Bitbucket keeps none, but where each person stands, and what was done when. Each standing is a review here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.wire.people import person
from pullbridge.hosts.bitbucket_cloud.wire.reviewers import verdicts
from pullbridge.hosts.moments import moment
from pullbridge.model.people import Person
from pullbridge.model.reviews import Review, ReviewState

_OPINIONS = frozenset({ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED})


def reviews(
    participants: Iterable[payloads.Participant] | None, done: Sequence[payloads.Activity], me: Person | None
) -> tuple[Review, ...]:
    """A review for everybody who stands somewhere, oldest first.

    `done` is what was done, newest first and as far back as it was read: it tells which commit was the head when a verdict
    was given, where Bitbucket says nothing of that with the verdict itself.
    """
    pushes = _pushes(done)
    found = [review_of(row, state, me, pushes) for row, state in verdicts(participants)]
    return tuple(
        sorted(found, key=lambda each: each.submitted_at.timestamp() if each.submitted_at is not None else 0.0)
    )


def review_of(
    row: payloads.Participant,
    state: ReviewState,
    me: Person | None,
    pushes: Sequence[tuple[datetime, str]] = (),
) -> Review:
    """How somebody stands; Bitbucket keeps no text with it."""
    who, at = person(row.user), moment(row.participated_on)
    return Review(
        id=who.id,
        author=who,
        state=state,
        raw_state=row.state,
        commit=_head_at(at, pushes) if at is not None and state in _OPINIONS else None,
        submitted_at=at,
        mine=None if me is None else who.id == me.id,
    )


def reaches(done: Iterable[payloads.Activity], participants: Iterable[payloads.Participant] | None) -> bool:
    """Whether this goes back far enough to tell the head of every verdict."""
    times = [moment(row.participated_on) for row, state in verdicts(participants) if state in _OPINIONS]
    dated = [at for at in times if at is not None]
    return not dated or any(at <= min(dated) for at, _ in _pushes(done))


def _pushes(done: Iterable[payloads.Activity]) -> list[tuple[datetime, str]]:
    """When which commit was the head, newest first."""
    found: list[tuple[datetime, str]] = []
    for each in done:
        end = each.update.source if each.update is not None else None
        at = moment(each.update.date) if each.update is not None else None
        if at is not None and end is not None and end.commit is not None:
            found.append((at, end.commit.hash))
    return sorted(found, reverse=True)


def _head_at(at: datetime, pushes: Sequence[tuple[datetime, str]]) -> str | None:
    return next((commit for when, commit in pushes if when <= at), None)


def completed(found: Iterable[Review], full: Mapping[str, str]) -> tuple[Review, ...]:
    """The reviews with their commits in full, where those are known by their abbreviation."""
    return tuple(replace(each, commit=full.get(each.commit or "", each.commit)) for each in found)


def remark(row: payloads.Comment, me: Person | None) -> Review:
    """A review's text: a comment on the whole pull request, by whose id it goes."""
    author, links = person(row.user), row.links or payloads.Links()
    return Review(
        id=str(row.id),
        author=author,
        state=ReviewState.COMMENTED,
        body=(row.content.raw or "") if row.content is not None else "",
        submitted_at=moment(row.created_on),
        url=links.html.href if links.html else None,
        mine=None if me is None else author.id == me.id,
    )
