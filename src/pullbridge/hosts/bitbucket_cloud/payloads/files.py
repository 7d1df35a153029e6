"""Changed files, commits and what a file is. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Links, Rest
from pullbridge.hosts.bitbucket_cloud.payloads.people import Account
from pullbridge.hosts.bitbucket_cloud.payloads.pulls import Hash


class CommitFile(Rest):
    """A file on one side. `escaped_path` is its path as a diff has it; `attributes` is one word, or a list of them."""

    path: str = ""
    escaped_path: str | None = None
    attributes: str | list[str] | None = None

    @property
    def is_binary(self) -> bool:
        return "binary" in self.marks

    @property
    def is_executable(self) -> bool:
        return "executable" in self.marks

    @property
    def is_link(self) -> bool:
        return "link" in self.marks

    @property
    def marks(self) -> tuple[str, ...]:
        """The attributes, one by one."""
        found = self.attributes
        return () if found is None else (found,) if isinstance(found, str) else tuple(found)


class DiffStat(Rest):
    """One changed file: `status` is `added`, `removed`, `modified` or `renamed`, or tells of a conflict."""

    status: str | None = None
    old: CommitFile | None = None
    new: CommitFile | None = None
    lines_added: int | None = None
    lines_removed: int | None = None


class CommitAuthor(Rest):
    """`raw` is git's: `Ada Lovelace <ada@example.com>`."""

    raw: str | None = None
    user: Account | None = None


class Commit(Rest):
    """A commit; there is one time, its author's."""

    hash: str
    message: str | None = None
    author: CommitAuthor | None = None
    date: str | None = None
    parents: list[Hash] | None = None
    links: Links | None = None
