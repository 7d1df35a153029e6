"""Pipelines, jobs and reports of others, as neutral values."""

from __future__ import annotations

from typing import Any

import pytest

from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.model.checks import CheckState, roll_up

WEB = "https://git.example/gitlab"


def job(number: int, status: str, **told: Any) -> payloads.Job:
    return payloads.Job(**{"id": number, "name": "test", "status": status, "allow_failure": False, **told})


def graph_job(number: int, status: str, kind: str = "Ci::Build", **told: Any) -> payloads.GraphJob:
    plain = {"id": f"gid://gitlab/{kind}/{number}", "name": "test", "status": status, "allow_failure": False}
    return payloads.GraphJob(**{**plain, **told})


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("created", CheckState.PENDING),
        ("waiting_for_resource", CheckState.PENDING),
        ("waiting_for_callback", CheckState.PENDING),
        ("preparing", CheckState.PENDING),
        ("pending", CheckState.PENDING),
        ("scheduled", CheckState.PENDING),
        ("running", CheckState.RUNNING),
        ("success", CheckState.SUCCESS),
        ("failed", CheckState.FAILURE),
        ("canceled", CheckState.CANCELLED),
        ("skipped", CheckState.SKIPPED),
        ("manual", CheckState.ACTION_REQUIRED),
        ("a word of tomorrow", CheckState.UNKNOWN),
    ],
)
def test_a_job_is_told_in_neutral_words(word: str, state: CheckState) -> None:
    """GL-69: skipped and cancelled are no failures, and a job that somebody must start wants an action."""
    _, check = wire.job(job(1, word))
    assert (check.state, check.raw_state) == (state, word)


@pytest.mark.parametrize(
    ("word", "state"),
    [("failed", CheckState.NEUTRAL), ("canceled", CheckState.NEUTRAL), ("manual", CheckState.SKIPPED)],
)
def test_what_may_fail_does_not_count(word: str, state: CheckState) -> None:
    """GL-70: the sum of a success and a failure that is allowed is a success."""
    checks = wire.newest([wire.job(job(1, word, allow_failure=True)), wire.job(job(2, "success", name="build"))])
    assert checks[0].state is state
    assert checks[0].required is False
    assert roll_up(checks).state is CheckState.SUCCESS


def test_the_newest_run_of_a_name_counts() -> None:
    """One that waits has not started, and is newer all the same; a report of others is another thing than a job."""
    failed = job(1, "failed", started_at="2026-01-01T00:00:00Z")
    report = payloads.CommitStatus(id=2, name="test", status="success", allow_failure=False)
    checks = wire.newest([wire.job(job(3, "pending")), wire.job(failed), wire.status(report)])
    assert [(each.state, each.source) for each in checks] == [
        (CheckState.PENDING, "GitLab CI"),
        (CheckState.SUCCESS, None),
    ]


@pytest.mark.parametrize(
    ("must_pass", "allow_failure", "required"),
    [(True, False, True), (True, True, False), (False, False, False), (None, False, None), (None, True, False)],
)
def test_required_is_what_the_project_says(must_pass: bool | None, allow_failure: bool, required: bool | None) -> None:
    """Where the project merges only after a success, all of it is, but for what may fail; unknown stays unknown."""
    assert wire.job(job(1, "success", allow_failure=allow_failure), must_pass)[1].required is required


def test_reports_of_the_heads_other_pipelines_count_and_their_jobs_do_not() -> None:
    """GL-68: the pipeline of merged results runs on a commit of its own; what others report hangs on the head."""
    jobs = [graph_job(5, "SUCCESS")]
    others = [graph_job(1, "FAILED", name="of the branch"), graph_job(2, "RUNNING", "GenericCommitStatus", name="ext")]
    checks = wire.graph_checks(jobs, others, WEB, must_pass=True)
    assert [(each.name, each.state, each.raw_state) for each in checks] == [
        ("ext", CheckState.RUNNING, "running"),
        ("test", CheckState.SUCCESS, "success"),
    ]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/gitlab/group/app/-/jobs/1", "https://git.example/gitlab/group/app/-/jobs/1"),
        ("https://ci.example/7", "https://ci.example/7"),
        (None, None),
    ],
)
def test_a_check_leads_to_its_page(path: str | None, url: str | None) -> None:
    """A path of GraphQL begins at the origin and has the relative root in it; others gave a whole address."""
    shown = payloads.GraphDetailedStatus(label="said", tooltip="passed", details_path=path)
    (check,) = wire.graph_checks([graph_job(1, "SUCCESS", detailed_status=shown)], [], WEB, None)
    assert (check.url, check.description) == (url, "passed")


def test_a_report_of_others_tells_its_own_words() -> None:
    """Its description is the label of its status."""
    shown = payloads.GraphDetailedStatus(label="90 % covered", tooltip="passed")
    (check,) = wire.graph_checks([graph_job(1, "SUCCESS", "GenericCommitStatus", detailed_status=shown)], [], WEB, None)
    assert (check.description, check.source) == ("90 % covered", None)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("passed", CheckState.SUCCESS),
        ("failed", CheckState.FAILURE),
        ("pending", CheckState.PENDING),
        ("x", CheckState.UNKNOWN),
    ],
)
def test_an_external_status_check_is_a_check(word: str, state: CheckState) -> None:
    """Ultimate's status checks are told as such."""
    check = wire.status_check(payloads.StatusCheck(id=1, name="QA", status=word, external_url="https://qa.example"))
    assert (check.state, check.source, check.url) == (state, "external status check", "https://qa.example")
