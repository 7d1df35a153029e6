"""`pullbridge diff`: what a pull request changes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pullbridge.cli import diffs, safe, screen
from pullbridge.cli.address import ApiUrl, Kind, PullAddress, pull_at

Raw = Annotated[bool, typer.Option("--raw", help="Print the host's own unified diff, for `git apply`.")]


def diff(address: PullAddress, *, raw: Raw = False, kind: Kind = None, api_url: ApiUrl = None) -> None:
    """Show what a pull request changes, with the line numbers of both sides."""
    with pull_at(address, kind, api_url) as (repository, number):
        if raw:
            _write(repository.files.diff(number))
        else:
            screen.console().print(diffs.diff_with_threads(repository.files.list(number)))


def _write(text: str) -> None:
    """Byte for byte into a pipe or a file; harmless on a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write(safe.clean(text))
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
