"""What happened. Bitbucket tells what a pull request was like after each change, and not what the change was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.wire.people import known, person
from pullbridge.hosts.moments import moment
from pullbridge.model.refs import same_commit
from pullbridge.model.timeline import TimelineItem, TimelineKind

_ENDS = {"MERGED": TimelineKind.MERGED, "DECLINED": TimelineKind.CLOSED, "SUPERSEDED": TimelineKind.CLOSED}
#: What a timeline item is of beside its kind: what it was done with, a text, a commit.
_Told = tuple[TimelineKind, str, str | None, str | None, str | None]


def timeline(rows: Iterable[payloads.Activity]) -> tuple[TimelineItem, ...]:
    """Events, oldest first as the rows are. The first update is the opening; one that changed several things is several."""
    items: list[TimelineItem] = []
    before: payloads.Snapshot | None = None
    for row in rows:
        if row.update is not None:
            items += _updated(row.update, before)
            before = row.update
        elif row.comment is not None:
            items.append(_commented(row.comment))
        else:
            items.append(_judged(row))
    return tuple(items)


def ended(rows: Iterable[payloads.Activity], state: str) -> datetime | None:
    """When it came to be in this state for the last time, by its events, newest first; `None` where these do not tell."""
    found: datetime | None = None
    for row in rows:
        if row.update is not None and row.update.state != state:
            break
        if row.update is not None:
            found = moment(row.update.date)
    return found


def _updated(now: payloads.Snapshot, before: payloads.Snapshot | None) -> Iterator[TimelineItem]:
    told: list[_Told] = [(TimelineKind.OTHER, "opened", now.title, None, _head(now))]
    if before is not None:
        told = list(_changes(now, before)) or [(TimelineKind.OTHER, "update", None, None, None)]
    for kind, raw, subject, body, commit in told:
        yield TimelineItem(
            kind=kind,
            raw_kind=raw,
            actor=known(now.author),
            at=moment(now.date),
            subject=subject,
            body=body,
            commit=commit,
        )


def _changes(now: payloads.Snapshot, before: payloads.Snapshot) -> Iterator[_Told]:
    head, head_before = _head(now), _head(before)
    if head is not None and head_before is not None and not same_commit(head, head_before):
        yield TimelineKind.PUSHED, "update source", None, None, head
    if now.title != before.title:
        yield TimelineKind.RENAMED, "update title", now.title, None, None
    if _target(now) != _target(before):
        yield TimelineKind.RETARGETED, "update destination", _target(now), None, None
    if now.draft is not None and before.draft is not None and now.draft != before.draft:
        yield TimelineKind.DRAFTED if now.draft else TimelineKind.READIED, "update draft", None, None, None
    yield from _asked(now.changes)
    if now.state != before.state:
        raw = now.state or ""
        yield _ENDS.get(raw, TimelineKind.OTHER), f"update {raw}".strip(), None, now.reason or None, None


def _asked(changes: payloads.Changed | None) -> Iterator[_Told]:
    """Who was asked, or is not any more; and a new description, which is none of the kinds."""
    people = changes.reviewers if changes is not None else None
    for account in (people.added if people is not None else None) or ():
        yield TimelineKind.REVIEW_REQUESTED, "update reviewers", person(account).handle, None, None
    for account in (people.removed if people is not None else None) or ():
        yield TimelineKind.REVIEW_REQUEST_REMOVED, "update reviewers", person(account).handle, None, None
    if changes is not None and changes.description:
        yield TimelineKind.OTHER, "update description", None, None, None


def _head(told: payloads.Snapshot) -> str | None:
    return told.source.commit.hash if told.source and told.source.commit else None


def _target(told: payloads.Snapshot) -> str | None:
    return told.destination.branch.name if told.destination and told.destination.branch else None


def _commented(comment: payloads.Comment) -> TimelineItem:
    links = comment.links or payloads.Links()
    return TimelineItem(
        kind=TimelineKind.COMMENTED,
        raw_kind="comment",
        actor=known(comment.user),
        at=moment(comment.created_on),
        body=comment.content.raw if comment.content and not comment.deleted else None,
        id=str(comment.id),
        url=links.html.href if links.html else None,
    )


def _judged(row: payloads.Activity) -> TimelineItem:
    """A verdict, or an event that is none of those that are known."""
    told = row.approval or row.changes_requested or payloads.Verdict()
    raw = "approval" if row.approval else "changes_requested" if row.changes_requested else "unknown"
    kind = TimelineKind.OTHER if raw == "unknown" else TimelineKind.REVIEWED
    return TimelineItem(kind=kind, raw_kind=raw, actor=known(told.user), at=moment(told.date), subject=None)
