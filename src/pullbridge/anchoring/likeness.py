"""How alike lines are, and which of some lines became which of others: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

#: Lines less alike than this are not the same line.
LIKE = 0.5
#: Characters of a line (without blanks) from which on it says something by itself: a brace does not.
_TELLING = 4
#: What one that does not weighs against one that does.
_LITTLE = 0.2
#: Characters of a line that are looked at.
_LOOKED_AT = 400


class Pair(NamedTuple):
    """A line and what it became: both counted from 0 in what was compared, and how alike they are."""

    old: int
    new: int
    alike: float


@lru_cache(maxsize=8192)
def bare(line: str) -> str:
    """A line without blanks and tabs."""
    return "".join(line.split())


def telling(line: str) -> bool:
    """Whether a line says something by itself."""
    return len(bare(line)) >= _TELLING


@lru_cache(maxsize=8192)
def _bigrams(text: str) -> Counter[str]:
    return Counter(map("".join, pairwise(text)))


def alike(one: str, other: str) -> float:
    """How alike two lines are, from 0 to 1: Dice's coefficient of their pairs of characters, blanks left out.

    https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient
    """
    here, there = bare(one)[:_LOOKED_AT], bare(other)[:_LOOKED_AT]
    if here == there:
        return 1.0
    if len(here) < 2 or len(there) < 2:
        return 0.0
    most = 2 * (min(len(here), len(there)) - 1) / (len(here) + len(there) - 2)
    if most < LIKE:
        return most
    shared = (_bigrams(here) & _bigrams(there)).total()
    return 2 * shared / (len(here) + len(there) - 2)


def paired(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Which lines became which, in order and none crossing another, so that they are as alike as can be.

    Lines that say nothing count little. Among equal choices the lines that stand higher are taken. Takes time by the
    product of both lengths.
    """
    likeness = [[alike(one, other) for other in new] for one in old]
    weights = [1.0 if telling(one) else _LITTLE for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            skip = max(best[i + 1][j], best[i][j + 1])
            value = likeness[i][j]
            best[i][j] = max(skip, best[i + 1][j + 1] + value * weights[i]) if value >= LIKE else skip
    found: list[Pair] = []
    i = j = 0
    while i < len(old) and j < len(new):
        value = likeness[i][j]
        if value >= LIKE and best[i][j] == best[i + 1][j + 1] + value * weights[i]:
            found.append(Pair(i, j, value))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
