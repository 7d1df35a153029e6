"""Which words of a changed line changed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from pullbridge.anchoring.hunks import LineKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Each from one character up to another.
Spans = tuple[tuple[int, int], ...]

_WORD: Final = re.compile(r"\w+|\s+|.", re.DOTALL)
#: Below this likeness (0 to 1) two lines are two lines, not one that changed.
_ALIKE: Final = 0.5
#: Longer lines (minified code, data) are compared by nobody.
_LONGEST: Final = 400


def changed_words(lines: Sequence[tuple[LineKind, str]]) -> Mapping[int, Spans]:
    """The spans that differ, by row, where removed lines are followed by as many added ones that are like them."""
    spans: dict[int, Spans] = {}
    for removed, added in _replacements(lines):
        for row, other in zip(removed, added, strict=True):
            old, new = lines[row][1], lines[other][1]
            if max(len(old), len(new)) <= _LONGEST:
                spans[row], spans[other] = _differing(old, new)
    return {row: found for row, found in spans.items() if found}


def _replacements(lines: Sequence[tuple[LineKind, str]]) -> Iterator[tuple[range, range]]:
    runs = [(kind, [row for row, _ in rows]) for kind, rows in groupby(enumerate(lines), lambda row: row[1][0])]
    for (kind, removed), (following, added) in pairwise(runs):
        if kind is LineKind.REMOVED and following is LineKind.ADDED and len(removed) == len(added):
            yield range(removed[0], removed[-1] + 1), range(added[0], added[-1] + 1)


def _differing(old: str, new: str) -> tuple[Spans, Spans]:
    olds, news = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return (), ()
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        tuple(_span(olds, start, end) for _, start, end, _, _ in changes if "".join(olds[start:end]).strip()),
        tuple(_span(news, start, end) for _, _, _, start, end in changes if "".join(news[start:end]).strip()),
    )


def _span(words: list[str], start: int, end: int) -> tuple[int, int]:
    """From the first to the last character with ink."""
    before, changed = "".join(words[:start]), "".join(words[start:end])
    blank = len(changed) - len(changed.lstrip())
    return len(before) + blank, len(before) + len(changed.rstrip())
