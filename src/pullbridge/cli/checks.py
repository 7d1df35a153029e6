"""`pullbridge checks`: what machines say about a pull request's head."""

from __future__ import annotations

import time
from itertools import chain, repeat
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pullbridge.cli import exits, jsons, render, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, PullAddress, pull_at

if TYPE_CHECKING:
    from pullbridge import Check
    from pullbridge.cli.address import At

Wait = Annotated[
    float, typer.Option("--wait", min=0, help="For how many seconds to wait until none is running any more.")
]
#: Seconds between two looks.
_PAUSES: Final = (2.0, 4.0, 8.0, 15.0)


def checks(
    pull: PullAddress = ".",
    *,
    wait: Wait = 0,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Show the checks of a pull request. The exit code is 0 when all have passed, 1 when one has failed, else 6."""
    with screen.busy("Reading the checks"), pull_at(pull, kind, api_url) as at:
        found = _settled(at, wait)
    if as_json:
        jsons.write(found)
    else:
        screen.console().print(render.checks(found) if found else "No checks.")
    raise typer.Exit(exits.of_checks(found))


def _settled(at: At, wait: float) -> tuple[Check, ...]:
    """The checks once none is unfinished, or the time is over."""
    end = time.monotonic() + wait
    pauses = chain(_PAUSES, repeat(_PAUSES[-1]))
    while True:
        found = at.repository.checks.list(at.number)
        left = end - time.monotonic()
        if exits.of_checks(found) != exits.LATER or left <= 0:
            return found
        time.sleep(min(next(pauses), left))
