"""A position as it is sent: https://docs.gitlab.com/api/discussions/#create-new-merge-request-thread"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from pullbridge.testing.gitlab.asking import Ask
from pullbridge.testing.gitlab.errors import parameters
from pullbridge.testing.gitlab.positions import Position, PositionType

_NUMBERS = ("new_line", "old_line", "width", "height")


def position_of(ask: Ask, *, range_lines: Literal["text", "number"] = "text") -> Position | None:
    """The position in the parameters, checked as Grape does; `None` without one.

    `range_lines`: what the line numbers of a range are kept as. Discussions declare them as strings, drafts as numbers.
    """
    if ask.raw("position") in {None, ""} if not isinstance(ask.raw("position"), dict) else False:
        return None
    sent = ask.inner("position")
    sent.need("base_sha", "start_sha", "head_sha", "position_type")
    types = ("text", "image", "file") if ask.at_least(16, 4) else ("text", "image")
    numbers = {name: sent.number(name) for name in _NUMBERS}
    return Position(
        base_sha=sent.text("base_sha"),
        start_sha=sent.text("start_sha"),
        head_sha=sent.text("head_sha"),
        position_type=cast("PositionType", sent.choice("position_type", types)),
        new_path=sent.text("new_path"),
        old_path=sent.text("old_path"),
        line_range=_range(sent.raw("line_range"), range_lines),
        x=_spot(sent.raw("x"), "x"),
        y=_spot(sent.raw("y"), "y"),
        **numbers,
    )


def _spot(value: Any, name: str) -> float | None:
    if value is None or value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise parameters(f"position[{name}] is invalid") from error


def _range(sent: Any, lines: Literal["text", "number"]) -> Mapping[str, Any] | None:
    if sent is None:
        return None
    if not isinstance(sent, dict):
        raise parameters("position[line_range] is invalid")
    found: dict[str, Any] = {}
    for name in ("start", "end"):
        end = sent.get(name)
        if end is not None and not isinstance(end, dict):
            raise parameters(f"position[line_range][{name}] is invalid")
        if end is not None:
            found[name] = {key: _kept(key, value, name, lines) for key, value in end.items()}
    return found


def _kept(key: str, value: Any, end: str, lines: Literal["text", "number"]) -> Any:
    if value is None or key not in {"old_line", "new_line", "line_code", "type"}:
        return value
    if key in {"old_line", "new_line"} and lines == "number":
        if isinstance(value, bool) or not str(value).lstrip("-").isdecimal():
            raise parameters(f"position[line_range][{end}][{key}] is invalid")
        return int(value)
    if isinstance(value, dict | list):
        raise parameters(f"position[line_range][{end}][{key}] is invalid")
    return str(value)
