"""Anchors at one version of a file, carried to another: pure.

Lines that both versions share keep their anchor. Where that does not account for every line, what stands in their place
is compared with what else is new in the text, and the better one is taken, if it is good enough: a line that belongs to
another line of the old text is never taken for one that is gone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from pullbridge.anchoring.likeness import Pair, alike, bare, paired, telling
from pullbridge.anchoring.matching import Gap, Matching
from pullbridge.anchoring.texts import NoText, lines_of
from pullbridge.model.anchor import Anchor
from pullbridge.model.places import Place, PlaceStatus

#: How much of a block's text must be found elsewhere for it to have moved there.
_MOVED = 0.6
#: Weights of a candidate's score: its text, what stands around it, and that it is in place.
_BODY, _AROUND, _IN_PLACE = 0.85, 0.05, 0.05
#: Lines around a block that are compared.
_CONTEXT = 3
#: Pairs of lines up to which a gap is compared line by line.
_SMALL = 2500
#: Lines of a block up to which one that moved may have been edited, too.
_SHORT = 60
#: Places of one line, and of one block, that are tried.
_OCCURRENCES, _WINDOWS = 50, 24
#: Lines that may have been put between those of a block, which is else cut into pieces; more in a longer block.
_INSERTED = 8
#: Characters in a block from which on it can be recognized where nothing around it is known.
_DISTINCTIVE = 12


def carry(anchors: Iterable[Anchor], old: str | bytes, new: str | bytes) -> tuple[Place, ...]:
    """Tell where the lines of anchors are, counted in the text `old`, in the text `new`; one place for each, in order.

    Both texts are whole files, of any encoding; lines end at LF, and line endings make no difference. It works in either
    direction: from a commit to a buffer and back. An anchor on a whole file is `EXACT` and has no lines. Where nothing
    can be told, of a binary file or of lines that `old` does not have, the place is `UNKNOWN` with the reason: nothing
    is raised.
    """
    wanted = list(anchors)
    try:
        carrier = _Carrier(lines_of(old), lines_of(new))
    except NoText as error:
        return tuple(_unknown(str(error)) if anchor.start is not None else _WHOLE for anchor in wanted)
    return tuple(carrier.place(anchor) for anchor in wanted)


def _unknown(reason: str) -> Place:
    return Place(status=PlaceStatus.UNKNOWN, reason=reason)


_WHOLE = Place(status=PlaceStatus.EXACT, score=1.0)


class _Found(NamedTuple):
    """What a block may have become: its lines and theirs, in order, and how well that fits."""

    pairs: Sequence[Pair]
    score: float
    body: float

    @property
    def start(self) -> int:
        return self.pairs[0].new

    @property
    def end(self) -> int:
        return self.pairs[-1].new


class _Carrier:
    """Two texts, compared once for all anchors. Lines are counted from 0 here."""

    def __init__(self, old: list[str], new: list[str]) -> None:
        self._old = old
        self._new = new
        self._same = Matching(old, new)
        self._compared: dict[Gap, dict[int, Pair]] = {}

    def place(self, anchor: Anchor) -> Place:
        if anchor.start is None or anchor.end is None:
            return _WHOLE
        if anchor.start_side is not None:
            return _unknown("its lines are on both sides of a diff, and a text has one")
        if anchor.end > len(self._old):
            return _unknown(f"the old text ends at line {len(self._old)}")
        return self._placed(range(anchor.start - 1, anchor.end))

    def _placed(self, block: range) -> Place:
        targets = [self._same.new_of(line) for line in block]
        if targets[0] is not None and targets == list(range(targets[0], targets[0] + len(block))):
            return Place(status=PlaceStatus.EXACT, start=targets[0] + 1, end=targets[0] + len(block), score=1.0)
        here = self._in_place(block)
        there = self._elsewhere(block) if None in targets else None
        if there is not None and (here is None or there.score > here.score):
            return self._said(PlaceStatus.MOVED, there, block)
        if here is not None:
            return self._said(PlaceStatus.CHANGED, here, block)
        return Place(status=PlaceStatus.DELETED, nearest=self._nearest(block))

    def _said(self, whole: PlaceStatus, found: _Found, block: range) -> Place:
        status = whole if len(found.pairs) == len(block) else PlaceStatus.PARTIAL
        together = len(found.pairs) == len(block) == found.end - found.start + 1
        blanks = together and all(bare(self._old[one.old]) == bare(self._new[one.new]) for one in found.pairs)
        blanks = blanks and any(self._old[one.old] != self._new[one.new] for one in found.pairs)
        score = round(min(found.score, 0.99), 4)
        return Place(status=status, start=found.start + 1, end=found.end + 1, score=score, whitespace_only=blanks)

    def _nearest(self, block: range) -> int | None:
        above, below = self._same.before(block.start), self._same.behind(block.stop - 1)
        near = above if above is not None else below
        if near is None:
            return 1 if self._new else None
        return near + 1

    # In place -------------------------------------------------------------------------------------------------------

    def _in_place(self, block: range) -> _Found | None:
        """The lines that stand where the block stood, between what stood around it."""
        every = [pair for pair in map(self._became, block) if pair is not None]
        pairs = self._heaviest(every, len(block))
        # What says nothing by itself, such as a brace, does not make the rest of a block survive.
        says = any(telling(self._old[line]) for line in block)
        if not pairs or (says and not any(telling(self._old[pair.old]) for pair in pairs)):
            return None
        return self._weighed(pairs, block, _IN_PLACE)

    def _became(self, line: int) -> Pair | None:
        """The line that an old one is now, the same or alike."""
        new = self._same.new_of(line)
        if new is not None:
            return Pair(line, new, 1.0)
        gap = self._same.gap_at(line)
        if gap not in self._compared:
            self._compared[gap] = {pair.old: pair for pair in self._likely(gap)}
        return self._compared[gap].get(line)

    def _likely(self, gap: Gap) -> Iterable[Pair]:
        """Which lines of a gap became which. In a long one, lines that differ in blanks alone lead the way."""
        if (gap.old_end - gap.old) * (gap.new_end - gap.new) <= _SMALL:
            here, there = self._old[gap.old : gap.old_end], self._new[gap.new : gap.new_end]
            return [Pair(gap.old + old, gap.new + new, value) for old, new, value in paired(here, there)]
        plain = Matching(
            [bare(line) for line in self._old[gap.old : gap.old_end]],
            [bare(line) for line in self._new[gap.new : gap.new_end]],
        )
        found = [
            Pair(gap.old + run.old + step, gap.new + run.new + step, 1.0)
            for run in plain.runs
            for step in range(run.length)
        ]
        for inner in plain.gaps:
            if (inner.old_end - inner.old) * (inner.new_end - inner.new) <= _SMALL:
                moved = Gap(gap.old + inner.old, gap.old + inner.old_end, gap.new + inner.new, gap.new + inner.new_end)
                found += self._likely(moved)
        return found

    def _heaviest(self, pairs: Sequence[Pair], size: int) -> Sequence[Pair]:
        """The heaviest piece of a block that was cut by more than a few lines."""
        pieces: list[list[Pair]] = []
        for pair in pairs:
            last = pieces[-1][-1] if pieces else None
            if last is not None and (pair.new - last.new) - (pair.old - last.old) <= max(size, _INSERTED):
                pieces[-1].append(pair)
            else:
                pieces.append([pair])
        return max(pieces, key=lambda piece: sum(pair.alike for pair in piece), default=[])

    # Elsewhere ------------------------------------------------------------------------------------------------------

    def _elsewhere(self, block: range) -> _Found | None:
        """The best place for a block among the lines that are new, if there is a good one."""
        found = [one for start in self._windows(block) if (one := self._window(block, start)) is not None]
        found = [one for one in found if one.body >= _MOVED and self._recognizable(one, block)]
        expected = self._nearest(block) or 0
        return max(found, key=lambda one: (one.score, -abs(one.start - expected), -one.start), default=None)

    def _windows(self, block: range) -> list[int]:
        """Where the block would begin, by where its telling lines are; the likeliest first."""
        votes: Counter[int] = Counter()
        for line in block:
            if telling(self._old[line]):
                places = self._new_places.get(bare(self._old[line]), ())
                votes.update(place - (line - block.start) for place in places[:_OCCURRENCES])
        expected = self._nearest(block) or 0
        return sorted(votes, key=lambda start: (-votes[start], abs(start - expected), start))[:_WINDOWS]

    @cached_property
    def _new_places(self) -> dict[str, list[int]]:
        """Where each line is that the old text does not account for."""
        found: dict[str, list[int]] = defaultdict(list)
        for gap in self._same.gaps:
            for line in range(gap.new, gap.new_end):
                found[bare(self._new[line])].append(line)
        return found

    def _window(self, block: range, start: int) -> _Found | None:
        """What the block would be if it began there; edited lines are looked for if it is short."""
        if len(block) > _SHORT:
            every = self._line_by_line(block, start)
        else:
            slack = min(len(block) // 2 + 1, _INSERTED)
            around = range(max(0, start - slack), min(len(self._new), start + len(block) + slack))
            free = [line for line in around if self._same.old_of(line) is None]
            likely = paired([self._old[line] for line in block], [self._new[line] for line in free])
            every = [Pair(block.start + old, free[new], value) for old, new, value in likely]
        pairs = self._heaviest(every, len(block))
        if not pairs:
            return None
        taken = sum(self._same.old_of(line) is not None for line in range(pairs[0].new, pairs[-1].new + 1))
        if 2 * taken > pairs[-1].new - pairs[0].new + 1:
            return None
        return self._weighed(pairs, block, 0.0)

    def _line_by_line(self, block: range, start: int) -> list[Pair]:
        return [
            Pair(line, new, 1.0)
            for line, new in zip(block, range(start, start + len(block)), strict=True)
            if 0 <= new < len(self._new)
            and self._same.old_of(new) is None
            and bare(self._old[line]) == bare(self._new[new])
        ]

    def _recognizable(self, found: _Found, block: range) -> bool:
        """Whether it cannot be just any line that reads so: it is long enough, or what is around it tells."""
        if sum(len(bare(self._old[line])) for line in block) >= _DISTINCTIVE:
            return True
        return sum(self._around(found.pairs, block)) >= 1.0

    # Both -----------------------------------------------------------------------------------------------------------

    def _weighed(self, pairs: Sequence[Pair], block: range, bonus: float) -> _Found:
        body = sum(pair.alike for pair in pairs) / len(block)
        return _Found(pairs, _BODY * body + _AROUND * sum(self._around(pairs, block)) + bonus, body)

    def _around(self, pairs: Sequence[Pair], block: range) -> tuple[float, float]:
        """How alike what stands above and below is, each from 0 to 1."""
        start, stop = pairs[0].new, pairs[-1].new + 1
        above = [(block.start - step, start - step) for step in range(1, _CONTEXT + 1)]
        below = [(block.stop + step, stop + step) for step in range(_CONTEXT)]
        return self._mean(above), self._mean(below)

    def _mean(self, pairs: Sequence[tuple[int, int]]) -> float:
        there = [pair for pair in pairs if 0 <= pair[0] < len(self._old) and 0 <= pair[1] < len(self._new)]
        return sum(alike(self._old[old], self._new[new]) for old, new in there) / len(pairs)
