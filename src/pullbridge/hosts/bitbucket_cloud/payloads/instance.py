"""Refusals, repositories and workspaces."""

from __future__ import annotations

from typing import Any

from pullbridge.hosts.bitbucket_cloud.payloads.base import Links, Rest


class Problem(Rest):
    """`fields` are lists of sentences by field; `detail` is a text, or names scopes.

    https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses
    """

    message: Any = None
    detail: Any = None
    data: Any = None
    fields: Any = None


class RestError(Rest):
    error: Problem | str | None = None
    error_description: Any = None


class BranchName(Rest):
    name: str = ""


class Parent(Rest):
    full_name: str = ""
    uuid: str | None = None


class Repository(Rest):
    """A repository. In other answers it has only its name, its number and its links."""

    full_name: str
    uuid: str | None = None
    is_private: bool | None = None
    fork_policy: str | None = None
    mainbranch: BranchName | None = None
    parent: Parent | None = None
    updated_on: str | None = None
    links: Links | None = None


class WorkspaceName(Rest):
    slug: str = ""
    uuid: str | None = None


class WorkspaceAccess(Rest):
    """A workspace of mine. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/ (`/user/workspaces`)"""

    workspace: WorkspaceName | None = None


class RepositoryPermission(Rest):
    """My highest right: `admin`, `write` or `read`."""

    permission: str | None = None
    repository: Parent | None = None


class BranchRestriction(Rest):
    """A rule for branches, told to administrators alone.

    https://developer.atlassian.com/cloud/bitbucket/rest/api-group-branch-restrictions/
    """

    kind: str = ""
    branch_match_kind: str | None = None
    pattern: str | None = None
    branch_type: str | None = None
    value: int | None = None
