"""What is to be reached, and whether it was: ratios within one run.

A bound on processor time was set on a machine of its own, and is stretched to the pace of this one.
"""
# ruff: noqa: RUF001  # typographic signs are meant

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks import imports
from benchmarks.bounds import BOUNDS
from benchmarks.carrying import DIFFLIB, EDITS, EXACT, MANY, Carried
from benchmarks.diffs import Parse
from benchmarks.imports import Import
from benchmarks.mapping import Mapping
from benchmarks.measure import Series
from benchmarks.places import PLACES
from benchmarks.replay import ALTERED, ARGUABLE, GONE, KEPT, WRONG, Replay
from benchmarks.threads import Reads

#: Seconds that the server waits before each answer.
RTT = 0.05
#: Seconds that `import github` takes on the machine that the bounds on processor time were set on.
REFERENCE = 0.125


@dataclass
class Results:
    """Everything that one run of the benchmark has measured."""

    machine: str = ""
    warm: list[Series] = field(default_factory=list)
    cold: list[Series] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)
    parses: list[Parse] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    replays: list[Replay] = field(default_factory=list)
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
    for host in PLACES:
        if host in measured:
            found += _host_goals(results, host, pace)
    if results.mappings:
        found += _mapping_goals(results, pace)
    if results.imports:
        found += _import_goals(results, pace)
    if results.parses:
        found += _parse_goals(results, pace)
    if results.carried:
        found += _carry_goals(results, pace)
    for one in results.replays:
        found += _replay_goals(one)
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
    return Goal(number, f"{says} >= {bound:.3g} ×", f"{value:.1f} ×", value >= bound)


def _host_goals(results: Results, host: str, pace: float) -> Iterable[Goal]:
    """What is to be reached on one host."""
    yield from _panel_goals(results, host, pace)
    yield from _list_goals(results, host, pace)
    yield from _poll_goals(results, host)
    yield from _review_goals(results, host, pace)
    name = PLACES[host].name
    for contender, bound in BOUNDS[host].inbox.items():
        seconds = results.of(host, "inbox", contender).wall
        yield _in_trips(7, f"{name}: inbox of 20 repositories{_width(contender)}:", seconds, bound, pace)
    own = [one for one in results.warm if one.host == host and one.contender.startswith("pullbridge")]
    opened = sum(one.last.counts.connections for one in own)
    yield Goal(11, f"{name}: no new connection, warm", f"{opened} in all tasks", opened == 0)


def _panel_goals(results: Results, host: str, pace: float) -> Iterable[Goal]:
    place, bounds, known = PLACES[host], BOUNDS[host], results.of(host, "panel")
    extra, number = place.extra("panel"), 1 if host == "github" else 3
    if extra:
        fitting = results.of(host, "fitting")
        yield _in_trips(number, f"{place.name}: panel that fits the largest pages:", fitting.wall, bounds.panel, pace)
    says = f"{place.name}: panel, counts known{_pages(extra)}:"
    yield _in_trips(number, says, known.wall, bounds.panel + extra, pace)
    if bounds.unaided is not None:
        unknown = results.of(host, "panel", "pullbridge, counts unknown")
        yield _in_trips(number, f"{place.name}: panel, counts unknown:", unknown.wall, bounds.unaided, pace)
    for contender, bound in bounds.panel_over.items():
        peer = results.of(host, "panel", contender).wall / known.wall
        least = bound * bounds.panel / (bounds.panel + extra)
        yield _at_least(
            2 if host == "github" else 3, f"{place.name}: panel, faster than {_plain(contender)}", peer, least
        )


def _list_goals(results: Results, host: str, pace: float) -> Iterable[Goal]:
    place, own = PLACES[host], results.of(host, "list")
    extra, bound = place.extra("list"), 1.3
    yield _in_trips(4, f"{place.name}: list of 300{_pages(extra)}:", own.wall, bound + extra, pace)
    for contender, times in BOUNDS[host].list_over.items():
        peer = results.of(host, "list", contender).wall / own.wall
        yield _at_least(
            4, f"{place.name}: list, faster than {_plain(contender)}", peer, times * bound / (bound + extra)
        )


