"""Anchors carried over a repository's history, commit by commit, beside what `git blame` says of the same lines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from benchmarks.history import Change, History, Went
from pullbridge import Anchor
from pullbridge.anchoring import Place, PlaceStatus, carry
from pullbridge.anchoring.likeness import telling
from pullbridge.anchoring.texts import NoText, lines_of

#: How long the anchors are: most comments are on one line.
SIZES = (1, 5)
KEPT, ALTERED, GONE = "left as they were", "edited or moved", "gone, says git"
WRONG, LOST, ARGUABLE, SILENT = "wrong", "lost", "arguable", "silent"
#: Lines of a text up to which it is looked at: blame is asked for every one.
_LONGEST = 5000
#: Less alike than that, by difflib, is another line.
_ALIKE = 0.5


@dataclass
class Replay:
    """How many anchors had which outcome, by how long they are and by what git says of their lines."""

    name: str
    head: str
    changes: int = 0
    commits: int = 0
    took: float = 0.0
    found: dict[tuple[int, str], Counter[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, outcome: str, *kinds: str) -> int:
        """How many had it, of what git says of their lines."""
        return sum(counts[outcome] for (_, kind), counts in self.found.items() if kind in kinds)

    def share(self, outcome: str, *kinds: str) -> float:
        """How many of a hundred."""
        whole = sum(counts.total() for (_, kind), counts in self.found.items() if kind in kinds)
        return 100 * self.count(outcome, *kinds) / max(1, whole)


def replay(history: History, most: int) -> Replay:
    """Carry every line, and every five, of each changed file to its next version."""
    result = Replay(history.name, history.head)
    commits = set()
    for change in history.changes(most):
        try:
            old, new = (lines_of(text) for text in change.texts)
        except NoText:
            continue
        if 0 < len(old) <= _LONGEST and len(new) <= _LONGEST:
            _count(result, change, old, new)
            commits.add(change.child)
            result.changes += 1
    result.commits = len(commits)
    return result


def _count(result: Replay, change: Change, old: Sequence[str], new: Sequence[str]) -> None:
    anchors = [
        Anchor.lines(change.old_path, start, start + size - 1)
        for size in SIZES
        for start in range(1, len(old) - size + 2)
    ]
    began = time.process_time()
    places = carry(anchors, *change.texts)
    result.took += time.process_time() - began
    judge = _Judge(change, old, new)
    for anchor, place in zip(anchors, places, strict=True):
        assert anchor.start is not None
        assert anchor.end is not None
        block = range(anchor.start, anchor.end + 1)
        kind, outcome = judge.outcome(block, place)
        result.found.setdefault((len(block), kind), Counter())[outcome] += 1
        if outcome == WRONG:
            said = f"{change.child[:10]} {change.path}: {block.start}..{block[-1]} {kind}: {place}"
            result.wrong.append(said)


@dataclass(frozen=True)
class _Judge:
    """What to think of a place, by git's word."""

    change: Change
    old: Sequence[str]
    new: Sequence[str]

    def outcome(self, block: range, place: Place) -> tuple[str, str]:
        """What git says of the lines, and how the place fits that."""
        kept = [self.change.kept.get(line, frozenset()) for line in block]
        starts = {min(places) - step for step, places in enumerate(kept) if places}
        if all(kept) and len(starts) == 1:
            return KEPT, self._of_kept(block, min(starts), place)
        known = {line: places for line in block if (places := self._git_says(line))}
        if not known:
            return GONE, self._of_gone(block, place)
        return ALTERED, self._of_altered(block, known, place)

    def _git_says(self, line: int) -> frozenset[int]:
        return self.change.kept.get(line) or self.change.altered.get(line) or frozenset()

    def _of_kept(self, block: range, start: int, place: Place) -> str:
        if place.start is None or place.end is None:
            return LOST
        if (place.start, place.end) == (start, start + len(block) - 1):
            return place.status.value
        sure = all(self.change.compared[line] == {start + step} for step, line in enumerate(block))
        return WRONG if sure and not self._says_nothing(block, range(place.start, place.end + 1)) else ARGUABLE

    def _says_nothing(self, block: range, there: range) -> bool:
        """Blank lines and braces, found between what stood above and below: which of them it was, nobody can say."""
        one, other = ([rows[line - 1] for line in lines] for rows, lines in ((self.old, block), (self.new, there)))
        return (
            one == other
            and not any(map(telling, one))
            and self._above(block) < there.start <= there[-1] < self._below(block)
        )

    def _above(self, block: range) -> int:
        """The last line above that stands once in each text, where git puts it."""
        return next((self.once[line] for line in range(block.start - 1, 0, -1) if line in self.once), 0)

    def _below(self, block: range) -> int:
        """The first one below."""
        lines = range(block.stop, len(self.old) + 1)
        return next((self.once[line] for line in lines if line in self.once), len(self.new) + 1)

    @cached_property
    def once(self) -> dict[int, int]:
        """Lines that git keeps and that stand once in each text."""
        here, there = Counter(self.old), Counter(self.new)
        kept = {line: min(places) for line, places in self.change.kept.items() if line <= len(self.old)}
        return {line: new for line, new in kept.items() if here[self.old[line - 1]] == 1 == there[self.old[line - 1]]}

    def _of_altered(self, block: range, known: Went, place: Place) -> str:
        if place.start is None or place.end is None:
            return LOST
        here = range(place.start, place.end + 1)
        inside = [line for line, places in known.items() if any(each in here for each in places)]
        if inside and (place.status is PlaceStatus.PARTIAL or 2 * len(inside) >= len(known)):
            return place.status.value
        targets = frozenset().union(*known.values())
        there = range(min(targets), max(targets) + 1)
        # Two guesses: the better one is the one that reads more like what was there.
        return ARGUABLE if self._alike(block, here) >= max(_ALIKE, self._alike(block, there)) else WRONG

    def _of_gone(self, block: range, place: Place) -> str:
        if place.start is None or place.end is None:
            return place.status.value
        return SILENT if self._alike(block, range(place.start, place.end + 1)) >= _ALIKE else WRONG

    def _alike(self, block: range, there: range) -> float:
        """How alike these texts are, blanks left out: difflib's word, which has no part in carrying."""
        one = "".join("".join(self.old[line - 1].split()) for line in block)
        other = "".join("".join(self.new[line - 1].split()) for line in there)
        return SequenceMatcher(None, one, other, autojunk=False).ratio()


def rows(result: Replay) -> Iterator[tuple[object, ...]]:
    """One row for each length and each thing that git says."""
    for size in SIZES:
        for kind in (KEPT, ALTERED, GONE):
            counts = result.found.get((size, kind), Counter())
            whole = max(1, counts.total())
            cells = [counts[name] for name in OUTCOMES]
            yield size, kind, f"{counts.total():,}", *(f"{100 * cell / whole:.2f} %" if cell else "0" for cell in cells)


OUTCOMES = ("exact", "changed", "moved", "partial", "deleted", LOST, ARGUABLE, SILENT, WRONG)
