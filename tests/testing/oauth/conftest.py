"""A forge for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pullbridge.testing import Forge


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A forge of the test's own."""
    with Forge() as made:
        yield made
