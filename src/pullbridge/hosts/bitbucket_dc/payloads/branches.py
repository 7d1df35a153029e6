"""Repositories, branches and commits. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import Links, Rest
from pullbridge.hosts.bitbucket_dc.payloads.people import User


class Project(Rest):
    """What repositories are in; the key of somebody's own begins with `~`."""

    key: str
    type: str | None = None
    public: bool | None = None


class Repository(Rest):
    """A repository. `archived` is 8.0's; `origin` is what it is a fork of."""

    slug: str
    project: Project
    id: int | None = None
    name: str | None = None
    hierarchy_id: str | None = None
    state: str | None = None
    forkable: bool | None = None
    public: bool | None = None
    archived: bool | None = None
    origin: Repository | None = None
    links: Links | None = None


class Ref(Rest):
    """A branch or a tag: `id` is its full name, `displayId` the short one."""

    id: str
    display_id: str | None = None
    latest_commit: str | None = None


class MinimalCommit(Rest):
    id: str


class Committer(Rest):
    """Who a commit names: an account where the e-mail address is one's, else only what stands in the commit."""

    name: str | None = None
    email_address: str | None = None
    id: int | None = None
    slug: str | None = None
    display_name: str | None = None
    type: str | None = None
    links: Links | None = None

    @property
    def user(self) -> User | None:
        """The account, where it is one."""
        if self.slug is None:
            return None
        return User(
            name=self.name or self.slug,
            slug=self.slug,
            id=self.id,
            display_name=self.display_name,
            type=self.type,
            links=self.links,
        )


class Commit(Rest):
    """https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/ (RestCommit)"""

    id: str
    message: str | None = None
    author: Committer | None = None
    author_timestamp: int | str | None = None
    committer: Committer | None = None
    committer_timestamp: int | str | None = None
    parents: list[MinimalCommit] | None = None
