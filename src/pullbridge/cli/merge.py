"""`pullbridge merge`: bring a pull request in, if it is still what you looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pullbridge import MergeMethod
from pullbridge.cli import jsons, receipts, render, screen, texts
from pullbridge.cli.address import ApiUrl, AsJson, ExpectHead, Kind, PullAddress, pull_at

if TYPE_CHECKING:
    from pullbridge.cli.address import At

_METHODS = {method.value.replace(" ", "-"): method for method in MergeMethod}


def _method(word: str) -> MergeMethod:
    if word not in _METHODS:
        raise typer.BadParameter(f"{word!r} is not one of {', '.join(_METHODS)}.")
    return _METHODS[word]


Method = Annotated[
    MergeMethod | None,
    typer.Option(
        parser=_method,
        metavar="|".join(_METHODS),
        help="How the commits land on the target.",
        show_default="the repository's own",
    ),
]
Message = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", help="The merge commit's message, its first line the title; '-' reads standard input."
    ),
]
DeleteSource = Annotated[bool, typer.Option("--delete-source", metavar="", help="Delete the source branch afterwards.")]
WhenReady = Annotated[
    bool, typer.Option("--when-ready", metavar="", help="Let the host merge it as soon as the target's rules are met.")
]


def merge(
    pull: PullAddress = ".",
    *,
    method: Method = None,
    message: Message = None,
    delete_source: DeleteSource = False,
    when_ready: WhenReady = False,
    expect_head: ExpectHead = None,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Merge a pull request, if its head is still the commit that was looked at.

    That commit is --expect-head; else, of the current branch's pull request, the one that is checked out; else the one
    that is shown first.
    """
    text = None if message is None else texts.read(message)
    with texts.kept(text or ""), pull_at(pull, kind, api_url) as at:
        head = expect_head or at.commit or _shown_head(at, as_json=as_json)
        with screen.busy("Merging"):
            receipt = at.repository.pulls.merge(
                at.number,
                method=method,
                message=text,
                expect_head=head,
                delete_source=delete_source or None,
                when_ready=when_ready,
            )
    if as_json:
        jsons.write(receipt)
    else:
        screen.console().print(receipts.merge(receipt, of=f"{at.repository.ref.path}#{at.number}"))


def _shown_head(at: At, *, as_json: bool) -> str | None:
    """Read the pull request and print its head, so that what is merged is what was on the screen."""
    with screen.busy("Reading the pull request"):
        panel = at.repository.pulls.panel(at.number)
    if not as_json:
        screen.console().print(render.panel_header(panel, now=datetime.now(UTC)))
    return panel.pull.source.commit
