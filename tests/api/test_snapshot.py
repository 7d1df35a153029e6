"""The public surface is the accepted one: what is added, taken away or changed was meant."""

from __future__ import annotations

import re

from tools.api_snapshot import accepted, differences, snapshot

import pullbridge


def test_the_surface_is_as_accepted() -> None:
    """Every public name and its signature; a change is accepted by writing it down."""
    said = differences(accepted(), snapshot())
    assert not said, "\n".join(["Meant? Then `python tools/api_snapshot.py --write`, and the changelog.", *said])


def test_nothing_public_is_left_out() -> None:
    """Each name that can be imported, and each noun with its verbs, has a line."""
    names = {re.split(r"[(:= ]", line)[0] for line in accepted()}
    assert {f"pullbridge.{name}" for name in pullbridge.__all__} <= names
    assert {
        "pullbridge.Repository.pulls.merge",
        "pullbridge.NotThere.what",
        "pullbridge.testing.Forge.github.token",
    } <= names
    assert "pullbridge.model.unset.Unset" in names, "what is only taken or given counts, too"


def test_lines_depend_on_the_code_alone() -> None:
    """No address of an object, no private name but in annotations, sorted, nothing twice."""
    lines = accepted()
    assert not [line for line in lines if re.search(r"0x[0-9a-f]{6}|<[a-z]", line)]
    assert not [line for line in lines if re.match(r"[\w.]*\._(?!_)", line)]
    assert len(set(lines)) == len(lines)
    assert snapshot() == snapshot()


def test_a_difference_is_told_by_name() -> None:
    """Added, removed, changed; what stayed is not mentioned."""
    before = ["p.a() -> int", "p.b: str", "p.C(x: int)", "p.C: class()", "p.D = 'd'"]
    after = ["p.C(x: int)", "p.C: class(Exception)", "p.D = 'd'", "p.a(x: int) -> int", "p.e"]
    assert differences(before, after) == [
        "changed: p.C: class()",
        "     to: p.C: class(Exception)",
        "changed: p.a() -> int",
        "     to: p.a(x: int) -> int",
        "removed: p.b: str",
        "added:   p.e",
    ]
    assert differences(before, before) == []
