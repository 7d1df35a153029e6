"""The tables of RESULTS.md."""
# ruff: noqa: RUF001  # typographic signs are meant

from __future__ import annotations

import math
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from benchmarks import imports
from benchmarks.diffs import Parse
from benchmarks.imports import Import
from benchmarks.mapping import Mapping
from benchmarks.measure import Series
from benchmarks.tasks import TASKS
from benchmarks.threads import Reads

#: Seconds that the server waits before each answer.
RTT = 0.05
#: Seconds that `import github` takes on the machine that the bounds on processor time were set on.
REFERENCE = 0.125
PACKAGES = ("PyGithub", "ogr", "requests", "urllib3", "msgspec", "whatthepatch", "unidiff")


@dataclass
class Results:
    """Everything that one run of the benchmark has measured."""

    machine: str = ""
    warm: list[Series] = field(default_factory=list)
    cold: list[Series] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)
    parses: list[Parse] = field(default_factory=list)
    reads: list[Reads] = field(default_factory=list)

    def of(self, task: str, contender: str) -> Series:
        """The warm runs of one contender."""
        return next(one for one in self.warm if (one.task, one.contender) == (task, contender))


@dataclass(frozen=True)
class Goal:
    """A ratio to reach: what it says, what was found, and whether that is enough."""

    number: int
    says: str
    found: str
    met: bool


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
        "request 50 ms after it arrives, with GitHub's answers in full size (a pull request is 20 kB). Compare ratios, not",
        "milliseconds: those are this machine's. What needs no network (imports, mapping, diffs) is given in processor time,",
        "which a busy machine disturbs least; the goals for it were set where `import github` takes 125 ms, and are stretched",
        "by what it takes here, as is what a goal in round trips allows above whole ones, for that is processor time, too.",
        "`bare urllib3` sends the same requests without any library, and shows what the machine allows.\n",
        f"{results.machine}. {versions}.\n",
        "`tuned` is PyGithub at its best: 100 rows a page, its throttle off, no request for the repository itself, and the",
        "search for the inbox. Without `tuned` it is as installed, and waits between requests. pullbridge is told how many",
        "rows are wanted, or has seen the pull request before, except where `counts unknown` says that it was told nothing.\n",
        "## Goals\n",
        _table(("#", "goal", "found", "met"), ((g.number, g.says, g.found, "yes" if g.met else "**no**") for g in goals(results))),
        "\n## Warm: clients in use, connections open\n",
        *_tasks(results.warm),
        "## Cold: a new client each time, its making included, imports not\n",
        *_tasks(results.cold),
        "## Import, in a fresh process\n",
        _imports(results.imports),
        "\n## From bytes to values, for one pull request of a list\n",
        _table(
            ("way", "CPU µs", "kB kept"),
            ((m.way, _times(m.took, m.spread, 1e6), f"{m.kept / 1000:.1f}") for m in results.mappings),
        ),
        "\n## Parsing a diff of 3000 files\n",
        _table(
            ("parser", "files", "added lines", "CPU ms"),
            ((p.parser, p.files, p.added, _times(p.took, p.spread, 1e3)) if p.files >= 0 else (p.parser, "gave up", "–", "–") for p in results.parses),
        ),
        "\n## Reads from 16 threads over one connection pool, threads changing every 10 µs\n",
        _table(
            ("door", "reads", "wrong answers", "connections", "reads a second"),
            ((r.door, r.reads, r.wrong, r.counts.connections, f"{r.reads / r.took:.0f}") for r in results.reads),
        ),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def goals(results: Results) -> list[Goal]:
    """The goals that can be judged by what was measured."""
    found: list[Goal] = []
    sdk = [one.took for one in results.imports if one.statement == "import github"]
    pace = sdk[0] / REFERENCE if sdk else 1.0
    if results.warm:
        found += [
            *_panel_goals(results, pace),
            *_list_goals(results, pace),
            *_poll_goals(results),
            *_other_goals(results, pace),
        ]
    if results.mappings:
        found += _mapping_goals(results, pace)
    if results.imports:
        found += _import_goals(results, pace)
    if results.parses:
        found += _parse_goals(results, pace)
    if results.reads:
        wrong, reads = sum(one.wrong for one in results.reads), sum(one.reads for one in results.reads)
        found.append(Goal(11, "no threaded read gives another pull request", f"{wrong} of {reads:,}", wrong == 0))
    return sorted(found, key=lambda goal: goal.number)


def _at_most(number: int, says: str, value: float, bound: float, unit: str) -> Goal:
    return Goal(number, f"{says} <= {bound:g}{unit}", f"{value:.2f}{unit}", value <= bound)


def _in_trips(number: int, says: str, seconds: float, bound: float, pace: float) -> Goal:
    """A bound in round trips. What it allows above whole ones is processor time, and stretched like that."""
    whole = math.floor(bound)
    here = whole + (bound - whole) * pace
    there = f"{bound:g}" + (f", here {here:.2f}" if pace != 1 else "")
    trips = seconds / RTT
    return Goal(number, f"{says} <= {there} × round trip", f"{trips:.2f} × round trip", trips <= here)


