"""Columns in a line: counted as an editor counts them, and carried to the line as it reads now. Pure.

A column is an offset: how many characters stand before it, so that 0 is the beginning of the line and its length the end.
A line is given without its number; a line ending or a byte-order mark belongs to no column. Bytes that are no UTF-8 count
as one character each.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")
#: Characters on either side of a word by which it is told from others that read the same.
_NEARBY = 8


def carry_column(old: str | bytes, new: str | bytes, column: int) -> int:
    """Where the character at `column` of the line `old` is in `new`, which that line has become; in code points.

    What stands before or behind all that was altered stays with its neighbours. Within it the word under the column is
    looked for, the one with the most of its surroundings where there are several; when it is gone, the column is clamped
    to what was altered. Never outside `new`.
    """
    was, now = _text(old), _text(new)
    column = _clamped(column, len(was))
    head = _whole_words(_shared(was, now), was, now)
    tail = _whole_words(_shared(was[head:][::-1], now[head:][::-1]), was[::-1], now[::-1])
    if column < head:
        return column
    if column >= len(was) - tail:
        return column + len(now) - len(was)
    found = _same_word(was, now, column, head, len(now) - tail)
    return max(head, min(column, len(now) - tail)) if found is None else found


def to_utf16(line: str | bytes, column: int) -> int:
    """The column in UTF-16 code units, which the editors' language server protocol counts in unless something else is agreed.

    Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position
    """
    text = _text(line)
    return sum(map(_units, text[: _clamped(column, len(text))]))


def from_utf16(line: str | bytes, units: int) -> int:
    """The column in code points, of one in UTF-16 code units; within a pair of surrogates, the character they make."""
    text = _text(line)
    for column, each in enumerate(text):
        units -= _units(each)
        if units < 0:
            return column
    return len(text)


def _same_word(was: str, now: str, column: int, start: int, end: int) -> int | None:
    """Where the character is in the likeliest of the same words between `start` and `end`, or that touch these."""
    first, last = _word_at(was, column)
    places = [
        place.start()
        for place in re.finditer(re.escape(was[first:last]), now)
        if place.end() > start and place.start() < end and _word_at(now, place.start()) == place.span()
    ]
    if not places:
        return None
    alike = {place: _alike(was, now, first, last, place) for place in places}
    best = min(places, key=lambda place: (-alike[place], abs(place - first)))
    return best + column - first


def _word_at(text: str, column: int) -> tuple[int, int]:
    """Beginning and end of the word around this column; of the single character where it is in no word."""
    if _WORD.match(text, column) is None:
        return column, column + 1
    first = column
    while first > 0 and _WORD.match(text[first - 1]):
        first -= 1
    found = _WORD.match(text, first)
    return (first, found.end()) if found else (column, column + 1)


def _alike(was: str, now: str, first: int, last: int, place: int) -> int:
    """How many characters before and behind the word agree."""
    end = place + last - first
    before = _shared(was[max(0, first - _NEARBY) : first][::-1], now[max(0, place - _NEARBY) : place][::-1])
    return before + _shared(was[last : last + _NEARBY], now[end : end + _NEARBY])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    differs = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differs, min(len(one), len(other)))


def _whole_words(length: int, *texts: str) -> int:
    """As much of what both begin with as cuts no word of either in two."""
    cut = any(_WORD.match(text, length) for text in texts)
    while cut and length and _WORD.match(texts[0], length - 1):
        length -= 1
    return length


def _text(line: str | bytes) -> str:
    text = line.decode("utf-8", "surrogateescape") if isinstance(line, bytes) else line
    return text.removesuffix("\n").removesuffix("\r").removeprefix("\ufeff")


def _clamped(column: int, length: int) -> int:
    return max(0, min(column, length))


def _units(character: str) -> int:
    return 1 + (character > "\uffff")
