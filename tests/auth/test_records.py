"""Grants and keys: written, read, and never by accident."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.auth.records import Grant, Key
from pullbridge.errors import StoreUnusable

GRANT = Grant(
    access="secret-access", refresh="secret-refresh", expires_at=7200.0, scopes=("api", "read_user"), obtained_at=0.0
)


@given(
    st.builds(
        Grant,
        access=st.text(min_size=1),
        refresh=st.none() | st.text(),
        expires_at=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        scopes=st.none() | st.lists(st.text()).map(tuple),
        obtained_at=st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_written_and_read(grant: Grant) -> None:
    """Whatever is written is read as the same."""
    assert Grant.parsed(grant.text()) == grant


@given(st.builds(Key, st.text(), st.text(), st.text()))
def test_key_written_and_read(key: Key) -> None:
    """A key's text tells it from every other."""
    assert Key.parsed(key.text()) == key


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"version": 1}', '{"version": 1, "access": 5}', '{"version": "x", "access": "a"}']
)
def test_unreadable(text: str) -> None:
    """What nobody wrote so is an error of ours, and no half of a grant."""
    with pytest.raises(StoreUnusable):
        Grant.parsed(text)
    with pytest.raises(StoreUnusable):
        Key.parsed(text)


def test_a_later_version_is_left_alone() -> None:
    """A record of a later form is refused, and the error says why."""
    later = json.dumps({**json.loads(GRANT.text()), "version": 2})
    with pytest.raises(StoreUnusable, match="later version"):
        Grant.parsed(later)


def test_no_secret_shows() -> None:
    """Neither token is in any text of a grant, and it is not pickled."""
    shown = f"{GRANT!r} {GRANT!s} {GRANT}"
    assert "secret" not in shown
    with pytest.raises(TypeError, match="secret"):
        pickle.dumps(GRANT)
    assert copy.deepcopy(GRANT) is GRANT


@pytest.mark.parametrize(
    ("expires_at", "now", "leeway", "over"),
    [
        (None, 1e12, 60, False),
        (7200, 7139, 60, False),
        (7200, 7140, 60, True),
        (7200, 7199, 0, False),
        (7200, 7200, 0, True),
        (50, 44, 60, False),  # a tenth of its life, not all of it
        (50, 45, 60, True),
        (0, 10, 60, False),  # it came so: the clock, or the host, is wrong
    ],
)
def test_when_it_is_over(expires_at: float | None, now: float, leeway: float, over: bool) -> None:
    """It is renewed a little early, but never as soon as it comes."""
    grant = Grant(access="a", expires_at=expires_at, obtained_at=0.0)
    assert grant.expired(now, leeway) is over
