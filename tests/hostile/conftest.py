"""One forge with one pull request a test, and no pause longer than it has to be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.hostile.scene import Scene, made
from tests.hostile.site import KINDS, Site, opened

from pullbridge.hosts import waiting
from pullbridge.hosts.bitbucket_cloud import merging as cloud_merging
from pullbridge.hosts.gitlab import merging as gitlab_merging
from pullbridge.repository import confirm, merging, placing
from pullbridge.testing import Forge
from pullbridge.transport import retry


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that nobody asked for are short; those that a host asks for stay."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(confirm, "_AGAIN", 0.02)
    for module, name in ((merging, "_WAITS"), (placing, "_WAITS"), (waiting, "WAITS")):
        monkeypatch.setattr(module, name, (0.02,))
    monkeypatch.setattr(gitlab_merging, "_DOUBT", 0.3)
    monkeypatch.setattr(cloud_merging, "_DOUBT", 0.2)
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "GH_", "GITLAB_", "GL_", "CI_", "OAUTH_", "BITBUCKET_")):
            monkeypatch.delenv(name)


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


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, forge: Forge) -> Iterator[Site]:
    """The scene on each host; `@pytest.mark.parametrize("site", ["gitlab"], indirect=True)` names some of them."""
    with ExitStack() as stack:
        yield opened(forge, stack, request.param)


@pytest.fixture(scope="module")
def _shared_sites() -> Iterator[Callable[[str], Site]]:
    with Forge() as forge, ExitStack() as stack:
        made: dict[str, Site] = {}

        def of(kind: str) -> Site:
            if kind not in made:
                made[kind] = opened(forge, stack, kind)
            return made[kind]

        yield of


@pytest.fixture(params=KINDS)
def still_site(request: pytest.FixtureRequest, _shared_sites: Callable[[str], Site]) -> Iterator[Site]:
    """The same for tests that change nothing on the host; all of a module's share it."""
    site = _shared_sites(request.param)
    handle = site.host._wire._handle
    site.requests.clear()
    yield site
    site.host.behave()
    site.host._wire._handle = handle
