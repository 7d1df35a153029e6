"""Parsing one big diff: 3000 files, 37,000 lines, as git prints it."""

from __future__ import annotations

import gc
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.data import prose

FILES = 3000


@dataclass(frozen=True)
class Parse:
    """One parser: processor seconds (median, fastest, slowest), and what it found. `files` is -1 for one that gave up."""

    parser: str
    took: float
    spread: tuple[float, float]
    files: int
    added: int


def big_diff() -> str:
    """Have git compare two versions of many files, the same ones each time."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = random.Random(4)
        for index in range(FILES):
            old = [prose(chosen.randrange(500), 8) for _ in range(chosen.randrange(4, 22))]
            at = chosen.randrange(len(old))
            new = [*old[:at], *(prose(chosen.randrange(500), 8) for _ in range(2)), *old[at + 1 :]]
            for version, rows in (("a", old), ("b", new)):
                path = Path(folder, version, f"package{index % 40}", f"module{index}.py")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n".join(rows) + "\n", "utf-8")
        command = ["git", "-C", folder, "diff", "--no-index", "--no-ext-diff", "--no-prefix", "a", "b"]
        return subprocess.run(command, check=False, capture_output=True).stdout.decode()


def parses(text: str, rounds: int) -> list[Parse]:
    """Let every parser read the same text in turns."""
    parsers: dict[str, Callable[[str], tuple[int, int]]] = {
        "pullbridge `parse_diff`": _pullbridge,
        "pullbridge `parse_diff` and a `LineMap` for each file": _mapped,
        "whatthepatch": _whatthepatch,
        "unidiff": _unidiff,
    }
    took: dict[str, list[float]] = {name: [] for name in parsers}
    found: dict[str, tuple[int, int]] = {}
    for _ in range(rounds):
        for name, parse in parsers.items():
            gc.collect()
            began = time.process_time()
            found[name] = parse(text)
            took[name].append(time.process_time() - began)
    return [Parse(name, median(all_), (min(all_), max(all_)), *found[name]) for name, all_ in took.items()]


def _pullbridge(text: str) -> tuple[int, int]:
    from pullbridge.anchoring import parse_diff

    diffs = parse_diff(text)
    return len(diffs), sum(diff.additions for diff in diffs)


def _mapped(text: str) -> tuple[int, int]:
    from pullbridge.anchoring import LineMap, parse_diff

    diffs = parse_diff(text)
    maps = [LineMap(diff.hunks) for diff in diffs]
    return len(maps), sum(diff.additions for diff in diffs)


def _whatthepatch(text: str) -> tuple[int, int]:
    import whatthepatch

    diffs = list(whatthepatch.parse_patch(text))
    return len(diffs), sum(change.old is None for diff in diffs for change in diff.changes or ())


def _unidiff(text: str) -> tuple[int, int]:
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    try:
        diffs = PatchSet(text)
    except UnidiffParseError:
        return -1, -1
    return len(diffs), diffs.added
