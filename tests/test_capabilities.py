"""What can be done: three answers, and never a guess."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pullbridge.capabilities import UNKNOWN, YES, Answer, AnswerState, Can, Capabilities, no, unknown

KNOWN = Capabilities({Can.MERGE: YES, Can.TASKS: no("there are none", "use check boxes")}, granted=("repo",))


def test_an_ability_is_there_only_for_a_yes() -> None:
    """No and unknown are not there; `[]` tells them apart, with the reason."""
    assert Can.MERGE in KNOWN
    assert Can.TASKS not in KNOWN
    assert Can.READ not in KNOWN
    assert KNOWN[Can.TASKS] == Answer(state=AnswerState.NO, reason="there are none", remedy="use check boxes")
    assert KNOWN[Can.READ] is UNKNOWN


@pytest.mark.parametrize("name", ["MERGE", "merge", "MERGED", 7, None])
def test_a_name_that_is_no_ability_is_an_error(name: object) -> None:
    """N-32: a typo is never "not supported", and never "supported"."""
    with pytest.raises(TypeError, match=r"ask for a pullbridge\.Can"):
        _ = name in KNOWN
    with pytest.raises(TypeError, match=r"ask for a pullbridge\.Can"):
        KNOWN[name]  # type: ignore[index]  # that is the point
    with pytest.raises(TypeError):
        KNOWN.get(name)  # type: ignore[call-overload]  # as above


def test_a_typo_in_a_can_is_an_error() -> None:
    """N-32: the enum knows no such name."""
    with pytest.raises(AttributeError):
        _ = Can.MERGES  # type: ignore[attr-defined]  # that is the point
    with pytest.raises(ValueError, match="merges"):
        Can("merges")


def test_every_ability_has_an_answer() -> None:
    """As a mapping it is total: a user interface can go through it."""
    assert isinstance(KNOWN, Mapping)
    assert list(KNOWN) == list(Can)
    assert len(KNOWN) == len(Can) == len(dict(KNOWN))


def test_answers_are_replaced_in_a_copy() -> None:
    """What one pull request allows does not change the repository's answers."""
    other = KNOWN.but({Can.MERGE: unknown("not now", "wait")})
    assert Can.MERGE not in other
    assert Can.MERGE in KNOWN
    assert other.granted == ("repo",)


def test_what_is_given_may_change_later() -> None:
    """The answers are copied: the caller's dict is the caller's."""
    given = {Can.MERGE: YES}
    can = Capabilities(given)
    given.clear()
    assert Can.MERGE in can


def test_repr_counts() -> None:
    """Seventy answers are too many for a debugger's line."""
    assert repr(KNOWN) == f"<Capabilities: 1 yes, 1 no, {len(Can) - 2} unknown>"
