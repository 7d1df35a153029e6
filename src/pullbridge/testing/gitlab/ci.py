"""Pipelines over the store's neutral checks: one of each commit that has any. Apart from any protocol.

A check run is a job; a status, or what was reported by the API, is external. https://docs.gitlab.com/ci/pipelines/
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pullbridge.testing.store import CheckRun, PullRequest, Refused, Repository, Status, Store, Why

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

#: Who reports what is not a job.
EXTERNAL = "external"

#: What a job can be: https://docs.gitlab.com/api/jobs/
STATUSES = frozenset(
    {
        "created",
        "waiting_for_resource",
        "preparing",
        "pending",
        "running",
        "success",
        "failed",
        "canceling",
        "canceled",
        "skipped",
        "manual",
        "scheduled",
    }
)
_OF_STATUS = {"success": "success", "failure": "failed", "error": "failed", "pending": "pending"}
_OF_RUN = {
    "queued": "pending",
    "pending": "pending",
    "in_progress": "running",
    "waiting": "waiting_for_resource",
    "requested": "created",
}
_OF_CONCLUSION = {
    "failure": "failed",
    "cancelled": "canceled",
    "neutral": "success",
    "timed_out": "failed",
    "startup_failure": "failed",
    "action_required": "manual",
    "stale": "skipped",
}
_NEUTRAL = {"pending": "queued", "running": "in_progress", "waiting_for_resource": "waiting", "created": "requested"}
_CONCLUSIONS = {"failed": "failure", "canceled": "cancelled"}


@dataclass(eq=False, kw_only=True)
class Pipeline:
    """A pipeline. `sha` is what it runs on: for a merged result not the merge request's head."""

    id: int
    iid: int
    project: Repository
    sha: str
    ref: str
    source: str
    created_at: datetime


def status_of(check: Status | CheckRun) -> str:
    """A check in GitLab's words."""
    if isinstance(check, Status):
        return _OF_STATUS[check.state]
    if check.status != "completed":
        return _OF_RUN.get(check.status, "pending")
    word = check.conclusion or "success"
    return _OF_CONCLUSION.get(word, word if word in STATUSES else "failed")


def external(check: Status | CheckRun) -> bool:
    """Whether it was reported from elsewhere, so that it is no job."""
    return isinstance(check, Status) or check.app == EXTERNAL


def allowed_to_fail(check: Status | CheckRun) -> bool:
    """Whether its failure does not count."""
    return isinstance(check, CheckRun) and check.optional


def combined(checks: Iterable[Status | CheckRun]) -> str:
    """The status of a pipeline: `lib/gitlab/ci/status/composite.rb`"""
    words = set()
    for check in checks:
        word = status_of(check)
        excused = allowed_to_fail(check)
        if excused and word == "manual":
            word = "skipped"
        words.add("success" if excused and word in {"failed", "canceled"} else word)
    if words <= {"skipped"}:
        return "skipped" if words else "created"
    for kinds, status in (
        ({"success", "skipped"}, "success"),
        ({"created"}, "created"),
        ({"preparing"}, "preparing"),
        ({"canceled", "success", "skipped"}, "canceled"),
        ({"created", "skipped", "pending"}, "pending"),
    ):
        if words <= kinds:
            return status
    if words & {"running", "pending"}:
        return "running"
    return next((word for word in _LATER if word in words), "failed")


_LATER = ("waiting_for_resource", "manual", "scheduled", "preparing", "canceling", "created")


def warned(checks: Iterable[Status | CheckRun]) -> bool:
    """Whether something failed that may."""
    return any(allowed_to_fail(check) and status_of(check) == "failed" for check in checks)


