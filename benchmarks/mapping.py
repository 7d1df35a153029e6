"""From a list's bytes to values: what each pull request costs, with no network in between."""

from __future__ import annotations

import gc
import json
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.data import repository_path
from benchmarks.github.answers import Answers


@dataclass(frozen=True)
class Mapping:
    """One way: processor seconds for a pull request (median, fastest, slowest), and bytes kept for it."""

    way: str
    took: float
    spread: tuple[float, float]
    kept: float


def mappings(rounds: int) -> list[Mapping]:
    """Read one page of 100 pull requests, all ways in turn."""
    web = "http://127.0.0.1:1"
    body = Answers(web).to("GET", f"/api/v3/repos/{repository_path(None)}/pulls?per_page=100", b"").body
    ways: dict[str, Callable[[], list[Any]]] = {
        "pullbridge, bytes to `Pull`": _pullbridge(body, web),
        "PyGithub, bytes to `PullRequest`, 12 fields read": _pygithub(body, web),
        "json.loads alone": lambda: list(json.loads(body)),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            gc.collect()
            began = time.process_time()
            rows = way()
            passed = (time.process_time() - began) / len(rows)
            took[name] += [passed] if turn else []
            del rows
    return [Mapping(name, median(all_), (min(all_), max(all_)), _kept(ways[name])) for name, all_ in took.items()]


def _pullbridge(body: bytes, web: str) -> Callable[[], list[Any]]:
    from pullbridge.hosts.github import payloads, wire
    from pullbridge.model.refs import RepoRef

    ref = RepoRef(web=web, path=repository_path(None), kind="github")
    return lambda: [wire.pull(row, ref) for row in payloads.decode(body, list[payloads.RestPull], "pulls")]


def _pygithub(body: bytes, web: str) -> Callable[[], list[Any]]:
    from github import Github
    from github.PullRequest import PullRequest

    requester = Github(base_url=f"{web}/api/v3").requester

    def read() -> list[Any]:
        pulls = [PullRequest(requester, {}, row, completed=True) for row in json.loads(body)]
        for pull in pulls:
            _ = (pull.number, pull.title, pull.body, pull.state, pull.draft, pull.user.login, pull.created_at)
            _ = (pull.updated_at, pull.head.ref, pull.head.sha, pull.base.ref, [each.name for each in pull.labels])
        return pulls

    return read


def _kept(way: Callable[[], list[Any]]) -> float:
    """Bytes that stay for one row while the list is held."""
    gc.collect()
    tracemalloc.start()
    try:
        rows = way()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / len(rows)
    finally:
        tracemalloc.stop()
