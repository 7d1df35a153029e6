"""One forge with one pull request a test, and no pause longer than it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.hostile.scene import Scene, made

from pullbridge.repository import confirm, merging
from pullbridge.testing import Forge
from pullbridge.transport import retry


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that nobody asked for are short; those that a host asks for stay."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(confirm, "_AGAIN", 0.02)
    monkeypatch.setattr(merging, "_WAITS", (0.02,))
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GH_HOST", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def _shared() -> Iterator[Scene]:
    with Forge() as forge, ExitStack() as stack:
        yield made(forge, stack)


@pytest.fixture
def still(_shared: Scene) -> Iterator[Scene]:
    """The scene for tests that change nothing on the host; all of a module's share it."""
    _shared.requests.clear()
    yield _shared
    _shared.host.behave()


@pytest.fixture
def scene(forge: Forge) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield made(forge, stack)
