"""What machines say on GitLab, over the wire: by GraphQL, and by REST where GraphQL tells nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.hosts.gitlab.lab import PATH, Lab, made

import pullbridge
from pullbridge import Check, CheckState, Pull, Repository, errors
from pullbridge.testing import Forge
from pullbridge.testing.faults import Fault


@pytest.fixture
def lab() -> Iterator[Lab]:
    with ExitStack() as stack:
        yield made(stack.enter_context(Forge()), stack)


def deaf(lab: Lab) -> None:
    """GraphQL answers nobody from now on."""
    lab.forge.gitlab.add_fault(Fault(path="*/graphql", status=404, body=b"{}"))


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {each.name: each for each in checks}


def busy(lab: Lab) -> Pull:
    """A merge request with jobs of every kind, and a report of somebody else."""
    pull, host = lab.opened(), lab.forge.gitlab
    head = lab.app.head("fix")
    host.job(PATH, head, "build", "success")
    host.job(PATH, head, "unit", "failed")
    host.job(PATH, head, "lint", "failed", allow_failure=True)
    host.job(PATH, head, "deploy", "manual")
    host.job(PATH, head, "docs", "skipped")
    host.job(PATH, head, "slow", "canceled")
    lab.repo.checks.report(head, "coverage", CheckState.SUCCESS, "https://cov.example/1", "90 %")
    host.requests.clear()
    return pull


STATES = {
    "build": CheckState.SUCCESS,
    "unit": CheckState.FAILURE,
    "lint": CheckState.NEUTRAL,
    "deploy": CheckState.ACTION_REQUIRED,
    "docs": CheckState.SKIPPED,
    "slow": CheckState.CANCELLED,
    "coverage": CheckState.SUCCESS,
}


@pytest.mark.parametrize("heard", [True, False], ids=["graphql", "rest"])
def test_jobs_and_reports_are_listed(lab: Lab, heard: bool) -> None:
    """The same words by both ways, each with its page; a report of others with its own address and description."""
    pull = busy(lab)
    if not heard:
        deaf(lab)
    checks = by_name(lab.repo.checks.list(pull))
    assert {name: each.state for name, each in checks.items()} == STATES
    assert checks["unit"].raw_state == "failed"
    assert checks["unit"].source == "GitLab CI"
    assert "/-/jobs/" in (checks["unit"].url or "")
    assert (checks["unit"].url or "").startswith(lab.forge.gitlab.url)
    assert (checks["coverage"].url, checks["coverage"].description) == ("https://cov.example/1", "90 %")
    assert checks["coverage"].source != "GitLab CI"


def test_one_round_trip_tells_the_checks(lab: Lab) -> None:
    """GraphQL alone is asked, where it answers."""
    pull = busy(lab)
    lab.repo.checks.list(pull)
    assert {each.path for each in lab.forge.gitlab.requests} == {"/api/graphql"}


def test_the_newest_run_of_a_name_counts(lab: Lab) -> None:
    """A job that was run again is told once."""
    pull, head = lab.opened(), lab.app.head("fix")
    for status in ("failed", "running", "success"):
        lab.forge.gitlab.job(PATH, head, "unit", status)
    assert [each.state for each in lab.repo.checks.list(pull)] == [CheckState.SUCCESS]


def test_a_failure_that_is_allowed_does_not_count(lab: Lab) -> None:
    """GL-70: the sum is a success."""
    pull, head = lab.opened(), lab.app.head("fix")
    lab.forge.gitlab.job(PATH, head, "build", "success")
    lab.forge.gitlab.job(PATH, head, "lint", "failed", allow_failure=True)
    rollup = lab.repo.checks.rollup(pull)
    assert (rollup.state, rollup.total) == (CheckState.SUCCESS, 2)


@pytest.mark.parametrize("heard", [True, False], ids=["graphql", "rest"])
def test_the_pipeline_of_merged_results_is_the_heads(lab: Lab, heard: bool) -> None:
    """GL-68: it runs on a commit that is not the head; reports on the head count beside it."""
    pull, head = lab.opened(), lab.app.head("fix")
    lab.repo.checks.report(head, "outside", CheckState.SUCCESS)
    merged = lab.forge.gitlab.merge_ref(PATH, pull.number)
    assert merged != head
    lab.forge.gitlab.job(PATH, merged, "unit", "failed")
    if not heard:
        deaf(lab)
    states = {each.name: each.state for each in lab.repo.checks.list(pull)}
    assert states == {"unit": CheckState.FAILURE, "outside": CheckState.SUCCESS}


def test_many_jobs_are_all_read(lab: Lab) -> None:
    """A pipeline of more jobs than a page holds is read to its end, by both ways."""
    pull, head = lab.opened(), lab.app.head("fix")
    for number in range(120):
        lab.forge.gitlab.job(PATH, head, f"job {number}", "success")
    told = {each.name for each in lab.repo.checks.list(pull)}
    assert len(told) == 120
    deaf(lab)
    assert {each.name for each in lab.repo.checks.list(pull)} == told


def test_no_checks_are_no_checks(lab: Lab) -> None:
    """A head on which nothing ran has an empty list, and a sum without a state."""
    pull = lab.opened()
    assert lab.repo.checks.list(pull) == ()
    assert lab.repo.checks.rollup(pull).state is None
    deaf(lab)
    assert lab.repo.checks.list(pull) == ()


def test_checks_of_a_fork_are_read(lab: Lab) -> None:
    """The pipeline of a merge request from a fork ran in the fork."""
    host = lab.forge.gitlab
    grace = lab.as_("grace")
    fork = host.fork(PATH, "grace")
    head = fork.commit("theirs", {"b.txt": "1\n"})
    pull = grace.pulls.create("From a fork", "theirs", "main", source_repository=fork.path)
    lab.repo.pulls.get(pull)
    host.job(fork.path, head, "unit", "failed")
    assert {each.name: each.state for each in lab.repo.checks.list(pull)} == {"unit": CheckState.FAILURE}
    deaf(lab)
    assert {each.name: each.state for each in lab.repo.checks.list(pull)} == {"unit": CheckState.FAILURE}


def test_reports_are_written_and_changed(lab: Lab) -> None:
    """A report of mine goes from running to done, and says who reported."""
    head = lab.app.head("fix")
    begun = lab.repo.checks.report(head, "bot", CheckState.RUNNING, "https://bot.example", "Looking")
    assert (begun.state, begun.url, begun.description) == (CheckState.RUNNING, "https://bot.example", "Looking")
    assert begun.source == "ada"
    done = lab.repo.checks.report(head, "bot", CheckState.FAILURE, description="Three things")
    assert (done.state, done.raw_state) == (CheckState.FAILURE, "failed")


def test_to_report_the_same_again_is_no_error(lab: Lab) -> None:
    """GitLab refuses a change that is none: https://gitlab.com/gitlab-org/gitlab/-/issues/15515"""
    head = lab.app.head("fix")
    lab.repo.checks.report(head, "bot", CheckState.RUNNING)
    assert lab.repo.checks.report(head, "bot", CheckState.RUNNING).state is CheckState.RUNNING
    with pytest.raises(errors.Rejected, match="Cannot transition"):
        lab.repo.checks.report(head, "bot", CheckState.PENDING)


