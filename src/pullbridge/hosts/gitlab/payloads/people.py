"""Accounts. https://docs.gitlab.com/api/users/"""

from __future__ import annotations

from pullbridge.hosts.gitlab.payloads.base import Rest


class User(Rest):
    """An account, as it stands in other answers and at `/user`."""

    username: str = ""
    id: int | None = None
    name: str | None = None
    state: str | None = None
    avatar_url: str | None = None
    web_url: str | None = None
    bot: bool | None = None
