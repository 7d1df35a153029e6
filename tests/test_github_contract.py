"""GitHub keeps what every host promises."""

from __future__ import annotations

import pytest

from pullbridge.testing import Forge, HostContract
from pullbridge.testing.contract import HostForge


class TestGitHub(HostContract):
    """As on github.com."""

    @pytest.fixture
    def host_forge(self, forge: Forge) -> HostForge:
        return forge.github
