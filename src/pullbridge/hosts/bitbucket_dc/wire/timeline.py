"""What happened to a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire.people import known, person
from pullbridge.hosts.bitbucket_dc.wire.times import moment
from pullbridge.model.people import Person
from pullbridge.model.timeline import TimelineItem, TimelineKind

#: https://docs.atlassian.com/bitbucket-server/javadoc/9.2.0/api/ (PullRequestAction); a word that is not here is `OTHER`.
_KINDS = {
    "APPROVED": TimelineKind.REVIEWED,
    "AUTO_MERGE_CANCELLED": TimelineKind.AUTO_MERGE,
    "AUTO_MERGE_REQUESTED": TimelineKind.AUTO_MERGE,
    "COMMENTED": TimelineKind.COMMENTED,
    "DECLINED": TimelineKind.CLOSED,
    "MERGED": TimelineKind.MERGED,
    "REOPENED": TimelineKind.REOPENED,
    "RESCOPED": TimelineKind.PUSHED,
    "REVIEWED": TimelineKind.REVIEWED,
    "REVIEW_FINISHED": TimelineKind.REVIEWED,
    "UNAPPROVED": TimelineKind.REVIEW_DISMISSED,
}


def happened(payload: payloads.Happening) -> Iterator[TimelineItem]:
    """What one entry tells: one event, or one for each person who was asked for a review or is so no longer."""
    asked = [(TimelineKind.REVIEW_REQUESTED, person(each)) for each in payload.added_reviewers or ()]
    let_go = [(TimelineKind.REVIEW_REQUEST_REMOVED, person(each)) for each in payload.removed_reviewers or ()]
    if asked or let_go:
        yield from (_item(payload, kind, who) for kind, who in (*asked, *let_go))
    else:
        yield _item(payload, _kind(payload))


def _kind(payload: payloads.Happening) -> TimelineKind:
    if payload.action == "RESCOPED" and payload.from_hash == payload.previous_from_hash:
        return TimelineKind.OTHER  # only the target was pushed to
    if payload.action == "COMMENTED" and payload.comment_action not in {None, "ADDED", "REPLIED"}:
        return TimelineKind.OTHER
    return _KINDS.get(payload.action, TimelineKind.OTHER)


def _item(payload: payloads.Happening, kind: TimelineKind, subject: Person | None = None) -> TimelineItem:
    raw = payload.action if payload.comment_action is None else f"{payload.action} {payload.comment_action}"
    number = None if payload.id is None else str(payload.id)
    return TimelineItem(
        kind=kind,
        raw_kind=raw or "untold",
        actor=known(payload.user),
        at=moment(payload.created_date),
        subject=subject.handle if subject is not None else None,
        body=payload.comment.text if payload.comment is not None else None,
        commit=_commit(payload),
        id=number if number is None or subject is None else f"{number}/{subject.id}",
    )


def _commit(payload: payloads.Happening) -> str | None:
    if payload.action == "MERGED":
        return payload.commit.id if payload.commit is not None else None
    return payload.from_hash if payload.action == "RESCOPED" else None
