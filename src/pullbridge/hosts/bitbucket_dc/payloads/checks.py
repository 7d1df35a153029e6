"""Build statuses, and which builds must succeed.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-builds-and-deployments/
"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import Rest


class BuildStatus(Rest):
    """What a build reports under a key. `parent` is the key of the plan that it is a run of (7.4)."""

    key: str
    state: str | None = None
    name: str | None = None
    url: str | None = None
    description: str | None = None
    parent: str | None = None
    build_number: str | None = None
    date_added: int | str | None = None
    created_date: int | str | None = None
    updated_date: int | str | None = None


class MatcherType(Rest):
    id: str | None = None


class RefMatcher(Rest):
    """Which branches: all, one, or those of a pattern or of the branching model."""

    id: str | None = None
    type: MatcherType | None = None


class RequiredBuild(Rest):
    """The plans that must succeed before anything is merged into these branches, but for the exempted ones."""

    build_parent_keys: list[str] | None = None
    ref_matcher: RefMatcher | None = None
    exempt_ref_matcher: RefMatcher | None = None
