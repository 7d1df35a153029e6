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
from urllib.parse import quote

from benchmarks.bitbucket_cloud import answers as bitbucket_cloud
from benchmarks.bitbucket_dc import answers as bitbucket_dc
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
    """Read the largest page of pull requests of each host, all ways in turn."""
    ways = {
        "github": _github_ways(),
        "gitlab": _gitlab_ways(),
        "bitbucket-cloud": _bitbucket_cloud_ways(),
        "bitbucket-dc": _bitbucket_dc_ways(),
    }
    return [one for host, there in ways.items() for one in _mapped(host, there, rounds)]


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


def _bitbucket_cloud_ways() -> dict[str, Read]:
    from pullbridge.hosts.bitbucket_cloud import payloads, search, wire
    from pullbridge.hosts.decoding import decode
    from pullbridge.model.refs import RepoRef

    target = f"/2.0/repositories/{repository_path(None)}/pullrequests?pagelen=50&fields={quote(search.ROWS)}"
    body = bitbucket_cloud.Answers(WEB).to("GET", target, b"").body
    ref = RepoRef(web=WEB, path=repository_path(None), kind="bitbucket-cloud")
    shape = payloads.Paged[payloads.PullRequest]
    return {
        OWN: lambda: [wire.pull(row, ref) for row in decode(body, shape, "pulls", "Bitbucket").values],
        "atlassian-python-api, bytes to `PullRequest`, 12 fields read": _atlassian(body),
        "json.loads alone": lambda: [*json.loads(body)["values"]],
    }


def _bitbucket_dc_ways() -> dict[str, Read]:
    from pullbridge.hosts.bitbucket_dc import payloads, wire
    from pullbridge.hosts.decoding import decode
    from pullbridge.model.refs import RepoRef

    target = "/rest/api/latest/projects/OCTO/repos/app/pull-requests?limit=100"
    body = bitbucket_dc.Answers(WEB).to("GET", target, b"").body
    ref = RepoRef(web=WEB, path="OCTO/app", kind="bitbucket-dc")
    shape = payloads.Paged[payloads.PullRequest]
    return {
        OWN: lambda: [wire.pull(row, ref) for row in decode(body, shape, "pulls", "Bitbucket").values],
        "json.loads alone, as atlassian-python-api gives them": lambda: [*json.loads(body)["values"]],
    }


def _atlassian(body: bytes) -> Read:
    from atlassian.bitbucket.cloud import Cloud
    from atlassian.bitbucket.cloud.repositories.pullRequests import PullRequest

    client = Cloud(WEB)  # type: ignore[no-untyped-call]

    def read() -> list[Any]:
        rows = json.loads(body)["values"]
        pulls: list[Any] = [PullRequest(row, **client._new_session_args) for row in rows]  # type: ignore[no-untyped-call]  # noqa: SLF001  # as its own lists make them
        for pull in pulls:
            _ = (pull.id, pull.title, pull.description, pull.is_open, pull.author.nickname, pull.created_on)
            _ = (pull.updated_on, pull.source_branch, pull.source_commit, pull.destination_branch)
            _ = (pull.comment_count, [each.nickname for each in pull.reviewers()])
        return pulls

    return read


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
