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
from benchmarks.github import answers as github
from benchmarks.gitlab import answers as gitlab


@dataclass(frozen=True)
class Mapping:
    """One way on one host: processor seconds for a pull request (median, fastest, slowest), and bytes kept for it."""

    host: str
    way: str
    took: float
    spread: tuple[float, float]
    kept: float


OWN = "pullbridge, bytes to `Pull`"
WEB = "http://127.0.0.1:1"
Read = Callable[[], list[Any]]


def mappings(rounds: int) -> list[Mapping]:
    """Read one page of 100 pull requests of each host, all ways in turn."""
    return [*_mapped("github", _github_ways(), rounds), *_mapped("gitlab", _gitlab_ways(), rounds)]


def _mapped(host: str, ways: dict[str, Read], rounds: int) -> list[Mapping]:
    took: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            gc.collect()
            began = time.process_time()
            rows = way()
            passed = (time.process_time() - began) / len(rows)
            took[name] += [passed] if turn else []
            del rows
    return [Mapping(host, name, median(all_), (min(all_), max(all_)), _kept(ways[name])) for name, all_ in took.items()]


def _github_ways() -> dict[str, Read]:
    from pullbridge.hosts.github import payloads, wire
    from pullbridge.model.refs import RepoRef

    target = f"/api/v3/repos/{repository_path(None)}/pulls?per_page=100"
    body = github.Answers(WEB).to("GET", target, b"").body
    ref = RepoRef(web=WEB, path=repository_path(None), kind="github")
    return {
        OWN: lambda: [wire.pull(row, ref) for row in payloads.decode(body, list[payloads.RestPull], "pulls")],
        "PyGithub, bytes to `PullRequest`, 12 fields read": _pygithub(body),
        "json.loads alone": lambda: list(json.loads(body)),
    }


def _gitlab_ways() -> dict[str, Read]:
    from pullbridge.hosts.gitlab import payloads, wire
    from pullbridge.model.refs import RepoRef

    path = repository_path(None).replace("/", "%2F")
    body = gitlab.Answers(WEB).to("GET", f"/api/v4/projects/{path}/merge_requests?per_page=100", b"").body
    ref = RepoRef(web=WEB, path=repository_path(None), kind="gitlab")
    return {
        OWN: lambda: [wire.pull(row, ref) for row in payloads.decode(body, list[payloads.MergeRequest], "pulls")],
        "python-gitlab, bytes to `ProjectMergeRequest`, 12 fields read": _python_gitlab(body),
        "json.loads alone": lambda: list(json.loads(body)),
    }


def _pygithub(body: bytes) -> Read:
    from github import Github
    from github.PullRequest import PullRequest

    requester = Github(base_url=f"{WEB}/api/v3").requester

    def read() -> list[Any]:
        pulls = [PullRequest(requester, {}, row, completed=True) for row in json.loads(body)]
        for pull in pulls:
            _ = (pull.number, pull.title, pull.body, pull.state, pull.draft, pull.user.login, pull.created_at)
            _ = (pull.updated_at, pull.head.ref, pull.head.sha, pull.base.ref, [each.name for each in pull.labels])
        return pulls

    return read


def _python_gitlab(body: bytes) -> Read:
    from gitlab import Gitlab
    from gitlab.v4.objects import ProjectMergeRequest

    manager = Gitlab(WEB).projects.get(repository_path(None), lazy=True).mergerequests

    def read() -> list[Any]:
        pulls = [ProjectMergeRequest(manager, row, created_from_list=True) for row in json.loads(body)]
        for pull in pulls:
            _ = (pull.iid, pull.title, pull.description, pull.state, pull.draft, pull.author["username"])
            _ = (pull.created_at, pull.updated_at, pull.source_branch, pull.sha, pull.target_branch, list(pull.labels))
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
