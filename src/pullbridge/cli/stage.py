"""Play a script step by step: a heading, the very code that runs, the requests it sent, and what came of it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from rich.padding import Padding
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.text import Text

from pullbridge.cli import render
from pullbridge.cli.look import GOOD, MERGED, NAME, QUIET, STRONG, Canvas, count, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import FrameType

    from rich.console import Console, RenderableType

    from pullbridge.errors import BridgeError

#: The terminal's own colours, so that code is as readable as everything else there. Kinds of token as Pygments has them:
#: https://pygments.org/docs/tokens/
_CODE: Final = ANSISyntaxTheme(
    {
        ("Comment",): Style.parse(QUIET),
        ("Keyword",): Style.parse(MERGED),
        ("Literal", "String"): Style.parse(GOOD),
        ("Literal", "Number"): Style.parse(NAME),
    }
)


class Request(Protocol):
    """What arrived at a host."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def status(self) -> int: ...


class Stage:
    """Where steps are played. `sent` gives the requests that arrived at the host so far."""

    def __init__(self, console: Console, sent: Callable[[], Sequence[Request]]) -> None:
        self._console = console
        self._sent = sent
        self.steps = 0

    def step(self, title: str) -> AbstractContextManager[None]:
        """Play the body of a `with` statement, having printed its source."""
        return self._play(title, _source_of_body(inspect.currentframe()))

    def refused(self, title: str, why: type[BridgeError]) -> AbstractContextManager[None]:
        """Play a body that must be refused, and show the refusal."""
        return self._refused(title, why, _source_of_body(inspect.currentframe()))

    def show(self, *results: RenderableType) -> None:
        """Print what came of a step."""
        for result in results:
            self._console.print(Padding(result, (0, 0, 0, 2)))

    @contextmanager
    def _play(self, title: str, code: str) -> Iterator[None]:
        self.steps += 1
        self._console.print(Text(), _heading(self.steps, title), Text())
        source = Syntax(code, "python", theme=_CODE, background_color="default", word_wrap=True)
        self._console.print(Padding(source, (0, 0, 0, 4)))
        before = len(self._sent())
        yield
        self._console.print(Padding(_requests(self._sent()[before:]), (0, 0, 0, 4)), Text())

    @contextmanager
    def _refused(self, title: str, why: type[BridgeError], code: str) -> Iterator[None]:
        refusal: BridgeError | None = None
        with self._play(title, code):
            try:
                yield
            except why as error:
                refusal = error
        if refusal is None:
            raise RuntimeError(f"{title}: it was not")
        self.show(render.failure(refusal))


@drawn
def _heading(canvas: Canvas, number: int, title: str) -> Iterator[RenderableType]:
    head = Text.assemble((f" {number} ", f"reverse bold {NAME}"), (f" {title} ", STRONG))
    yield head.append(canvas.signs.line * max(0, canvas.width - head.cell_len), style=QUIET)


@drawn
def _requests(canvas: Canvas, sent: Sequence[Request]) -> Iterator[RenderableType]:
    """One line a route, so that a reader sees what a verb costs."""
    told: dict[str, int] = {}
    for request in sent:
        route = f"{request.method} {request.path.partition('?')[0]} {request.status}"
        told[route] = told.get(route, 0) + 1
    if not told:
        yield Text(f"{canvas.signs.to} nothing sent", style=QUIET)
    for route, times in told.items():
        line = Text(f"{canvas.signs.to} {route}{f', {times} times' if times > 1 else ''}", style=QUIET)
        line.truncate(canvas.width, overflow="ellipsis")
        yield line


def summary(steps: int, requests: int) -> Text:
    """The last line."""
    return Text(f"{count(steps, 'step')}, {count(requests, 'request')}, nothing left this machine.", style=STRONG)


def _source_of_body(frame: FrameType | None) -> str:
    """The source of the `with` body that the caller of our caller stands at; nothing where there is no source."""
    caller = frame.f_back if frame else None
    if caller is None:
        return ""
    try:
        lines, first = inspect.getsourcelines(caller.f_code)
    except OSError:
        return ""
    source = textwrap.dedent("".join(lines))
    here = caller.f_lineno - first + 1
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.With) and node.lineno <= here < node.body[0].lineno:
            return _between(source, node.body)
    return ""


def _between(source: str, body: list[Any]) -> str:
    rows = source.splitlines()[body[0].lineno - 1 : body[-1].end_lineno]
    return textwrap.dedent("\n".join(rows))
