"""`pullbridge status`: where a pull request stands, and whether it is ready; or what signs at a host."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding

from pullbridge import PullState
from pullbridge.cli import access, exits, jsons, render, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, pull_at, settings_for
from pullbridge.cli.look import Canvas, drawn, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from pullbridge import Panel


Subject = Annotated[
    str,
    typer.Argument(
        metavar="PULL",
        help="The pull request: its web address, its number in this checkout, or '.' for that of the current branch. "
        "Or a host, by its name or by a repository there.",
    ),
]
Tools = Annotated[bool, typer.Option("--tools", metavar="", help="Of a host: ask gh, glab and git for a token, too.")]


def status(
    pull: Subject = ".",
    *,
    as_json: AsJson = False,
    tools: Tools = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Tell in a few lines where a pull request stands: state, checks, reviews, open threads, and what keeps it.

    The exit code is 0 when it can be merged now or is merged, 6 while the host is still finding out, else 5.

    Of a host, tell what signs there: where it comes from, what was granted, what that lacks, and what is too much.
    """
    site = access.site_named(pull)
    if site is not None:
        told = access.learned(site, settings_for(site.host, kind, api_url), tools=tools)
        if as_json:
            jsons.write(told)
        else:
            screen.console().print(access.drawing(told))
        raise typer.Exit(exits.DONE if told.error is None else exits.exit_code(told.error))
    with screen.busy("Reading the pull request"), pull_at(pull, kind, api_url) as at:
        panel = at.repository.pulls.panel(at.number)
    if as_json:
        jsons.write(panel)
    else:
        screen.console().print(standing(panel, now=datetime.now(UTC)))
    merged = panel.pull.state is PullState.MERGED
    raise typer.Exit(exits.DONE if merged else exits.of_mergeability(panel.mergeability))


@drawn
def standing(canvas: Canvas, panel: Panel, *, now: datetime | None = None) -> Iterator[RenderableType]:
    """The head, what keeps it from being merged, where its reviewers stand, and its address."""
    yield render.panel_header(panel, now=now)
    if panel.pull.state is PullState.OPEN:
        yield from (Padding(said(reason), (0, 0, 0, 2)) for reason in panel.mergeability.reasons)
    if panel.reviewers:
        yield Padding(render.reviews((), panel.reviewers), (0, 0, 0, 2))
    yield from (render.gap(canvas, each) for each in panel.gaps)
    if panel.pull.url:
        yield said(panel.pull.url)
