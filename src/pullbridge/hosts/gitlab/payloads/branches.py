"""Branches. https://docs.gitlab.com/api/branches/"""

from __future__ import annotations

from pullbridge.hosts.gitlab.payloads.base import Rest


class Tip(Rest):
    id: str


class Branch(Rest):
    name: str
    commit: Tip | None = None
    default: bool | None = None
    protected: bool | None = None


class ProjectName(Rest):
    """A project as lists with `simple` give it."""

    id: int
    path_with_namespace: str
