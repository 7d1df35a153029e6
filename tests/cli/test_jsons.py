"""Values as JSON."""

from __future__ import annotations

import json

import pytest
from tests.cli import samples

from pullbridge.capabilities import YES, Can, Capabilities
from pullbridge.cli import jsons


def test_a_panel_becomes_json() -> None:
    """Fields keep their names, enums are their values, times are ISO 8601, abilities are answered by name."""
    made = json.loads(jsons.dumps(samples.panel(can=Capabilities({Can.MERGE: YES}))))
    assert made["pull"]["state"] == "open"
    assert made["pull"]["updated_at"] == "2026-03-01T14:00:00Z"
    assert made["threads"][1]["anchor"]["side"] == "old"
    assert made["can"]["merge"]["state"] == "yes"
    assert made["pull"]["milestone"] is None


def test_json_is_ascii() -> None:
    """An escape sequence in a title cannot act on a terminal that shows the JSON, and stays in the value."""
    text = jsons.dumps(samples.pull(title="\x9b31m 購"))
    assert text.isascii()
    assert json.loads(text)["title"] == "\x9b31m 購"


def test_what_has_no_form_is_refused() -> None:
    """A stray object is a programming error."""
    with pytest.raises(TypeError, match="object has no form in JSON"):
        jsons.dumps(object())
