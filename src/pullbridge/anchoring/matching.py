"""Which line of one text is which line of another: pure, and quick on long texts that differ in many places.

Lines that stand once in each text are paired first, the longest rising sequence of them (patience diff); what equals them
before and behind goes with them, and what is left between is looked at in the same way, down to gaps that are small
enough for a plain longest common subsequence.
https://bramcohen.livejournal.com/73318.html and https://doi.org/10.1145/359581.359603 (Hunt and Szymanski, 1977)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress, pairwise
from operator import ne
from typing import NamedTuple

#: Pairs of lines up to which a gap without unique lines is searched for common ones.
_SMALL = 4096
_STRIDE = 256


class Run(NamedTuple):
    """Lines that follow each other in both texts, unchanged; counted from 0."""

    old: int
    new: int
    length: int


class Gap(NamedTuple):
    """What lies between two runs: `[old, old_end)` has become `[new, new_end)`."""

    old: int
    old_end: int
    new: int
    new_end: int


class Matching:
    """The lines of two texts that are the same, none of them crossing another. Lines are counted from 0."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.runs: tuple[Run, ...] = tuple(_slid(_joined(sorted(_runs(old, new))), old, new))
        self._sizes = len(old), len(new)
        self._old_starts = [run.old for run in self.runs]
        self._new_starts = [run.new for run in self.runs]

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What the runs leave, in order; one side of a gap may be empty."""
        return tuple(_gaps(self.runs, *self._sizes))

    def gap_at(self, line: int) -> Gap:
        """The gap that an old line is in; it must be in none of the runs."""
        index = bisect_right(self._old_starts, line)
        old = new = 0
        if index:
            former = self.runs[index - 1]
            old, new = former.old + former.length, former.new + former.length
        following = self.runs[index] if index < len(self.runs) else Run(*self._sizes, 0)
        return Gap(old, following.old, new, following.new)

    def new_of(self, line: int) -> int | None:
        """Where a line of the old text is in the new one."""
        index = bisect_right(self._old_starts, line) - 1
        if index < 0:
            return None
        old, new, length = self.runs[index]
        return line - old + new if line < old + length else None

    def old_of(self, line: int) -> int | None:
        """Where a line of the new text was in the old one."""
        index = bisect_right(self._new_starts, line) - 1
        if index < 0:
            return None
        old, new, length = self.runs[index]
        return line - new + old if line < new + length else None

    def before(self, line: int) -> int | None:
        """The new number of the last line above an old one that is still there."""
        index = bisect_left(self._old_starts, line) - 1
        if index < 0:
            return None
        old, new, length = self.runs[index]
        return new + min(length, line - old) - 1

    def behind(self, line: int) -> int | None:
        """The new number of the first line below an old one that is still there."""
        index = bisect_right(self._old_starts, line)
        if index:
            old, new, length = self.runs[index - 1]
            if line + 1 < old + length:
                return line + 1 - old + new
        return self._new_starts[index] if index < len(self.runs) else None


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Make one of the runs that touch."""
    last: Run | None = None
    for run in runs:
        if last is not None and run.old == last.old + last.length and run.new == last.new + last.length:
            last = Run(last.old, last.new, last.length + run.length)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last


