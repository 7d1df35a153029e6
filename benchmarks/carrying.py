"""Anchors carried over one long file that differs in many places, beside difflib's line map of it."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import median

from benchmarks.data import prose
from pullbridge import Anchor
from pullbridge.anchoring import carry

LINES, EDITS = 20_000, (10, 200, 2000)
OWN, MANY = "pullbridge `carry`, one anchor", "pullbridge `carry`, 200 anchors"
DIFFLIB, EXACT = "difflib", "difflib, autojunk=False"
#: It takes seconds, which does not make it more certain.
_ROUNDS = {EXACT: 3}


@dataclass(frozen=True)
class Carried:
    """One way, with so many edits: processor seconds (median, fastest, slowest)."""

    way: str
    edits: int
    took: float
    spread: tuple[float, float]


def carried(rounds: int) -> list[Carried]:
    """Let every way read the same two texts in turns."""
    return [one for edits in EDITS for one in _with(edits, rounds)]


def _with(edits: int, rounds: int) -> list[Carried]:
    old, new = texts(edits)
    anchors = [Anchor.line("a", line) for line in range(1, LINES + 1, LINES // 200)]
    ways: dict[str, Callable[[], object]] = {
        OWN: lambda: carry(anchors[:1], old, new),
        MANY: lambda: carry(anchors, old, new),
        DIFFLIB: lambda: SequenceMatcher(None, old.split("\n"), new.split("\n")).get_matching_blocks(),
        EXACT: lambda: SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False).get_matching_blocks(),
    }
    took: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(rounds):
        for way, do in ways.items():
            if turn < _ROUNDS.get(way, rounds):
                gc.collect()
                began = time.process_time()
                do()
                took[way].append(time.process_time() - began)
    return [Carried(way, edits, median(all_), (min(all_), max(all_))) for way, all_ in took.items()]


def texts(edits: int) -> tuple[str, str]:
    """The same two texts each time: lines replaced, put in and taken out, one in ten of them a brace or blank."""
    chosen = random.Random(9)
    old = [chosen.choice(["", "}"]) if number % 10 == 0 else f"{prose(number, 6)} {number}" for number in range(LINES)]
    new = list(old)
    for number in range(edits):
        at, fresh = chosen.randrange(len(new)), f"{prose(LINES + number, 6)} edited {number}"
        new[at : at + chosen.randrange(2)] = [fresh] if number % 3 else []
    return "".join(f"{line}\n" for line in old), "".join(f"{line}\n" for line in new)
