"""`pullbridge ready`: from a draft to what may be reviewed, and back."""

from __future__ import annotations

from typing import Annotated

import typer

from pullbridge.cli import pulls, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, PullAddress, pull_at

Undo = Annotated[bool, typer.Option("--undo", metavar="", help="Make it a draft again.")]


def ready(
    pull: PullAddress = ".",
    *,
    undo: Undo = False,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Mark a draft as ready for review."""
    with screen.busy("Marking it"), pull_at(pull, kind, api_url) as at:
        marked = at.repository.pulls.set_draft(at.number, undo)
    pulls.tell(marked, as_json=as_json)
