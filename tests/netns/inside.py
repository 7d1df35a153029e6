"""Runs inside a network namespace that has nothing but loopback: `python -m tests.netns.inside FOLDER SCENE`.

The folder holds what the parent has made: `hosts`, the certificate authority and the server's certificate. The forge
listens at 127.0.0.1:443 under GitHub's own names, and the library is told nothing but which authority to trust. What
came of it is printed as JSON: the scene's findings, and every address that this process connected to.
"""

from __future__ import annotations

import fcntl
import json
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.contract.github_life import GitHubLife

import pullbridge
from pullbridge import BridgeError, Settings, Token
from pullbridge.testing import Forge

PORT = 443
#: From <linux/sockios.h> and <linux/if.h>.
SIOCSIFFLAGS, IFF_UP_LOOPBACK_RUNNING = 0x8914, 0x1 | 0x8 | 0x40


def enter(folder: Path) -> None:
    """Bring loopback up, and put our own names over /etc/hosts, in this namespace alone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_LOOPBACK_RUNNING))
    subprocess.run(["mount", "--bind", str(folder / "hosts"), "/etc/hosts"], check=True)


def forge_named(folder: Path, name: str, **options: Any) -> Forge:
    """A forge that has this name, at the port that https means."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "server.pem")
    return Forge(name=name, address="127.0.0.1", port=PORT, tls=tls, **options)


def github_com(folder: Path) -> dict[str, Any]:
    """The whole life on https://github.com."""
    with forge_named(folder, "github.com") as forge:
        GitHubLife(forge.github, Settings(ca_bundle=folder / "ca.pem")).live()
        return _arrived(forge)


def enterprise(folder: Path) -> dict[str, Any]:
    """The whole life on an Enterprise Server that only its answers tell to be one."""
    with forge_named(folder, "ghe.test", enterprise_version="3.19.0") as forge:
        GitHubLife(forge.github, Settings(ca_bundle=folder / "ca.pem")).live()
        return _arrived(forge)


def elsewhere(folder: Path) -> dict[str, Any]:
    """Every other host, by name and by number; and hosts that are up, but that nobody named."""
    settings = Settings(ca_bundle=folder / "ca.pem", kind="github", retries=0, deadline=5)
    with forge_named(folder, "github.com") as forge:
        forge.github.repository("octo/app", files={"a.txt": "a\n"})
        token = Token(forge.github.token("ada"))
        addresses = ("https://gitlab.com", "https://code.example", "https://192.0.2.1", "https://[2001:db8::1]")
        errors = {each: _error(f"{each}/octo/app", token, settings) for each in addresses}
        forge.github.behave(redirect="https://ghe.test/api/v3/user")
        errors["redirected"] = _error(f"{forge.github.url}/octo/app", token, settings)
        return {"errors": errors}


def distrusted(folder: Path) -> dict[str, Any]:
    """A certificate of an authority that nobody trusts, or that somebody else trusts, and a name that it is not for."""
    with forge_named(folder, "github.com") as forge:
        forge.github.repository("octo/app", files={"a.txt": "a\n"})
        token, url = Token(forge.github.token("ada")), f"{forge.github.url}/octo/app"
        other, right = (Settings(ca_bundle=folder / name, retries=0) for name in ("other-ca.pem", "ca.pem"))
        errors = {
            "nobody's": _error(url, token, Settings(retries=0)),
            "another's": _error(url, token, other),
            "another name": _error(
                "https://unnamed.test/octo/app", token, Settings(ca_bundle=right.ca_bundle, kind="github", retries=0)
            ),
            "the right one": _error(url, token, right),
        }
        return {"errors": errors, "requests": len(forge.github.requests)}


def _arrived(forge: Forge) -> dict[str, Any]:
    requests = forge.github.requests
    return {
        "requests": len(requests),
        "hosts": sorted({each.headers["Host"] for each in requests}),
        "roots": sorted({each.path.split("/")[1] for each in requests}),
    }


def _error(url: str, token: Token, settings: Settings) -> str:
    try:
        with pullbridge.connect(url, credentials=token, settings=settings) as repository:
            list(repository.pulls.list())
    except BridgeError as error:
        return type(error).__name__
    return ""


SCENES: dict[str, Callable[[Path], dict[str, Any]]] = {
    scene.__name__: scene for scene in (github_com, enterprise, elsewhere, distrusted)
}


def main(folder: Path, scene: str) -> None:
    """Play one scene, watching every connection that is made."""
    enter(folder)
    connected: set[str] = set()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            connected.add(f"{arguments[1][0]}:{arguments[1][1]}")

    sys.addaudithook(watch)
    found = SCENES[scene](folder)
    print(json.dumps({**found, "connected": sorted(connected)}))  # noqa: T201  # what the parent reads


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
