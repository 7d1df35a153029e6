"""Whether an anchor may be commented on in a pull request's changes, and if not, where near it one may.

Pure: anchors and changed files in, an answer out. Hosts take comments on lines that the diff shows, some on any line of
a changed file; GitHub answers 422 for a whole review when one comment of it is elsewhere
(https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pullbridge.anchoring.hunks import LineMap, parse_patch
from pullbridge.errors import BadAnswer
from pullbridge.model.anchor import Anchor, LineNumbers, Placement, PlacementReason, Side
from pullbridge.model.diff import ChangeKind, FileChange

_ABSENT = {ChangeKind.ADDED: Side.OLD, ChangeKind.REMOVED: Side.NEW}


def place(
    anchor: Anchor,
    files: Mapping[str, FileChange] | Sequence[FileChange],
    *,
    outside_hunks: bool = False,
    ranges: bool = True,
    cross_hunks: bool = False,
) -> Placement:
    """Tell whether `anchor` may be commented on, given the changed files (a mapping has them by `path`).

    The file is found by its path, and by its old path where it was renamed. `outside_hunks` says that the host takes
    comments on unchanged lines that the diff does not show, `ranges` that it takes more than one line, `cross_hunks`
    that a range may go from one hunk into another. A file anchor may be placed on any changed file. An unchanged line
    may be named by either of its numbers: `in_new_lines` tells which one a host gives back.

    A place on lines that may be commented on comes with `Anchor.ends`. `Placement.ok` is `None` when the file's diff is not
    known here, as a whole or at these lines. `nearest` moves the
    ends as little as possible onto lines of one hunk and the same side, to the lower of two equally far; where there
    are none it is the whole file, and for a file that is not changed `None`. It may always be placed itself.
    """
    change = _find(anchor, files)
    if change is None:
        return Placement(ok=False, anchor=replace(anchor, ends=None), reason=PlacementReason.FILE_NOT_CHANGED)
    rules = _Rules(outside_hunks, ranges, cross_hunks)
    found = replace(anchor, path=change.path, old_path=change.old_path or anchor.old_path, ends=None)
    if anchor.path != change.path and not anchor.is_file and Side.NEW in _sides(anchor):
        # New lines were asked for by the name that only the old side has.
        there = _place_in(found, change, rules)
        nearest = there.anchor if there.ok else there.nearest
        return Placement(ok=False, anchor=anchor, reason=PlacementReason.NO_SUCH_SIDE, nearest=nearest)
    return _place_in(found, change, rules)


def known_lines(change: FileChange) -> LineMap | None:
    """Map the lines of a changed file as far as its hunks are known; `None` when they are not."""
    if change.patch is None:
        hidden = change.additions is None and change.deletions is None and change.binary is None
        return None if change.truncated or hidden or change.additions or change.deletions else LineMap(())
    try:
        return LineMap(parse_patch(change.patch))
    except BadAnswer:
        return None


def in_new_lines(anchor: Anchor, lines: LineMap) -> Anchor:
    """Name each end on an unchanged line by its new number, as a host gives back that stores both.

    Two anchors are the same place when these forms are equal.
    """
    if anchor.start is None or anchor.end is None:
        return anchor
    start_side, start = _as_new(anchor.start_side or anchor.side, anchor.start, lines)
    side, end = _as_new(anchor.side, anchor.end, lines)
    return replace(anchor, side=side, start=start, end=end, start_side=start_side)


def _as_new(side: Side, line: int, lines: LineMap) -> tuple[Side, int]:
    _, new = lines.pair(side, line)
    return (side, line) if new is None else (Side.NEW, new)


def _find(anchor: Anchor, files: Mapping[str, FileChange] | Sequence[FileChange]) -> FileChange | None:
    if isinstance(files, Mapping):
        if anchor.path in files:
            return files[anchor.path]
        files = tuple(files.values())
    for change in files:
        if change.path == anchor.path:
            return change
    former = {anchor.path, anchor.old_path}
    renamed = (change for change in files if change.kind is not ChangeKind.COPIED and change.old_path in former)
    return next((change for change in renamed if change.old_path is not None), None)


def _sides(anchor: Anchor) -> tuple[Side, Side]:
    return anchor.start_side or anchor.side, anchor.side


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the host takes."""

    outside_hunks: bool
    ranges: bool
    cross_hunks: bool


