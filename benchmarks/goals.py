"""What is to be reached, and whether it was: ratios within one run.

A bound on processor time was set on a machine of its own, and is stretched to the pace of this one.
"""
# ruff: noqa: RUF001  # typographic signs are meant

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks import imports
from benchmarks.diffs import Parse
from benchmarks.imports import Import
from benchmarks.mapping import Mapping
from benchmarks.measure import Series
from benchmarks.threads import Reads

#: Seconds that the server waits before each answer.
RTT = 0.05
#: Seconds that `import github` takes on the machine that the bounds on processor time were set on.
REFERENCE = 0.125
NAMES = {"github": "GitHub", "gitlab": "GitLab"}


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

    def of(self, host: str, task: str, contender: str = "pullbridge") -> Series:
        """The warm runs of one contender."""
        wanted = host, task, contender
        return next(one for one in self.warm if (one.host, one.task, one.contender) == wanted)

    @property
    def pace(self) -> float:
        """How many times as long as on the machine of the bounds it takes here."""
        sdk = [one.took for one in self.imports if one.statement == "import github"]
        return sdk[0] / REFERENCE if sdk else 1.0


@dataclass(frozen=True)
class Goal:
    """A ratio to reach: what it says, what was found, and whether that is enough."""

    number: int
    says: str
    found: str
    met: bool


def goals(results: Results) -> list[Goal]:
    """The goals that can be judged by what was measured."""
    found: list[Goal] = []
    pace, measured = results.pace, {one.host for one in results.warm}
    if "github" in measured:
        found += [*_panel_goals(results, pace), *_list_goals(results, pace), *_poll_bytes(results)]
    if "gitlab" in measured:
        found += _gitlab_goals(results, pace)
    for host in sorted(measured):
        found += _host_goals(results, host, pace)
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
    known, unknown = results.of("github", "panel"), results.of("github", "panel", "pullbridge, counts unknown")
    tuned, default = results.of("github", "panel", "PyGithub, tuned"), results.of("github", "panel", "PyGithub")
    yield _in_trips(1, "GitHub: panel, counts known:", known.wall, 1.25, pace)
    yield _in_trips(1, "GitHub: panel, counts unknown:", unknown.wall, 2.3, pace)
    yield _at_least(2, "GitHub: panel, faster than tuned PyGithub", tuned.wall / known.wall, 9)
    yield _at_least(2, "GitHub: panel, faster than PyGithub", default.wall / known.wall, 80)


def _list_goals(results: Results, pace: float) -> Iterable[Goal]:
    own, tuned = results.of("github", "list"), results.of("github", "list", "PyGithub, tuned")
    yield _at_least(4, "GitHub: list, faster than tuned PyGithub", tuned.wall / own.wall, 5)
    yield _at_least(4, "GitHub: list, faster than ogr", results.of("github", "list", "ogr").wall / own.wall, 40)
    review = results.of("github", "review").last.counts
    yield Goal(
        6,
        "GitHub: 30 comments in one request, with the panel in hand",
        f"{review.requests} requests, {review.comments} comments",
        review.requests == 1,
    )


def _poll_bytes(results: Results) -> Iterable[Goal]:
    own, peer = results.of("github", "poll", "pullbridge, newest 100"), results.of("github", "poll", "PyGithub, tuned")
    share = 100 * own.last.counts.decoded / own.repeats / (peer.last.counts.decoded / peer.repeats)
    yield _at_most(5, "GitHub: poll, bytes of an unconditional one:", share, 2, " %")
    yield _at_least(5, "GitHub: poll, less processor time than tuned PyGithub", peer.cpu / own.cpu, 20)


def _gitlab_goals(results: Results, pace: float) -> Iterable[Goal]:
    panel, peer = results.of("gitlab", "panel"), results.of("gitlab", "panel", "python-gitlab, tuned")
    yield _in_trips(3, "GitLab: panel, counts known:", panel.wall, 1.3, pace)
    yield _at_least(3, "GitLab: panel, faster than tuned python-gitlab", peer.wall / panel.wall, 4.5)
    review = results.of("gitlab", "review")
    sent = review.last.counts.requests
    yield Goal(6, "GitLab: 30 comments and a text in 31 requests", f"{sent} requests", sent == 31)
    yield _in_trips(6, "GitLab: 30 comments and a text, 16 at a time:", review.wall, 2.6, pace)


def _host_goals(results: Results, host: str, pace: float) -> Iterable[Goal]:
    """What is to be reached on every host."""
    name = NAMES[host]
    yield _in_trips(4, f"{name}: list of 300:", results.of(host, "list").wall, 1.3, pace)
    polled = results.of(host, "poll", "pullbridge, newest 100")
    counts = polled.last.counts
    yield Goal(
        5,
        f"{name}: poll by one conditional request, no body",
        f"{counts.requests} requests, {counts.not_modified} times 304, for {polled.repeats} polls",
        counts.requests == polled.repeats == counts.not_modified,
    )
    yield _in_trips(7, f"{name}: inbox of 20 repositories:", results.of(host, "inbox").wall, 1.3, pace)
    own = [one for one in results.warm if one.host == host and one.contender.startswith("pullbridge")]
    opened = sum(one.last.counts.connections for one in own)
    yield Goal(11, f"{name}: no new connection, warm", f"{opened} in all tasks", opened == 0)


def _mapping_goals(results: Results, pace: float) -> Iterable[Goal]:
    own, peer = results.mappings[0], results.mappings[1]
    yield _in_time(8, "a list row, bytes to value:", own.took, 15, pace, 1e6)
    yield _at_most(8, "kept for it:", own.kept / 1000, 2.5, " kB")
    yield _at_least(8, "less time than PyGithub", peer.took / own.took, 20)


def _import_goals(results: Results, pace: float) -> Iterable[Goal]:
    of = {one.statement: one for one in results.imports}
    bare, own = of[imports.BARE], of["import pullbridge"]
    yield _in_time(9, "`import pullbridge`:", own.took, 25, pace)
    if bare.memory is not None and own.memory is not None:
        yield _at_most(9, "memory over bare Python:", (own.memory - bare.memory) / 1e6, 5, " MB")
    yield Goal(9, "it loads no SDK and no HTTP library", ", ".join(own.heavy) or "none", not own.heavy)
    verbs = of["from pullbridge import connect, Anchor, Verdict"]
    yield _in_time(9, "`from pullbridge import connect, Anchor, Verdict`:", verbs.took, 60, pace)
    for first, sdk in imports.PROVIDERS.items():
        yield _at_most(9, f"{first}:", of[first].took / of[sdk].took, 1.15, f" × `{sdk}`")


def _parse_goals(results: Results, pace: float) -> Iterable[Goal]:
    of = {one.parser: one for one in results.parses}
    own = of["pullbridge `parse_diff`"]
    yield _in_time(10, "a diff of 3000 files:", own.took, 25, pace)
    yield _at_least(10, "faster than whatthepatch", of["whatthepatch"].took / own.took, 4)
