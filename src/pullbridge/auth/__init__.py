"""Signing in, and credentials: what signs a request, where it comes from, where it is kept.

>>> from pullbridge import auth
>>> auth.plan("github", auth.READ, visibility="public").scopes
()

Nothing here prints, asks or talks to anybody but the host that is named. Names are loaded when they are first used, so that
importing this loads no OAuth library, no keyring and no cryptography.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pullbridge.auth.ambient import Ambient
    from pullbridge.auth.apps import ClientApp, app_from_environment
    from pullbridge.auth.events import Asking, EnterCode, Event, Ignored, Instead, OpenBrowser, SignedIn, Waiting
    from pullbridge.auth.installation import AppInstallation
    from pullbridge.auth.records import Grant, Key
    from pullbridge.auth.scopes import AUTHOR, MERGE, PROFILES, READ, REVIEW, Plan, excess, missing, plan
    from pullbridge.auth.signed import SignedOut, SignIn
    from pullbridge.auth.store import FileStore, KeyringStore, MemoryStore, Store
    from pullbridge.signing_in import resume, sign_in, sign_out
    from pullbridge.token_pages import token_page

_HOMES = {
    "auth.ambient": ("Ambient",),
    "auth.apps": ("ClientApp", "app_from_environment"),
    "auth.events": ("Asking", "EnterCode", "Event", "Ignored", "Instead", "OpenBrowser", "SignedIn", "Waiting"),
    "auth.installation": ("AppInstallation",),
    "auth.records": ("Grant", "Key"),
    "auth.scopes": ("AUTHOR", "MERGE", "PROFILES", "READ", "REVIEW", "Plan", "excess", "missing", "plan"),
    "auth.signed": ("SignIn", "SignedOut"),
    "auth.store": ("FileStore", "KeyringStore", "MemoryStore", "Store"),
    "signing_in": ("resume", "sign_in", "sign_out"),
    "token_pages": ("token_page",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "AUTHOR",
    "MERGE",
    "PROFILES",
    "READ",
    "REVIEW",
    "Ambient",
    "AppInstallation",
    "Asking",
    "ClientApp",
    "EnterCode",
    "Event",
    "FileStore",
    "Grant",
    "Ignored",
    "Instead",
    "Key",
    "KeyringStore",
    "MemoryStore",
    "OpenBrowser",
    "Plan",
    "SignIn",
    "SignedIn",
    "SignedOut",
    "Store",
    "Waiting",
    "app_from_environment",
    "excess",
    "missing",
    "plan",
    "resume",
    "sign_in",
    "sign_out",
    "token_page",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"pullbridge.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
