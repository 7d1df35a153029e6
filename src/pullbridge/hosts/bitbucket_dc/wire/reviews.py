"""Reviews: Data Center keeps none, but how each person stands to a pull request. Each standing is a review here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire.people import person
from pullbridge.hosts.bitbucket_dc.wire.reviewers import VERDICTS, participants
from pullbridge.hosts.bitbucket_dc.wire.times import moment
from pullbridge.model.people import Person
from pullbridge.model.reviews import Review, ReviewState

#: What activities call verdicts: `REVIEWED` is "needs work".
_ACTIONS = {"APPROVED": "APPROVED", "REVIEWED": "NEEDS_WORK"}


def reviews(
    pull: payloads.PullRequest,
    activities: Iterable[payloads.Activity],
    me: Person | None,
    drafting: bool,
) -> tuple[Review, ...]:
    """A review for everybody who has given a verdict, oldest first; last my pending one, if I have drafts."""
    given = _given_at(activities)
    found = [
        standing(each, me, given.get((person(each.user).id, each.status or "")))
        for each in participants(pull)
        if each.status in VERDICTS
    ]
    found.sort(key=lambda each: each.submitted_at.timestamp() if each.submitted_at is not None else 0.0)
    if drafting and me is not None:
        found.append(Review(id=f"{me.id}:pending", author=me, state=ReviewState.STARTED, mine=True))
    return tuple(found)


def _given_at(activities: Iterable[payloads.Activity]) -> dict[tuple[str, str], datetime]:
    """When each verdict was given last, by the person's id and the verdict."""
    found: dict[tuple[str, str], datetime] = {}
    for each in activities:
        status, when = _ACTIONS.get(each.action), moment(each.created_date)
        if status is not None and when is not None:
            key = (person(each.user).id, status)
            found[key] = max(when, found.get(key, when))
    return found


def standing(payload: payloads.Participant, me: Person | None, at: datetime | None = None) -> Review:
    """How somebody stands, and the commit that they saw: an approval of another one than the head's is an old one."""
    who = person(payload.user)
    return Review(
        id=who.id,
        author=who,
        state=VERDICTS.get(payload.status or "", ReviewState.DISMISSED),
        raw_state=payload.status,
        commit=payload.last_reviewed_commit,
        submitted_at=at,
        mine=None if me is None else who.id == me.id,
    )


def remark(comment: payloads.Comment, url: str, me: Person | None) -> Review:
    """A review's text: a comment on the whole pull request, by whose id it goes."""
    author = person(comment.author)
    return Review(
        id=str(comment.id),
        author=author,
        state=ReviewState.COMMENTED,
        body=comment.text or "",
        submitted_at=moment(comment.created_date),
        url=f"{url}/overview?commentId={comment.id}",
        mine=None if me is None else author.id == me.id,
    )
