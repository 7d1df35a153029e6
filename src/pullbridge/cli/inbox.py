"""`pullbridge inbox`: what waits for me, over all repositories of a host."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

import pullbridge
from pullbridge import BridgeError, Listing, Role, registry
from pullbridge.cli import exits, jsons, kept, render, screen
from pullbridge.cli.address import ApiUrl, AsJson, Hosts, Kind, Site, settings_for, sites
from pullbridge.cli.look import STRONG
from pullbridge.model.listing import Page

if TYPE_CHECKING:
    from pullbridge import Pull

WhichRole = Annotated[Role, typer.Option("--role", help="My part in them.")]
Limit = Annotated[int, typer.Option(min=1, help="How many of each host at most.")]


def inbox(
    hosts: Hosts = [],  # noqa: B006  typer reads it and never writes to it
    *,
    role: WhichRole = Role.REVIEWER,
    limit: Limit = 50,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """List the open pull requests that wait for me, over all repositories of each host, newest change first."""
    failures: list[BridgeError] = []
    told = []
    for site in sites(hosts):
        try:
            with screen.busy(f"Asking {site.host}"):
                found = _inbox(site, role, limit, settings_for(site.host, kind, api_url))
        except BridgeError as error:
            # Another host's answer is still worth having.
            failures.append(error)
            screen.console(sys.stderr).print(render.failure(error))
            continue
        told.append({"host": site.host, "pulls": tuple(found), "complete": found.complete, "stopped": found.stopped})
        if not as_json:
            _print(site, found, heading=len(hosts) > 1)
    if as_json:
        jsons.write(told)
    if failures:
        raise typer.Exit(exits.exit_code(failures[0]))


def _inbox(site: Site, role: Role, limit: int, settings: pullbridge.Settings) -> Listing[Pull]:
    """As many as are wanted, read to the end so that the connection can be closed."""
    provider, web = registry.locate(site.web, settings, site.path or "")
    credentials, settings = kept.chosen(web, site.path or "", replace(settings, kind=provider.kind), provider)
    with pullbridge.open_host(web, credentials=credentials, settings=settings) as host:
        waiting = host.inbox(role)
        rows = tuple(islice(waiting, limit + 1))
    found = Listing(lambda _: Page(items=rows, stopped=waiting.stopped), limit=limit)
    found.first()
    return found


def _print(site: Site, found: Listing[Pull], *, heading: bool) -> None:
    console = screen.console()
    if heading:
        console.print(Text(site.host, style=STRONG))
    console.print(render.listing(found, repositories=True, now=datetime.now(UTC)))
