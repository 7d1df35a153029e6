"""Accounts. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-system-maintenance/#api-api-latest-users-get"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import Links, Rest


class User(Rest):
    """An account: `name` is what it signs in with and what a body wants, `slug` what stands in addresses."""

    name: str = ""
    slug: str | None = None
    id: int | None = None
    display_name: str | None = None
    email_address: str | None = None
    type: str | None = None
    active: bool | None = None
    avatar_url: str | None = None
    links: Links | None = None


class Participant(Rest):
    """Somebody in a pull request: the author, a reviewer, or who has taken part."""

    user: User | None = None
    role: str | None = None
    approved: bool | None = None
    status: str | None = None
    last_reviewed_commit: str | None = None
