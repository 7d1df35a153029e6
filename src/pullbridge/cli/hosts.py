"""`pullbridge hosts`: which hosts can be talked to, as whom, and what may be done there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer
from rich.padding import Padding
from rich.text import Text

import pullbridge
from pullbridge import BridgeError, Capabilities, Person, Settings, registry
from pullbridge.auth.ambient import Ambient, environment
from pullbridge.capabilities import AnswerState, Can
from pullbridge.cli import exits, jsons, kept, render, screen
from pullbridge.cli.address import ApiUrl, AsJson, Hosts, Kind, Site, settings_for, sites
from pullbridge.cli.look import BUSY, GOOD, NAME, QUIET, STRONG, Canvas, drawn, said
from pullbridge.cli.steps import typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType


@dataclass(slots=True, kw_only=True)
class Standing:
    """What is known of one host; `repository` is the one that was asked about, and `variable` where the token is from."""

    host: str
    repository: str | None
    kind: str | None = None
    product: str | None = None
    version: str | None = None
    variable: str | None = None
    viewer: Person | None = None
    can: Capabilities = field(default_factory=lambda: Capabilities({}))
    error: BridgeError | None = None


def hosts(
    hosts: Hosts = [],  # noqa: B006  typer reads it and never writes to it
    *,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Tell which product each host runs, who is signed in there by which variable, and what may be done. Shows no token.

    A host of your own needs --kind and --api-url only where it cannot be asked. In the environment, PULLBRIDGE_KIND and
    PULLBRIDGE_API_URL say the same for the one host that PULLBRIDGE_HOST names.
    """
    asked = [_standing(site, settings_for(site.host, kind, api_url)) for site in sites(hosts, needed=False)]
    if as_json:
        jsons.write({"kinds": registry.kinds(), "hosts": asked})
    else:
        console = screen.console()
        console.print(f"This version speaks to: {', '.join(registry.kinds())}")
        for standing in asked:
            console.print(Text(), drawing(standing), sep="\n")
    failed = next((standing.error for standing in asked if standing.error is not None), None)
    if failed is not None:
        raise typer.Exit(exits.exit_code(failed))


def _standing(site: Site, settings: Settings) -> Standing:
    told = Standing(host=site.host, repository=site.path)
    try:
        with screen.busy(f"Asking {site.host}"):
            _ask(site, settings, told)
    except BridgeError as error:
        told.error = error
    return told


def _ask(site: Site, settings: Settings, told: Standing) -> None:
    """Fill in what is learnt, step by step: what was learnt before an error stays."""
    provider, web = registry.locate(site.web, settings, site.path or "")
    told.kind, told.product = provider.kind, provider.name
    told.variable = Ambient().bound(urlsplit(site.web).netloc, provider.ambient, environment()).source
    credentials, settings = kept.chosen(web, "", replace(settings, kind=provider.kind), provider)
    if credentials is not None:
        told.variable = "pullbridge login"
    with pullbridge.open_host(web, credentials=credentials, settings=settings) as host:
        told.can = host.can
        if told.variable is not None:
            told.viewer = host.viewer()
        told.version = host.version()
        told.can = host.repository(registry.below(site.ref, web)).probe() if site.ref else host.probe()


@drawn
def drawing(canvas: Canvas, told: Standing) -> Iterator[RenderableType]:
    """A host in a few lines: product, account, and what is refused with its reason."""
    product = " ".join(filter(None, (told.product, told.version)))
    yield canvas.joined((said(told.host, STRONG), said(product), said(told.repository or "", NAME)))
    if told.kind is not None:
        yield Padding(_account(canvas, told), (0, 0, 0, 2))
    if told.error is not None:
        yield Padding(render.failure(told.error), (0, 0, 0, 2))
    elif told.kind is not None:
        yield from (Padding(line, (0, 0, 0, 2)) for line in _abilities(canvas, told.can))


def _account(canvas: Canvas, told: Standing) -> Text:
    if told.variable is None:
        return Text(f"{canvas.signs.alert} no credential was found: only what is public", style=BUSY)
    who = said(f"signed in as {told.viewer.handle}", GOOD) if told.viewer else Text("not signed in", style=BUSY)
    scopes = f"scopes: {', '.join(told.can.granted)}" if told.can.granted else None
    return canvas.joined((who, said(f"by {told.variable}"), said(scopes, QUIET) if scopes else None))


def _abilities(canvas: Canvas, can: Capabilities) -> Iterator[Text]:
    by_state = {state: [each for each in Can if can[each].state is state] for state in AnswerState}
    known = (
        f"can do: {len(by_state[AnswerState.YES])} of {len(Can)}",
        f"not known: {len(by_state[AnswerState.UNKNOWN])}",
    )
    yield canvas.joined(Text(each, style=QUIET) for each in known)
    for each in by_state[AnswerState.NO]:
        answer = can[each]
        remedy = f" {canvas.signs.to} {typed(answer.remedy)}" if answer.remedy else ""
        yield said(f"{canvas.signs.failed} {each.value.replace('_', ' ')}: {answer.reason}{remedy}", QUIET)
