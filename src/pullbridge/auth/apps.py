"""The application that a person signs in to: registered at the host by whoever uses this library. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pullbridge.model.credentials import Unpicklable

#: What stands for itself where no variable names another host.
_SERVICES = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket-cloud": "bitbucket.org"}


@dataclass(frozen=True, slots=True)
class ClientApp(Unpicklable):
    """An application as one host knows it. This library ships none; see how to register one in the documentation.

    `client_secret` is for hosts that insist on one; a secret that is handed out with a program is none (RFC 8252, section
    8.5). `redirect_uri` is the registered address to come back to, where it is not the one that this library proposes.
    `name` is what people know it by; it is shown beside a device's code. Raises `ValueError` for an empty id, or one that
    no request can carry.
    """

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    redirect_uri: str | None = None
    name: str = "pullbridge"

    def __post_init__(self) -> None:
        told = (self.client_id, *(each for each in (self.client_secret, self.redirect_uri) if each is not None))
        if not all(re.fullmatch("[!-~]+", each) for each in told):
            raise ValueError("an application's id, secret and address are not empty, and have only visible ASCII signs")


def app_from_environment(kind: str, host: str, environment: Mapping[str, str]) -> ClientApp | None:
    """The application that the environment names for one host (`git.example`, with its port where it has one).

    `PULLBRIDGE_GITLAB_CLIENT_ID`, `…_CLIENT_SECRET` and `…_REDIRECT_URI` are for gitlab.com, unless `…_CLIENT_HOST` names
    another host; so for the other products. `None` where there is none for this very host. Raises `ValueError` as
    `ClientApp` does.
    """
    prefix = f"PULLBRIDGE_{kind.upper().replace('-', '_')}"

    def said(name: str) -> str | None:
        return environment.get(f"{prefix}_{name}", "").strip() or None

    client_id = said("CLIENT_ID")
    if client_id is None or (said("CLIENT_HOST") or _SERVICES.get(kind, "")).lower() != host.lower():
        return None
    return ClientApp(client_id, said("CLIENT_SECRET"), said("REDIRECT_URI"))
