"""Anchors carried over random edits whose outcome is known, because every line of the text knows where it went."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pullbridge import Anchor
from pullbridge.anchoring import PlaceStatus, carry, parse_diff
from pullbridge.anchoring.hunks import LineMap
from pullbridge.anchoring.matching import Matching
from pullbridge.model.anchor import Side

EXAMPLES = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
#: What programs repeat: no line of it tells which one it is.
COMMON = ["", "}", "    return None", "else:", "    pass"]
Marked = list[tuple[int, str]]


@st.composite
def histories(draw: st.DrawFn, *, moves: bool = False) -> tuple[list[str], Marked]:
    """A text, and what became of it: each new line with the old one's number, or -1 for one that was written."""
    size = draw(st.integers(1, 40))
    old = [draw(st.sampled_from(COMMON)) if draw(st.booleans()) else distinct(number) for number in range(size)]
    new: Marked = list(enumerate(old))
    fresh = 1000
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(new)))
        count = draw(st.integers(0, 4))
        kind = draw(st.sampled_from(["insert", "delete", "replace", *(["move"] if moves else [])]))
        taken, new = new[at : at + count], new[:at] + new[at + count :]
        if kind == "move":
            target = draw(st.integers(0, len(new)))
            new = new[:target] + taken + new[target:]
        elif kind != "delete":
            rest = taken if kind == "insert" else []
            new = new[:at] + [(-1, distinct(fresh + step)) for step in range(count)] + rest + new[at:]
            fresh += count
    return old, new


def distinct(number: int) -> str:
    """A line that has little in common with any other."""
    return " ".join(f"{(number + 3) * factor % 999_983:x}" for factor in (7919, 104_729, 611_953))


def whole(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def is_common(line: str) -> bool:
    return line in COMMON


@EXAMPLES
@given(histories())
def test_an_untouched_line_is_exact_where_it_went(history: tuple[list[str], Marked]) -> None:
    """A line that nobody touched, and that is like no other, is carried to itself."""
    old, new = history
    anchors = [Anchor.line("a", number) for number in range(1, len(old) + 1)]
    places = carry(anchors, whole(old), whole([line for _, line in new]))
    went = {origin: number for number, (origin, _) in enumerate(new, 1) if origin >= 0}
    for number, (line, place) in enumerate(zip(old, places, strict=True)):
        if number in went and not is_common(line):
            assert (place.status, place.start, place.end) == (PlaceStatus.EXACT, went[number], went[number])


@EXAMPLES
@given(histories(moves=True))
def test_a_line_that_is_gone_is_never_found(history: tuple[list[str], Marked]) -> None:
    """A line that is like no other is found where it went, moved or not, and nowhere when it is gone."""
    old, new = history
    places = carry(
        [Anchor.line("a", number) for number in range(1, len(old) + 1)], whole(old), whole([line for _, line in new])
    )
    went = {origin: number for number, (origin, _) in enumerate(new, 1) if origin >= 0}
    for number, (line, place) in enumerate(zip(old, places, strict=True)):
        if is_common(line):
            continue
        if number in went:
            assert (place.status in {PlaceStatus.EXACT, PlaceStatus.MOVED}, place.start) == (True, went[number])
        else:
            assert place.status is PlaceStatus.DELETED


@EXAMPLES
@given(histories(moves=True), st.data())
def test_every_place_keeps_its_promises(history: tuple[list[str], Marked], data: st.DataObject) -> None:
    """Ranges lie inside the text, exact ones read the same, there and back again is where one began."""
    old, new = history[0], [line for _, line in history[1]]
    start = data.draw(st.integers(1, len(old)))
    anchor = Anchor.lines("a", start, data.draw(st.integers(start, len(old))))
    (place,) = carry([anchor], whole(old), whole(new))
    assert carry([anchor], whole(old), whole(new)) == (place,)
    if place.status in {PlaceStatus.DELETED, PlaceStatus.UNKNOWN}:
        assert (place.start, place.end) == (None, None)
        assert place.nearest is None or 1 <= place.nearest <= len(new)
        return
    assert place.start is not None
    assert place.end is not None
    assert 1 <= place.start <= place.end <= len(new)
    if place.status is PlaceStatus.EXACT:
        assert new[place.start - 1 : place.end] == old[anchor.start - 1 : anchor.end]  # type: ignore[operator]  # it has lines
        if all(map(is_common, old[anchor.start - 1 : anchor.end])):  # type: ignore[operator]  # as above
            return
        (back,) = carry([Anchor.lines("a", place.start, place.end)], whole(new), whole(old))
        assert (back.start, back.end) == (anchor.start, anchor.end)


@EXAMPLES
@given(histories(moves=True))
def test_runs_are_the_same_lines_and_never_cross(history: tuple[list[str], Marked]) -> None:
    """What is matched reads the same on both sides, rises on both, and the gaps are just what is left."""
    old, new = history[0], [line for _, line in history[1]]
    matching = Matching(old, new)
    old_at = new_at = 0
    for run in matching.runs:
        assert run.old >= old_at
        assert run.new >= new_at
        assert old[run.old : run.old + run.length] == new[run.new : run.new + run.length]
        old_at, new_at = run.old + run.length, run.new + run.length
    held = sum(run.length for run in matching.runs)
    assert sum(gap.old_end - gap.old for gap in matching.gaps) == len(old) - held
    assert sum(gap.new_end - gap.new for gap in matching.gaps) == len(new) - held


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@settings(parent=EXAMPLES, max_examples=25)
@given(history=histories())
def test_it_agrees_with_git(history: tuple[list[str], Marked], tmp_path: Path) -> None:
    """A line that is like no other, and that git calls unchanged, has the number that git gives it."""
    old, new = history[0], [line for _, line in history[1]]
    (tmp_path / "old").write_text(whole(old), newline="")
    (tmp_path / "new").write_text(whole(new), newline="")
    command = ["git", "diff", "--no-index", "--no-ext-diff", "-U0", "old", "new"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    files = parse_diff(said)
    lines = LineMap(files[0].hunks if files else ())
    matching = Matching(old, new)
    for number, line in enumerate(old, 1):
        if not is_common(line):
            target = lines.pair(Side.OLD, number)[1]
            assert matching.new_of(number - 1) == (None if target is None else target - 1)
