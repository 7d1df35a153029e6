"""Checks of a commit: check runs with their suites, statuses, and both in one word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pullbridge.testing.github.graphql.commits import Commit, Ref
from pullbridge.testing.github.graphql.errors import Refusal
from pullbridge.testing.github.graphql.nodes import Node, composed_id, view_of
from pullbridge.testing.github.graphql.paging import Page
from pullbridge.testing.github.graphql.people import Account, User, actor
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.repositories import Repository

_FAILED = {"FAILURE", "TIMED_OUT", "CANCELLED", "ACTION_REQUIRED", "STARTUP_FAILURE"}
_ERRORS = {"ERROR"}


def folded(states: Sequence[str]) -> str:
    """One state for many checks: the worst wins, and what still runs outweighs what succeeded.

    https://docs.github.com/en/graphql/reference/enums#statusstate
    """
    if any(state in _ERRORS for state in states):
        return "ERROR"
    if any(state in _FAILED for state in states):
        return "FAILURE"
    finished = {"SUCCESS", "NEUTRAL", "SKIPPED"}
    return "SUCCESS" if all(state in finished for state in states) else "PENDING"


class Check:
    """The GraphQL interface `RequirableByPullRequest`."""

    ask: Asking
    home: records.Repository
    label: str
    permission: ClassVar[str]

    def is_required(self, pull_request_id: str | None = None, pull_request_number: int | None = None) -> bool:
        """Whether that pull request's target branch asks for it."""
        pull = self.ask.found(pull_request_id) if pull_request_id else self.home.pulls.get(pull_request_number or 0)
        if not isinstance(pull, records.PullRequest):
            return False
        protection = self.home.protections.get(pull.target_branch)
        return protection is not None and self.label in protection.checks


@view
class CheckRun(Node[records.CheckRun], Check):
    """One run of a check."""

    permission = "checks"

    def __init__(self, ask: Asking, home: records.Repository, record: records.CheckRun) -> None:
        super().__init__(ask, record)
        self.home = home
        self.name: str = record.name
        self.label: str = record.name

    @property
    def status(self) -> str:
        return self.record.status.upper()

    @property
    def conclusion(self) -> str | None:
        return self.record.conclusion.upper() if self.record.conclusion else None

    @property
    def state(self) -> str:
        """The conclusion, or that there is none yet."""
        return self.conclusion or self.status

    @property
    def started_at(self) -> datetime | None:
        return self.record.started_at

    @property
    def completed_at(self) -> datetime | None:
        return self.record.completed_at

    @property
    def details_url(self) -> str | None:
        return self.record.details_url

    @property
    def external_id(self) -> str | None:
        return self.record.external_id

    @property
    def title(self) -> str | None:
        return self.record.title

    @property
    def summary(self) -> str | None:
        return self.record.summary

    @property
    def text(self) -> str | None:
        return None

    @property
    def repository(self) -> Repository:
        return view_of(self.ask, self.home)

    @property
    def resource_path(self) -> str:
        return f"/{self.home.path}/runs/{self.record.id}"

    @property
    def url(self) -> str:
        return self.ask.web + self.resource_path

    @property
    def permalink(self) -> str:
        return self.url

    @property
    def check_suite(self) -> CheckSuite:
        return CheckSuite(self.ask, self.home, self.record)


@view
class App:
    """The app that reports a check."""

    def __init__(self, ask: Asking, slug: str, created_at: datetime) -> None:
        self.ask = ask
        self.slug = slug
        self.name: str = slug.replace("-", " ").title()
        self.created_at = created_at
        self.updated_at: datetime = created_at
        self.description: str | None = None
        self.database_id: int = sum(slug.encode())

    @property
    def id(self) -> str:
        return composed_id("A", self.slug)

    @property
    def url(self) -> str:
        return f"{self.ask.web}/apps/{self.slug}"

    def logo_url(self, size: int | None = None) -> str:
        """The logo's address. Nothing is served there."""
        return f"{self.ask.web}/avatars/in/{self.database_id}?{f's={size}&' if size else ''}v=4"


@view
class CheckSuite:
    """The runs that one app made for one push."""

    def __init__(self, ask: Asking, home: records.Repository, run: records.CheckRun) -> None:
        self.ask = ask
        self.home = home
        self._run = run
        self.database_id: int = run.suite_id

    @property
    def id(self) -> str:
        return composed_id("CS", self.home.id, self._run.sha, self._run.suite_id)

    @cached_property
    def _runs(self) -> list[CheckRun]:
        runs = self.home.check_runs.get(self._run.sha, [])
        return [CheckRun(self.ask, self.home, run) for run in runs if run.suite_id == self._run.suite_id]

    @property
    def app(self) -> App:
        return App(self.ask, self._run.app, self.created_at)

    @property
    def branch(self) -> Ref | None:
        return None

    @property
    def creator(self) -> User | None:
        return None

    @property
    def workflow_run(self) -> WorkflowRun | None:
        return WorkflowRun(self) if self._run.app == "github-actions" else None

    def check_runs(self, filter_by: object = None) -> list[CheckRun]:
        """The suite's runs."""
        del filter_by
        return self._runs

    @property
    def commit(self) -> Commit:
        return Commit(self.ask, self.home, self._run.sha)

    @property
    def repository(self) -> Repository:
        return view_of(self.ask, self.home)

    @property
    def status(self) -> str:
        return "COMPLETED" if all(run.conclusion for run in self._runs) else "IN_PROGRESS"

    @property
    def conclusion(self) -> str | None:
        return folded([run.state for run in self._runs]) if self.status == "COMPLETED" else None

    @property
    def created_at(self) -> datetime:
        return self._run.started_at or self.home.created_at

    @property
    def updated_at(self) -> datetime:
        return self._run.completed_at or self.created_at

    @property
    def resource_path(self) -> str:
        return f"/{self.home.path}/commit/{self._run.sha}/checks?check_suite_id={self._run.suite_id}"

    @property
    def url(self) -> str:
        return self.ask.web + self.resource_path