def _slid(runs: Iterable[Run], old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """Take the upper one of equal lines, as git does, wherever lines were only put in or only taken out.

    https://github.com/git/git/blob/master/xdiff/xdiffi.c (`xdl_change_compact`)
    """
    at = target = size = 0
    for run in runs:
        start, there, length = run
        behind, below = at + size, target + size
        shift = 0
        if start == behind or there == below:
            while shift < length and old[behind + shift] == new[below + shift]:
                shift += 1
        if shift == 0:
            if size:
                yield Run(at, target, size)
            at, target, size = run
            continue
        yield Run(at, target, size + shift)
        at, target, size = start + shift, there + shift, length - shift
    if size:
        yield Run(at, target, size)


def _gaps(runs: Sequence[Run], old_size: int, new_size: int) -> Iterator[Gap]:
    old = new = 0
    for run in (*runs, Run(old_size, new_size, 0)):
        if run.old > old or run.new > new:
            yield Gap(old, run.old, new, run.new)
        old, new = run.old + run.length, run.new + run.length


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    left = [Gap(0, len(old), 0, len(new))]
    while left:
        gap = left.pop()
        head = _common(old, new, gap)
        if head:
            yield Run(gap.old, gap.new, head)
            gap = Gap(gap.old + head, gap.old_end, gap.new + head, gap.new_end)
        tail = _common_behind(old, new, gap)
        if tail:
            gap = Gap(gap.old, gap.old_end - tail, gap.new, gap.new_end - tail)
            yield Run(gap.old_end, gap.new_end, tail)
        size = (gap.old_end - gap.old) * (gap.new_end - gap.new)
        if size <= 1:
            continue
        found = [run for stretch in _rising(_stretches(old, new, gap)) for run in _same(old, new, stretch)]
        if found:
            yield from found
            left += _between(found, gap)
        elif size <= _SMALL:
            yield from _common_lines(old, new, gap)


def _between(runs: Sequence[Run], gap: Gap) -> Iterator[Gap]:
    """What the runs leave of a gap, where both sides have lines, and more than one line that is known to differ."""
    old, new = gap.old, gap.new
    for at, target, length in (*runs, Run(gap.old_end, gap.new_end, 0)):
        if at > old and target > new and (at - old > 1 or target - new > 1):
            yield Gap(old, at, new, target)
        old, new = at + length, target + length


def _stretches(old: Sequence[str], new: Sequence[str], gap: Gap) -> list[Run]:
    """Stretches of one offset, each from a line that stands once on each side to another."""
    here, there = old[gap.old : gap.old_end], new[gap.new : gap.new_end]
    place = dict(zip(there, range(gap.new, gap.new_end), strict=True))
    for line in _repeated(here) | _repeated(there):
        place.pop(line, None)
    found: list[Run] = []
    offset = start = last = -1
    for at, target in enumerate(map(place.get, here), gap.old):
        if target is None:
            continue
        if target - at == offset and start >= 0:
            last = at
            continue
        if start >= 0:
            found.append(Run(start, start + offset, last - start + 1))
        offset, start, last = target - at, at, at
    if start >= 0:
        found.append(Run(start, start + offset, last - start + 1))
    return found


def _repeated(lines: Sequence[str]) -> set[str]:
    """Those that stand there more than once."""
    counts = Counter(lines)
    return set() if len(counts) == len(lines) else {line for line, count in counts.items() if count > 1}


def _rising(stretches: list[Run]) -> list[Run]:
    """The heaviest choice of stretches that do not cross. They come in the old order."""
    if all(one.new + one.length <= following.new for one, following in pairwise(stretches)):
        return stretches
    # Ends in the new text, rising, each with the heaviest chain that ends there: a longer one weighs more.
    ends, weights, chains = [-1], [0], [-1]
    before: list[int] = []
    for index, (_, target, length) in enumerate(stretches):
        best = bisect_left(ends, target) - 1
        before.append(chains[best])
        weight, end = weights[best] + length, target + length - 1
        slot = bisect_left(ends, end)
        if slot and weights[slot - 1] >= weight:
            continue
        stop = slot
        while stop < len(ends) and weights[stop] <= weight:
            stop += 1
        ends[slot:stop], weights[slot:stop], chains[slot:stop] = [end], [weight], [index]
    chosen: list[Run] = []
    index = chains[-1]
    while index >= 0:
        chosen.append(stretches[index])
        index = before[index]
    return chosen[::-1]


def _same(old: Sequence[str], new: Sequence[str], stretch: Run) -> Iterator[Run]:
    """What of a stretch is the same on both sides: between its ends, lines may have been replaced."""
    at, target, length = stretch
    here, there = old[at : at + length], new[target : target + length]
    if here == there:
        yield stretch
        return
    begin = 0
    for other in compress(range(length), map(ne, here, there)):
        if other > begin:
            yield Run(at + begin, target + begin, other - begin)
        begin = other + 1
    yield Run(at + begin, target + begin, length - begin)


def _common(old: Sequence[str], new: Sequence[str], gap: Gap) -> int:
    """How many lines both sides begin with; long stretches are compared whole."""
    limit = min(gap.old_end - gap.old, gap.new_end - gap.new)
    same = 0
    while (
        limit - same >= _STRIDE
        and old[gap.old + same : gap.old + same + _STRIDE] == new[gap.new + same : gap.new + same + _STRIDE]
    ):
        same += _STRIDE
    while same < limit and old[gap.old + same] == new[gap.new + same]:
        same += 1
    return same


def _common_behind(old: Sequence[str], new: Sequence[str], gap: Gap) -> int:
    """How many lines both sides end with."""
    limit = min(gap.old_end - gap.old, gap.new_end - gap.new)
    same = 0
    while (
        limit - same >= _STRIDE
        and old[gap.old_end - same - _STRIDE : gap.old_end - same]
        == new[gap.new_end - same - _STRIDE : gap.new_end - same]
    ):
        same += _STRIDE
    while same < limit and old[gap.old_end - same - 1] == new[gap.new_end - same - 1]:
        same += 1
    return same


def _common_lines(old: Sequence[str], new: Sequence[str], gap: Gap) -> Iterator[Run]:
    """A longest common subsequence of a small gap."""
    here, there = old[gap.old : gap.old_end], new[gap.new : gap.new_end]
    if set(here).isdisjoint(there):
        return
    longest = [[0] * (len(there) + 1) for _ in range(len(here) + 1)]
    for i in range(len(here) - 1, -1, -1):
        row, below = longest[i], longest[i + 1]
        for j in range(len(there) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if here[i] == there[j] else max(row[j + 1], below[j])
    i = j = 0
    while i < len(here) and j < len(there):
        if here[i] == there[j]:
            yield Run(gap.old + i, gap.new + j, 1)
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
