"""Data Center keeps what every host promises: at its newest, below a context path in somebody's own, and at its oldest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from pullbridge.hosts.bitbucket_dc.versions import LOWEST
from pullbridge.testing import Forge, HostContract
from pullbridge.testing.contract import HostForge

OLDEST = ".".join(map(str, LOWEST))


class OneForge(HostContract):
    """One forge serves all tests of a class: to make it anew for each took most of their time."""

    options: ClassVar[dict[str, Any]] = {}
    __test__ = False

    @pytest.fixture(scope="class")
    @classmethod
    def served(cls) -> Iterator[Forge]:
        """The forge, with whatever earlier tests have left in it."""
        with Forge(**cls.options) as forge:
            yield forge

    @pytest.fixture
    def host_forge(self, served: Forge) -> HostForge:
        """Its Data Center, without a repository and as well as ever."""
        host = served.bitbucket_dc
        host.behave()
        with host.store.lock:
            for repository in host.store.repositories.all():
                host.store.repositories.delete(repository)
                repository.git.close()
        host.requests.clear()
        return host


class TestDataCenter(OneForge):
    """The newest."""

    __test__ = True
    path = "OCTO/app"


class TestPersonalBelowAPath(OneForge):
    """A personal repository, on an instance at `/bitbucket`."""

    __test__ = True
    path = "~octo/app"
    options: ClassVar[dict[str, Any]] = {"dc_context": "/bitbucket"}


class TestOldestDataCenter(OneForge):
    """The oldest that is supported."""

    __test__ = True
    path = "OCTO/app"
    options: ClassVar[dict[str, Any]] = {"dc_version": OLDEST}
