"""The scenes, closed after each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.testing.gitlab.graphql.scene import Scene, full_scene, plain_scene


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Scene]:
    """A merge request that nobody has looked at."""
    with closing(plain_scene(tmp_path)) as made:
        yield made


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A merge request with some of everything."""
    with closing(full_scene(tmp_path)) as made:
        yield made
