"""One measured run: the time that passed, the processor's time, and what the server saw."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.server import Counts, LatencyServer


@dataclass(frozen=True)
class Run:
    """One run of one task by one contender. Times are in seconds; `result` says what came back."""

    wall: float
    cpu: float
    counts: Counts
    result: str


@dataclass(frozen=True)
class Series:
    """All runs of one task by one contender on one host. `repeats` is how many times the task was done within one run."""

    host: str
    task: str
    contender: str
    runs: tuple[Run, ...]
    repeats: int = 1

    @property
    def wall(self) -> float:
        """Median seconds for doing the task once."""
        return median(run.wall for run in self.runs) / self.repeats

    @property
    def cpu(self) -> float:
        """Median processor seconds for doing the task once."""
        return median(run.cpu for run in self.runs) / self.repeats

    @property
    def spread(self) -> tuple[float, float]:
        """The fastest and the slowest run, in seconds for doing the task once."""
        walls = [run.wall / self.repeats for run in self.runs]
        return min(walls), max(walls)

    @property
    def last(self) -> Run:
        """The last run: counts do not differ between runs."""
        return self.runs[-1]


def measured(server: LatencyServer, work: Callable[[], Any], **settings: Any) -> Run:
    """Do `work` once, with the collector's debts paid beforehand; `settings` are the server's."""
    gc.collect()
    server.reset(**settings)
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Run(wall, cpu, server.counts(), str(result))
