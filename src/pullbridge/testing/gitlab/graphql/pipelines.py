"""Pipelines, their stages and jobs. What others report of a commit is a job here, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab import ci
from pullbridge.testing.gitlab.graphql.commits import Commit
from pullbridge.testing.gitlab.graphql.errors import Refusal
from pullbridge.testing.gitlab.graphql.nodes import Node, gid, number_of, viewed
from pullbridge.testing.gitlab.graphql.people import UserCore, person
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.gitlab.roles import DEVELOPER, MAINTAINER
from pullbridge.testing.store import CheckRun, PullRequest, Repository, Status
from pullbridge.testing.store.checks import name_of

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking
    from pullbridge.testing.gitlab.graphql.projects import Project
    from pullbridge.testing.gitlab.graphql.pulls import MergeRequest

Check = Status | CheckRun
_ACTIVE = frozenset({"waiting_for_resource", "preparing", "pending", "running"})
_OVER = frozenset({"success", "failed", "canceled", "skipped"})
_TEXTS = {"success": "Passed", "waiting_for_resource": "Waiting"}


@view
class DetailedStatus:
    """A status in words. One from elsewhere tells what was reported, and leads there."""

    action = None

    def __init__(self, owner: str, status: str, *, path: str | None, label: str = "", warns: bool = False) -> None:
        word = "passed" if status == "success" else status.replace("_", " ")
        self.id: str = f"{status}-{owner}"
        self.icon: str = "status_warning" if warns else f"status_{status}"
        self.text: str = "Warning" if warns else _TEXTS.get(status, status.capitalize())
        self.label: str = label or ("passed with warnings" if warns else word)
        self.group: str = "success-with-warnings" if warns else status.replace("_", "-")
        self.tooltip: str = self.label
        self.favicon: str = f"/assets/ci_favicons/favicon_status_{status}.png"
        self.details_path: str | None = path
        self.has_details: bool = path is not None


class Permissions:
    """What developers, and what maintainers, may do with what runs."""

    read_build = read_job_artifacts = True

    def __init__(self, ask: Asking, project: Repository) -> None:
        level = ask.level(project)
        self.update_pipeline: bool = level >= DEVELOPER
        self.update_build: bool = level >= DEVELOPER
        self.admin_pipeline: bool = level >= MAINTAINER
        self.destroy_pipeline: bool = level >= MAINTAINER


@view
class PipelinePermissions(Permissions):
    """What who asks may do with a pipeline."""


@view
class JobPermissions(Permissions):
    """What who asks may do with a job."""


@view
class Pipeline(Node[ci.Pipeline]):
    """A pipeline. That of a merged result runs on a commit of its own."""

    model = "Ci::Pipeline"
    before_sha: str = "0" * 40
    child = trigger = stuck = yaml_errors = uses_needs = False
    latest = True
    commit_path = committed_at = coverage = failure_reason = name = queued_duration = source_job = None
    triggered_by_path = upstream = yaml_error_messages = None
    config_source = "REPOSITORY_SOURCE"

    @property
    def _jobs(self) -> list[Check]:
        return self.ask.app.pipelines.checks(self.record)

    @property
    def _status(self) -> str:
        return self.ask.app.pipelines.status(self.record)

    @property
    def iid(self) -> str:
        return str(self.record.iid)

    def sha(self, format: str | None = None) -> str:
        """The commit it runs on; `SHORT` is its first eight digits."""
        return self.record.sha[:8] if format == "SHORT" else self.record.sha

    @property
    def status(self) -> str:
        return self._status.upper()

    @property
    def detailed_status(self) -> DetailedStatus:
        warns = self._status == "success" and ci.warned(self._jobs)
        return DetailedStatus(str(self.record.id), self._status, path=self.path, warns=warns)

    @property
    def active(self) -> bool:
        return self._status in _ACTIVE

    @property
    def complete(self) -> bool:
        return self._status in _OVER

    @property
    def cancelable(self) -> bool:
        return self.active

    @property
    def retryable(self) -> bool:
        return self._status in {"failed", "canceled"}

    @property
    def warnings(self) -> bool:
        return ci.warned(self._jobs)

    @property
    def path(self) -> str:
        return f"{self.ask.app.root}/{self.record.project.path}/-/pipelines/{self.record.id}"

    @property
    def project(self) -> Project:
        found: Project = viewed("Project", self.ask, self.record.project)
        return found

    @property
    def ref(self) -> str:
        return self.record.ref

    @property
    def ref_path(self) -> str:
        return self.ref if self.ref.startswith("refs/") else f"refs/heads/{self.ref}"

    @property
    def ref_text(self) -> str:
        return f"For {self.ref}"

    @property
    def source(self) -> str:
        return self.record.source

    @property
    def type(self) -> str:
        return "merged_result" if self.ref.endswith("/merge") else "branch"

    @property
    def commit(self) -> Commit:
        return Commit(self.ask, self.record.project, self.record.project.git.commit(self.record.sha))

    @property
    def user(self) -> UserCore | None:
        email = self.record.project.git.commit(self.record.sha).author.email
        return person(self.ask, self.ask.store.people.by_email(email))

    @property
    def merge_request(self) -> MergeRequest | None:
        pulls = self.record.project.pulls.values()
        found = next((pull for pull in pulls if self.record in self.ask.app.pipelines.of_pull(pull)), None)
        return None if found is None else viewed("MergeRequest", self.ask, found)

    @property
    def user_permissions(self) -> PipelinePermissions:
        return PipelinePermissions(self.ask, self.record.project)

    # -- times ---------------------------------------------------------------------------------------------------------

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def started_at(self) -> datetime | None:
        return min((begin for job in self._jobs if (begin := begun(job))), default=None)

    @property
    def finished_at(self) -> datetime | None:
        return max((end for job in self._jobs if (end := ended(job))), default=None) if self.complete else None

    @property
    def updated_at(self) -> datetime:
        return self.finished_at or self.created_at

    @property
    def duration(self) -> int | None:
        begin, end = self.started_at, self.finished_at
        return int((end - begin).total_seconds()) if begin and end else None

    # -- jobs ----------------------------------------------------------------------------------------------------------

    @property
    def total_jobs(self) -> int:
        return len(self._jobs)

    def jobs(self, statuses: Sequence[str] | None = None, **_more: Any) -> list[CiJob]:
        """Its jobs, newest first."""
        every = [CiJob(self.ask, job, self) for job in reversed(self._jobs)]
        return [job for job in every if not statuses or job.status in statuses]

    def job(self, id: str | None = None, name: str | None = None) -> CiJob | None:
        """One of them."""
        if id is None and name is None:
            raise Refusal("One of id or name is required")
        number = number_of(id) if id else None
        wanted = (job for job in self.jobs() if name in {None, job.name} and number in {None, str(job.record.id)})
        return next(wanted, None)

    def stages(self) -> list[CiStage]:
        """Its stages, in order."""
        return [CiStage(self, name) for name in dict.fromkeys(stage_of(job) for job in self._jobs)]

    def downstream(self) -> list[Pipeline]:
        """None here starts another."""
        return []


@view
class CiStage:
    """Jobs that run at the same time."""

    def __init__(self, pipeline: Pipeline, name: str) -> None:
        self.pipeline = pipeline
        self.name = name

    @property
    def id(self) -> str:
        return gid("Ci::Stage", f"{self.pipeline.record.id}-{self.name}")

    def jobs(self) -> list[CiJob]:
        """Its jobs."""
        return [job for job in self.pipeline.jobs() if stage_of(job.record) == self.name]

    @property
    def status(self) -> str:
        return ci.combined(job.record for job in self.jobs())

    @property
    def detailed_status(self) -> DetailedStatus:
        return DetailedStatus(f"{self.pipeline.record.id}-{self.name}", self.status, path=self.pipeline.path)


@view
class CiJob(Node[Check]):
    """A job, or what others report."""

    kind = "BUILD"
    created_by_tag = scheduled = stuck = retried = triggered = False
    browse_artifacts_path = coverage = downstream_pipeline = erased_at = exit_code = play_path = queued_at = None
    queued_duration = scheduled_at = trace = None
    scheduling_type = "stage"
    tags: tuple[str, ...] = ()

    def __init__(self, ask: Asking, record: Check, pipeline: Pipeline) -> None:
        super().__init__(ask, record)
        self.pipeline = pipeline
        self._status: str = ci.status_of(record)

    @property
    def _outside(self) -> bool:
        return ci.external(self.record)

    @property
    def id(self) -> str:
        return gid("GenericCommitStatus" if self._outside else "Ci::Build", self.record.id)

    @property
    def name(self) -> str:
        return name_of(self.record)

    @property
    def status(self) -> str:
        return self._status.upper()

    @property
    def detailed_status(self) -> DetailedStatus:
        if not self._outside:
            return DetailedStatus(str(self.record.id), self._status, path=self.web_path)
        told = self.record.summary if isinstance(self.record, CheckRun) else self.record.description
        url = self.record.details_url if isinstance(self.record, CheckRun) else self.record.target_url
        return DetailedStatus(str(self.record.id), self._status, path=url, label=told or "")

    @property
    def allow_failure(self) -> bool:
        return ci.allowed_to_fail(self.record)

    @property
    def failure_message(self) -> str | None:
        return "There has been a script failure" if self._status == "failed" else None

    @property
    def web_path(self) -> str:
        return f"{self.ask.app.root}/{self.pipeline.record.project.path}/-/jobs/{self.record.id}"

    @property
    def stage(self) -> CiStage:
        return CiStage(self.pipeline, stage_of(self.record))

    @property
    def project(self) -> Project:
        return self.pipeline.project

    @property
    def short_sha(self) -> str:
        return self.pipeline.record.sha[:8]

    @property
    def commit_path(self) -> str:
        return self.pipeline.commit.web_path

    @property
    def ref_name(self) -> str:
        return self.pipeline.ref

    @property
    def ref_path(self) -> str:
        return f"{self.ask.app.root}/{self.pipeline.record.project.path}/-/commits/{self.pipeline.ref}"

    @property
    def source(self) -> str:
        return self.pipeline.source

    @property
    def active(self) -> bool:
        return self._status in _ACTIVE

    @property
    def cancelable(self) -> bool:
        return self.active and not self._outside

    @property
    def retryable(self) -> bool:
        return self._status in {"failed", "canceled", "success"} and not self._outside

    @property
    def playable(self) -> bool:
        return self._status == "manual"

    @property
    def can_play_job(self) -> bool:
        return self.playable and self.ask.level(self.pipeline.record.project) >= DEVELOPER

    @property
    def manual_job(self) -> bool:
        return self.playable

    @property
    def user_permissions(self) -> JobPermissions:
        return JobPermissions(self.ask, self.pipeline.record.project)

    @property
    def created_at(self) -> datetime:
        return begun(self.record) or self.pipeline.created_at

    @property
    def started_at(self) -> datetime | None:
        return begun(self.record)

    @property
    def finished_at(self) -> datetime | None:
        return ended(self.record)

    @property
    def duration(self) -> int | None:
        begin, end = self.started_at, self.finished_at
        return int((end - begin).total_seconds()) if begin and end else None


def begun(job: Check) -> datetime | None:
    """When it began."""
    return job.started_at if isinstance(job, CheckRun) else job.created_at


def ended(job: Check) -> datetime | None:
    """When it ended."""
    if isinstance(job, CheckRun):
        return job.completed_at
    return job.created_at if ci.status_of(job) in _OVER else None


def stage_of(job: Check) -> str:
    """The stage it belongs to; what is reported has one of its own."""
    return job.stage if isinstance(job, CheckRun) and not ci.external(job) else ci.EXTERNAL


def head_pipeline(ask: Asking, pull: PullRequest) -> Pipeline | None:
    """The newest pipeline of a merge request's head."""
    found = ask.app.pipelines.head(pull) if ask.whole else None
    return None if found is None else Pipeline(ask, found)


