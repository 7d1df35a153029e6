"""Opening a browser for a person, and telling whether there is one.

Python's own `webbrowser` starts browsers that run in a terminal (lynx, w3m), which would take over an editor's standard
input, and knows nothing of WSL: https://docs.python.org/3/library/webbrowser.html
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

#: Browsers in a terminal, by the names that distributions have for them.
_IN_TERMINAL: Final = frozenset(
    {"elinks", "links", "links2", "lynx", "w3m", "www-browser", "sensible-browser", "browsh"}
)
_Which = Callable[[str], str | None]


def command(
    url: str, environment: Mapping[str, str], platform: str, *, wsl: bool = False, which: _Which = shutil.which
) -> tuple[str, ...] | None:
    """What to start to show a page, `None` when nothing here can; a Windows of one's own needs no program.

    `platform` is that of `sys`. `BROWSER` is one or more commands, divided as paths are; `%s` in one is the address.
    """
    for each in environment.get("BROWSER", "").split(os.pathsep):
        chosen = _chosen(each, url, which)
        if chosen is not None:
            return chosen
    if platform == "darwin":
        return ("open", url)
    if wsl:
        return _in_windows(url, which)
    screen = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    opener = which("xdg-open") if screen else None
    return (opener, url) if opener else None


def headless(
    environment: Mapping[str, str], platform: str, *, wsl: bool = False, which: _Which = shutil.which
) -> str | None:
    """Why no browser of the person's can come back to this machine; `None` when one can.

    An editor's remote session opens pages on the person's machine and leads their port here (`VSCODE_IPC_HOOK_CLI` with
    `BROWSER`). Otherwise a container of one has no browser, nor has an SSH connection without a terminal, which is a
    tool's, nor one without a display. The signals are those that Git Credential Manager has found to be needed:
    https://github.com/git-ecosystem/git-credential-manager/blob/main/src/shared/Core/Interop/Linux/LinuxSessionManager.cs
    """
    if environment.get("VSCODE_IPC_HOOK_CLI") and environment.get("BROWSER"):
        return None
    if environment.get("REMOTE_CONTAINERS"):
        return "this is a container"
    if environment.get("SSH_CONNECTION"):
        screen = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
        if not (environment.get("SSH_TTY") and screen):
            return "this is an SSH connection"
    if platform == "win32":
        return None
    # Nobody looks at this address; it only stands for one.
    found = command("https://localhost/", environment, platform, wsl=wsl, which=which)
    return None if found is not None else "there is no display, or no browser on it"


def open_browser(url: str) -> bool:
    """Show a page in the person's browser, and say whether that was begun. Only http and https addresses are opened."""
    if not url.startswith(("https://", "http://")):
        return False
    chosen = command(url, os.environ, sys.platform, wsl=is_wsl())
    try:
        if chosen is None:
            return _started_by_windows(url)
        subprocess.Popen(  # noqa: S603  # no shell; an address stands in one argument
            chosen,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def why_headless() -> str | None:
    """`headless` here and now."""
    return headless(os.environ, sys.platform, wsl=is_wsl())


def is_wsl() -> bool:
    """Whether this Linux runs in a Windows, whose browser may take `localhost` for either of its addresses."""
    try:
        return sys.platform == "linux" and "microsoft" in Path("/proc/sys/kernel/osrelease").read_text("utf-8").lower()
    except OSError:
        return False


def _chosen(text: str, url: str, which: _Which) -> tuple[str, ...] | None:
    try:
        words = shlex.split(text, posix=os.name == "posix")
    except ValueError:
        return None
    if not words or Path(words[0]).stem.lower() in _IN_TERMINAL or which(words[0]) is None:
        return None
    if any("%s" in word for word in words[1:]):
        return (words[0], *(word.replace("%s", url) for word in words[1:]))
    return (*words, url)


def _in_windows(url: str, which: _Which) -> tuple[str, ...] | None:
    viewer = which("wslview")
    if viewer:
        return (viewer, url)
    shell = which("powershell.exe")
    # In PowerShell's single quotes nothing has a meaning but another one.
    quoted = url.replace("'", "''")
    return (shell, "-NoProfile", "-NonInteractive", "-Command", f"Start-Process '{quoted}'") if shell else None


def _started_by_windows(url: str) -> bool:
    # By its name, because it is there on Windows alone.
    start: Callable[[str], None] | None = getattr(os, "startfile", None)
    if start is None:
        return False
    start(url)
    return True
