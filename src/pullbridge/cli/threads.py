"""Draw conversations: a thread in a box, with its comments and its standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel as Frame
from rich.text import Text

from pullbridge.cli.bodies import prose
from pullbridge.cli.look import BUSY, GOOD, QUIET, STRONG, Canvas, ago, drawn, said
from pullbridge.model.threads import CommentState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rich.console import RenderableType

    from pullbridge.model.anchor import Anchor
    from pullbridge.model.threads import Comment, Thread


@drawn
def thread(
    canvas: Canvas,
    shown: Thread,
    *,
    below_its_line: bool = False,
    replaced: Iterable[str] = (),
    now: datetime | None = None,
) -> Iterator[RenderableType]:
    """A conversation in a box; its title says where it hangs, unless it is drawn below that very line."""
    lines = tuple(replaced)
    comments: list[RenderableType] = []
    for comment in shown.comments:
        comments.extend(_comment(canvas, comment, lines, now))
    if not shown.complete:
        comments.append(Text("There are more comments; the host gave these.", style=QUIET))
    title, style = _title(canvas, shown, below_its_line=below_its_line)
    yield Frame(
        Group(*comments),
        box=box.ROUNDED,
        title=title,
        title_align="left",
        border_style=f"{QUIET} {style}",
        padding=(0, 1),
    )


def _title(canvas: Canvas, shown: Thread, *, below_its_line: bool) -> tuple[Text, str]:
    place = shown.current or shown.anchor
    parts: list[Text | str | None] = [_where(place, below_its_line=below_its_line)]
    style = QUIET
    if shown.resolved:
        by = f" by {shown.resolved_by.handle}" if shown.resolved_by else ""
        parts.append(Text.assemble((f"{canvas.signs.passed} ", GOOD), said(f"resolved{by}", GOOD)))
        style = GOOD
    elif shown.resolved is False:
        parts.append(Text("open", style=BUSY))
        style = BUSY
    if shown.outdated:
        parts.append(Text("outdated", style=QUIET))
    title = canvas.joined(parts)
    title.stylize_before("not dim")  # the border it stands in is
    return title, style


def _where(place: Anchor | None, *, below_its_line: bool) -> Text | None:
    if place is None:
        return None
    if not below_its_line:
        return said(str(place), STRONG)
    if place.start is None:
        return Text("the whole file", style=STRONG)
    if place.start == place.end and place.start_side is None:
        return None
    return Text(f"lines {place.start} to {place.end}", style=STRONG)


def _comment(
    canvas: Canvas, comment: Comment, replaced: tuple[str, ...], now: datetime | None
) -> Iterator[RenderableType]:
    marks = (
        said(comment.author.handle, STRONG, url=comment.url),
        Text(ago(comment.created_at, now) or "", style=QUIET),
        Text("not published yet", style=BUSY) if comment.state is CommentState.PENDING else None,
        said(f"hidden: {comment.minimized}", QUIET) if comment.minimized else None,
    )
    yield canvas.joined(marks)
    body = Text("deleted", style=QUIET) if comment.deleted else None
    yield Padding(
        body or prose(comment.body, replaced=replaced, suggestions=comment.suggestions), (0, 0, 0, 2), expand=False
    )
    if comment.reactions:
        told = (f"{reaction.name} {reaction.count}" for reaction in comment.reactions)
        yield Padding(canvas.joined(said(each, QUIET) for each in told), (0, 0, 0, 2))
