"""What the documents name is there: names of the library, verbs, parameters, commands, targets and files."""

from __future__ import annotations

import builtins
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tools.docgen.api import nouns
from tools.docgen.cli import commands

import pullbridge
import pullbridge.anchoring
import pullbridge.auth
import pullbridge.testing
from pullbridge import errors, ports
from pullbridge.cli.app import app
from pullbridge.testing import Fault, Forge
from pullbridge.testing.github.host import GitHub

ROOT = Path(__file__).parent.parent
WRITTEN = [path for path in sorted((ROOT / "docs").rglob("*.md")) if path.parent.name != "reference"]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *WRITTEN]
_FENCED = re.compile(r"^```.*?^```\n", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`([^`\n]+)`")
_WORD = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)*")
#: Written with a capital, and nobody's name in Python: settings, headers, other libraries' and this page's own.
_FOREIGN = {"Github", "AcmeHost"}
_NOUNS = nouns()


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _quoted(page: Path) -> Iterator[str]:
    return iter(_QUOTED.findall(_FENCED.sub("", page.read_text("utf-8"))))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_names_are_there(page: Path) -> None:
    """A name in backquotes can be had: `pullbridge.x`, `repo.noun.verb`, `noun.verb`, `Can.X`, a class."""
    assert [text for text in _quoted(page) if not _is_there(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_parameters_are_there(page: Path) -> None:
    """A keyword in backquotes is one that some public function takes, or a field of a value."""
    named = {each for text in _quoted(page) for each in re.findall(r"\b([a-z_]+)=(?!=)", text)}
    assert named - _parameters() == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_files_are_there(page: Path) -> None:
    """A path in backquotes is one of this project's, from its root, from the package, or from GitHub's folder."""
    quoted = (text.replace("HOST", "github") for text in _quoted(page))
    paths = [text for text in quoted if re.fullmatch(r"[\w./]+(\.py|\.md|\.toml|/)|tests/[\w/]+", text)]
    assert [path for path in paths if not any((root / path).exists() for root in _roots(page))] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_and_targets_are_there(page: Path) -> None:
    """`pullbridge x` is a command, `make x` a target of the Makefile, also in the blocks that show a terminal."""
    text = page.read_text("utf-8")
    known = {words.partition(" ")[0] for words, _ in commands(app)}
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)pullbridge ([a-z]+)", text, re.MULTILINE)) <= known
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets


def test_there_is_something_to_check() -> None:
    """The patterns find what they are meant to find."""
    quoted = [text for page in PAGES for text in _quoted(page)]
    for wanted in ("repo.budget", "Can.APPLY_SUGGESTION", "pullbridge.testing.Forge", "reviews.resume", "Stale"):
        assert any(wanted in text for text in quoted), wanted


def _is_there(text: str) -> bool:
    """Whether what is quoted is no name of ours, or one that can be had."""
    head = re.match(r"[\w.]+", text)
    if head is None:
        return True
    first, *rest = head[0].rstrip(".").split(".")
    if first == "pullbridge" and rest:
        return _found(pullbridge, rest)
    if rest[:1] in (["py"], ["md"]):
        return True
    if first in {"repo", "host"} and rest:
        return _has(pullbridge.Repository if first == "repo" else pullbridge.Host, rest)
    if first in _NOUNS and rest:
        return _has(pullbridge.Repository, [first, *rest])
    if _WORD.fullmatch(first) and (rest or head[0] == text or text[len(first)] == "("):
        return _class(first, rest)
    return True


def _found(thing: Any, names: list[str]) -> bool:
    for each in names:
        if not hasattr(thing, each):
            try:
                import_module(f"{thing.__name__}.{each}")
            except (ImportError, AttributeError):
                return False
        thing = getattr(thing, each)
    return True


def _has(kind: type, names: list[str]) -> bool:
    first, *rest = names
    return _found(_NOUNS[first], rest) if first in _NOUNS and rest else hasattr(kind, first)


def _class(first: str, rest: list[str]) -> bool:
    if first in _FOREIGN or hasattr(builtins, first) or len(first) == 1:
        return True
    homes = (pullbridge, pullbridge.testing, pullbridge.anchoring, pullbridge.auth, ports, errors)
    kind = next((getattr(home, first) for home in homes if hasattr(home, first)), None)
    if kind is None:
        # A word that begins with a capital and is no class: only those of two words or more are surely names.
        return len(re.findall("[A-Z]", first)) == 1 and not rest
    return not rest or rest[0] in getattr(kind, "__dataclass_fields__", {}) or _found(kind, rest)


@cache
def _parameters() -> frozenset[str]:
    public = [getattr(home, each) for home in (pullbridge, pullbridge.auth) for each in home.__all__]
    verbs = [verb for kind in (*_NOUNS.values(), pullbridge.Repository, pullbridge.Host) for verb in _functions(kind)]
    forge = [*_functions(Forge), *_functions(GitHub), *_functions(pullbridge.testing.RepositoryHandle), Fault]
    found = {each for thing in (*public, *verbs, *forge) for each in _taken(thing)}
    return frozenset(found)


def _functions(kind: type) -> list[Any]:
    return [value for name, value in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")]


def _taken(thing: Any) -> set[str]:
    if isinstance(thing, type) and is_dataclass(thing):
        return {each.name for each in fields(thing)}
    try:
        return set(inspect.signature(thing).parameters)
    except (TypeError, ValueError):
        return set()


def _roots(page: Path) -> tuple[Path, ...]:
    package = ROOT / "src" / "pullbridge"
    return ROOT, package, package / "hosts" / "github", page.parent
