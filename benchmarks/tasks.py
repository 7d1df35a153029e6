"""The five tasks over the network, cold and warm, by all contenders in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks.bitbucket_cloud import contenders as bitbucket_cloud
from benchmarks.bitbucket_dc import contenders as bitbucket_dc
from benchmarks.contenders import Contender
from benchmarks.data import FITTING
from benchmarks.github import contenders as github
from benchmarks.gitlab import contenders as gitlab
from benchmarks.measure import Run, Series, measured
from benchmarks.places import PLACES
from benchmarks.server import LatencyServer

#: By the server's kind: who takes part, and who has every answer made before anything is timed.
HOSTS: dict[str, tuple[Sequence[type[Contender]], Sequence[type[Contender]]]] = {
    "github": (github.CONTENDERS, github.AHEAD),
    "gitlab": (gitlab.CONTENDERS, gitlab.AHEAD),
    "bitbucket-cloud": (bitbucket_cloud.CONTENDERS, bitbucket_cloud.AHEAD),
    "bitbucket-dc": (bitbucket_dc.CONTENDERS, bitbucket_dc.AHEAD),
}
TASKS = {
    "list": "list 300 open pull requests",
    "panel": "one panel: pull request, 12 commits, 250 files, 120 comments in 40 threads, reviews, 20 checks",
    "fitting": "the same with 90 comments, which fit the largest page",
    "review": "30 inline comments and a text as one review",
    "poll": "poll the unchanged list of 300 (figures are for one poll)",
    "inbox": "what waits for my review in 20 repositories",
}
#: Fewer rounds for what takes seconds even at its best.
_ROUNDS = {"poll": 3}
#: The pull request that all look at, and the first of those that nobody has looked at before.
KNOWN, NEW = 7, 100


def warm(server: LatencyServer, rounds: int) -> list[Series]:
    """One process, clients made and used before, connections open."""
    contenders = [kind(server) for kind in HOSTS[server.kind][0]]
    for contender in contenders:
        contender.open()
    try:
        _prime(server, contenders, rounds)
        return [series for task in _there(server) for series in _series(server, task, contenders, rounds, cold=False)]
    finally:
        for contender in contenders:
            contender.close()


def cold(server: LatencyServer, rounds: int) -> list[Series]:
    """A client made for each run, its making measured with it; only what was imported is there."""
    contenders = [kind(server) for kind in HOSTS[server.kind][0] if kind.cold]
    return [series for task in _there(server) for series in _series(server, task, contenders, rounds, cold=True)]


def _prime(server: LatencyServer, contenders: Sequence[Contender], rounds: int) -> None:
    """Have every answer made and every connection opened; those that wait between requests are stood in for."""
    server.reset(latency=0.0, etags=False)
    ahead = [kind(server) for kind in HOSTS[server.kind][1]]
    for contender in ahead:
        contender.open()
    for contender in (*ahead, *(one for one in contenders if one.most_runs > 1)):
        for task in _tasks(contender):
            contender.do(task, FITTING if task == "fitting" else KNOWN)
    for number in range(NEW, NEW + rounds):
        for task in ("list", "panel", "review"):
            ahead[1].do(task, number)
    for contender in ahead:
        contender.close()


def _there(server: LatencyServer) -> list[str]:
    """What there is to do on a host."""
    return [task for task in TASKS if task in PLACES[server.kind].tasks]


def _tasks(contender: Contender) -> list[str]:
    """What it does of that."""
    return [task for task in _there(contender.server) if task in contender.tasks]


def _number(contender: Contender, task: str, turn: int) -> int:
    """Whoever is told nothing beforehand is given another pull request each time."""
    if task == "fitting":
        return FITTING
    return NEW + turn if contender.unaided else KNOWN


def _series(
    server: LatencyServer, task: str, contenders: Sequence[Contender], rounds: int, *, cold: bool
) -> Iterator[Series]:
    runs: dict[Contender, list[Run]] = {one: [] for one in contenders if task in _tasks(one)}
    count = min(rounds, _ROUNDS.get(task, rounds))
    for turn in range(count):
        for one in [*list(runs)[turn % len(runs) :], *list(runs)[: turn % len(runs)]]:
            if turn < one.most_runs:
                runs[one].append(_run(server, task, one, turn, cold=cold))
                print(
                    f"{server.kind} {'cold' if cold else 'warm'} {task}: {one.name} {runs[one][-1].wall * 1000:.0f} ms",
                    flush=True,
                )
    for one, done in runs.items():
        yield Series(server.kind, task, one.name, tuple(done), one.polls if task == "poll" else 1)


def _run(server: LatencyServer, task: str, one: Contender, turn: int, *, cold: bool) -> Run:
    number = _number(one, task, turn)
    if not cold:
        server.reset(latency=0.0, etags=task == "poll")
        one.prepare(task, number)
    run = measured(server, partial(_do, one, task, number, cold=cold), latency=0.05, etags=task == "poll")
    if cold:
        one.close()
    if run.result != one.expected(task, number):
        raise AssertionError(f"{one.name}, {task}: {run.result}, not {one.expected(task, number)}")
    return run


def _do(one: Contender, task: str, number: int, *, cold: bool) -> str:
    if cold:
        one.open()
    for _ in range(one.polls - 1 if task == "poll" else 0):
        one.do(task, number)
    return one.do(task, number)