def _poll_goals(results: Results, host: str) -> Iterable[Goal]:
    place, bounds, own = PLACES[host], BOUNDS[host], results.of(host, "poll", "pullbridge, newest page")
    counts = own.last.counts
    asked = f"{counts.requests} requests, {counts.not_modified} times 304, for {own.repeats} polls"
    if bounds.conditional:
        met = counts.requests == own.repeats == counts.not_modified
        yield Goal(5, f"{place.name}: poll by one conditional request, no body", asked, met)
    else:
        says = f"{place.name}: poll by one request, whose answer has no ETag"
        yield Goal(5, says, asked, counts.requests == own.repeats)
    if bounds.poll_beside is not None:
        peer = results.of(host, "poll", bounds.poll_beside)
        share = 100 * counts.decoded / own.repeats / (peer.last.counts.decoded / peer.repeats)
        yield _at_most(5, f"{place.name}: poll, bytes of an unconditional one:", share, 2, " %")
        says = f"{place.name}: poll, less processor time than {_plain(bounds.poll_beside)}"
        yield _at_least(5, says, peer.cpu / own.cpu, 20)


def _review_goals(results: Results, host: str, pace: float) -> Iterable[Goal]:
    place, bounds = PLACES[host], BOUNDS[host]
    counts = results.of(host, "review").last.counts
    says = f"{place.name}: 30 comments and a text in {bounds.writes} requests, with the panel in hand"
    yield Goal(6, says, f"{counts.requests} requests", counts.requests == bounds.writes)
    for contender, bound in bounds.review.items():
        seconds = results.of(host, "review", contender).wall
        yield _in_trips(6, f"{place.name}: 30 comments and a text{_width(contender)}:", seconds, bound, pace)


def _width(contender: str) -> str:
    """How many requests are in flight at once."""
    return ", 16 at a time" if contender == "pullbridge" else f", {contender.partition(', ')[2]}"


def _pages(extra: int) -> str:
    return f" ({extra + 1} pages, each told by the one before)" if extra else ""


def _plain(contender: str) -> str:
    """A contender in a sentence."""
    name, _, tuned = contender.partition(", ")
    return f"{tuned} {name}".strip()


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
    for provider in imports.PROVIDERS:
        share = of[provider.name].took / of[provider.sdk].took
        yield _at_most(9, f"{provider.name}:", share, 1.15, f" × `{provider.sdk}`")


def _parse_goals(results: Results, pace: float) -> Iterable[Goal]:
    of = {one.parser: one for one in results.parses}
    own = of["pullbridge `parse_diff`"]
    yield _in_time(10, "a diff of 3000 files:", own.took, 25, pace)
    yield _at_least(10, "faster than whatthepatch", of["whatthepatch"].took / own.took, 4)


def _carry_goals(results: Results, pace: float) -> Iterable[Goal]:
    of = {one.way: one for one in results.carried if one.edits == max(EDITS)}
    own, peer = of[MANY], min(of[DIFFLIB].took, of[EXACT].took)
    yield _in_time(10, "200 anchors over 20,000 lines and 2000 edits:", own.took, 10, pace)
    yield _at_least(10, "faster than difflib at its faster", peer / own.took, 10)


def _replay_goals(replay: Replay) -> Iterable[Goal]:
    kept, others = replay.count(WRONG, KEPT), replay.share(WRONG, ALTERED, GONE)
    yield Goal(12, f"{replay.name}: no unchanged lines on a wrong line", f"{kept} wrong", kept == 0)
    doubt = replay.share(ARGUABLE, ALTERED, GONE)
    says = f"{replay.name}: others on a wrong line < 1 %"
    yield Goal(12, says, f"{others:.2f} % (and {doubt:.2f} % arguable)", others < 1)
