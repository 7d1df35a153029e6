"""`pullbridge show`: one pull request with all that belongs to it."""

from __future__ import annotations

from datetime import UTC, datetime

from pullbridge.cli import jsons, render, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, PullAddress, pull_at


def show(pull: PullAddress = ".", *, as_json: AsJson = False, kind: Kind = None, api_url: ApiUrl = None) -> None:
    """Show a pull request: state, checks, reviews, and the diff with each thread below its line."""
    with screen.busy("Reading the pull request"), pull_at(pull, kind, api_url) as at:
        panel = at.repository.pulls.panel(at.number)
    if as_json:
        jsons.write(panel)
    else:
        screen.console().print(render.panel(panel, now=datetime.now(UTC)))