def _in_time(number: int, says: str, seconds: float, bound: float, pace: float, unit: float = 1e3) -> Goal:
    """A bound on processor time, set on a machine of its own: stretched to the pace of this one."""
    name = "ms" if unit == 1e3 else "µs"
    there = f"{bound:g} {name}" + (f", here {bound * pace:.0f}" if pace != 1 else "")
    return Goal(number, f"{says} <= {there}", f"{seconds * unit:.1f} {name}", seconds * unit <= bound * pace)


def _at_least(number: int, says: str, value: float, bound: float) -> Goal:
    return Goal(number, f"{says} >= {bound:g} ×", f"{value:.1f} ×", value >= bound)


def _panel_goals(results: Results, pace: float) -> Iterable[Goal]:
    known, unknown = results.of("panel", "pullbridge"), results.of("panel", "pullbridge, counts unknown")
    yield _in_trips(1, "panel, counts known:", known.wall, 1.25, pace)
    yield _in_trips(1, "panel, counts unknown:", unknown.wall, 2.3, pace)
    yield _at_least(2, "panel, faster than tuned PyGithub", results.of("panel", "PyGithub, tuned").wall / known.wall, 9)
    yield _at_least(2, "panel, faster than PyGithub", results.of("panel", "PyGithub").wall / known.wall, 80)


def _list_goals(results: Results, pace: float) -> Iterable[Goal]:
    own = results.of("list", "pullbridge")
    yield _in_trips(4, "list of 300:", own.wall, 1.3, pace)
    yield _at_least(4, "list, faster than tuned PyGithub", results.of("list", "PyGithub, tuned").wall / own.wall, 5)
    yield _at_least(4, "list, faster than ogr", results.of("list", "ogr").wall / own.wall, 40)


def _poll_goals(results: Results) -> Iterable[Goal]:
    own, peer = results.of("poll", "pullbridge, newest 100"), results.of("poll", "PyGithub, tuned")
    counts = own.last.counts
    single = counts.requests == own.repeats == counts.not_modified
    yield Goal(
        5,
        "poll: one conditional request, no body",
        f"{counts.requests} requests, {counts.not_modified} times 304, for {own.repeats} polls",
        single,
    )
    share = 100 * counts.decoded / own.repeats / (peer.last.counts.decoded / peer.repeats)
    yield _at_most(5, "poll, bytes of an unconditional one:", share, 2, " %")
    yield _at_least(5, "poll, less processor time than tuned PyGithub", peer.cpu / own.cpu, 20)


def _other_goals(results: Results, pace: float) -> Iterable[Goal]:
    review = results.of("review", "pullbridge").last.counts
    yield Goal(
        6,
        "30 comments: one request, with the panel in hand",
        f"{review.requests} requests, {review.comments} comments",
        review.requests == 1,
    )
    yield _in_trips(7, "inbox of 20 repositories:", results.of("inbox", "pullbridge").wall, 1.3, pace)
    opened = sum(one.last.counts.connections for one in results.warm if one.contender.startswith("pullbridge"))
    yield Goal(11, "no new connection, warm", f"{opened} in all tasks", opened == 0)


def _mapping_goals(results: Results, pace: float) -> Iterable[Goal]:
    own, peer = results.mappings[0], results.mappings[1]
    yield _in_time(8, "a list row, bytes to value:", own.took, 15, pace, 1e6)
    yield _at_most(8, "kept for it:", own.kept / 1000, 2.5, " kB")
    yield _at_least(8, "less time than PyGithub", peer.took / own.took, 20)


def _import_goals(results: Results, pace: float) -> Iterable[Goal]:
    of = {one.statement: one for one in results.imports}
    bare, own, sdk = of[imports.BARE], of["import pullbridge"], of["import github"]
    yield _in_time(9, "`import pullbridge`:", own.took, 25, pace)
    if bare.memory is not None and own.memory is not None:
        yield _at_most(9, "memory over bare Python:", (own.memory - bare.memory) / 1e6, 5, " MB")
    yield Goal(9, "it loads no SDK and no HTTP library", ", ".join(own.heavy) or "none", not own.heavy)
    verbs = of["from pullbridge import connect, Anchor, Verdict"]
    yield _in_time(9, "`from pullbridge import connect, Anchor, Verdict`:", verbs.took, 60, pace)
    yield _at_most(9, "first provider:", of[imports.FIRST].took / sdk.took, 1.15, " × `import github`")


def _parse_goals(results: Results, pace: float) -> Iterable[Goal]:
    of = {one.parser: one for one in results.parses}
    own = of["pullbridge `parse_diff`"]
    yield _in_time(10, "a diff of 3000 files:", own.took, 25, pace)
    yield _at_least(10, "faster than whatthepatch", of["whatthepatch"].took / own.took, 4)


def _tasks(all_: Sequence[Series]) -> Iterable[str]:
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
            yield f"### {about}\n"
            yield _table(titles, rows) + "\n"


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
