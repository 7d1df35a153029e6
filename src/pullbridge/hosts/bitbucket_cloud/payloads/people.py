"""Accounts and memberships. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/"""

from __future__ import annotations

from datetime import datetime

from pullbridge.hosts.bitbucket_cloud.payloads.base import Links, Rest


class Account(Rest):
    """An account: of a person, of a team (a workspace), or of an access token (`app_user`).

    `nickname` and `display_name` are not unique; `username` is gone from people since 2019.
    """

    uuid: str | None = None
    account_id: str | None = None
    nickname: str | None = None
    display_name: str | None = None
    username: str | None = None
    type: str | None = None
    account_status: str | None = None
    links: Links | None = None


class Participant(Rest):
    """Who takes part, and where they stand: `state` is `approved`, `changes_requested` or null."""

    user: Account | None = None
    role: str | None = None
    approved: bool | None = None
    state: str | None = None
    participated_on: datetime | None = None


class Membership(Rest):
    """Somebody in a workspace. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/"""

    user: Account | None = None
