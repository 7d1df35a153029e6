"""Bitbucket Cloud keeps what every host promises, with what its API can do."""

from __future__ import annotations

import pytest

from pullbridge.testing import Forge, HostContract
from pullbridge.testing.contract import HostForge


class TestBitbucketCloud(HostContract):
    """As on bitbucket.org."""

    @pytest.fixture
    def host_forge(self, forge: Forge) -> HostForge:
        return forge.bitbucket_cloud


class TestDuplicatesRefused(HostContract):
    """Where a second pull request between the same branches is refused, and not written over the first."""

    @pytest.fixture
    def host_forge(self, forge: Forge) -> HostForge:
        forge.bitbucket_cloud.knobs.duplicate_pulls = "refused"
        return forge.bitbucket_cloud
