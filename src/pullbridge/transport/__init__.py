"""The guarded wire: the one way out, for every host, SDK and sign-in. Names are loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pullbridge.transport.call import Cancel, Repeat, limits, marked
    from pullbridge.transport.session import Dialect, HostSession, Refusal, Reply, Signer, Wire
    from pullbridge.transport.trace import Event

_HOMES = {
    "Cancel": "call",
    "Dialect": "session",
    "Event": "trace",
    "HostSession": "session",
    "Refusal": "session",
    "Repeat": "call",
    "Reply": "session",
    "Signer": "session",
    "Wire": "session",
    "limits": "call",
    "marked": "call",
}

__all__ = [
    "Cancel",
    "Dialect",
    "Event",
    "HostSession",
    "Refusal",
    "Repeat",
    "Reply",
    "Signer",
    "Wire",
    "limits",
    "marked",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
