"""What happened to a merge request: its notes, and the events that GitLab keeps apart from them.

https://docs.gitlab.com/api/notes/#merge-requests, https://docs.gitlab.com/api/resource_state_events/,
https://docs.gitlab.com/api/resource_label_events/ and https://docs.gitlab.com/api/resource_milestone_events/
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pullbridge.errors import Rejected
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about
from pullbridge.model.listing import Page
from pullbridge.model.timeline import TimelineItem

_EVENTS: tuple[tuple[str, Any, Callable[[Any], TimelineItem]], ...] = (
    ("resource_state_events", payloads.StateEvent, wire.state_event),
    ("resource_label_events", payloads.LabelEvent, wire.label_event),
    ("resource_milestone_events", payloads.MilestoneEvent, wire.milestone_event),
)
_START = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)


def timeline(api: RepositoryApi, number: int, cursor: str | None) -> Page[TimelineItem]:
    """One page of notes, with the events that happened in its time; the cursor is the next page, and until when we are.

    GitLab cannot give events by time: there are few, and all of them are read with each page.
    """
    page, since = _parted(cursor)
    notes, *events = api.api.gather(
        lambda: _notes(api, number, page), *(_all_of(api, number, kind) for kind in _EVENTS)
    )
    items, more = notes
    until = _at(items[-1]) if items and more else _END
    between = (each for kind in events for each in kind[0] if since < _at(each) <= until)
    found = sorted((*items, *between), key=_at)
    return Page(items=tuple(found), cursor=f"{more}@{until.isoformat()}" if more else None)


_Stretch = tuple[list[TimelineItem], str | None]


def _notes(api: RepositoryApi, number: int, page: str) -> _Stretch:
    params = {"sort": "asc", "order_by": "created_at"}
    found = api.api.page(api.pull(number, "notes"), payloads.Happening, about(number), params=params, cursor=page)
    return [wire.note_event(each) for each in found.items], found.cursor


def _all_of(
    api: RepositoryApi, number: int, kind: tuple[str, Any, Callable[[Any], TimelineItem]]
) -> Callable[[], _Stretch]:
    """All events of one kind."""
    name, shape, read = kind
    path = api.pull(number, name)
    return lambda: ([read(row) for row in api.api.pages(path, shape, about(number))], None)


def _at(item: TimelineItem) -> datetime:
    return item.at or _START


def _parted(cursor: str | None) -> tuple[str, datetime]:
    page, _, since = (cursor or "1").partition("@")
    moment = wire.moment(since) if since else _START
    if moment is None or not (page.isascii() and page.isdigit()):
        problems = ("a cursor of another list, or of another host",)
        raise Rejected(f"{cursor!r} is no cursor of this list.", problems=problems)
    return page, moment
