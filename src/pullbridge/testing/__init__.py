"""A stand-in for the hosts on this machine: real git repositories, the hosts' own wire protocols, no account, no network.

    with Forge() as forge:
        app = forge.github.repository("octo/app", files={"a.txt": "one"})
        token = pullbridge.Token(forge.github.token("ada"))
        with pullbridge.connect(app.url, credentials=token, settings=forge.github.settings) as repo:
            ...

It is a stand-in: what it answers is checked against the hosts' published specifications, and where those are silent it
rests on facts that the code names. It is no proof of what a host does. It needs `pullbridge[testing]` and git 2.38.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pullbridge.testing.contract import HostContract
    from pullbridge.testing.faults import Exchange, Fault
    from pullbridge.testing.forge import Forge
    from pullbridge.testing.host import RepositoryHandle

__all__ = ["Exchange", "Fault", "Forge", "HostContract", "RepositoryHandle"]

_HOMES = {
    "Exchange": "pullbridge.testing.faults",
    "Fault": "pullbridge.testing.faults",
    "Forge": "pullbridge.testing.forge",
    "HostContract": "pullbridge.testing.contract",
    "RepositoryHandle": "pullbridge.testing.host",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
