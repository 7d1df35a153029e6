"""What happened to a pull request. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (activities)"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import Rest
from pullbridge.hosts.bitbucket_dc.payloads.branches import MinimalCommit
from pullbridge.hosts.bitbucket_dc.payloads.people import User


class Said(Rest):
    """A comment, as far as a timeline tells it."""

    id: int | None = None
    text: str | None = None


class Moved(Rest):
    """How many commits came or went with a push."""

    total: int | None = None


class Happening(Rest):
    """One entry of the activity stream. Each kind has fields of its own.

    Plug-ins may add kinds of any shape, so that nothing is relied on.
    """

    id: int | None = None
    action: str = ""
    created_date: int | str | None = None
    user: User | None = None
    comment_action: str | None = None
    comment: Said | None = None
    commit: MinimalCommit | None = None
    from_hash: str | None = None
    previous_from_hash: str | None = None
    added_reviewers: list[User] | None = None
    removed_reviewers: list[User] | None = None
    added: Moved | None = None
    removed: Moved | None = None
