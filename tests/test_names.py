"""The public names, as somebody gets them who has just imported the package."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pullbridge


@pytest.mark.parametrize("first", ["parse", "open_host", "connect"])
def test_connect_is_the_function_whatever_was_asked_for_first(first: str) -> None:
    """The module of the same name never takes its place."""
    code = f"import pullbridge; pullbridge.{first}; assert callable(pullbridge.connect), pullbridge.connect"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_all_is_sorted_and_there() -> None:
    """Every name in `__all__` can be had, and stands in its place."""
    assert [name for name in pullbridge.__all__ if not hasattr(pullbridge, name)] == []
    assert list(pullbridge.__all__) == sorted(pullbridge.__all__, key=lambda name: (not name.isupper(), name))
