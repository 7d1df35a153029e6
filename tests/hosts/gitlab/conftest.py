"""A project on a forge's GitLab: see `tests.hosts.gitlab.lab`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.hosts.gitlab.lab import Lab, made
from tests.hosts.gitlab.talking import Talk, begun

from pullbridge.hosts import waiting
from pullbridge.hosts.gitlab import merging
from pullbridge.repository import confirm, placing
from pullbridge.repository import merging as verbs
from pullbridge.testing import Forge
from pullbridge.transport import retry


@pytest.fixture
def lab(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """`ada` owns a project with a branch `fix`; pauses that nobody asked for are short."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(confirm, "_AGAIN", 0.02)
    monkeypatch.setattr(verbs, "_WAITS", (0.02,))
    monkeypatch.setattr(waiting, "WAITS", (0.02,))
    monkeypatch.setattr(merging, "_DOUBT", 0.3)
    with ExitStack() as stack:
        yield made(forge, stack)


@pytest.fixture
def talk(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A merge request of `ada`'s with lines to comment on."""
    monkeypatch.setattr(placing, "_WAITS", (0.02,))
    return begun(lab)
