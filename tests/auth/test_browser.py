"""Which browser is opened, and where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import pytest

from pullbridge.auth import browser

URL = "https://git.example/authorize?state=it's&x=$(id)"


def has(*names: str) -> Callable[[str], str | None]:
    return lambda name: f"/usr/bin/{name}" if name in names else None


@pytest.mark.parametrize(
    ("environment", "platform", "wsl", "there", "started"),
    [
        ({"DISPLAY": ":0"}, "linux", False, ("xdg-open",), ("/usr/bin/xdg-open", URL)),
        ({"WAYLAND_DISPLAY": "w"}, "linux", False, ("xdg-open",), ("/usr/bin/xdg-open", URL)),
        ({"TERM": "xterm"}, "linux", False, ("xdg-open", "lynx"), None),
        ({"TERM": "xterm", "BROWSER": "lynx"}, "linux", False, ("lynx",), None),
        ({"BROWSER": "/usr/bin/w3m -x %s"}, "linux", False, ("/usr/bin/w3m",), None),
        ({"BROWSER": "firefox"}, "linux", False, ("firefox",), ("firefox", URL)),
        ({"BROWSER": "firefox --new %s"}, "linux", False, ("firefox",), ("firefox", "--new", URL)),
        (
            {"BROWSER": os.pathsep.join(("lynx", "gone", "firefox"))},
            "linux",
            False,
            ("lynx", "firefox"),
            ("firefox", URL),
        ),
        ({"BROWSER": "'open"}, "linux", False, ("firefox",), None),
        ({}, "linux", True, ("wslview", "powershell.exe"), ("/usr/bin/wslview", URL)),
        ({}, "linux", True, (), None),
        ({}, "darwin", False, (), ("open", URL)),
        ({}, "win32", False, (), None),
    ],
)
def test_what_is_started(
    environment: Mapping[str, str], platform: str, wsl: bool, there: tuple[str, ...], started: tuple[str, ...] | None
) -> None:
    """A browser of the person's desktop, never one in a terminal, with the address as one argument."""
    assert browser.command(URL, environment, platform, wsl=wsl, which=has(*there)) == started


def test_windows_from_wsl() -> None:
    """PowerShell gets the address in quotes in which nothing but a quote has a meaning."""
    started = browser.command(URL, {}, "linux", wsl=True, which=has("powershell.exe"))
    assert started is not None
    assert started[-1] == "Start-Process 'https://git.example/authorize?state=it''s&x=$(id)'"


@pytest.mark.parametrize(
    ("environment", "platform", "can"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({}, "linux", False),
        ({"SSH_CONNECTION": "1 2 3 4"}, "linux", False),
        ({"SSH_CONNECTION": "1 2 3 4", "DISPLAY": ":0"}, "linux", False),
        ({"SSH_CONNECTION": "1 2 3 4", "SSH_TTY": "/dev/pts/0"}, "darwin", False),
        ({"SSH_CONNECTION": "1 2 3 4", "SSH_TTY": "/dev/pts/0", "DISPLAY": "localhost:10"}, "linux", True),
        ({"REMOTE_CONTAINERS": "true", "DISPLAY": ":0"}, "linux", False),
        ({"VSCODE_IPC_HOOK_CLI": "/run/x.sock"}, "linux", False),
        ({"VSCODE_IPC_HOOK_CLI": "/run/x.sock", "BROWSER": "/vscode/browser.sh"}, "linux", True),
        ({"VSCODE_IPC_HOOK_CLI": "/x", "BROWSER": "/vscode/browser.sh", "REMOTE_CONTAINERS": "true"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_signals_of_a_machine_without_a_screen(environment: Mapping[str, str], platform: str, can: bool) -> None:
    """An editor's remote session has the person's browser; a container, a tool's connection and no display have none."""
    assert (browser.headless(environment, platform, which=has("xdg-open", "/vscode/browser.sh")) is None) is can


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "-version", "vscode://x"])
def test_only_pages_are_opened(url: str) -> None:
    """Nothing but a page of the web is handed to a desktop."""
    assert browser.open_browser(url) is False


def test_what_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that cannot be started is said, and nothing is raised."""
    monkeypatch.setattr(browser, "command", lambda *_, **__: ("/nowhere/browser", URL))
    assert browser.open_browser(URL) is False


def test_a_desktop_without_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be started, that is said."""
    monkeypatch.setattr(browser, "command", lambda *_, **__: None)
    monkeypatch.delattr(os, "startfile", raising=False)
    assert browser.open_browser(URL) is False