def _place_in(anchor: Anchor, change: FileChange, rules: _Rules) -> Placement:
    if anchor.start is None or anchor.end is None:
        return Placement(ok=True, anchor=anchor)
    whole_file = replace(anchor, side=Side.NEW, start=None, end=None, start_side=None)
    if change.binary:
        return Placement(ok=False, anchor=anchor, reason=PlacementReason.BINARY, nearest=whole_file)
    lines = known_lines(change)
    if lines is None:
        return Placement(ok=None, anchor=anchor, reason=PlacementReason.TRUNCATED, nearest=whole_file)
    reason = _obstacle(anchor, change, lines, rules)
    if reason is None:
        return Placement(ok=True, anchor=replace(anchor, ends=_numbers(anchor, lines)))
    nearest = _nearest(anchor, lines, rules, reason) or whole_file
    ok = None if reason is PlacementReason.TRUNCATED else False
    return Placement(ok=ok, anchor=anchor, reason=reason, nearest=nearest)


def _obstacle(anchor: Anchor, change: FileChange, lines: LineMap, rules: _Rules) -> PlacementReason | None:
    """What speaks against an anchor on lines, in a file whose hunks are known at least in part."""
    if _ABSENT.get(change.kind) in _sides(anchor):
        return PlacementReason.NO_SUCH_SIDE
    hunks = [lines.hunk_at(side, line) for side, line in _ends(anchor)]
    # A new or a removed file is all in its hunks: a line elsewhere does not exist. One that was only moved has none to
    # unfold from: https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/diff/lines_unfolder.rb
    outside = rules.outside_hunks and change.kind not in _ABSENT and bool(lines.hunks)
    if None in hunks and not outside:
        return PlacementReason.TRUNCATED if change.truncated else PlacementReason.OUTSIDE_HUNKS
    if hunks[0] != hunks[1] and not outside and not rules.cross_hunks:
        return PlacementReason.SPANS_HUNKS
    if _is_backwards(anchor, lines):
        return PlacementReason.BACKWARDS
    if _is_range(anchor) and not rules.ranges:
        return PlacementReason.NO_RANGES
    return None


def _numbers(anchor: Anchor, lines: LineMap) -> tuple[LineNumbers, LineNumbers] | None:
    """Both ends with their numbers on both sides; `None` where one of an unchanged line's is not known."""
    found: list[LineNumbers] = []
    for side, line in _ends(anchor):
        old, new = lines.pair(side, line)
        if lines.kind_of(side, line) is None and None in {old, new}:
            return None
        found.append(LineNumbers(old, new, lines.codes(side, line)))
    return found[0], found[1]


def _ends(anchor: Anchor) -> list[tuple[Side, int]]:
    ends = zip(_sides(anchor), (anchor.start, anchor.end), strict=True)
    return [(side, line) for side, line in ends if line is not None]


def _is_range(anchor: Anchor) -> bool:
    return anchor.start != anchor.end or anchor.start_side is not None


def _is_backwards(anchor: Anchor, lines: LineMap) -> bool:
    """Tell whether a range from one side to the other ends above its start; each step down raises one counter."""
    first, last = (sum(lines.codes(side, line)) for side, line in _ends(anchor))
    return first > last


def _nearest(anchor: Anchor, lines: LineMap, rules: _Rules, reason: PlacementReason) -> Anchor | None:
    last_line = replace(anchor, start=anchor.end, start_side=None)
    if reason in {PlacementReason.NO_RANGES, PlacementReason.BACKWARDS}:
        return last_line
    wanted = (anchor, last_line) if rules.ranges else (last_line,)
    for one in wanted:
        clipped = min(_clipped(one, lines), default=None, key=lambda offer: (offer[0], offer[1].end))
        if clipped is not None:
            return clipped[1]
    return None


def _clipped(anchor: Anchor, lines: LineMap) -> Iterator[tuple[int, Anchor]]:
    """For each hunk, how far the ends have to move to be in it, and the anchor that comes of it."""
    for hunk in lines.hunks:
        spans = [hunk.span(side) for side in _sides(anchor)]
        if not all(spans):
            continue
        ends = [(line, min(max(line, span[0]), span[-1])) for (_, line), span in zip(_ends(anchor), spans, strict=True)]
        (_, start), (_, end) = ends
        clipped = replace(anchor, start=start, end=end)
        if not _is_backwards(clipped, lines):
            yield sum(abs(line - moved) for line, moved in ends), clipped
