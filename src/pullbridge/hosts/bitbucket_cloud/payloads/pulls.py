"""Pull requests. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Links, Rest, Text
from pullbridge.hosts.bitbucket_cloud.payloads.instance import Repository
from pullbridge.hosts.bitbucket_cloud.payloads.people import Account, Participant


class Hash(Rest):
    """A commit's id: twelve digits in a pull request, forty in a list of commits."""

    hash: str


class EndpointBranch(Rest):
    """A branch; of a destination also how it may be merged into."""

    name: str = ""
    merge_strategies: list[str] | None = None
    default_merge_strategy: str | None = None


class Endpoint(Rest):
    """One end. `repository` is null when the fork is gone, and `commit` with it."""

    branch: EndpointBranch | None = None
    commit: Hash | None = None
    repository: Repository | None = None


class PullRequest(Rest):
    """A pull request. Rows of a list leave out `reviewers` and `participants`, unless `fields` asks for them.

    `mergeable`, where it is told at all, says whether the merge checks pass; it is documented nowhere.
    """

    id: int
    title: str = ""
    state: str = ""
    draft: bool | None = None
    description: str | None = None
    summary: Text | None = None
    author: Account | None = None
    source: Endpoint | None = None
    destination: Endpoint | None = None
    reviewers: list[Account] | None = None
    participants: list[Participant] | None = None
    close_source_branch: bool | None = None
    closed_by: Account | None = None
    merge_commit: Hash | None = None
    comment_count: int | None = None
    task_count: int | None = None
    queued: bool | None = None
    mergeable: bool | None = None
    reason: str | None = None
    created_on: str | None = None
    updated_on: str | None = None
    links: Links | None = None

    @property
    def body(self) -> str | None:
        """`summary` is documented; `description` is what it answers beside it."""
        told = self.summary.raw if self.summary is not None else None
        return self.description if told is None else told
