"""Checks on a forge's Data Center, by the public verbs."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_dc.lab import PATH, Lab

from pullbridge import CheckState, errors
from pullbridge.testing.bitbucket_dc.checks import RequiredBuilds


def test_a_report_is_listed_under_its_name(lab: Lab) -> None:
    """The newest under a name counts; without an address it is the commit's page."""
    lab.ada.checks.report(lab.head, "unit", CheckState.RUNNING)
    made = lab.ada.checks.report(lab.head, "unit", CheckState.FAILURE, "https://ci.example/1", "2 failed")
    lab.ada.checks.report(lab.head, "lint", CheckState.CANCELLED)
    found = {each.name: each for each in lab.grace.checks.list(lab.pull)}
    assert (made.state, made.url) == (CheckState.FAILURE, "https://ci.example/1")
    assert {name: each.state for name, each in found.items()} == {
        "unit": CheckState.FAILURE,
        "lint": CheckState.CANCELLED,
    }
    assert (found["unit"].description, found["unit"].required) == ("2 failed", False)
    assert found["lint"].url == f"{lab.host.url}/projects/OCTO/repos/app/commits/{lab.head}"
    rollup = lab.grace.checks.rollup(lab.pull)
    assert (rollup.state, rollup.total) == (CheckState.FAILURE, 2)
    assert any("/builds" in each for each in lab.sent("POST"))


def test_the_head_is_asked_for_beside_its_reports(lab: Lab) -> None:
    """One round trip where it was seen before; of another head by now the reports are asked for again."""
    lab.grace.pulls.get(lab.pull)
    lab.forget()
    assert lab.grace.checks.list(lab.pull) == ()
    assert sum("build-status" in each for each in lab.sent()) == 1
    lab.ada.checks.report(lab.push(), "unit", CheckState.SUCCESS)
    assert [each.name for each in lab.grace.checks.list(lab.pull)] == ["unit"]


def test_required_builds_are_known_before_they_report(lab: Lab) -> None:
    """By the rule of the target; a build of another plan is not needed."""
    home = lab.host.store.repositories.find(PATH)
    assert home is not None
    lab.host.app.checks.builds[home] = [RequiredBuilds(id=1, keys=["UNIT"], branch="refs/heads/main")]
    lab.host.build(PATH, lab.head, "LINT-1", "FAILED", parent="LINT")
    found = {each.name: (each.required, each.state) for each in lab.grace.checks.list(lab.pull)}
    assert found == {"LINT-1": (False, CheckState.FAILURE), "UNIT": (True, CheckState.PENDING)}
    lab.host.build(PATH, lab.head, "UNIT-7", "SUCCESSFUL", parent="UNIT")
    found = {each.name: (each.required, each.state) for each in lab.grace.checks.list(lab.pull)}
    assert found["UNIT-7"] == (True, CheckState.SUCCESS)


@pytest.mark.parametrize("lab", ["7.6.0"], indirect=True)
def test_old_versions_have_the_old_reports(lab: Lab) -> None:
    """With fewer states, and nothing that must succeed."""
    lab.ada.checks.report(lab.head, "unit", CheckState.SUCCESS)
    assert any("build-status/latest" in each for each in lab.sent("POST"))
    (check,) = lab.grace.checks.list(lab.pull)
    assert (check.name, check.state, check.required) == ("unit", CheckState.SUCCESS, None)
    with pytest.raises(errors.Rejected, match="CANCELLED"):
        lab.ada.checks.report(lab.head, "unit", CheckState.CANCELLED)


def test_a_state_without_a_word_is_refused(lab: Lab) -> None:
    """Nothing is made of it that it is not."""
    with pytest.raises(errors.Rejected, match="no word"):
        lab.ada.checks.report(lab.head, "unit", CheckState.SKIPPED)
    assert lab.sent("POST") == []
