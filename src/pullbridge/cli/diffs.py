"""Draw changed files: hunks with the line numbers of both sides, and each thread below its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from pullbridge.anchoring.hunks import Hunk, Line, LineKind, parse_patch
from pullbridge.cli import safe
from pullbridge.cli.look import BAD, GOOD, NAME, QUIET, STRONG, Canvas, drawn, folded, said
from pullbridge.cli.threads import thread
from pullbridge.cli.words import changed_words
from pullbridge.errors import BadAnswer
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.diff import ChangeKind, FileChange
from pullbridge.model.refs import same_commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rich.console import RenderableType

    from pullbridge.model.threads import Thread

_CHANGED = "bold underline"
_MARKS = {LineKind.ADDED: ("+", GOOD), LineKind.REMOVED: ("-", BAD), LineKind.CONTEXT: (" ", "")}


@drawn
def diff_with_threads(
    canvas: Canvas,
    files: Iterable[FileChange],
    threads: Iterable[Thread] = (),
    *,
    head: str | None = None,
    now: datetime | None = None,
) -> Iterator[RenderableType]:
    """Each file's diff, and every thread: below its line, below its file, or at the end where neither is shown.

    A thread is put below a line only if the host says where it is now, or if it was written on `head` itself.
    """
    waiting = list(threads)
    for file in files:
        mine = [each for each in waiting if _in_file(each.current or each.anchor, file)]
        waiting = [each for each in waiting if not _in_file(each.current or each.anchor, file)]
        yield from _File(canvas, file, mine, head, now).draw()
        yield Text()
    if waiting:
        yield Text("Conversation", style=STRONG)
        yield from (thread(each, now=now) for each in waiting)


def size(canvas: Canvas, additions: int | None, deletions: int | None) -> Text | None:
    """`+3 −1`, with what the host said of it."""
    added = Text(f"+{additions:,}", style=GOOD) if additions is not None else None
    removed = Text(f"{canvas.signs.minus}{deletions:,}", style=BAD) if deletions is not None else None
    return Text(" ").join(part for part in (added, removed) if part) or None


def place_of(shown: Thread, head: str | None) -> Anchor | None:
    """Where a thread may be drawn: where the host puts it, or where it was written if that is still the same version."""
    if shown.current is not None or shown.anchor is None or shown.outdated:
        return shown.current
    still = shown.outdated is False or same_commit(shown.anchor.commit, head)
    return shown.anchor if still else None


def _in_file(place: Anchor | None, file: FileChange) -> bool:
    return place is not None and (place.path == file.path or file.old_path in {place.path, place.old_path} - {None})


@dataclass(slots=True)
class _File:
    """One file on its way to the screen; `threads` shrinks as they are drawn."""

    canvas: Canvas
    file: FileChange
    threads: list[Thread]
    head: str | None
    now: datetime | None
    digits: int = field(default=3, init=False)

    def draw(self) -> Iterator[RenderableType]:
        hunks, problem = self._hunks()
        ends = (max(hunk.old_start + hunk.old_count, hunk.new_start + hunk.new_count) for hunk in hunks)
        self.digits = max([self.digits, *(len(str(end)) for end in ends)])
        crlf = _all_crlf(hunks)
        yield self._heading(crlf=crlf)
        whole = [each for each in self.threads if (place := place_of(each, self.head)) and place.is_file]
        yield from self._below(whole)
        if problem:
            yield self._note(problem)
        for hunk in hunks:
            yield from self._hunk(hunk, crlf=crlf)
        if self.file.truncated and hunks:
            yield self._note("the host left out the rest of this file's diff")
        yield from (Padding(thread(each, now=self.now), (0, 0, 0, self._indent)) for each in self.threads)

    def _hunks(self) -> tuple[tuple[Hunk, ...], str | None]:
        if not self.file.patch:
            return (), _why_no_lines(self.file)
        try:
            return parse_patch(self.file.patch), None
        except BadAnswer as unreadable:
            return (), unreadable.summary

    def _heading(self, *, crlf: bool) -> Text:
        file, signs = self.file, self.canvas.signs
        path = said(file.path, STRONG)
        if file.old_path and file.old_path != file.path:
            path = Text.assemble(said(file.old_path, QUIET), (f" {signs.to} ", QUIET), path)
        facts = (
            Text(file.kind.value, style=QUIET),
            size(self.canvas, file.additions, file.deletions),
            Text("CRLF", style=QUIET) if crlf else None,
            Text("viewed", style=QUIET) if file.viewed else None,
        )
        head = Text.assemble((f"{signs.line * 2} ", QUIET), path, "  ", self.canvas.joined(facts), " ")
        return head.append(signs.line * max(2, self.canvas.width - head.cell_len), style=QUIET)

    @property
    def _indent(self) -> int:
        return 2 * self.digits + 3

    def _note(self, text: str) -> Text:
        return Text.assemble(" " * self._indent, said(text, QUIET))

    def _hunk(self, hunk: Hunk, *, crlf: bool) -> Iterator[RenderableType]:
        lines = hunk.lines
        here = [(each, rows) for each in self.threads if (rows := _rows(lines, place_of(each, self.head)))]
        marked = {row for _, rows in here for row in rows}
        head, _, _ = str(hunk).partition("\n")
        yield Text.assemble(" " * self._indent, said(head, f"{QUIET} {NAME}"))
        texts = [_clean(line, crlf=crlf) for line in lines]
        changed = changed_words([(line.kind, text) for line, text in zip(lines, texts, strict=True)])
        for row, line in enumerate(lines):
            code = Text(texts[row], style=_MARKS[line.kind][1])
            for start, end in changed.get(row, ()):
                code.stylize(_CHANGED, start, end)
            yield from self._line(line, code, marked=row in marked)
            below = [(each, rows) for each, rows in here if rows[-1] == row]
            for each, rows in below:
                replaced = tuple(texts[n] for n in rows if lines[n].kind is not LineKind.REMOVED)
                yield from self._below([each], replaced)

    def _line(self, line: Line, code: Text, *, marked: bool) -> Iterator[Text]:
        mark, style = _MARKS[line.kind]
        old = "" if line.kind is LineKind.ADDED else str(line.old)
        new = "" if line.kind is LineKind.REMOVED else str(line.new)
        signs = self.canvas.signs
        rail = (signs.marked, NAME) if marked else (signs.rail, QUIET)
        gutter = Text.assemble((f"{old:>{self.digits}} {new:>{self.digits}} ", QUIET), rail, (f"{mark} ", style))
        blank = Text.assemble(" " * (2 * self.digits + 2), rail, "  ")
        for number, piece in enumerate(folded(code, self.canvas.width - gutter.cell_len)):
            yield Text.assemble(gutter if number == 0 else blank, piece)
        if line.ends_file:
            yield Text.assemble(blank, (r"\ no newline at the end of the file", QUIET))

    def _below(self, found: Iterable[Thread], replaced: tuple[str, ...] = ()) -> Iterator[RenderableType]:
        for each in found:
            self.threads.remove(each)
            box = thread(each, below_its_line=True, replaced=replaced, now=self.now)
            yield Padding(box, (0, 0, 0, self._indent - 1))


def _why_no_lines(file: FileChange) -> str:
    if file.binary:
        return "binary file"
    if file.truncated:
        return "the host left out this file's diff: it is too large"
    if file.kind in {ChangeKind.RENAMED, ChangeKind.COPIED, ChangeKind.CHANGED} or not (
        file.additions or file.deletions
    ):
        return "no lines changed"
    return "the host gave no diff for this file"


def _all_crlf(hunks: Iterable[Hunk]) -> bool:
    texts = [line.text for hunk in hunks for line in hunk.lines if not line.ends_file]
    return bool(texts) and all(text.endswith("\r") for text in texts)


def _clean(line: Line, *, crlf: bool) -> str:
    return safe.clean(line.text.removesuffix("\r") if crlf else line.text)


def _rows(lines: tuple[Line, ...], place: Anchor | None) -> range | None:
    """The rows of a hunk that a place covers, if its last line is among them; a range may begin in an earlier hunk."""
    if place is None or place.start is None or place.end is None:
        return None
    last = _row(lines, place.side, place.end)
    if last is None:
        return None
    first = _row(lines, place.start_side or place.side, place.start)
    return range(first if first is not None and first <= last else 0, last + 1)


def _row(lines: tuple[Line, ...], side: Side, number: int) -> int | None:
    absent = LineKind.ADDED if side is Side.OLD else LineKind.REMOVED
    for row, line in enumerate(lines):
        if line.kind is not absent and (line.old if side is Side.OLD else line.new) == number:
            return row
    return None