class Pipelines:
    """All pipelines, made when they are first looked for."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: dict[tuple[Repository, str], Pipeline] = {}

    def checks(self, pipeline: Pipeline) -> list[Status | CheckRun]:
        """What runs in it, oldest first."""
        return sorted(self._app.store.checks.all(pipeline.project, pipeline.sha), key=lambda check: check.id)

    def jobs(self, pipeline: Pipeline) -> list[CheckRun]:
        """Its jobs, oldest first."""
        return [check for check in self.checks(pipeline) if isinstance(check, CheckRun) and not external(check)]

    def status(self, pipeline: Pipeline) -> str:
        """Where it is."""
        return combined(self.checks(pipeline))

    def of_commit(self, project: Repository, sha: str) -> Pipeline | None:
        """The pipeline of a commit; `None` when nothing ran on it."""
        known = self._known.get((project, sha))
        checks = self._app.store.checks.all(project, sha)
        if known is not None or not checks:
            return known
        return self.create(project, sha, outside=all(external(check) for check in checks))

    def create(self, project: Repository, sha: str, *, outside: bool = False) -> Pipeline:
        """Start one on a commit; there is one at most."""
        ref, source = self._ref(project, sha)
        made = Pipeline(
            id=self._app.store.next_id(),
            iid=1 + sum(known is project for known, _ in self._known),
            project=project,
            sha=sha,
            ref=ref,
            source=EXTERNAL if outside else source,
            created_at=self._app.store.now(),
        )
        self._known[project, sha] = self._app.store.keep(made)
        return made

    def _ref(self, project: Repository, sha: str) -> tuple[str, str]:
        for pull in self._app.store.pulls.all():
            if sha in self._app.states.of(pull).talk.merge_refs:
                return f"refs/merge-requests/{pull.number}/merge", "merge_request_event"
            if sha in {version.head for version in pull.versions} and project in {pull.repository, pull.source}:
                return pull.source_branch, "push"
        named = [name for name, head in project.git.branches().items() if head == sha]
        return (named[0] if named else project.default_branch), "push"

    def of_pull(self, pull: PullRequest) -> list[Pipeline]:
        """All of a merge request's, newest first."""
        shas = [*(version.head for version in pull.versions), *self._app.states.of(pull).talk.merge_refs]
        projects = dict.fromkeys([pull.repository, pull.source])
        found = {self.of_commit(project, sha) for sha in dict.fromkeys(shas) for project in projects}
        return sorted((one for one in found if one is not None), key=lambda one: -one.id)

    def head(self, pull: PullRequest) -> Pipeline | None:
        """The newest pipeline of its head, or of the head merged into the target."""
        refs = self._app.states.of(pull).talk.merge_refs
        return next((one for one in self.of_pull(pull) if pull.head in {one.sha, refs.get(one.sha)}), None)

    def merge_ref(self, pull: PullRequest) -> str:
        """Make `refs/merge-requests/<iid>/merge` what merging would give now, and return it; `Refused` where that conflicts."""
        git = pull.repository.git
        tip = git.head(pull.target_branch) or pull.base
        tree = git.merge(tip, pull.head).tree if pull.state == "open" else None
        if tree is None:
            raise Refused(Why.CONFLICTS)
        me = self._app.store.people.signature(pull.author)
        text = f"Merge {pull.head} into {tip}"
        sha = git.commit_tree(tree, (tip, pull.head), message=text, author=me, committer=me)
        git.set_ref(f"refs/merge-requests/{pull.number}/merge", sha)
        self._app.states.of(pull).talk.merge_refs[sha] = pull.head
        return sha


def report_job(
    store: Store,
    project: Repository,
    sha: str,
    name: str,
    status: str,
    *,
    stage: str = "test",
    allow_failure: bool = False,
    app: str = "checker",
) -> CheckRun:
    """Report a job in GitLab's words. The newest of a name counts."""
    if status not in STATUSES:
        raise ValueError(f"no status of a job: {status!r}")
    return store.checks.report_run(
        project,
        sha,
        name,
        status=_NEUTRAL.get(status, "completed"),
        conclusion=None if status in _NEUTRAL else _CONCLUSIONS.get(status, status),
        app=app,
        stage=stage,
        optional=allow_failure,
    )


def change(store: Store, run: CheckRun, status: str) -> None:
    """Give a job that is not over another status."""
    now = store.now()
    run.status = _NEUTRAL.get(status, "completed")
    run.conclusion = None if status in _NEUTRAL else _CONCLUSIONS.get(status, status)
    run.started_at = run.started_at or (None if status in {"pending", "created"} else now)
    run.completed_at = None if status in _NEUTRAL else now
