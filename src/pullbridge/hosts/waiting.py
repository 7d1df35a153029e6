"""Waiting for what a host does in the background."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat

from pullbridge.transport.call import time_left

#: Seconds between two looks, then the last one again and again.
WAITS = (1.0, 2.0, 4.0, 8.0)


def pauses(patience: float) -> Iterator[float]:
    """The waits, as long as there is time for another one: within `patience` seconds and before the deadline in force."""
    spent = 0.0
    for pause in chain(WAITS, repeat(WAITS[-1])):
        left = time_left()
        if spent + pause > patience or (left is not None and left <= pause):
            return
        yield pause
        spent += pause
