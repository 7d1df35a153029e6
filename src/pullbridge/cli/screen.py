"""What the commands print on: a console that is quiet where colours or signs are not wanted, and a picture of one."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from io import StringIO, TextIOWrapper
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

#: Lines longer than this are hard to read, however wide the screen.
WIDEST: Final = 120

#: Only fonts that are there: a picture that loads one from elsewhere would tell somebody who looks at it.
_SVG: Final = """\
<svg class="pullbridge" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "JetBrains Mono", "Fira Code", "SF Mono", Menlo, Consolas,
"DejaVu Sans Mono", monospace; font-size: {char_height}px; line-height: {line_height}px; white-space: pre;
font-variant-ligatures: none }}
.{unique_id}-title {{ font-size: 16px; font-family: system-ui, sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
#: Background, foreground, then black, red, green, yellow, blue, magenta, cyan and white.
_DARK: Final = TerminalTheme(
    (13, 17, 23),
    (221, 227, 233),
    [
        *((72, 79, 88), (248, 129, 122), (106, 196, 125), (217, 170, 75)),
        *((121, 184, 255), (195, 155, 255), (118, 205, 218), (201, 209, 217)),
    ],
)
_LIGHT: Final = TerminalTheme(
    (255, 255, 255),
    (31, 35, 40),
    [
        *((36, 41, 47), (197, 43, 51), (24, 120, 52), (140, 98, 4)),
        *((9, 105, 218), (120, 72, 200), (16, 112, 132), (110, 119, 129)),
    ],
)


class _Plain(Console):
    """A console without escape sequences and with signs from ASCII; text from a host stays as it is."""

    def __init__(self, file: TextIO, width: int | None) -> None:
        super().__init__(file=file, width=width, color_system=None, highlight=False, markup=False, emoji=False)

    @property
    def encoding(self) -> str:
        """What rich asks before it draws a box."""
        return "ascii"


def console(file: TextIO | None = None) -> Console:
    """A console for a stream (standard output by default): plain when it is no terminal or `NO_COLOR` is set.

    https://no-color.org/
    """
    stream = sys.stdout if file is None else file
    if isinstance(stream, TextIOWrapper):
        # A comment in a script that the code page lacks must not end the command.
        stream.reconfigure(errors="backslashreplace")
    rich = Console(file=stream, highlight=False, markup=False, emoji=False)
    width = min(rich.width, WIDEST)
    if rich.no_color or rich.color_system is None:
        return _Plain(stream, width)
    rich.width = width
    return rich


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Say on standard error what takes its time, while it does; only where that is a terminal that can be wiped."""
    told = console(sys.stderr)
    if isinstance(told, _Plain) or not told.is_terminal:
        yield
        return
    with told.status(doing):
        yield


def picture(width: int) -> Console:
    """A console that draws for `svg`."""
    return Console(
        file=StringIO(),
        record=True,
        width=width,
        force_terminal=True,
        color_system="standard",
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def svg(recorded: Console, title: str, *, light: bool = False) -> str:
    """What a `picture` console drew, as a self-contained SVG that loads nothing from elsewhere."""
    theme = _LIGHT if light else _DARK
    return recorded.export_svg(title=title, theme=theme, code_format=_SVG, clear=False, unique_id="pullbridge")