def pipelines_of_pull(ask: Asking, pull: PullRequest, filters: dict[str, Any]) -> list[Pipeline] | None:
    """A merge request's pipelines, newest first."""
    return _chosen(ask, ask.app.pipelines.of_pull(pull), filters) if ask.whole else None


def pipelines_of(ask: Asking, project: Repository, filters: dict[str, Any]) -> list[Pipeline] | None:
    """A project's pipelines, newest first."""
    if not ask.whole:
        return None
    shas = dict.fromkeys([*project.check_runs, *project.statuses])
    found = [one for sha in shas if (one := ask.app.pipelines.of_commit(project, sha)) is not None]
    return _chosen(ask, sorted(found, key=lambda one: -one.id), filters)


def _chosen(ask: Asking, found: list[ci.Pipeline], filters: dict[str, Any]) -> list[Pipeline]:
    wanted = {name: filters.get(name) for name in ("sha", "ref", "source", "iid", "status")}
    every = [Pipeline(ask, one) for one in found]
    return [
        one
        for one in every
        if wanted["sha"] in {None, one.record.sha}
        and wanted["ref"] in {None, one.ref}
        and wanted["source"] in {None, one.source}
        and wanted["iid"] in {None, one.iid}
        and wanted["status"] in {None, one.status}
    ]
