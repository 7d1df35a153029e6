"""What signs at a host, where that comes from, what it may do, what it lacks and what it could do without."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rich.padding import Padding

import pullbridge
from pullbridge import BridgeError, Person, PullRef, RepoRef, Settings, registry
from pullbridge.auth.ambient import Ambient, environment
from pullbridge.auth.scopes import PROFILES, Visibility, excess, missing, plan
from pullbridge.auth.scopes.planning import credential_of
from pullbridge.capabilities import Can
from pullbridge.cli import kept, render, screen
from pullbridge.cli.address import Site, sites
from pullbridge.cli.look import BAD, BUSY, GOOD, QUIET, STRONG, Canvas, drawn, said
from pullbridge.connect import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from pullbridge.cli.kept import Kept

_EVERYTHING: Final[frozenset[Can]] = frozenset().union(*PROFILES.values())
_ALL: Final[Visibility] = "private"
_NUMBER: Final = re.compile(r"#?[0-9]+|\.")


@dataclass(slots=True, kw_only=True)
class Access:
    """What is known of one host's credential. `None` where it is not told.

    `source` is the variable, the tool or the store that it comes from; `lacks` has what each profile is missing, `too_much`
    what is not needed for what one signed in for, or else for any of them.
    """

    host: str
    kind: str | None = None
    product: str | None = None
    source: str | None = None
    skipped: Mapping[str, str] | None = None
    viewer: Person | None = None
    granted: tuple[str, ...] | None = None
    lacks: Mapping[str, tuple[str, ...]] | None = None
    too_much: tuple[str, ...] | None = None
    error: BridgeError | None = None


def site_named(text: str) -> Site | None:
    """The host that a text names, by itself or by a repository there; `None` for a pull request, or a checkout's."""
    if _NUMBER.fullmatch(text):
        return None
    try:
        found = named(text)
    except BridgeError:
        return sites([text])[0]
    if isinstance(found, PullRef):
        return None
    return sites([text])[0] if isinstance(found, RepoRef) else None


def learned(site: Site, settings: Settings, *, tools: bool) -> Access:
    """Ask the host; what was learned before an error stays."""
    told = Access(host=site.host)
    try:
        with screen.busy(f"Asking {site.host}"):
            _learn(site, settings, told, tools=tools)
    except BridgeError as error:
        told.error = error
    return told


def _learn(site: Site, settings: Settings, told: Access, *, tools: bool) -> None:
    provider, web = registry.locate(site.web, settings, site.path or "")
    told.kind, told.product = provider.kind, provider.name
    credentials, settings = kept.chosen(site.web, site.path or "", settings, provider)
    mine = kept.found(site.web, site.path or "") if credentials is not None else None
    if mine is not None:
        told.source = f"what was kept in the {mine.store}"
    else:
        host = urlsplit(site.web).netloc
        ambient = Ambient(tools=tools)
        found = ambient.bound(host, provider.ambient, environment(), kind=provider.kind, web=web)
        told.source, told.skipped, credentials = found.source, found.skipped, found
    with pullbridge.open_host(web, credentials=credentials, settings=replace(settings, kind=provider.kind)) as opened:
        told.granted = opened.probe().granted
        if told.granted is not None:
            _compare(told, provider.kind, told.granted, mine)
        # Last, because a credential that may not be told who it is can be good for all else.
        if told.source is not None and Can.WHOAMI in opened.can:
            told.viewer = opened.viewer()


def _compare(told: Access, kind: str, granted: tuple[str, ...], mine: Kept | None) -> None:
    credential = credential_of(kind, granted)
    wanted = (mine.wanted if mine is not None else None) or _EVERYTHING
    visibility = mine.visibility if mine is not None else _ALL
    told.lacks = {name: _lacking(kind, granted, each) for name, each in PROFILES.items()}
    told.too_much = excess(kind, granted, plan(kind, wanted, visibility=visibility, credential=credential))


def _lacking(kind: str, granted: tuple[str, ...], wanted: frozenset[Can]) -> tuple[str, ...]:
    lacks = missing(kind, granted, wanted, credential=credential_of(kind, granted))
    return tuple(dict.fromkeys(scope for each in lacks.values() for scope in each))


@drawn
def drawing(canvas: Canvas, told: Access) -> Iterator[RenderableType]:
    """A few lines: the host, who by what, what was granted, each profile, what is too much."""
    yield canvas.joined((said(told.host, STRONG), said(told.product or "")))
    yield from (Padding(line, (0, 0, 0, 2)) for line in _lines(canvas, told))
    if told.error is not None:
        yield Padding(render.failure(told.error), (0, 0, 0, 2))


def _lines(canvas: Canvas, told: Access) -> Iterator[RenderableType]:
    for tool, why in (told.skipped or {}).items():
        yield said(f"{canvas.signs.skipped} {tool}: {why}", QUIET)
    if told.source is None:
        if told.kind is not None:
            yield said(f"{canvas.signs.alert} no credential was found: only what is public", BUSY)
        return
    who = f"signed in as {told.viewer.handle}" if told.viewer is not None else "signed in"
    yield canvas.joined((said(who, GOOD if told.error is None else BUSY), said(f"by {told.source}")))
    if told.granted is None:
        if told.error is None:
            yield said("what was granted is not told: a refusal names what is missing", QUIET)
        return
    yield said(f"granted: {', '.join(told.granted) or 'no scope at all'}")
    for name, lacking in (told.lacks or {}).items():
        lack = f"{canvas.signs.failed} {name}: lacks {' and '.join(lacking)}"
        yield said(lack, BAD) if lacking else said(f"{canvas.signs.passed} {name}", GOOD)
    if told.too_much:
        yield said(f"{canvas.signs.alert} too much: nothing that it is for needs {', '.join(told.too_much)}", BUSY)
