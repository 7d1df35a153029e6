"""`pullbridge list`: the pull requests of a repository."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from pullbridge import PullState
from pullbridge.cli import jsons, render, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, RepositoryAddress, repository_at

States = Annotated[list[PullState], typer.Option("--state", help="Which ones; may be given more than once.")]
Limit = Annotated[int | None, typer.Option(min=1, help="How many at most.")]


def list_pulls(
    address: RepositoryAddress = ".",
    *,
    state: States = [PullState.OPEN],  # noqa: B006  typer reads it and never writes to it
    limit: Limit = 50,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """List the pull requests of a repository."""
    with repository_at(address, kind, api_url) as repository:
        pulls = repository.pulls.list(states=frozenset(state), with_checks=not as_json, limit=limit)
        if as_json:
            jsons.write(
                {"pulls": list(pulls), "complete": pulls.complete, "stopped": pulls.stopped, "cursor": pulls.cursor}
            )
        else:
            screen.console().print(render.listing(pulls, now=datetime.now(UTC)))
