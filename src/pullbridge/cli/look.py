"""The look that all renderers share: signs, styles, and how a renderable learns what it is drawn on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from itertools import accumulate
from typing import TYPE_CHECKING, Concatenate, Literal, ParamSpec

from rich.cells import chop_cells
from rich.style import Style
from rich.text import Text

from pullbridge.cli import safe

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

P = ParamSpec("P")

# The terminal's own sixteen colours, without white, black and the bright ones: they suit light and dark backgrounds alike.
QUIET = "dim"
STRONG = "bold"
GOOD = "green"
BAD = "red"
BUSY = "yellow"
NAME = "cyan"
MERGED = "magenta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """Signs one cell wide; none has an emoji form, which terminals draw two cells wide."""

    passed: str = "✓"
    failed: str = "✗"
    alert: str = "!"
    waiting: str = "○"
    running: str = "●"
    skipped: str = "-"
    unknown: str = "?"
    to: str = "→"
    between: str = "·"
    minus: str = "−"  # noqa: RUF001  as wide as the plus beside it
    rail: str = "│"
    marked: str = "┃"
    line: str = "─"


UNICODE = Signs()
ASCII = Signs(
    passed="+",
    failed="x",
    waiting="o",
    running="*",
    to="->",
    between="|",
    minus="-",
    rail="|",
    marked="#",
    line="-",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """What a renderable is drawn on: the signs that its encoding has, and the width in cells."""

    signs: Signs
    width: int

    @property
    def cuts(self) -> bool:
        """Whether long text is cut where there is little room. What goes into a pipe is complete instead."""
        return self.signs is not ASCII

    def add_column(
        self,
        table: Table,
        header: str = "",
        *,
        ratio: int | None = None,
        max_width: int | None = None,
        style: str = "",
        justify: Literal["left", "right"] = "left",
    ) -> None:
        """Add a column for text of any length to a table."""
        table.add_column(
            header,
            ratio=ratio,
            max_width=max_width,
            style=style,
            justify=justify,
            no_wrap=self.cuts,
            overflow="ellipsis" if self.cuts else "fold",
        )

    def cut(self, text: Text, width: int) -> Text:
        """A line that fits the width, if this canvas cuts."""
        if self.cuts:
            text.truncate(width, overflow="ellipsis")
        return text

    def joined(self, parts: Iterable[Text | str | None]) -> Text:
        """The parts that are there, with a quiet dot between."""
        between = Text.assemble((f" {self.signs.between} ", QUIET))
        return between.join(part if isinstance(part, Text) else Text(part) for part in parts if part)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A renderable that is made when it is drawn, for the canvas that it is drawn on."""

    draw: Callable[[Canvas], Iterable[RenderableType]]

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        signs = ASCII if options.ascii_only else UNICODE
        yield from self.draw(Canvas(signs=signs, width=options.max_width))


def drawn(draw: Callable[Concatenate[Canvas, P], Iterable[RenderableType]]) -> Callable[P, Drawn]:
    """Turn `draw(canvas, …)` into a function that takes the rest and returns a renderable."""

    @wraps(draw)
    def of(*args: P.args, **named: P.kwargs) -> Drawn:
        return Drawn(lambda canvas: draw(canvas, *args, **named))

    return of


def said(text: str, style: str = "", *, url: str | None = None) -> Text:
    """One line that a host said, safe to print, with a hyperlink where the terminal has those."""
    target = safe.link(url)
    return Text(safe.one_line(text), style=Style.parse(style) + Style(link=target) if target else style)


def folded(line: Text, width: int) -> Iterator[Text]:
    """Cut a line of code at the width, not at words: what stands in a column stays in it."""
    pieces = chop_cells(line.plain, max(width, 2))
    yield from line.divide(list(accumulate(map(len, pieces)))[:-1])


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def ago(moment: datetime | None, now: datetime | None) -> str | None:
    """How long ago, in the largest unit that fits; the date itself when nobody says what time it is now."""
    if moment is None:
        return None
    if now is None:
        return f"{moment:%Y-%m-%d %H:%M}"
    seconds = (now - moment).total_seconds()
    for size, unit in ((86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "hour")):
        if seconds >= size:
            return f"{count(int(seconds // size), unit)} ago"
    if seconds >= 60:
        return f"{int(seconds // 60)} min ago"
    return "just now"
