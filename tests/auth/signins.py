"""Applications on a forge's hosts, and how to sign in to them."""

from __future__ import annotations

import socket
from typing import Any

from pullbridge import auth
from pullbridge.auth.callback import Callback, pasted
from pullbridge.auth.flows import Client, Pending
from pullbridge.model.oauth import OAuth
from pullbridge.registry import provider
from pullbridge.testing import Forge
from pullbridge.testing.host import Host

HOSTS = ("github", "gitlab", "bitbucket_cloud", "bitbucket_dc")
#: What each Bitbucket's application is registered with, for the abilities that the tests ask for.
_REGISTERED = {
    "bitbucket_cloud": ("pullrequest:write", "account", "repository:write"),
    "bitbucket_dc": ("REPO_WRITE",),
}


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def register(forge: Forge, name: str, **options: Any) -> tuple[Host, auth.ClientApp]:
    """A host of the forge, and an application that is registered there as the documentation says."""
    host: Host = getattr(forge, name)
    address = "http://127.0.0.1/callback" if name in {"github", "gitlab"} else f"http://localhost:{free_port()}/"
    options.setdefault("redirect_uris", (address,))
    options.setdefault("scopes", _REGISTERED.get(name))
    client_id, secret = host.oauth.app("Editor", **options)
    return host, auth.ClientApp(client_id, secret, redirect_uri=options["redirect_uris"][0], name="Editor")


def oauth(host: Host) -> OAuth:
    """How the host signs people in."""
    told = provider(host.settings.kind or "").oauth
    if told is None:
        raise LookupError(host)
    return told(host.url, host.settings)


def begin(client: Client, app: auth.ClientApp, scopes: tuple[str, ...] = ()) -> Pending:
    """A sign-in that waits for the address that a browser ends at."""
    return client.begin(scopes, app.redirect_uri or client.oauth.loopback, client.expect())


def come_back(host: Host, pending: Pending, user: str = "ann") -> Callback:
    """What the browser of a person who agrees comes back with."""
    return pasted(host.oauth.consent(user).answer(pending.url), pending.redirect_uri, pending.expected)
