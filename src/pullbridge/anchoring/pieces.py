"""Anchors whose version of the file is gone, found again by the piece of the diff that their host kept: pure."""

from __future__ import annotations

from pullbridge.anchoring.hunks import LineKind, cut_hunks
from pullbridge.anchoring.likeness import bare
from pullbridge.anchoring.texts import NoText, lines_of
from pullbridge.errors import BadAnswer
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.places import Place, PlaceStatus

#: How sure the lines alone are, where what is around them has changed.
_SURE = 0.9
#: Characters in a block from which on it can be recognized where what is around it has changed.
_DISTINCTIVE = 12


def carry_by_hunk(anchor: Anchor, hunk: str, new: str | bytes) -> Place:
    """Tell where the lines of an anchor are in the text `new`, by `hunk`: the part of the diff that shows them.

    GitHub keeps one that ends at the comment's last line (`diff_hunk`), Data Center one with lines below it. `EXACT` is
    said only where the piece is there whole, and once; `MOVED` where only its lines are. It is `UNKNOWN` where the piece
    does not show all of the lines, where it stands more than once, and where too little of it is left to tell. Nothing
    is raised.
    """
    if anchor.start is None or anchor.end is None or anchor.start_side is not None:
        return _unknown("a piece of a diff tells of lines of one side")
    try:
        shown, text = _shown(anchor, hunk), lines_of(new)
    except NoText as error:
        return _unknown(str(error))
    except BadAnswer:
        return _unknown("the piece of the diff that the host keeps cannot be read")
    if not shown:
        return _unknown("the piece of the diff that the host keeps does not show all of its lines")
    piece = [shown[line] for line in sorted(shown)]
    there = _occurrences(piece, text)
    if len(there) > 1:
        return _unknown(f"what the host keeps of its lines stands {len(there)} times in the text")
    if there:
        start = there[0] + anchor.start - min(shown) + 1
        return Place(status=PlaceStatus.EXACT, start=start, end=start + anchor.end - anchor.start, score=1.0)
    return _by_parts(anchor, shown, text)


def _by_parts(anchor: Anchor, shown: dict[int, str], text: list[str]) -> Place:
    """The lines where only part of the piece is left."""
    wanted = range(anchor.start or 1, (anchor.end or 1) + 1)
    block = [shown[line] for line in wanted]
    whole = _occurrences(block, text)
    if len(whole) == 1 and sum(len(bare(line)) for line in block) >= _DISTINCTIVE:
        start = whole[0] + 1
        return Place(status=PlaceStatus.MOVED, start=start, end=start + len(block) - 1, score=_SURE)
    # Equal lines may be those of any other place, and what is not found may be there in other words.
    return _unknown("too little is left of what the host keeps of its lines")


def _shown(anchor: Anchor, hunk: str) -> dict[int, str]:
    """The lines of the anchor's side that a piece shows, by their numbers; none where it does not show all of them."""
    absent = LineKind.ADDED if anchor.side is Side.OLD else LineKind.REMOVED
    for each in cut_hunks(hunk):
        lines = [line for line in each.lines if line.kind is not absent]
        numbers = (line.old if anchor.side is Side.OLD else line.new for line in lines)
        shown = {number: line.text.removesuffix("\r") for number, line in zip(numbers, lines, strict=True)}
        if anchor.start in shown and anchor.end in shown:
            return shown
    return {}


def _occurrences(piece: list[str], text: list[str]) -> list[int]:
    """Where these lines stand together, counted from 0."""
    if not piece:
        return []
    starts = (at for at, line in enumerate(text[: len(text) - len(piece) + 1]) if line == piece[0])
    return [at for at in starts if text[at : at + len(piece)] == piece]


def _unknown(reason: str) -> Place:
    return Place(status=PlaceStatus.UNKNOWN, reason=reason)
