"""The instance, its projects, and what signs: https://docs.gitlab.com/api/metadata/ and https://docs.gitlab.com/api/projects/"""

from __future__ import annotations

from typing import Any

from pullbridge.hosts.gitlab.payloads.base import Rest
from pullbridge.hosts.gitlab.payloads.people import User


class RestError(Rest):
    """A refusal. `message` is text, a list of texts, or an object of lists by field; OAuth's errors have names."""

    message: Any = None
    error: Any = None
    error_description: Any = None
    scope: Any = None


class Metadata(Rest):
    """`/metadata` (15.2), and `/version` before it, which tells only the version."""

    version: str = ""
    enterprise: bool | None = None


class AccessToken(Rest):
    """`/personal_access_tokens/self` (15.5), and what OAuth tells of its own. A fine-grained token has permissions."""

    scopes: list[str] | None = None
    scope: list[str] | str | None = None
    granular: bool | None = None
    expires_at: str | None = None


class Access(Rest):
    access_level: int = 0


class Permissions(Rest):
    """My levels: of the project itself, and of the group that it is in. Whoever is no member has neither."""

    project_access: Access | None = None
    group_access: Access | None = None


class Namespace(Rest):
    full_path: str | None = None
    kind: str | None = None


class ForkedFrom(Rest):
    id: int
    path_with_namespace: str | None = None


class Project(Rest):
    """A project. What settings it shows depends on who asks, and on the version."""

    id: int
    path_with_namespace: str
    web_url: str | None = None
    default_branch: str | None = None
    visibility: str | None = None
    archived: bool | None = None
    permissions: Permissions | None = None
    namespace: Namespace | None = None
    owner: User | None = None
    forked_from_project: ForkedFrom | None = None
    merge_method: str | None = None
    squash_option: str | None = None
    merge_requests_enabled: bool | None = None
    merge_requests_access_level: str | None = None
    forking_access_level: str | None = None
    builds_access_level: str | None = None
    remove_source_branch_after_merge: bool | None = None
    only_allow_merge_if_pipeline_succeeds: bool | None = None
    only_allow_merge_if_all_discussions_are_resolved: bool | None = None
    can_create_merge_request_in: bool | None = None
    approvals_before_merge: int | None = None
    merge_pipelines_enabled: bool | None = None
    merge_trains_enabled: bool | None = None
    import_status: str | None = None
    empty_repo: bool | None = None
