"""The scenes, closed after each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.testing.github.graphql.scene import Scene, plain_scene, scene_of


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Scene]:
    """A pull request that nobody has looked at."""
    with closing(plain_scene(tmp_path)) as made:
        yield made


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A pull request with some of everything."""
    with closing(scene_of(tmp_path)) as made:
        yield made
