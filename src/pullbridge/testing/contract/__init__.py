"""What every host promises: a test class that the author of an adapter subclasses.

    from pullbridge.testing import HostContract

    class TestGitea(HostContract):
        @pytest.fixture
        def host_forge(self):
            with MyGitea() as gitea:       # a server of your own, or `forge.github` of a `Forge`
                yield gitea

The fixture `host_forge` gives the server's face: see `HostForge`. A test that needs what the host cannot is skipped with
the reason that the host's own capabilities give; so the capabilities are tested, too.
"""

from __future__ import annotations

from pullbridge.testing.contract.merging import MergingContract
from pullbridge.testing.contract.pulls import PullsContract
from pullbridge.testing.contract.reviews import ReviewsContract
from pullbridge.testing.contract.scene import Handle, HostForge, Scene
from pullbridge.testing.contract.threads import ThreadsContract
from pullbridge.testing.contract.whole import WholeContract

__all__ = ["Handle", "HostContract", "HostForge", "Scene"]


class HostContract(PullsContract, ThreadsContract, ReviewsContract, MergingContract, WholeContract):
    """All of it. Override the fixture `host_forge`; `path` and `credentials` where your host wants others."""
