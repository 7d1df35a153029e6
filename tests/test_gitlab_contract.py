"""GitLab keeps what every host promises: as on gitlab.com, without a licence below a path, and at its oldest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pullbridge.hosts.gitlab.versions import LOWEST
from pullbridge.testing import Forge, HostContract
from pullbridge.testing.contract import HostForge

OLDEST = ".".join(map(str, LOWEST))


class TestGitLab(HostContract):
    """As on gitlab.com."""

    @pytest.fixture
    def host_forge(self, forge: Forge) -> HostForge:
        return forge.gitlab


class TestCommunityEditionBelowAPath(HostContract):
    """The Community Edition on a server at `/gitlab`, with the project in a group that is in a group."""

    path = "octo/tools/app"

    @pytest.fixture
    def host_forge(self) -> Iterator[HostForge]:
        with Forge(gitlab_version="19.2.0", gitlab_root="/gitlab") as forge:
            yield forge.gitlab


class TestOldestGitLab(HostContract):
    """The oldest that is supported."""

    @pytest.fixture
    def host_forge(self) -> Iterator[HostForge]:
        with Forge(gitlab_version=f"{OLDEST}-ee") as forge:
            yield forge.gitlab
