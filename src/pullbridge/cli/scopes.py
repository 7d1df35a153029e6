"""`pullbridge scopes`: what one would have to ask a host for, and what each scope allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.padding import Padding

from pullbridge import BridgeError, Can, addresses, registry
from pullbridge.auth.scopes import PROFILES, Plan, plan
from pullbridge.auth.scopes.pages import PAGES, finest, page
from pullbridge.auth.scopes.planning import TABLES
from pullbridge.auth.scopes.table import CREDENTIALS
from pullbridge.cli import jsons, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, settings_for
from pullbridge.cli.look import GOOD, QUIET, STRONG, Canvas, drawn, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

#: Where the services of everybody are, for the page of tokens.
_SERVICES: Final = {
    "github": "https://github.com",
    "gitlab": "https://gitlab.com",
    "bitbucket-cloud": "https://bitbucket.org",
}

Where = Annotated[
    str, typer.Argument(metavar="HOST", help="The host, by its kind (github) or by its name or address (github.com).")
]
What = Annotated[
    list[str],
    typer.Argument(
        metavar="WHAT",
        help="What is to be done: read, review, author, merge, or abilities by name (create, delete_branch).",
        show_default="author merge",
    ),
]
With = Annotated[
    str | None,
    typer.Option(
        help=f"The kind of credential: {', '.join(CREDENTIALS)}.",
        show_default="the finest token that a person can make and that can do it all",
    ),
]
Public = Annotated[bool, typer.Option("--public", metavar="", help="Of public repositories only.")]


def scopes(
    host: Where,
    what: What = [],  # noqa: B006  typer reads it and never writes to it
    *,
    credential: With = None,
    public: Public = False,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Tell which scopes something takes on a host, what each of them allows, and where such a token is made.

    They are the least: what one scope includes is not asked for beside it. What cannot be had so is said, with the reason.
    """
    product, web = _located(host, kind, api_url)
    wanted, visibility = abilities(what), "public" if public else "private"
    facts: dict[str, Any] = {"visibility": visibility}
    try:
        facts["credential"] = credential or finest(product, wanted, **facts)
        planned = plan(product, wanted, **facts)
    except BridgeError as wrong:
        raise typer.BadParameter(f"{wrong.summary} {wrong.remedy}", param_hint="--credential") from wrong
    made = page(product, web, wanted, **facts) if web and planned.credential in PAGES[product] else None
    if as_json:
        jsons.write({**_written(planned), "page": made})
    else:
        console = screen.console()
        console.print(drawing(planned))
        if made is not None:
            # In one line, however narrow the terminal: it is copied.
            console.print(said(made), soft_wrap=True)


def abilities(names: Sequence[str]) -> frozenset[Can]:
    """The abilities that these names mean, of profiles and of single ones; without any, to open and to merge."""
    wanted: set[Can] = set()
    known = {can.value: can for can in Can}
    for name in (part for each in names or ("author", "merge") for part in each.lower().split(",") if part):
        plain = name.replace("-", "_")
        if name not in PROFILES and plain not in known:
            text = f"{name} is no ability. Name {', '.join(PROFILES)}, or one of `pullbridge hosts`."
            raise typer.BadParameter(text, param_hint="WHAT")
        # The ability to merge is in the profile of that name, with what belongs to it.
        wanted |= PROFILES[name] if name in PROFILES else {known[plain]}
    return frozenset(wanted)


def _located(host: str, kind: str | None, api_url: str | None) -> tuple[str, str | None]:
    """The kind, and where the host's pages are, if that is known."""
    if host in TABLES:
        return host, _SERVICES.get(host)
    try:
        web = addresses.site(host)
    except BridgeError as wrong:
        text = f"{wrong.summary} {wrong.remedy}"
        raise typer.BadParameter(text, param_hint="HOST") from wrong
    with screen.busy(f"Asking {host}"):
        provider, root = registry.locate(web, settings_for(web.partition("://")[2], kind, api_url))
    return provider.kind, root


def _written(planned: Plan) -> dict[str, Any]:
    return {
        "kind": planned.kind,
        "credential": planned.credential,
        "visibility": planned.visibility,
        "scopes": planned.scopes,
        "reasons": dict(planned.reasons),
        "impossible": {can.value: why for can, why in planned.impossible.items()},
    }


@drawn
def drawing(canvas: Canvas, planned: Plan) -> Iterator[RenderableType]:
    """The scopes with their reasons, and what cannot be had."""
    table = TABLES[planned.kind]
    yield canvas.joined((said(table.name, STRONG), said(table.kinds[planned.credential].called)))
    if not planned.scopes:
        yield Padding(said("no scope at all", GOOD), (0, 0, 0, 2))
    for scope in planned.scopes:
        yield Padding(said(scope, GOOD), (0, 0, 0, 2))
        yield Padding(said(planned.reasons[scope], QUIET), (0, 0, 0, 4))
    for can, why in planned.impossible.items():
        yield Padding(said(f"{canvas.signs.failed} {can.value.replace('_', ' ')}: {why}", QUIET), (0, 0, 0, 2))
