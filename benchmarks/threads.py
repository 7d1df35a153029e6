"""Many threads over one connection: does anybody get an answer that was somebody else's?

A client that keeps the request in flight on the shared object can hand one thread another's answer, without an error.
The interpreter is told to change threads every ten microseconds, so that the window is met if there is one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from benchmarks.contenders import Pullbridge
from benchmarks.data import PULLS
from benchmarks.server import Counts, LatencyServer

WORKERS = 16


@dataclass(frozen=True)
class Reads:
    """Reads through one door: how many there were and how many gave another pull request, in how many seconds."""

    door: str
    reads: int
    wrong: int
    took: float
    counts: Counts


def threaded(server: LatencyServer, reads: int) -> list[Reads]:
    """Read pull requests by number through the adapter, then through the SDK's live object."""
    client = Pullbridge(server)
    client.open()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        native = client.repo.native
        return [
            _read(server, "`repo.pulls.get`", client.repo.pulls.get, reads),
            _read(server, "`repo.native.get_pull` (PyGithub)", native.get_pull, reads),
        ]
    finally:
        sys.setswitchinterval(interval)
        client.close()


def _read(server: LatencyServer, door: str, get: Callable[[int], Any], reads: int) -> Reads:
    def is_wrong(turn: int) -> bool:
        number = turn % PULLS + 1
        pull = get(number)
        return bool(pull.number != number or not pull.title.startswith(f"{number}:"))

    server.reset(latency=0.0, etags=False)
    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        wrong = sum(pool.map(is_wrong, range(reads), chunksize=50))
    return Reads(door, reads, wrong, time.perf_counter() - began, server.counts())
