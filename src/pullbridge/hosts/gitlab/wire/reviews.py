"""Reviews: GitLab keeps none, but how each person stands to a merge request. Each standing is a review here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.moments import moment
from pullbridge.model.people import Person
from pullbridge.model.reviews import Review, Reviewer, ReviewState

#: Who was only asked has not reviewed, and who has begun to shows nothing of it yet.
_NOTHING = frozenset({ReviewState.REQUESTED, ReviewState.STARTED})


def reviews(
    reviewers: Iterable[Reviewer], approved: Mapping[str, datetime | None], me: Person | None, drafting: bool
) -> tuple[Review, ...]:
    """A review for everybody who stands somewhere, those with a time by it; last my pending one, if I have drafts.

    `approved` tells when whoever has approved did so, by their id.
    """
    found = [
        standing(each.person, each.state, me, approved.get(each.person.id))
        for each in reviewers
        if each.state not in _NOTHING
    ]
    found.sort(key=lambda each: each.submitted_at.timestamp() if each.submitted_at is not None else 0.0)
    if drafting and me is not None:
        found.append(Review(id=f"{me.id}:pending", author=me, state=ReviewState.STARTED, mine=True))
    return tuple(found)


def standing(person: Person, state: ReviewState, me: Person | None, at: datetime | None = None) -> Review:
    """How somebody stands; GitLab keeps neither a text with it nor the commit."""
    return Review(
        id=person.id,
        author=person,
        state=state,
        submitted_at=at,
        mine=None if me is None else person.id == me.id,
    )


def approved_at(payload: payloads.Approvals) -> dict[str, datetime | None]:
    """When each approval was given, by the person's id; older versions do not say it."""
    return {
        str(each.user.id): moment(each.approved_at)
        for each in payload.approved_by or ()
        if each.user is not None and each.user.id is not None
    }


def remark(note: payloads.Note, author: Person, me: Person | None, url: str) -> Review:
    """A review's text: a comment on the whole merge request, by whose id it goes."""
    return Review(
        id=str(note.id),
        author=author,
        state=ReviewState.COMMENTED,
        body=note.body or "",
        submitted_at=moment(note.created_at),
        url=f"{url}#note_{note.id}",
        mine=None if me is None else author.id == me.id,
    )
