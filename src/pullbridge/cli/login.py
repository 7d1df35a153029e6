"""`pullbridge login`: sign in to a host, for what is wanted and nothing beyond it."""

from __future__ import annotations

import getpass
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import typer
from rich.padding import Padding
from rich.text import Text

import pullbridge
from pullbridge import Basic, Can, Rejected, Settings, SignInFailed, Token, addresses, auth, registry
from pullbridge.auth import Asking, EnterCode, Ignored, Instead, OpenBrowser, Waiting
from pullbridge.auth.records import Grant
from pullbridge.cli import jsons, kept, render, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, settings_for
from pullbridge.cli.kept import TOKEN, Kept
from pullbridge.cli.look import GOOD, NAME, QUIET, STRONG, Canvas, drawn, said
from pullbridge.errors import BridgeError, Forbidden, NotThere, ScopeMissing, Unsupported
from pullbridge.signing_in import unnamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType


class Via(Enum):
    """The ways to sign in."""

    BROWSER = "browser"
    DEVICE = "device"
    PASTE = "paste"
    TOKEN = "token"  # noqa: S105  # a word for what it is


class Where(Enum):
    """The places to keep a sign-in."""

    KEYRING = "keyring"
    FILE = "file"


class Profile(Enum):
    """What people sign in for."""

    READ = "read"
    REVIEW = "review"
    AUTHOR = "author"
    MERGE = "merge"


HostName = Annotated[
    str, typer.Argument(metavar="HOST", help="The host, by name (github.com) or by the address of its pages.")
]
Account = Annotated[str | None, typer.Option(help="Whose sign-in, where there are several.")]


