"""A repository on a forge's Data Center: see `tests.hosts.bitbucket_dc.lab` and, of a plainer one, `center`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.hosts.bitbucket_dc import center as plainer
from tests.hosts.bitbucket_dc.center import Center
from tests.hosts.bitbucket_dc.lab import PATH, Lab, made

from pullbridge.hosts import waiting
from pullbridge.repository import confirm, placing
from pullbridge.repository import merging as verbs
from pullbridge.testing import Forge
from pullbridge.transport import retry


@pytest.fixture
def lab(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """`ada` has a pull request with lines to comment on; a parameter is the version, of which 9.2.0 is the newest.

    Below a context path, so that every test shows that it stays. Pauses that nobody asked for are short.
    """
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(confirm, "_AGAIN", 0.02)
    monkeypatch.setattr(placing, "_WAITS", (0.02,))
    version = getattr(request, "param", "9.2.0")
    with ExitStack() as stack:
        forge = stack.enter_context(Forge(dc_version=version, dc_context="/bitbucket"))
        yield made(forge, stack, PATH)


@pytest.fixture
def center(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Center]:
    """`ada` administers a repository with a branch `fix`; pauses that nobody asked for are short."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(confirm, "_AGAIN", 0.02)
    monkeypatch.setattr(verbs, "_WAITS", (0.02,))
    monkeypatch.setattr(waiting, "WAITS", (0.02,))
    with ExitStack() as stack:
        yield plainer.made(forge, stack)
