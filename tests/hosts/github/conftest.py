"""A repository with one open pull request on a forge: see `tests.hostile.scene`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.hostile.scene import Scene, made

from pullbridge.repository import confirm, merging
from pullbridge.testing import Forge
from pullbridge.transport import retry


@pytest.fixture
def scene(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """`ada` opened pull request 1; pauses that nobody asked for are short."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(confirm, "_AGAIN", 0.02)
    monkeypatch.setattr(merging, "_WAITS", (0.02,))
    with ExitStack() as stack:
        yield made(forge, stack)