def login(
    host: HostName,
    *,
    via: Annotated[Via | None, typer.Option(help="By which way.", show_default="the first that works here")] = None,
    profile: Annotated[
        list[Profile], typer.Option(help="What for; can be given several times. Nothing beyond it will be done.")
    ] = [Profile.REVIEW, Profile.AUTHOR],  # noqa: B006  typer reads it and never writes to it
    also: Annotated[
        list[str], typer.Option(metavar="ABILITY", help="One more ability, such as delete_branch or report_check.")
    ] = [],  # noqa: B006  as above
    public: Annotated[bool, typer.Option("--public", metavar="", help="Public repositories only.")] = False,
    store: Annotated[
        Where, typer.Option(help="Where to keep it: the system's keyring, or a file that only you can read.")
    ] = Where.KEYRING,
    client_id: Annotated[
        str | None, typer.Option(help="The application's id at that host.", show_default="the environment's")
    ] = None,
    redirect_uri: Annotated[
        str | None, typer.Option(help="The address that the application comes back to, as it is registered.")
    ] = None,
    user: Annotated[
        str | None, typer.Option(help="With a token: the e-mail address that goes with it (Bitbucket's API tokens).")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Ask without asking me first.")] = False,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Sign in to a host. Shows what will be asked of it and why before it is asked.

    An application has to be registered at the host first; --client-id names it, or PULLBRIDGE_GITHUB_CLIENT_ID and its like
    in the environment, whose PULLBRIDGE_GITHUB_CLIENT_SECRET is the only place for a secret. With --via token, a personal
    token is read from the terminal or from standard input instead.
    """
    site = addresses.site(host)
    settings = settings_for(urlsplit(site).netloc, kind, api_url)
    provider, web = registry.locate(site, settings)
    order = _Order(
        web=web,
        settings=Settings(kind=provider.kind, api_url=settings.api_url),
        abilities=_abilities(profile, also),
        visibility="public" if public else "private",
        where=store.value,
        asks=not yes,
    )
    if via is Via.TOKEN:
        done = _with_token(order, user)
    else:
        done = _with_application(order, via, kept.app(provider.kind, order.host, client_id, redirect_uri))
    kept.add(done)
    if as_json:
        jsons.write(done)
    else:
        screen.console().print(said(f"Signed in to {order.host} as {done.account}.", GOOD))


class _Order:
    """What is wanted, and where it is to be kept."""

    def __init__(
        self,
        *,
        web: str,
        settings: Settings,
        abilities: frozenset[Can],
        visibility: Literal["private", "public"],
        where: Literal["keyring", "file"],
        asks: bool,
    ) -> None:
        self.web = web
        self.settings = settings
        self.abilities = abilities
        self.visibility: Literal["private", "public"] = visibility
        self.where: Literal["keyring", "file"] = where
        self.asks = asks
        self.host: str = urlsplit(web).netloc
        self.kind: str = settings.kind or ""

    def kept(self, client_id: str, account: str, **more: str | None) -> Kept:
        """How the list has it."""
        return Kept(
            web=self.web,
            kind=self.kind,
            account=account,
            store=self.where,
            client_id=client_id,
            api_url=self.settings.api_url,
            abilities=tuple(sorted(each.value for each in self.abilities)),
            visibility=self.visibility,
            **more,
        )


def _abilities(profiles: Iterable[Profile], also: Iterable[str]) -> frozenset[Can]:
    names = {each.value: each for each in Can}
    unknown = [name for name in also if name not in names]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]} is no ability; {', '.join(sorted(names))} are.", param_hint="--also")
    wanted: frozenset[Can] = frozenset()
    return wanted.union(*(auth.PROFILES[each.value] for each in profiles), (names[name] for name in also))


def _with_application(order: _Order, via: Via | None, app: auth.ClientApp | None) -> Kept:
    if app is None:
        prefix = f"PULLBRIDGE_{order.kind.upper().replace('-', '_')}"
        step = f"Register one and give --client-id (or {prefix}_CLIENT_ID), or use --via token."
        raise SignInFailed(f"No application is named for {order.host}.", reason="application", next_step=step)
    store = kept.store_of(order.where)
    way: Literal["browser", "device", "paste"] | None = (
        None if via is None else "browser" if via is Via.BROWSER else "device" if via is Via.DEVICE else "paste"
    )
    signed = auth.sign_in(
        order.web,
        app,
        order.abilities,
        way,
        store,
        _Telling(order.asks),
        settings=order.settings,
        visibility=order.visibility,
        paste=_pasted,
    )
    screen.console(sys.stderr).print(granted(signed))
    # What the application's address is taken for may have been this library's own proposal.
    return order.kept(app.client_id, signed.account, redirect_uri=app.redirect_uri)


def _with_token(order: _Order, user: str | None) -> Kept:
    store = kept.store_of(order.where)
    store.probe()
    text = (getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    try:
        credentials = Basic(user, text) if user else Token(text)
    except ValueError as wrong:
        raise Rejected(f"That is no token: {wrong}.", next_step="Paste the whole token, and nothing else.") from None
    scopes: tuple[str, ...] | None = None
    with pullbridge.open_host(order.web, credentials=credentials, settings=order.settings) as opened:
        try:
            account = opened.viewer().handle
        except (Forbidden, NotThere, ScopeMissing, Unsupported):  # a good token need not tell whose it is
            account = unnamed(text)
        try:
            scopes = opened.probe().granted
        except BridgeError as error:
            screen.console(sys.stderr).print(render.failure(error))
    done = order.kept(TOKEN, account, user=user)
    store.write(done.key, Grant(access=text, scopes=scopes))
    told = f"It was granted {', '.join(scopes)}." if scopes else "The host does not say what it was granted."
    screen.console(sys.stderr).print(said(told, QUIET))
    return done


def _pasted(url: str) -> str:
    """Ask for the address that the browser ended at; `url` has been shown."""
    del url
    console = screen.console(sys.stderr)
    console.print("When the browser has come to an address that it cannot show, copy that address, and paste it here:")
    return sys.stdin.readline()


def _asked_first() -> bool:
    """Whether there is somebody who can say no."""
    return sys.stdin.isatty()


class _Telling:
    """Shows on standard error what happens; asks whether to go on, before anything is asked of the host."""

    def __init__(self, asks: bool) -> None:
        self._asks = asks

    def __call__(self, event: auth.Event) -> None:
        console = screen.console(sys.stderr)
        match event:
            case Asking():
                console.print(asking(event))
                if self._asks and _asked_first():
                    typer.confirm("Go on?", default=True, abort=True, err=True)
            case OpenBrowser():
                opened = "Opened in your browser" if event.opened else "Open in your browser"
                console.print(Text(f"{opened}: {event.url}"), soft_wrap=True)
            case EnterCode():
                console.print(code(event))
            case Instead():
                console.print(said(f"{event.closed} does not work: {event.reason} Now by {event.via}.", QUIET))
            case Ignored(error=str(error)):
                console.print(said(f"A page has come back that is not this sign-in's. It says: {error}.", QUIET))
            case Waiting(problem=str(problem)):
                console.print(said(f"{problem} Trying again.", QUIET))
            case _:
                pass


@drawn
def asking(canvas: Canvas, event: Asking) -> Iterator[RenderableType]:
    """Each scope with its reason, and what cannot be had."""
    yield Text.assemble((event.app, STRONG), " will ask ", (event.host, NAME), f" by {event.via} for:")
    for scope in event.scopes:
        yield Padding(said(scope, NAME), (0, 0, 0, 2))
        yield Padding(Text(event.reasons[scope], style=QUIET), (0, 0, 0, 4))
    if not event.scopes:
        yield Padding(Text("nothing: what is public needs no scope", style=QUIET), (0, 0, 0, 2))
    for can, why in event.impossible.items():
        yield Padding(said(f"{canvas.signs.failed} {can.value.replace('_', ' ')}: {why}", QUIET), (0, 0, 0, 2))


@drawn
def code(canvas: Canvas, event: EnterCode) -> Iterator[RenderableType]:
    """The code, beside whom it is for."""
    del canvas
    yield Text.assemble("Enter ", (event.code, STRONG), " at ", (event.url, NAME))
    minutes = max(1, round(event.expires_in / 60))
    yield said(f"It signs {event.app} in to {event.host}, and is good for {minutes} min.", QUIET)


@drawn
def granted(canvas: Canvas, signed: auth.SignIn) -> Iterator[RenderableType]:
    """What was granted, what is missing and what is too much."""
    if signed.scopes is not None:
        yield said(f"Granted: {', '.join(signed.scopes) or 'nothing'}", QUIET)
    for can, scopes in signed.missing.items():
        yield said(f"{canvas.signs.alert} {can.value.replace('_', ' ')} lacks {', '.join(scopes)}")
    if signed.excess:
        yield said(f"{canvas.signs.alert} not needed: {', '.join(signed.excess)}")
