"""What can be done on a GitHub, as far as it is known."""

from __future__ import annotations

from typing import Any

import pytest

from pullbridge.capabilities import AnswerState, Can, Capabilities
from pullbridge.hosts.github.features import LIMITS, Features
from pullbridge.hosts.github.payloads import GraphRepository

YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN


def features(
    granted: tuple[str, ...] | None = None,
    *,
    anonymous: bool = False,
    permission: str | None = None,
    private: bool | None = None,
) -> Capabilities:
    found = Features(anonymous=anonymous, granted=lambda: granted)
    found.learn_repository(GraphRepository[Any](viewer_permission=permission, is_private=private))
    return found.capabilities


def test_nobody_may_read_and_not_write() -> None:
    """Known before any request; the remedy says what to do."""
    can = features(anonymous=True)
    assert Can.READ in can
    assert can[Can.COMMENT].state is NO
    assert "token" in (can[Can.COMMENT].remedy or "")
    assert can[Can.COMMENT].needed == ()


def test_what_github_has_not_is_no_for_everybody() -> None:
    """With a reason, and a way round it; whatever was granted."""
    for can in (features(("repo",)), features(), features(anonymous=True)):
        for ability in (Can.DELETE_PULL, Can.COMMENT_OUTSIDE_HUNKS, Can.TASKS):
            answer = can[ability]
            assert answer.state is NO
            assert answer.reason
            assert answer.remedy


@pytest.mark.parametrize(
    ("granted", "private", "state"),
    [
        (("repo",), None, YES),
        (("repo",), True, YES),
        (("public_repo",), False, YES),
        (("public_repo",), True, NO),
        (("public_repo",), None, UNKNOWN),
        (("read:user",), None, NO),
        ((), False, NO),
        (None, None, UNKNOWN),
        (None, True, UNKNOWN),
    ],
)
def test_scopes_decide_over_writes(granted: tuple[str, ...] | None, private: bool | None, state: AnswerState) -> None:
    """Classic tokens tell what they were granted, others do not: then it is unknown, which blocks nothing."""
    assert features(granted, private=private)[Can.COMMENT].state is state


def test_a_missing_scope_is_named() -> None:
    """So that a verb raises `ScopeMissing` with it, and not `Unsupported`."""
    assert features(("read:user",), private=True)[Can.MERGE].needed == ("repo",)
    assert features(("read:user",))[Can.MERGE].needed == ("repo", "public_repo")


@pytest.mark.parametrize("role", ["READ", "TRIAGE"])
def test_a_role_decides_over_merging(role: str) -> None:
    """Everybody may comment; only those who may push may merge, and the reason is the role."""
    can = features(("repo",), permission=role, private=False)
    assert can[Can.MERGE].state is NO
    assert role.lower() in can[Can.MERGE].reason
    assert can[Can.MERGE].needed == ()
    assert Can.COMMENT in can


@pytest.mark.parametrize("role", ["WRITE", "MAINTAIN", "ADMIN"])
def test_who_may_push_may_merge(role: str) -> None:
    """No role blocks them."""
    assert Can.MERGE in features(("repo",), permission=role)


def test_an_answer_without_a_role_takes_none_away() -> None:
    """What was learned stays until something else is said."""
    found = Features(anonymous=False, granted=lambda: ("repo",))
    found.learn_repository(GraphRepository[Any](viewer_permission="READ", is_private=True))
    found.learn_repository(GraphRepository[Any]())
    found.learn_repository(None)
    assert found.capabilities[Can.MERGE].state is NO


def test_what_is_granted_is_told() -> None:
    """As GitHub names it."""
    assert features(("repo", "read:org")).granted == ("repo", "read:org")
    assert features().granted is None


def test_every_no_and_every_unknown_has_a_reason() -> None:
    """A user interface shows it beside what it leaves out."""
    for can in (
        features(),
        features(("public_repo",)),
        features(anonymous=True),
        features(("repo",), permission="READ"),
    ):
        assert all(answer.reason for answer in can.values() if answer.state is not YES)


def test_limits_are_githubs() -> None:
    """https://docs.github.com/en/rest/pulls and /search"""
    assert (LIMITS.body, LIMITS.commits, LIMITS.files, LIMITS.search_results) == (65_536, 250, 3_000, 1_000)
