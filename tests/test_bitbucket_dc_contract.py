"""Data Center keeps what every host promises: at its newest, below a context path in somebody's own, and at its oldest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pullbridge.hosts.bitbucket_dc.versions import LOWEST
from pullbridge.testing import Forge, HostContract
from pullbridge.testing.contract import HostForge

OLDEST = ".".join(map(str, LOWEST))


class TestDataCenter(HostContract):
    """The newest."""

    path = "OCTO/app"

    @pytest.fixture
    def host_forge(self, forge: Forge) -> HostForge:
        return forge.bitbucket_dc


class TestPersonalBelowAPath(HostContract):
    """A personal repository, on an instance at `/bitbucket`."""

    path = "~octo/app"

    @pytest.fixture
    def host_forge(self) -> Iterator[HostForge]:
        with Forge(dc_context="/bitbucket") as forge:
            yield forge.bitbucket_dc


class TestOldestDataCenter(HostContract):
    """The oldest that is supported."""

    path = "OCTO/app"

    @pytest.fixture
    def host_forge(self) -> Iterator[HostForge]:
        with Forge(dc_version=OLDEST) as forge:
            yield forge.bitbucket_dc
