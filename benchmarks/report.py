"""The tables of RESULTS.md."""
# ruff: noqa: RUF001  # typographic signs are meant

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path

from benchmarks.goals import RTT, Results, goals
from benchmarks.imports import Import
from benchmarks.measure import Series
from benchmarks.places import PLACES
from benchmarks.replay import OUTCOMES, Replay, rows
from benchmarks.tasks import TASKS

PACKAGES = (
    "PyGithub",
    "python-gitlab",
    "atlassian-python-api",
    "ogr",
    "requests",
    "urllib3",
    "msgspec",
    "whatthepatch",
    "unidiff",
)


def machine() -> str:
    """What it ran on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [row.partition(":")[2].strip() for row in info.read_text().splitlines() if row.startswith("model name")]
        cpu = names[0] if names else cpu
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores of {cpu}{load}"


def text(results: Results) -> str:
    """The whole page."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    parts = [
        "# Results\n",
        "Written by `make bench` (`python -m benchmarks`). Every figure is a median, with (fastest–slowest) behind it; the",
        "contenders take turns in one run, and what came back is checked. A server in a process of its own answers each",
        "request 50 ms after it arrives, with the host's answers in full size (a pull request is 20 kB on GitHub, 10 kB on",
        "Bitbucket Cloud and 4 kB on the others). Compare ratios, not milliseconds: those are this machine's. What needs no",
        "network (imports, mapping, diffs) is given in processor time, which a busy machine disturbs least; the goals for it",
        "were set where `import github` takes 125 ms, and are stretched by what it takes here, as is what a goal in round",
        "trips allows above whole ones, for that is processor time, too. `bare urllib3` sends the same requests without any",
        "library, and shows what the machine allows.\n",
        f"{results.machine}. {versions}.\n",
        "pullbridge is told how many rows are wanted, or has seen the pull request before, except where `counts unknown` says",
        "that it was told nothing. `tuned` is a library at its best: 100 rows a page, no request for the repository itself, one",
        "search for the inbox, and PyGithub's throttle off. Without `tuned` it is as installed; PyGithub then waits between",
        "requests. On GitLab a review is 31 writes; python-gitlab sends them one after the other, and ogr, which drops where",
        "a comment belongs there, posts 30 notes on the whole. No limit on the speed of writes is in force here: gitlab.com",
        "takes 60 notes a minute.\n",
        "On both Bitbuckets a page tells where the next one is, and nothing else does: no client can ask for two pages at",
        "once. The goals are for what fits the largest page, and each further page adds a round trip to them; what is to be",
        "faster than atlassian-python-api is measured by the same yardstick. Its 15 and 100 times were set on Bitbucket",
        "Cloud, where its objects read ten rows a page and each pull request of a list once more; on Data Center its methods",
        "ask for nothing twice, and a panel is seven requests of them. A review there, too, is 31 writes, 16 at a time, as many",
        "as this library has in flight by itself, and on Bitbucket Cloud one look at the head beside them; `32 at once`",
        "(`Settings.max_concurrency`) shows it without that bound. What waits for me is asked of every repository on Bitbucket",
        "Cloud, which has no list of it. Data Center's lists have no ETag, so that a poll there is the newest page, sent anew.\n",
        "## Goals\n",
        _table(("#", "goal", "found", "met"), ((g.number, g.says, g.found, "yes" if g.met else "**no**") for g in goals(results))),
        "\n## Warm: clients in use, connections open\n",
        *_hosts(results.warm),
        "## Cold: a new client each time, its making included, imports not\n",
        *_hosts(results.cold),
        "## Import, in a fresh process\n",
        _imports(results.imports),
        "\n## From bytes to values, for one pull request of a list\n",
        _table(
            ("host", "way", "CPU µs", "kB kept"),
            ((PLACES[m.host].name, m.way, _times(m.took, m.spread, 1e6), f"{m.kept / 1000:.1f}") for m in results.mappings),
        ),
        "\n## Parsing a diff of 3000 files\n",
        _table(
            ("parser", "files", "added lines", "CPU ms"),
            ((p.parser, p.files, p.added, _times(p.took, p.spread, 1e3)) if p.files >= 0 else (p.parser, "gave up", "–", "–") for p in results.parses),
        ),
        "\n## Carrying anchors over 20,000 lines\n",
        _table(
            ("edits", "way", "CPU ms"),
            ((c.edits, c.way, _times(c.took, c.spread, 1e3)) for c in results.carried),
        ),
        *(part for one in results.replays for part in _replayed(one)),
        "\n## Reads from 16 threads over one connection pool, threads changing every 10 µs\n",
        _table(
            ("door", "reads", "wrong answers", "connections", "reads a second"),
            ((r.door, r.reads, r.wrong, r.counts.connections, f"{r.reads / r.took:.0f}") for r in results.reads),
        ),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _hosts(all_: Sequence[Series]) -> Iterable[str]:
    for host, place in PLACES.items():
        yield from _tasks(place.name, [one for one in all_ if one.host == host])


