"""`pullbridge checkout`: a pull request's head into the work tree."""

from __future__ import annotations

from typing import Annotated

import typer

import pullbridge
from pullbridge import BranchChange, PullRef, Rejected
from pullbridge.cli import jsons, kept, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, place, settings_for
from pullbridge.cli.look import said
from pullbridge.local.checkout import Checkout

_DONE = {
    BranchChange.MADE: "new",
    BranchChange.FORWARDED: "brought forward",
    BranchChange.KEPT: "as it was",
}

Number = Annotated[str, typer.Argument(metavar="PULL", help="The pull request: its number, or its web address.")]
LocalBranch = Annotated[
    str | None, typer.Option("--branch", help="What the local branch is to be called.", show_default="as the source")
]


def checkout(
    pull: Number, *, branch: LocalBranch = None, as_json: AsJson = False, kind: Kind = None, api_url: ApiUrl = None
) -> None:
    """Fetch a pull request's head and switch this checkout to it; refused where anything of yours would be lost."""
    here = place(".", "PULL")
    if not isinstance(here, Checkout):
        raise typer.BadParameter("this folder is no checkout.", param_hint="PULL")
    wanted = _wanted(pull)
    ref = here.repository
    credentials, settings = kept.chosen(ref.web, ref.path, settings_for(ref.host, kind, api_url))
    with (
        screen.busy("Checking out"),
        pullbridge.connect(here.top, credentials=credentials, settings=settings) as repository,
    ):
        done = repository.checkout(wanted, branch)
    if as_json:
        jsons.write(done)
        return
    console = screen.console()
    console.print(said(f"On {done.branch} ({_DONE[done.change]}) at {done.commit[:12]}, from {done.remote} {done.ref}"))
    if done.left_out:
        console.print(said(f"Not heeded, as only this checkout says so: {', '.join(done.left_out)}"))


def _wanted(pull: str) -> int | PullRef:
    number = pull.removeprefix("#")
    if number.isdecimal() and number.isascii():
        return int(number)
    try:
        found = pullbridge.parse(pull)
    except Rejected as nothing:
        raise typer.BadParameter(nothing.summary, param_hint="PULL") from nothing
    if not isinstance(found, PullRef):
        raise typer.BadParameter(f"{pull} names no pull request.", param_hint="PULL")
    return found
