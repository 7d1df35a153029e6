"""Values as JSON, on the standard output."""

from __future__ import annotations

import json

import pytest
from tests.cli import samples

from pullbridge.capabilities import YES, Can, Capabilities
from pullbridge.cli import jsons


def test_a_panel_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """One document, indented, with a line end."""
    jsons.write(samples.panel(can=Capabilities({Can.MERGE: YES})))
    out = capsys.readouterr().out
    made = json.loads(out)
    assert made["pull"]["state"] == "open"
    assert made["pull"]["updated_at"] == "2026-03-01T14:00:00Z"
    assert made["can"]["merge"]["state"] == "yes"
    assert out.startswith('{\n  "pull": {\n')
    assert out.endswith("}\n")


def test_what_is_printed_is_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    """An escape sequence in a title cannot act on a terminal that shows the JSON, and stays in the value."""
    jsons.write(samples.pull(title="\x9b31m 購"))
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out)["title"] == "\x9b31m 購"