def test_what_gitlab_has_no_word_for_is_not_reported(lab: Lab) -> None:
    """Nothing is sent, and what could be is named."""
    lab.forge.gitlab.requests.clear()
    with pytest.raises(errors.Rejected, match="no word for") as caught:
        lab.repo.checks.report(lab.app.head("fix"), "bot", CheckState.ACTION_REQUIRED)
    assert "SUCCESS" in caught.value.problems[0]
    assert lab.sent() == []


def test_a_commit_that_is_not_there_takes_no_report(lab: Lab) -> None:
    """404 for the commit."""
    with pytest.raises(errors.NotThere, match="commit 000"):
        lab.repo.checks.report("0" * 40, "bot", CheckState.SUCCESS)


def narrow(lab: Lab, stack: ExitStack) -> Repository:
    """The project by a fine-grained token, to which GraphQL answers null."""
    host = lab.forge.gitlab
    rights = dict.fromkeys(
        ("read_merge_request", "read_project", "read_pipeline", "read_job", "read_commit_status"), "read"
    )
    sign = pullbridge.Token(host.token("ada", permissions=rights))
    return stack.enter_context(pullbridge.connect(f"{host.url}/{PATH}", credentials=sign, settings=host.settings))


def test_a_fine_grained_token_reads_by_rest(lab: Lab) -> None:
    """A null of GraphQL is no "there are none"."""
    pull = busy(lab)
    with ExitStack() as stack:
        checks = by_name(narrow(lab, stack).checks.list(pull))
    assert {name: each.state for name, each in checks.items()} == STATES


def test_a_relative_root_is_kept_in_addresses() -> None:
    """GL-78: the page of a job lies below the instance's path."""
    with ExitStack() as stack:
        forge = stack.enter_context(Forge(gitlab_root="/gitlab"))
        lab = made(forge, stack)
        pull = lab.opened()
        forge.gitlab.job(PATH, lab.app.head("fix"), "unit", "success")
        (check,) = lab.repo.checks.list(pull)
        assert (check.url or "").startswith(f"{forge.gitlab.url}/{PATH}/-/jobs/")
        assert forge.gitlab.url.endswith("/gitlab")
