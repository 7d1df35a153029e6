"""Draw what people write: Markdown as its author typed it, with code and suggestions set off.

The source is shown, not a rendering of it: nothing that a host accepted (HTML, images, tables) is silently left out, and
no link hides where it leads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.text import Text

from pullbridge.cli import safe
from pullbridge.cli.look import BAD, GOOD, NAME, QUIET, Canvas, drawn, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pullbridge.model.threads import Suggestion

# https://spec.commonmark.org/0.31.2/#fenced-code-blocks
_FENCE: Final = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,}) *(?P<info>[^`]*)")
_INLINE_CODE: Final = r"`[^`\n]+`"
_QUOTED: Final = r"(?m)^ {0,3}>.*$"
# GitHub writes ```suggestion, GitLab ```suggestion:-0+2.
_SUGGESTION: Final = "suggestion"


@drawn
def prose(
    canvas: Canvas, body: str, *, replaced: Iterable[str] = (), suggestions: Iterable[Suggestion] = ()
) -> Iterator[Text]:
    """A body: prose, fenced code, and suggestions as a small diff against the lines they replace (`replaced`)."""
    applied = any(suggestion.applied for suggestion in suggestions)
    fenced = False
    for info, text in _blocks(safe.clean(body)):
        if info is None:
            yield _words(text)
        elif info.startswith(_SUGGESTION):
            fenced = True
            yield _suggestion(canvas, text, replaced, applied=applied)
        else:
            yield _code(canvas, text)
    for suggestion in () if fenced else suggestions:
        yield _suggestion(canvas, safe.clean(suggestion.replacement), replaced, applied=bool(suggestion.applied))


def _blocks(body: str) -> Iterator[tuple[str | None, str]]:
    """Split a body into prose (`None`) and fenced code (its info string). A fence that is never closed runs to the end."""
    info: str | None = None
    fence = ""
    gathered: list[str] = []
    for line in body.split("\n"):
        opening = _FENCE.fullmatch(line) if info is None else None
        closes = info is not None and line.strip().startswith(fence) and not line.strip().strip(fence[0])
        if opening is None and not closes:
            gathered.append(line)
            continue
        yield from _block(info, gathered)
        gathered = []
        info, fence = (opening["info"].strip(), opening["fence"]) if opening else (None, "")
    yield from _block(info, gathered)


def _block(info: str | None, lines: list[str]) -> Iterator[tuple[str | None, str]]:
    text = "\n".join(lines)
    if info is not None or text.strip():
        yield info, text if info is not None else text.strip("\n")


def _words(text: str) -> Text:
    words = Text(text)
    words.highlight_regex(_QUOTED, QUIET)
    words.highlight_regex(_INLINE_CODE, NAME)
    return words


def _code(canvas: Canvas, text: str) -> Text:
    return Text("\n").join(_railed(canvas, text.split("\n"), ""))


def _suggestion(canvas: Canvas, replacement: str, replaced: Iterable[str], *, applied: bool) -> Text:
    head = Text(f"suggested change{', applied' if applied else ''}", style=QUIET)
    # An empty suggestion deletes the lines.
    added = replacement.split("\n") if replacement else []
    removed = _railed(canvas, (f"- {line}" for line in replaced), BAD)
    return Text("\n").join([head, *removed, *_railed(canvas, (f"+ {line}" for line in added), GOOD)])


def _railed(canvas: Canvas, lines: Iterable[str], style: str) -> Iterator[Text]:
    """Lines of code behind a rail, which goes on where a long line is folded."""
    rail = (f"{canvas.signs.rail} ", QUIET)
    for line in lines:
        for piece in folded(Text(line, style=style), canvas.width - 2):
            yield Text.assemble(rail, piece)
