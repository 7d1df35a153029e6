"""What happened to a merge request. https://docs.gitlab.com/api/notes/ and https://docs.gitlab.com/api/resource_label_events/"""

from __future__ import annotations

from pullbridge.hosts.gitlab.payloads.base import Rest
from pullbridge.hosts.gitlab.payloads.people import User
from pullbridge.hosts.gitlab.payloads.pulls import LabelDetails, Milestone


class Happening(Rest):
    """A note as an event: a comment, or with `system` what GitLab wrote down itself."""

    id: int
    body: str | None = None
    type: str | None = None
    author: User | None = None
    created_at: str | None = None
    system: bool = False


class LabelEvent(Rest):
    """`action` is `add` or `remove`; the label may be gone."""

    id: int
    user: User | None = None
    created_at: str | None = None
    action: str | None = None
    label: LabelDetails | None = None


class MilestoneEvent(Rest):
    id: int
    user: User | None = None
    created_at: str | None = None
    action: str | None = None
    milestone: Milestone | None = None


class StateEvent(Rest):
    id: int
    user: User | None = None
    created_at: str | None = None
    state: str | None = None
    source_commit: str | None = None
