"""Checks on GitLab: the jobs of the head's pipeline, reports of others, and external status checks.

https://docs.gitlab.com/api/jobs/, https://docs.gitlab.com/api/commits/#list-all-commit-statuses and
https://docs.gitlab.com/api/status_checks/
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, queries, reading, sources, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import READ, WRITE, about
from pullbridge.model.checks import Check, CheckState

T = TypeVar("T")


class GitLabChecks:
    """`ports.ChecksPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Check, ...]:
        both: list[Callable[[], Any]] = [
            lambda: reading.seen(self._api, queries.CHECKS, number),
            lambda: external(self._api, number),
        ]
        seen, more = self._api.api.gather(*both)
        told = by_graphql(self._api, seen)
        return (*(by_rest(self._api, number) if told is None else told), *more)

    def report(self, commit: str, name: str, state: CheckState, url: str | None, description: str) -> Check:
        """Write a commit status. Raises `Rejected` for a state that GitLab has no word for."""
        if state not in wire.STATUS_WORDS:
            known = ", ".join(each.name for each in wire.STATUS_WORDS)
            text, step = f"GitLab's commit statuses have no word for {state!r}.", f"Report one of {known}."
            raise errors.Rejected(text, problems=(f"state is one of {known}",), host=self._api.api.host, next_step=step)
        told = {"state": wire.STATUS_WORDS[state], "name": name, "target_url": url, "description": description or None}
        body = {key: value for key, value in told.items() if value is not None}
        asked = Asked(what=f"commit {commit}", write=True, needs=WRITE)
        path = self._api.path("statuses", commit)
        try:
            return wire.reported(self._api.api.send("POST", path, body, payloads.CommitStatus, asked))
        except errors.Rejected as refused:
            if not any(f"from :{body['state']} " in f"{problem} " for problem in refused.problems):
                raise
            # It says already what it is to say: https://gitlab.com/gitlab-org/gitlab/-/issues/15515
            return Check(name=name, state=state, raw_state=body["state"], url=url, description=description)


def by_graphql(api: RepositoryApi, seen: reading.Seen) -> tuple[Check, ...] | None:
    """The checks, as far as GraphQL tells them; `None` where it does not, or not whether others reported."""
    pull, project = seen.pull, seen.project
    commits = pull.commits.items if pull is not None and pull.commits is not None else []
    if pull is None or not commits or commits[0].sha != (pull.diff_head_sha or commits[0].sha):
        return None
    if commits[0].pipelines is None or any(each.jobs is None for each in _pipelines(pull)):
        return None
    # The same pipeline stands in both places where it runs on the head itself.
    head = pull.head_pipeline
    others = [each for each in commits[0].pipelines.items if head is None or each.id != head.id]
    must_pass = project.only_allow_merge_if_pipeline_succeeds if project is not None else None
    reports = [job for each in others for job in reading.all_jobs(api, each)]
    return wire.graph_checks(reading.all_jobs(api, head), reports, api.api.addresses.web, must_pass)


def _pipelines(pull: payloads.GraphPull) -> list[payloads.GraphPipeline]:
    on_head = [each for commit in (pull.commits.items if pull.commits else ()) for each in _of(commit)]
    return [*on_head, *([pull.head_pipeline] if pull.head_pipeline is not None else [])]


def _of(commit: payloads.GraphHeadCommit) -> list[payloads.GraphPipeline]:
    return commit.pipelines.items if commit.pipelines is not None else []


def by_rest(api: RepositoryApi, number: int) -> tuple[Check, ...]:
    """The same by REST, in two round trips: the pipeline is known only by the merge request."""
    both: list[Callable[[], Any]] = [
        lambda: api.api.get(api.pull(number), payloads.CheckedPull, about(number)),
        lambda: _allowed(lambda: sources.project(api)),
    ]
    pull, project = api.api.gather(*both)
    must_pass = project.only_allow_merge_if_pipeline_succeeds if project is not None else None
    jobs, bridges, *reports = api.api.gather(*_jobs(api, pull), *_reports(api, pull))
    return wire.newest(
        (
            *(wire.status(each, must_pass) for rows in reports for each in rows),
            *(wire.job(each, must_pass) for each in (*jobs, *bridges)),
        )
    )


def _jobs(api: RepositoryApi, pull: payloads.CheckedPull) -> list[Callable[[], list[Any]]]:
    """The jobs and the triggers of the pipeline, which may have run in a fork, and on a commit of its own."""
    pipeline = pull.head_pipeline
    if pipeline is None:
        return [list, list]
    home = f"/projects/{pipeline.project_id}" if pipeline.project_id is not None else api.path()
    asked = Asked(what="such pipeline", needs=READ)
    path = f"{home}/pipelines/{pipeline.id}"
    return [
        lambda: api.api.pages(f"{path}/jobs", payloads.Job, asked),
        lambda: api.api.pages(f"{path}/bridges", payloads.Job, asked),
    ]


def _reports(api: RepositoryApi, pull: payloads.CheckedPull) -> list[Callable[[], list[Any]]]:
    """What others reported on the head, here and in the fork. GitLab wants to know who asks for that."""
    if pull.sha is None or api.api.signing.anonymous:
        return []
    homes = [api.path()]
    if pull.source_project_id is not None and pull.source_project_id != pull.project_id:
        homes.append(f"/projects/{pull.source_project_id}")
    asked = Asked(what=f"commit {pull.sha}", needs=READ)
    return [partial(_statuses, api, f"{home}/repository/commits/{pull.sha}/statuses", asked) for home in homes]


def _statuses(api: RepositoryApi, path: str, asked: Asked) -> list[payloads.CommitStatus]:
    """A commit of a fork may be unknown here, and the fork may be hidden."""
    return _allowed(lambda: api.api.pages(path, payloads.CommitStatus, asked, params={"stage": "external"})) or []


def external(api: RepositoryApi, number: int) -> Sequence[Check]:
    """External status checks, which are Ultimate's: nobody is asked for them where there are none, as far as is known."""
    version = api.api.version
    if api.unchecked or version is None or not version.enterprise:
        return ()
    asked = Asked(what="status checks", needs=READ)
    rows = _allowed(lambda: api.api.pages(api.pull(number, "status_checks"), payloads.StatusCheck, asked))
    api.unchecked = rows is None
    return tuple(wire.status_check(each) for each in rows or ())


def _allowed(read: Callable[[], T]) -> T | None:
    """What may be read; `None` where it may not, or is not there."""
    try:
        return read()
    except (errors.Forbidden, errors.NotThere, errors.ScopeMissing, errors.SignInNeeded, errors.Rejected):
        return None
