"""A pull request on a forge's Bitbucket Cloud: see `tests.hosts.bitbucket_cloud.talking`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.hosts.bitbucket_cloud.lab import Lab, made
from tests.hosts.bitbucket_cloud.talking import Talk, begun

from pullbridge.hosts import waiting
from pullbridge.hosts.bitbucket_cloud import merging
from pullbridge.repository import confirm
from pullbridge.repository import merging as verbs
from pullbridge.testing import Forge
from pullbridge.transport import retry


@pytest.fixture
def talk(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """A pull request of `ada`'s with lines to comment on; pauses that nobody asked for are short."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(confirm, "_AGAIN", 0.02)
    with ExitStack() as stack:
        yield begun(forge, stack)


@pytest.fixture
def lab(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """`ada` administers a repository with a branch `fix`; pauses that nobody asked for are short."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(confirm, "_AGAIN", 0.02)
    monkeypatch.setattr(verbs, "_WAITS", (0.02,))
    monkeypatch.setattr(waiting, "WAITS", (0.02,))
    monkeypatch.setattr(merging, "_DOUBT", 0.2)
    with ExitStack() as stack:
        yield made(forge, stack)