def _tasks(host: str, all_: Sequence[Series]) -> Iterable[str]:
    titles = (
        "contender",
        "requests",
        "new connections",
        "kB",
        "kB on the wire",
        "304s",
        "in flight",
        "ms",
        "round trips",
        "CPU ms",
    )
    for task, about in TASKS.items():
        rows = [_row(one) for one in all_ if one.task == task]
        if rows:
            yield f"### {host}: {about}\n"
            yield _table(titles, rows) + "\n"


def _replayed(one: Replay) -> Iterable[str]:
    yield f"\n## Anchors carried commit by commit: {one.name} up to {one.head}\n"
    yield f"The newest {one.changes} changes of files, in {one.commits} commits (merges left out, renames followed), with an anchor on"
    yield "every line and on every five. `git blame` of the two commits says which lines were left as they were, letter by letter;"
    yield "with `-w -M`, and with `--ignore-rev`, which were indented, moved or likely edited. Of lines that were left, a place is"
    yield "*wrong* if it is not theirs, and *arguable* where git's own ways to compare disagree, or where it is a blank line or a"
    yield "brace among changed ones. Of the others, git guesses, too: where the places differ, ours is *wrong* if it reads less like"
    yield "the lines (by difflib) than git's, or less than half alike. *Lost* has no line, though git names one; *silent* has a line"
    yield f"that reads alike, though git names none. Carrying took {one.took:.1f} s of processor time.\n"
    yield _table(("lines", "git says", "anchors", *OUTCOMES), rows(one))


def _row(one: Series) -> tuple[object, ...]:
    counts, times = one.last.counts, one.repeats
    return (
        one.contender,
        f"{counts.requests / times:g}",
        f"{counts.connections / times:g}",
        f"{counts.decoded / times / 1000:.0f}",
        f"{counts.wire / times / 1000:.0f}",
        f"{counts.not_modified / times:g}",
        counts.most_in_flight,
        _times(one.wall, one.spread, 1e3),
        f"{one.wall / RTT:.2f}",
        f"{one.cpu * 1e3:.1f}",
    )


def _imports(all_: Sequence[Import]) -> str:
    bare = all_[0].memory if all_ else None
    over: Callable[[float | None], str] = lambda memory: (  # noqa: E731  # one cell
        "–" if memory is None or bare is None else f"{(memory - bare) / 1e6:.1f}"
    )
    rows = ((one.statement, _times(one.took, one.spread, 1e3), over(one.memory), one.modules) for one in all_)
    return _table(("statement", "CPU ms", "MB over bare Python", "modules"), rows)


def _times(middle: float, spread: tuple[float, float], scale: float) -> str:
    digits = 1 if middle * scale < 100 else 0
    low, high = (f"{one * scale:.{digits}f}" for one in spread)
    return f"{middle * scale:.{digits}f}" if low == high else f"{middle * scale:.{digits}f} ({low}–{high})"


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
