"""Who signs in at the host of the demo: an application that is registered there, and a person who agrees."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Literal

from rich.padding import Padding
from rich.text import Text

from pullbridge import auth
from pullbridge.auth import Asking, ClientApp, EnterCode, SignIn
from pullbridge.cli.look import GOOD, NAME, QUIET, STRONG, Canvas, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import RenderableType

    from pullbridge import Can
    from pullbridge.auth import Event
    from pullbridge.testing.host import Host

#: Those hosts have a code for people to enter; at the others a browser comes back to this machine.
_BY_DEVICE = frozenset({"github", "gitlab"})
#: The person of the play is quick: how often their device asks, in seconds.
_INTERVAL = 0.05
#: The clock of the play is its own, and faster than the one that tells this library when to renew.
_LIFE = 86_400


class Newcomer:
    """Somebody with an application that has what these abilities take, and no more."""

    def __init__(self, host: Host, who: str, abilities: Iterable[Can]) -> None:
        self._host = host
        self.who = who
        self.asking: Asking | None = None
        self.way: Literal["browser", "device"] = "device" if host.kind in _BY_DEVICE else "browser"
        self.browser: Callable[[str], bool] = host.oauth.consent(who)
        host.oauth.knobs.interval = _INTERVAL
        if host.kind != "github":  # where tokens have no end
            host.oauth.knobs.access_seconds = _LIFE
        address = f"http://127.0.0.1:{_free_port()}/callback"
        scopes = auth.plan(host.kind, abilities).scopes
        registered = host.oauth.app("The demo", redirect_uris=(address,), scopes=scopes)
        self.app: ClientApp = ClientApp(registered.client_id, registered.client_secret, address, name="The demo")

    def hear(self, event: Event) -> None:
        """Keep what is asked for; enter the code that is shown."""
        if isinstance(event, Asking):
            self.asking = event
        if isinstance(event, EnterCode):
            self._host.oauth.approve_device(event.code, self.who)

    def sign_in(self, abilities: Iterable[Can]) -> SignIn:
        """The same as `auth.sign_in`, in short."""
        return auth.sign_in(
            self._host.url,
            self.app,
            abilities,
            via=self.way,
            on_event=self.hear,
            open_browser=self.browser,
            settings=self._host.settings,
        )


def _free_port() -> int:
    """A port that nobody listens at: two of the hosts compare the whole address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@drawn
def asked_and_given(canvas: Canvas, newcomer: Newcomer, signed: SignIn) -> Iterator[RenderableType]:
    """Each scope that was asked for, with its reason, and whether it was given: no less, and no more."""
    asking, granted = newcomer.asking, signed.scopes or ()
    ways = {"device": "by a code that is entered in a browser", "browser": "by a browser that comes back here"}
    yield Text.assemble((newcomer.who, STRONG), (f" {canvas.signs.between} {ways[newcomer.way]}", QUIET))
    if asking is None:
        return
    for scope in asking.scopes:
        sign, style = (canvas.signs.passed, GOOD) if scope in granted else (canvas.signs.unknown, QUIET)
        yield Padding(Text.assemble((f"{sign} ", style), (scope, NAME)), (0, 0, 0, 2))
        yield Padding(Text(asking.reasons[scope], style=QUIET), (0, 0, 0, 4))
    missing, excess = len(signed.missing), len(signed.excess)
    yield Padding(Text(f"{missing or 'nothing'} missing, {excess or 'nothing'} beyond", style=QUIET), (0, 0, 0, 2))