@view
class WorkflowRun:
    """The run of the workflow behind a suite of GitHub Actions."""

    def __init__(self, suite: CheckSuite) -> None:
        self.check_suite = suite
        self.database_id: int = suite.database_id
        self.event = "pull_request"
        self.run_number = 1
        self.created_at: datetime = suite.created_at
        self.updated_at: datetime = suite.updated_at
        self.id: str = composed_id("WFR", suite.database_id)
        self.resource_path: str = f"/{suite.home.path}/actions/runs/{suite.database_id}"
        self.url: str = suite.ask.web + self.resource_path

    @property
    def workflow(self) -> Workflow:
        return Workflow(self.check_suite)


@view
class Workflow:
    """The one workflow that a repository of the forge has."""

    def __init__(self, suite: CheckSuite) -> None:
        self.name = "CI"
        self.database_id: int = suite.home.id
        self.created_at: datetime = suite.home.created_at
        self.updated_at: datetime = suite.home.created_at
        self.id: str = composed_id("W", suite.home.id)
        self.resource_path: str = f"/{suite.home.path}/actions/workflows/ci.yml"
        self.url: str = suite.ask.web + self.resource_path


@view
class StatusContext(Node[records.Status], Check):
    """A commit status."""

    permission = "statuses"

    def __init__(self, ask: Asking, home: records.Repository, record: records.Status) -> None:
        super().__init__(ask, record)
        self.home = home
        self.context: str = record.context
        self.label: str = record.context

    @property
    def state(self) -> str:
        return self.record.state.upper()

    @property
    def description(self) -> str | None:
        return self.record.description

    @property
    def target_url(self) -> str | None:
        return self.record.target_url

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def creator(self) -> Account | None:
        return actor(self.ask, self.record.creator)

    @property
    def commit(self) -> Commit:
        return Commit(self.ask, self.home, self.record.sha)

    def avatar_url(self, size: int | None = None) -> str | None:
        """The creator's picture."""
        creator = self.creator
        return creator.avatar_url(size) if creator else None


@view
class Status:
    """The statuses of a commit, without its check runs."""

    def __init__(self, ask: Asking, home: records.Repository, sha: str, contexts: list[StatusContext]) -> None:
        self.id: str = composed_id("S", home.id, sha)
        self.commit: Commit = Commit(ask, home, sha)
        self.contexts = contexts
        self.state: str = folded([context.state for context in contexts])

    @classmethod
    def of(cls, ask: Asking, home: records.Repository, sha: str) -> Status | None:
        """The statuses of a commit, `None` without any; refused to a token that may not read them."""
        contexts = [StatusContext(ask, home, status) for status in ask.store.checks.statuses(home, sha)]
        if contexts and not ask.grants(home, "statuses", "read"):
            raise ask.inaccessible()
        return cls(ask, home, sha, contexts) if contexts else None


@view
class StatusCheckRollup:
    """All checks of a commit in one word."""

    def __init__(self, ask: Asking, home: records.Repository, sha: str, checks: list[CheckRun | StatusContext]) -> None:
        self.id: str = composed_id("SCR", home.id, sha)
        self.commit: Commit = Commit(ask, home, sha)
        self._ask = ask
        self._checks = checks

    @classmethod
    def of(cls, ask: Asking, home: records.Repository, sha: str) -> StatusCheckRollup | None:
        """The rollup of a commit; `None` without any check."""
        runs = [CheckRun(ask, home, run) for run in ask.store.checks.runs(home, sha)]
        statuses = [StatusContext(ask, home, status) for status in ask.store.checks.statuses(home, sha)]
        return cls(ask, home, sha, [*runs, *statuses]) if runs or statuses else None

    @property
    def state(self) -> str:
        return folded([check.state for check in self._checks])

    def contexts(self) -> list[CheckRun | StatusContext | Refusal]:
        """The check runs, then the statuses; in place of what the token may not read, the refusal.

        A fine-grained token reads the rollup's state, but no check run: each one is null with an error of its own.
        https://github.com/cli/cli/issues/12597
        """
        return [
            check if self._ask.grants(check.home, check.permission, "read") else self._ask.inaccessible()
            for check in self._checks
        ]


@view
class StatusCheckRollupContextConnection(Page):
    """The contexts of a rollup, and how many there are of each state."""

    def _of(self, kind: type) -> list[Any]:
        return [check for check in self.items if isinstance(check, kind)]

    @property
    def check_run_count(self) -> int:
        return len(self._of(CheckRun))

    @property
    def status_context_count(self) -> int:
        return len(self._of(StatusContext))

    @property
    def check_run_counts_by_state(self) -> list[StateCount]:
        return _counted(self._of(CheckRun))

    @property
    def status_context_counts_by_state(self) -> list[StateCount]:
        return _counted(self._of(StatusContext))


class StateCount:
    """How many checks are in a state."""

    def __init__(self, state: str, count: int) -> None:
        self.state = state
        self.count = count


def _counted(checks: list[Any]) -> list[StateCount]:
    return [StateCount(state, count) for state, count in Counter(check.state for check in checks).items()]
