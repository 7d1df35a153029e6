"""Pipelines, jobs and statuses. https://docs.gitlab.com/api/jobs/ and https://docs.gitlab.com/api/commits/#commit-status"""

from __future__ import annotations

from pullbridge.hosts.gitlab.payloads.base import Rest
from pullbridge.hosts.gitlab.payloads.people import User


class CheckedPipeline(Rest):
    """The newest pipeline of a merge request. That of merged results runs on a commit of its own, one of a fork in there."""

    id: int
    sha: str | None = None
    project_id: int | None = None
    status: str | None = None


class CheckedPull(Rest):
    """What tells where the checks of a merge request are. `source_project_id` is null when the fork is gone."""

    sha: str | None = None
    project_id: int | None = None
    source_project_id: int | None = None
    head_pipeline: CheckedPipeline | None = None


class Job(Rest):
    """A job of a pipeline, or a trigger of another one (a bridge)."""

    id: int
    name: str
    status: str | None = None
    stage: str | None = None
    allow_failure: bool | None = None
    failure_reason: str | None = None
    created_at: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    web_url: str | None = None


class CommitStatus(Rest):
    """A report on a commit. Those of others stand in the stage `external`."""

    id: int
    name: str
    status: str | None = None
    allow_failure: bool | None = None
    description: str | None = None
    target_url: str | None = None
    created_at: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    pipeline_id: int | None = None
    author: User | None = None


class StatusCheck(Rest):
    """An external status check (Ultimate). https://docs.gitlab.com/api/status_checks/"""

    id: int
    name: str
    status: str | None = None
    external_url: str | None = None
