"""How long a host is waited for."""

from __future__ import annotations

from itertools import islice

import pytest

from pullbridge.hosts import waiting
from pullbridge.transport.call import limits


def test_pauses_grow_and_then_stay() -> None:
    """One, two, four and eight seconds, and eight again and again."""
    assert list(islice(waiting.pauses(1000.0), 6)) == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


@pytest.mark.parametrize(("patience", "count"), [(0.5, 0), (1.0, 1), (15.0, 4), (22.9, 4), (23.0, 5)])
def test_pauses_end_with_the_patience(patience: float, count: int) -> None:
    """None of them goes beyond it."""
    assert len(list(waiting.pauses(patience))) == count


def test_pauses_end_before_the_deadline() -> None:
    """There is no look after it."""
    with limits(deadline=1.5):
        assert list(islice(waiting.pauses(1000.0), 2)) == [1.0]
    with limits(deadline=0.5):
        assert list(waiting.pauses(1000.0)) == []
