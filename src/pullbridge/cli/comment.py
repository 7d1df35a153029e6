"""`pullbridge comment`: begin a conversation, on lines of the diff, on a file, or about the whole pull request."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Final

import typer

from pullbridge import Anchor, Side
from pullbridge.cli import conversation, screen, texts
from pullbridge.cli.address import ApiUrl, AsJson, Kind, PullAddress, pull_at

TextToPost = Annotated[str, typer.Argument(metavar="TEXT", help="What to say, in Markdown; '-' reads standard input.")]
File = Annotated[
    str | None,
    typer.Option("--file", metavar="PATH", help="The changed file that it is about, by its path in the repository."),
]
Lines = Annotated[
    str | None, typer.Option("--line", metavar="LINE[-LINE]", help="The line of that file, or its first and last line.")
]
OneSide = Annotated[
    Side, typer.Option("--side", help="Which version's lines are counted: 'old' for those that were removed.")
]
AtCommit = Annotated[
    str | None,
    typer.Option(
        "--commit",
        help="The head commit whose lines are counted; of the current branch's pull request that which is checked out.",
        show_default="the newest",
    ),
]
_LINES: Final = re.compile(r"([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?")


def comment(
    pull: PullAddress,
    text: TextToPost,
    *,
    file: File = None,
    line: Lines = None,
    side: OneSide = Side.NEW,
    commit: AtCommit = None,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Comment on a pull request, or on lines that it shows. If it cannot be posted, the text is given back."""
    body = texts.read(text)
    with texts.kept(body):
        at = anchor(file, line, side)
        with screen.busy("Commenting"), pull_at(pull, kind, api_url) as found:
            placed = at and replace(at, commit=commit or found.commit)
            begun = found.repository.threads.start(found.number, body, placed)
    conversation.tell(begun, as_json=as_json)


def anchor(file: str | None, line: str | None, side: Side) -> Anchor | None:
    """The place that the options name, at no commit yet."""
    if file is None:
        if line is not None:
            raise typer.BadParameter("a line is one of a --file.", param_hint="--line")
        return None
    lines = _LINES.fullmatch(line or "")
    if line is not None and lines is None:
        raise typer.BadParameter(f"{line!r} is neither a line (12) nor a range (12-15).", param_hint="--line")
    try:
        if lines is None:
            return Anchor.file(file)
        return Anchor.lines(file, int(lines[1]), int(lines[2] or lines[1]), side=side)
    except ValueError as wrong:
        raise typer.BadParameter(f"{wrong}.", param_hint="--line" if file else "--file") from wrong
