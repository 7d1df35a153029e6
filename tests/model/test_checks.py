"""Checks: of several runs the newest, and all of them in one word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.model.checks import Check, CheckState, Rollup, newest_of_each, roll_up

S = CheckState


def check(name: str, state: CheckState, hour: int | None = None, source: str | None = None) -> Check:
    started = datetime(2026, 3, 1, hour, tzinfo=UTC) if hour is not None else None
    return Check(name=name, state=state, started_at=started, source=source)


@pytest.mark.parametrize(
    ("states", "worst"),
    [
        ([S.SUCCESS, S.FAILURE, S.PENDING], S.FAILURE),
        ([S.FAILURE, S.ERROR], S.ERROR),
        ([S.SUCCESS, S.ACTION_REQUIRED, S.RUNNING], S.ACTION_REQUIRED),
        ([S.SUCCESS, S.RUNNING, S.PENDING], S.RUNNING),
        ([S.SUCCESS, S.PENDING], S.PENDING),
        ([S.SUCCESS, S.UNKNOWN], S.UNKNOWN),
        ([S.NEUTRAL, S.SKIPPED], S.NEUTRAL),
        ([S.SKIPPED], S.SKIPPED),
    ],
)
def test_the_worst_state_wins(states: list[CheckState], worst: CheckState) -> None:
    """One red check makes it red, one that is not done keeps it from being green."""
    assert roll_up(tuple(check(str(i), state) for i, state in enumerate(states))).state is worst


@pytest.mark.parametrize("state", [S.CANCELLED, S.SKIPPED])
def test_cancelled_and_skipped_are_no_failures(state: CheckState) -> None:
    """N-51: they are counted as what they are."""
    rollup = roll_up((check("a", S.SUCCESS), check("b", state)))
    assert rollup.by_state == {S.SUCCESS: 1, state: 1}
    assert rollup.state is not S.FAILURE


def test_no_checks_have_no_state() -> None:
    """Nothing said is not success."""
    assert roll_up(()) == Rollup(state=None, total=0, by_state={})


@given(st.lists(st.sampled_from(CheckState)))
def test_every_check_is_counted_once(states: list[CheckState]) -> None:
    """The counts add up, whatever the states; and every state has its weight."""
    rollup = roll_up(tuple(check("x", state) for state in states))
    assert rollup.total == len(states) == sum(rollup.by_state.values())
    assert (rollup.state is None) is (not states)


@pytest.mark.parametrize("turned", [False, True])
def test_the_newest_start_of_a_name_wins(turned: bool) -> None:
    """N-50: a re-run replaces the run before it, in whichever order the host lists them."""
    runs = (check("test", S.FAILURE, 9), check("test", S.SUCCESS, 10))
    assert newest_of_each(tuple(reversed(runs)) if turned else runs) == (runs[1],)


def test_equal_names_of_two_sources_are_two_checks() -> None:
    """`build` of one service says nothing of `build` of another."""
    both = (check("build", S.SUCCESS, 9, "actions"), check("build", S.FAILURE, 8, "jenkins"))
    assert newest_of_each(both) == both


def test_of_runs_without_times_the_last_counts() -> None:
    """There is nothing else to go by."""
    assert newest_of_each((check("a", S.PENDING), check("a", S.SUCCESS)))[0].state is S.SUCCESS


def test_the_end_tells_when_the_start_does_not() -> None:
    """Some hosts give only the time of the report."""
    late = Check(name="a", state=S.SUCCESS, completed_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert newest_of_each((late, check("a", S.FAILURE, 9))) == (late,)
