"""Pull requests. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import Links, Rest
from pullbridge.hosts.bitbucket_dc.payloads.branches import MinimalCommit, Repository
from pullbridge.hosts.bitbucket_dc.payloads.people import Participant


class End(Rest):
    """One end of a pull request. The source may be a tag, as its full name says."""

    id: str
    display_id: str | None = None
    latest_commit: str | None = None
    repository: Repository | None = None


class Properties(Rest):
    """What lists and merged pull requests tell besides."""

    comment_count: int | None = None
    merge_commit: MinimalCommit | None = None


class PullRequest(Rest):
    """One pull request. `draft` is 8.18's. Times are milliseconds since 1970, or texts with some settings."""

    id: int
    version: int
    title: str
    state: str
    from_ref: End
    to_ref: End
    description: str | None = None
    draft: bool | None = None
    created_date: int | str | None = None
    updated_date: int | str | None = None
    closed_date: int | str | None = None
    author: Participant | None = None
    reviewers: list[Participant] | None = None
    participants: list[Participant] | None = None
    properties: Properties | None = None
    links: Links | None = None


class Veto(Rest):
    """What a merge check has against a merge."""

    summary_message: str | None = None
    detailed_message: str | None = None


class Mergeability(Rest):
    """What `GET …/merge` tells; `canMerge` is in answers and not in the specification."""

    can_merge: bool | None = None
    conflicted: bool | None = None
    outcome: str | None = None
    vetoes: list[Veto] | None = None


class MergeStrategy(Rest):
    id: str
    enabled: bool | None = None
    name: str | None = None


class MergeConfig(Rest):
    """How merges land: `type` tells whose settings these are."""

    default_strategy: MergeStrategy | None = None
    strategies: list[MergeStrategy] | None = None


class PullSettings(Rest):
    """https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (settings/pull-requests)"""

    merge_config: MergeConfig | None = None


class RefChange(Rest):
    """How a branch moved."""

    to_hash: str | None = None


class Rebased(Rest):
    """What a rebase did to the source branch."""

    ref_change: RefChange | None = None


class BuildStats(Rest):
    """How many builds of a commit are in which state. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-builds-and-deployments/"""

    successful: int = 0
    in_progress: int = 0
    failed: int = 0
    cancelled: int = 0
    unknown: int = 0
