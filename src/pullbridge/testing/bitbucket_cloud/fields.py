"""Partial answers: `fields=values.id,next`, `fields=+values.participants`, `fields=-values.links`.

https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Path = tuple[str, ...]


def paths(text: str) -> tuple[list[Path], list[Path], list[Path]]:
    """What is asked for alone, in addition, and left out."""
    alone: list[Path] = []
    more: list[Path] = []
    less: list[Path] = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        # an unescaped plus arrives as a space, and Bitbucket takes it for a plus: `word` was stripped of it
        target = more if word[0] == "+" else less if word[0] == "-" else alone
        target.append(tuple(word.lstrip("+-").split(".")))
    return alone, more, less


def partial(payload: Any, text: str, hidden: Iterable[str] = ()) -> Any:
    """The answer as it was asked for. What is `hidden` is there only for those who name it."""
    alone, more, less = paths(text)
    wanted = [*alone, *more]
    gone = [path for path in (tuple(name.split(".")) for name in hidden) if not _named(path, wanted)]
    shown = _without(payload, [*gone, *less])
    return _only(shown, wanted) if alone else shown


def _named(path: Path, wanted: list[Path]) -> bool:
    """Whether a hidden field is asked for by itself, or by something in it."""
    return any(_covers(each[: len(path)], path) for each in wanted if len(each) >= len(path))


def _covers(pattern: Path, path: Path) -> bool:
    return all(one in {"*", other} for one, other in zip(pattern, path, strict=True))


def _without(value: Any, less: list[Path]) -> Any:
    if not less:
        return value
    if isinstance(value, list):
        return [_without(each, less) for each in value]
    if not isinstance(value, dict):
        return value
    gone = {path[0] for path in less if len(path) == 1}
    if "*" in gone:
        return {}
    return {key: _without(each, _below(key, less)) for key, each in value.items() if key not in gone}


def _only(value: Any, alone: list[Path]) -> Any:
    if isinstance(value, list):
        return [_only(each, alone) for each in value]
    if not isinstance(value, dict):
        return value
    shown: dict[str, Any] = {}
    for key, each in value.items():
        below = _below(key, alone)
        if () in below:
            shown[key] = each
        elif below and (each is None or isinstance(each, dict | list)):
            shown[key] = _only(each, below)
    return shown


def _below(key: str, wanted: list[Path]) -> list[Path]:
    return [path[1:] for path in wanted if path and path[0] in {"*", key}]
