"""Commit statuses and check runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, cast

from pullbridge.testing.store.records import CheckRun, Repository, Status, User

if TYPE_CHECKING:
    from pullbridge.testing.store import Store

Outcome = Literal["success", "failure", "error", "pending"]

#: What a conclusion means for a merge: https://docs.github.com/en/rest/checks/runs
_GOOD = frozenset({"success", "neutral", "skipped"})
_STATES = frozenset({"success", "failure", "error", "pending"})


def outcome(check: Status | CheckRun) -> Outcome:
    """One check's outcome, whichever kind it is."""
    if isinstance(check, Status):
        return check.state
    if check.status != "completed":
        return "pending"
    return "success" if check.optional or check.conclusion in _GOOD else "failure"


def name_of(check: Status | CheckRun) -> str:
    """What a rule names it by."""
    return check.context if isinstance(check, Status) else check.name


class Checks:
    """What ran on commits."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def report_status(
        self,
        repository: Repository,
        sha: str,
        context: str,
        state: Outcome,
        creator: User,
        *,
        description: str | None = None,
        target_url: str | None = None,
    ) -> Status:
        """Add a commit status. The newest of a context counts."""
        status = Status(
            id=self._store.next_id(),
            sha=sha,
            context=context,
            state=state,
            creator=creator,
            created_at=self._store.now(),
            description=description,
            target_url=target_url,
        )
        repository.statuses.setdefault(sha, []).append(self._store.keep(status))
        self._store.merging.retry_auto_merges(repository, sha)
        return status

    def report_run(
        self,
        repository: Repository,
        sha: str,
        name: str,
        *,
        status: str = "completed",
        conclusion: str | None = None,
        app: str = "checker",
        details_url: str | None = None,
        external_id: str | None = None,
        title: str | None = None,
        summary: str | None = None,
        started_at: datetime | None = None,
        completed_at: datetime | None = None,
        stage: str = "test",
        optional: bool = False,
    ) -> CheckRun:
        """Add a check run. The newest of a name counts. Times default to now (none to a queued one's start)."""
        now = self._store.now()
        run = CheckRun(
            id=self._store.next_id(),
            suite_id=self._store.next_id(),
            sha=sha,
            name=name,
            status=status,
            conclusion=conclusion if status == "completed" else None,
            app=app,
            started_at=started_at or (None if status == "queued" else now),
            completed_at=(completed_at or now) if status == "completed" else None,
            details_url=details_url,
            external_id=external_id,
            title=title,
            summary=summary,
            stage=stage,
            optional=optional,
        )
        repository.check_runs.setdefault(sha, []).append(self._store.keep(run))
        self._store.merging.retry_auto_merges(repository, sha)
        return run

    def report(self, repository: Repository, sha: str, name: str, state: str) -> Status | CheckRun:
        """Add a check in one word: a state of a status, or a status or conclusion of a check run."""
        if state in _STATES:
            bot = self._store.people.user("ci[bot]")
            return self.report_status(repository, sha, name, cast("Outcome", state), bot)
        if state in {"queued", "in_progress", "waiting", "requested"}:
            return self.report_run(repository, sha, name, status=state)
        return self.report_run(repository, sha, name, conclusion=state)

    def statuses(self, repository: Repository, sha: str) -> tuple[Status, ...]:
        """The newest status of each context."""
        return tuple({status.context: status for status in repository.statuses.get(sha, ())}.values())

    def runs(self, repository: Repository, sha: str) -> tuple[CheckRun, ...]:
        """The newest check run of each name."""
        return tuple({run.name: run for run in repository.check_runs.get(sha, ())}.values())

    def all(self, repository: Repository, sha: str) -> tuple[Status | CheckRun, ...]:
        """Both kinds, check runs first."""
        return (*self.runs(repository, sha), *self.statuses(repository, sha))

    def rollup(self, repository: Repository, sha: str) -> Outcome | None:
        """All of them as one: the worst; `None` without any."""
        found = {outcome(check) for check in self.all(repository, sha)}
        order: tuple[Outcome, ...] = ("error", "failure", "pending", "success")
        return next((state for state in order if state in found), None)

    def missing(self, repository: Repository, sha: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """Which of the required names have not succeeded."""
        good = {name_of(check) for check in self.all(repository, sha) if outcome(check) == "success"}
        return tuple(name for name in names if name not in good)
