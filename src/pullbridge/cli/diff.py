"""`pullbridge diff`: what a pull request changes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pullbridge.cli import diffs, jsons, render, safe, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, PullAddress, pull_at

Raw = Annotated[bool, typer.Option("--raw", metavar="", help="Print the host's own unified diff, for `git apply`.")]


def diff(
    pull: PullAddress = ".",
    *,
    raw: Raw = False,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Show what a pull request changes, with the line numbers of both sides."""
    if raw and as_json:
        raise typer.BadParameter("a raw diff is no JSON.", param_hint="--raw")
    with screen.busy("Reading the diff"), pull_at(pull, kind, api_url) as at:
        if raw:
            text, files = at.repository.files.diff(at.number), None
        else:
            text, files = "", at.repository.files.list(at.number)
            files.first()
    if files is None:
        _write(text)
    elif as_json:
        jsons.write({"files": tuple(files), "complete": files.complete, "stopped": files.stopped})
    else:
        screen.console().print(diffs.diff_with_threads(files), render.unfinished(files))


def _write(text: str) -> None:
    """Byte for byte into a pipe or a file; harmless on a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write(safe.clean(text))
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
