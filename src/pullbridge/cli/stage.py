"""Play a script step by step: a heading, the very code that runs, the requests it sent, and what came of it."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Protocol

from rich.padding import Padding
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.text import Text

from pullbridge.cli import render
from pullbridge.cli.look import GOOD, MERGED, NAME, QUIET, STRONG, Canvas, count, drawn
from pullbridge.errors import BridgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import FrameType

    from rich.console import Console, RenderableType


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
_MORNING: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_PACE: Final = timedelta(minutes=10)
_COMMIT: Final = re.compile(r"\b[0-9a-f]{40}\b")
_OPERATION: Final = re.compile(rb'"query": ?"\s*(query|mutation) (\w+)')


class Request(Protocol):
    """What arrived at a host."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def status(self) -> int | None: ...


class Stage:
    """Where steps are played. `sent` gives the requests that arrived at the host so far; `only` draws just these steps.

    In `brief`, a step is one line: its title, and what it took. It has a time of its own, so that commits and ages, and with them every line, are the same each time.
    """

    def __init__(
        self,
        console: Console,
        sent: Callable[[], Sequence[Request]],
        *,
        only: frozenset[int] | None = None,
        brief: bool = False,
    ) -> None:
        self._console = console
        self._sent = sent
        self._only = frozenset[int]() if brief else only
        self._brief = brief
        self.steps: int = 0

    @property
    def now(self) -> datetime:
        """What time it is in the play."""
        return _MORNING + self.steps * _PACE

    def step(self, title: str) -> AbstractContextManager[None]:
        """Play the body of a `with` statement, having printed its source."""
        return self._play(title, _source_of_body(inspect.currentframe()))

    def refused(self, title: str, why: type[BridgeError]) -> AbstractContextManager[None]:
        """Play a body that must be refused, and show the refusal."""
        return self._refused(title, why, _source_of_body(inspect.currentframe()))

    def show(self, *results: RenderableType) -> None:
        """Print what came of a step."""
        for result in results:
            self._print(Padding(result, (0, 0, 0, 2)))

    def end(self) -> None:
        """Print the last line: what it took."""
        told = f"{count(self.steps, 'step')}, {count(len(self._sent()), 'request')}, nothing left this machine."
        self._console.print(*([] if self._brief else [Text()]), Text(told, style=STRONG), sep="\n")

    def _print(self, *parts: RenderableType) -> None:
        if self._only is None or self.steps in self._only:
            self._console.print(*parts, sep="\n")

    @contextmanager
    def _play(self, title: str, code: str) -> Iterator[None]:
        self.steps += 1
        self._print(Text(), _heading(self.steps, title), Text())
        source = Syntax(code, "python", theme=_CODE, background_color="default", word_wrap=True)
        self._print(Padding(source, (0, 0, 0, 4)))
        before = len(self._sent())
        yield
        if self._brief:
            self._console.print(_line(self.steps, title, len(self._sent()) - before))
        self._print(Padding(_requests(self._sent()[before:]), (0, 0, 0, 4)), Text())

    @contextmanager
    def _refused(self, title: str, why: type[BridgeError], code: str) -> Iterator[None]:
        refusal: BridgeError | None = None
        with self._play(title, code):
            try:
                yield
            except why as error:
                refusal = error
        if refusal is None:
            raise BridgeError(f"{title}: it was not.", next_step="Report it: the demo must not get this far.")
        self.show(render.failure(refusal))


@drawn
def _heading(canvas: Canvas, number: int, title: str) -> Iterator[RenderableType]:
    head = Text.assemble((f" {number} ", f"reverse bold {NAME}"), (f" {title} ", STRONG))
    yield head.append(canvas.signs.line * max(0, canvas.width - head.cell_len), style=QUIET)


@drawn
def _line(canvas: Canvas, number: int, title: str, requests: int) -> Iterator[RenderableType]:
    took = count(requests, "request") if requests else "nothing sent"
    line = Text.assemble((f"{number:>3} ", NAME), (f"{took:>13}  ", QUIET), title)
    yield canvas.cut(line, canvas.width)


@drawn
def _requests(canvas: Canvas, sent: Sequence[Request]) -> Iterator[RenderableType]:
    """One line a route, so that a reader sees what a verb costs."""
    told: dict[str, int] = {}
    for reads, together in groupby(map(_route, sent), _reads):
        # Reads are asked for at once and arrive as they come.
        for route in sorted(together) if reads else together:
            told[route] = told.get(route, 0) + 1
    if not told:
        yield Text(f"{canvas.signs.to} nothing sent", style=QUIET)
    for route, times in told.items():
        line = Text(f"{canvas.signs.to} {route}{f', {times} times' if times > 1 else ''}", style=QUIET)
        yield canvas.cut(line, canvas.width)


def _route(request: Request) -> str:
    path = _COMMIT.sub(lambda commit: commit[0][:8], request.path)
    return " ".join(filter(None, (request.method, path, _operation(request.body), str(request.status))))


def _reads(route: str) -> bool:
    return route.startswith("GET ") or "(query " in route


def _operation(body: bytes) -> str:
    """The name of a GraphQL operation: all of them go to one path."""
    found = _OPERATION.search(body)
    return f"({found[1].decode()} {found[2].decode()})" if found else ""


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
