"""The arguments that commands share: an address, and how to talk to a host of one's own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

import pullbridge
from pullbridge import PullRef, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pullbridge import Repository

PullAddress = Annotated[str, typer.Argument(metavar="PULL_URL", help="The pull request's web address.")]
RepositoryAddress = Annotated[
    str, typer.Argument(metavar="REPO_URL", help="The repository's web or clone address, or a checkout ('.').")
]
Kind = Annotated[
    str | None,
    typer.Option(
        help="Which product runs there: github, gitlab, bitbucket-cloud or bitbucket-dc.", show_default="asked"
    ),
]
ApiUrl = Annotated[str | None, typer.Option(help="Where its API is, if not where that product has it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the values as JSON.")]


@contextmanager
def pull_at(address: str, kind: str | None, api_url: str | None) -> Iterator[tuple[Repository, int]]:
    """Connect to the repository of a pull request, and give its number there too."""
    with repository_at(address, kind, api_url) as repository:
        ref = pullbridge.parse(address)
        if not isinstance(ref, PullRef):
            raise typer.BadParameter(f"{address} names no pull request.", param_hint="PULL_URL")
        yield repository, ref.number


@contextmanager
def repository_at(address: str, kind: str | None, api_url: str | None) -> Iterator[Repository]:
    """Connect with the credentials that the environment has for that host."""
    try:
        settings = Settings(kind=kind, api_url=api_url)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--kind") from wrong
    with pullbridge.connect(address, settings=settings) as repository:
        yield repository
