"""`pullbridge resolve`: mark a conversation as settled."""

from __future__ import annotations

from typing import Annotated

import typer

from pullbridge.cli import conversation, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind
from pullbridge.cli.conversation import OfPull, ThreadName, thread_at

Undo = Annotated[bool, typer.Option("--undo", metavar="", help="Take that mark away.")]


def resolve(
    thread: ThreadName,
    *,
    pull: OfPull = ".",
    undo: Undo = False,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Mark a conversation as settled."""
    with screen.busy("Marking it"), thread_at(thread, pull, kind, api_url) as (where, number, found):
        threads = where.threads
        marked = threads.unresolve(number, found) if undo else threads.resolve(number, found)
    conversation.tell(marked, as_json=as_json)
