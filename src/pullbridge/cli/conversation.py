"""Find a conversation by what a person sees of it, and tell what became of it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

import pullbridge
from pullbridge import NotThere, PullRef, Rejected
from pullbridge.cli import jsons, safe, screen
from pullbridge.cli.address import pull_at
from pullbridge.cli.look import said
from pullbridge.cli.threads import thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pullbridge import Repository, Thread

ThreadName = Annotated[
    str,
    typer.Argument(
        metavar="THREAD",
        help="The conversation: the web address of one of its comments, its place as `show` prints it (a.py:12), or its id.",
    ),
]
OfPull = Annotated[
    str,
    typer.Option(
        "--pull",
        metavar="PULL",
        help="The pull request: its web address, its number in this checkout, or '.' for that of the current branch.",
    ),
]
_HERE = "."


@contextmanager
def thread_at(name: str, pull: str, kind: str | None, api_url: str | None) -> Iterator[tuple[Repository, int, Thread]]:
    """Connect to where a conversation is; a comment's address names its pull request, too."""
    address = name if pull == _HERE and _is_of_a_pull(name) else pull
    with pull_at(address, kind, api_url) as at:
        yield at.repository, at.number, found(at.repository.threads.list(at.number), name)


def found(threads: Sequence[Thread], name: str) -> Thread:
    """The one that is meant. Raises `NotThere` for none, and `Rejected` with their ids for several."""
    hits = [each for each in threads if name in _names(each)]
    if len(hits) == 1:
        return hits[0]
    if not hits:
        step = "`pullbridge show` prints the conversations below their lines, and with --json their ids."
        raise NotThere(f"There is no conversation {name}.", what=f"conversation {name}", next_step=step)
    told = tuple(f"{each.id}: {_begins(each)}" for each in hits)
    raise Rejected(f"There are {len(hits)} conversations at {name}.", problems=told, next_step="Give the id of one.")


def tell(shown: Thread, *, as_json: bool) -> None:
    """Print a conversation, and its address on a line of its own."""
    if as_json:
        jsons.write(shown)
        return
    console = screen.console()
    console.print(thread(shown, now=datetime.now(UTC)))
    url = shown.url or next((each.url for each in shown.comments if each.url), None)
    if url:
        console.print(said(url), soft_wrap=True)


def _is_of_a_pull(name: str) -> bool:
    try:
        return isinstance(pullbridge.parse(name), PullRef)
    except Rejected:
        return False


def _names(each: Thread) -> set[str]:
    places = {str(place) for place in (each.anchor, each.current) if place is not None}
    addresses = {comment.url for comment in each.comments if comment.url} | ({each.url} if each.url else set())
    return places | addresses | {each.id, *(comment.id for comment in each.comments)}


def _begins(each: Thread) -> str:
    return safe.one_line(each.comments[0].body)[:60] if each.comments else ""
