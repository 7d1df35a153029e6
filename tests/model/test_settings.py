"""Settings: what they refuse, and what they do not show."""

from __future__ import annotations

from typing import Any

import pytest

from pullbridge.model.settings import KINDS, Settings


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"kind": "GitHub"}, "kind is one of github, gitlab"),
        ({"timeout": 0}, "seconds, above zero"),
        ({"deadline": -1.0}, "seconds, above zero"),
        ({"max_concurrency": 0}, "at least 1"),
        ({"retries": -1}, "at least 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(values: dict[str, Any], why: str) -> None:
    """A typo is told at once, not by the first request."""
    with pytest.raises(ValueError, match=why):
        Settings(**values)


def test_the_bounds_themselves_are_good() -> None:
    """No deadline, no retries, one at a time: all are choices."""
    assert Settings(deadline=None, retries=0, max_concurrency=1).deadline is None
    assert [Settings(kind=kind).kind for kind in KINDS] == list(KINDS)


def test_a_proxys_password_is_not_shown() -> None:
    """Settings end up in logs."""
    assert "t0p" not in repr(Settings(proxy="http://ada:t0p@proxy.example:3128"))
