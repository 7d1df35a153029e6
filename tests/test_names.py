"""The public names, as somebody gets them who has just imported the package."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "first",
    [
        "pullbridge.parse",
        "pullbridge.open_host",
        "pullbridge.connect",
        "importlib.import_module('pullbridge.connect')",
        "exec('from pullbridge.connect import parse')",
    ],
)
def test_connect_is_the_function_whatever_was_asked_for_first(first: str) -> None:
    """The module of the same name never takes its place."""
    code = f"import importlib, pullbridge; {first}; pullbridge.connect('https://github.com/octo/app').close()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
