"""What the judge of the types makes of pyright's report."""

from __future__ import annotations

from typing import Any

from tools.verify_types import problems


def name(known: bool = True, ambiguous: bool = False, *messages: str) -> dict[str, Any]:
    """One name of a report. https://github.com/microsoft/pyright/blob/main/docs/command-line.md"""
    said = [{"severity": "error", "message": message} for message in messages]
    said.append({"severity": "information", "message": "No docstring"})
    return {"name": "pullbridge.x", "isTypeKnown": known, "isTypeAmbiguous": ambiguous, "diagnostics": said}


def judged(*names: dict[str, Any]) -> list[str]:
    return list(problems({"typeCompleteness": {"symbols": list(names)}}))


def test_known_types_are_no_problem() -> None:
    """Nor is what pyright says besides."""
    assert judged(name(), name()) == []


def test_every_other_name_is_told_with_its_reason() -> None:
    """Unknown or ambiguous: each reason on one line."""
    unknown = name(False, False, "Type of parameter is unknown\n\u00a0\u00a0It is x", "Return type is unknown")
    assert judged(name(), unknown, name(True, True, "Ambiguous")) == [
        "pullbridge.x: Type of parameter is unknown It is x",
        "pullbridge.x: Return type is unknown",
        "pullbridge.x: Ambiguous",
    ]


def test_a_name_without_a_reason_is_still_told() -> None:
    """What is counted against the package is never left out of the list."""
    assert judged(name(False)) == ["pullbridge.x: its type is not known"]


def test_nothing_looked_at_is_a_problem() -> None:
    """An empty report is not a perfect one."""
    assert judged() != []
    assert list(problems({})) != []
