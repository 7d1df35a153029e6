"""Build statuses, and which of them must succeed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.model.checks import CheckState


def statuses(*given: dict[str, Any]) -> list[payloads.BuildStatus]:
    return msgspec.convert(list(given), list[payloads.BuildStatus])


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("SUCCESSFUL", CheckState.SUCCESS),
        ("FAILED", CheckState.FAILURE),
        ("INPROGRESS", CheckState.RUNNING),
        ("CANCELLED", CheckState.CANCELLED),
        ("UNKNOWN", CheckState.UNKNOWN),
        ("SOMETHING_NEW", CheckState.UNKNOWN),
    ],
)
def test_states(word: str, state: CheckState) -> None:
    """A cancelled build is no failure, and a word that comes later is kept."""
    (check,) = wire.checks(statuses({"key": "k", "state": word}), None)
    assert (check.state, check.raw_state, check.required) == (state, word, None)


def test_the_newest_report_under_a_key_counts() -> None:
    """By its time, whichever field tells it; names may be the same."""
    rows = statuses(
        {"key": "b", "name": "unit", "state": "FAILED", "dateAdded": 3_000},
        {"key": "a", "name": "unit", "state": "SUCCESSFUL", "createdDate": 1_000, "updatedDate": 5_000},
        {"key": "b", "name": "unit", "state": "SUCCESSFUL", "dateAdded": 4_000},
    )
    found = wire.checks(rows, None)
    assert [(each.name, each.source, each.state) for each in found] == [
        ("unit", "b", CheckState.SUCCESS),
        ("unit", "a", CheckState.SUCCESS),
    ]
    assert str(found[1].started_at) == "1970-01-01 00:00:01+00:00"
    assert str(found[1].completed_at) == "1970-01-01 00:00:05+00:00"


def test_a_required_build_is_known_by_its_key_or_its_plan() -> None:
    """One that has not reported yet is pending, as the merge waits for it."""
    rows = statuses(
        {"key": "T-1", "parent": "T", "state": "SUCCESSFUL"}, {"key": "other", "parent": "", "state": "FAILED"}
    )
    found = wire.checks(rows, frozenset({"T", "LINT"}))
    assert [(each.name, each.required, each.state) for each in found] == [
        ("T-1", True, CheckState.SUCCESS),
        ("other", False, CheckState.FAILURE),
        ("LINT", True, CheckState.PENDING),
    ]


def rule(kind: str, name: str = "", *keys: str, exempt: tuple[str, str] | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {"buildParentKeys": list(keys or ("T",)), "refMatcher": {"id": name, "type": {"id": kind}}}
    return told | ({} if exempt is None else {"exemptRefMatcher": {"id": exempt[1], "type": {"id": exempt[0]}}})


@pytest.mark.parametrize(
    ("told", "plans"),
    [
        (rule("ANY_REF", "ANY_REF_MATCHER_ID"), {"T"}),
        (rule("BRANCH", "refs/heads/release/1.2"), {"T"}),
        (rule("BRANCH", "refs/heads/main"), set()),
        (rule("PATTERN", "release/*"), {"T"}),
        (rule("PATTERN", "1.?"), {"T"}),
        (rule("PATTERN", "rel/**"), set()),
        (rule("PATTERN", "**/release/"), {"T"}),
        (rule("ANY_REF", "", "T", exempt=("PATTERN", "release/**")), set()),
        (rule("ANY_REF", "", "T", exempt=("BRANCH", "refs/heads/main")), {"T"}),
        (rule("MODEL_BRANCH", "production"), None),
        (rule("ANY_REF", "", "T", exempt=("MODEL_CATEGORY", "RELEASE")), None),
    ],
)
def test_which_rules_are_about_a_branch(told: dict[str, Any], plans: set[str] | None) -> None:
    """By name, by pattern, but for the exempted; what hangs on the branching model is not known."""
    rules = msgspec.convert([told], list[payloads.RequiredBuild])
    assert wire.required_plans(rules, "refs/heads/release/1.2") == plans


def test_a_report_that_names_no_plan_may_be_of_any() -> None:
    """So nobody can say whether it is required, nor which one is missing; by its own key it is known all the same."""
    rows = statuses({"key": "T-1", "state": "SUCCESSFUL"}, {"key": "LINT", "state": "FAILED"})
    found = wire.checks(rows, frozenset({"T", "LINT"}))
    assert [(each.name, each.required) for each in found] == [("T-1", None), ("LINT", True)]
    assert [each.required for each in wire.checks(rows, frozenset())] == [False, False]
    assert wire.unplaced(rows, frozenset({"T", "LINT"})) == ["T-1"]
