"""The pytest plugin: a fixture `forge`, new for each test. Loaded by pytest wherever pullbridge is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pullbridge.testing.forge import Forge

pytest.register_assert_rewrite("pullbridge.testing.contract")


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A stand-in for the hosts: see `pullbridge.testing.Forge`."""
    from pullbridge.testing.forge import Forge  # noqa: PLC0415 - tests that do not ask for it should not pay for it

    with Forge() as made:
        yield made
