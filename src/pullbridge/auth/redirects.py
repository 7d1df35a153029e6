"""Which address a sign-in comes back to: pure. https://www.rfc-editor.org/rfc/rfc8252#section-7.3"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from pullbridge.auth.apps import ClientApp
from pullbridge.errors import Rejected
from pullbridge.model.oauth import OAuth, RedirectRule

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """Where to listen, and what to call it: `name` is the host as the address has it, `port` is 0 for any."""

    name: str
    port: int
    path: str

    def address(self, name: str, port: int) -> str:
        """The redirect address, once it is known what could be listened at."""
        host = f"[{name}]" if ":" in name else name
        return f"http://{host}:{port}{self.path}"


def registered(oauth: OAuth, app: ClientApp) -> str:
    """The address that the application is registered with, as far as anybody said."""
    return app.redirect_uri or oauth.loopback


def landing(oauth: OAuth, app: ClientApp) -> Landing:
    """Where to wait for the browser. Where the host takes paths below the registered one, it is another one each time.

    So a code that another host's page sends here finds nobody: https://www.rfc-editor.org/rfc/rfc9700#section-4.4
    Raises `Rejected` for an address that is not this machine's, and for one without a port where the host compares it.
    """
    address = registered(oauth, app)
    try:
        parts = urlsplit(address)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        parts, name, port = urlsplit(""), "", None
    if parts.scheme != "http" or name not in _LOOPBACK or parts.query or parts.fragment:
        text = f"{address} is no address to listen at."
        step = "Register http://127.0.0.1/callback, or wait for the browser yourself (`receive`)."
        raise Rejected(text, problems=("it is not http on this machine",), next_step=step)
    rule = oauth.rule(app.client_id)
    if port is None and (rule is RedirectRule.EXACT or name == "localhost"):
        text = f"{address} has no port, and this host compares the port, too."
        step = f"Register an address with one, such as {oauth.loopback}, and name it."
        raise Rejected(text, problems=("it has no port",), next_step=step)
    path = parts.path or "/"
    if rule is RedirectRule.BELOW:
        path = f"{path.rstrip('/')}/{secrets.token_urlsafe(12)}"
    return Landing(name=name, port=port or 0, path=path)
