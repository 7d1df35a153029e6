"""The public surface as text: `python tools/api_snapshot.py` compares it; with `--write`, accept it as it is now.

One line a name, sorted: what `pullbridge`, `pullbridge.anchoring`, `pullbridge.auth` and `pullbridge.testing` offer, the nouns of a
repository, the hosts of a forge, and the values that these take and give. A line of `tests/api/snapshot.txt` that changes
is a change for those who use the library, and belongs in the changelog.
"""

from __future__ import annotations

import argparse
import ast
import functools
import inspect
import re
import sys
import textwrap
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from pullbridge.repository.verb import Noun
from pullbridge.testing.host import Host as ForgeHost

SNAPSHOT = Path(__file__).parents[1] / "tests" / "api" / "snapshot.txt"
MODULES = ("pullbridge", "pullbridge.anchoring", "pullbridge.auth", "pullbridge.testing")
#: Reached through an attribute, and shown in its place.
_REACHED = (Noun, ForgeHost)
#: Made by the library alone: how is nobody's business.
_MADE_ELSEWHERE = frozenset({"Host", "SignIn", "Listing", "Repository", "RepositoryHandle", "HostContract"})
_SPECIAL = frozenset(f"__{name}__" for name in ("bool", "call", "contains", "enter", "exit", "getitem", "iter", "len"))


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is read without a call, and where its annotation was written."""

    annotation: str
    home: str


class Text:
    """Stands in a signature for what prints itself differently from one Python to the next."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def snapshot() -> list[str]:
    """The lines, sorted by name."""
    shown = {id(thing) for thing in _offered().values()}
    waiting, lines = deque(_offered().items()), set[str]()
    while waiting:
        for line, said, home in _described(*waiting.popleft()):
            lines.add(line)
            fresh = {name: thing for name, thing in _values(said, home) if id(thing) not in shown}
            shown |= {id(thing) for thing in fresh.values()}
            waiting.extend(fresh.items())
    return sorted(lines, key=lambda line: (_key(line), line))


@functools.cache
def _offered() -> Mapping[str, Any]:
    """What is imported by name."""
    modules = {home: import_module(home) for home in MODULES}
    return {f"{home}.{name}": getattr(module, name) for home, module in modules.items() for name in module.__all__}


def _key(line: str) -> str:
    """The name, and whether the line says which class it is or how it is made."""
    found = re.match(r"[\w.]+(: class)?", line)
    return found.group() if found else line


# Names to lines ------------------------------------------------------------------------------------------------------

#: A line, the annotations in it, and the module that they were written in.
Described = tuple[str, str, str]


def _described(name: str, thing: Any) -> Iterator[Described]:
    if isinstance(thing, UnionType):
        yield f"{name} = {' | '.join(each.__name__ for each in thing.__args__)}", "", ""
    elif not isinstance(thing, type):
        yield _called(name, thing) if inspect.isroutine(thing) else (f"{name}: {type(thing).__name__}", "", "")
    else:
        bases = ", ".join(base.__name__ for base in thing.__bases__ if base is not object and base.__name__[0] != "_")
        yield f"{name}: class({bases})", "", ""
        if not (issubclass(thing, (Enum, *_REACHED)) or _is_protocol(thing) or thing.__name__ in _MADE_ELSEWHERE):
            yield _called(name, thing)
        for member, value in _members(thing).items():
            yield from _member(f"{name}.{member}", value)


def _is_protocol(kind: type) -> bool:
    return bool(getattr(kind, "_is_protocol", False))


def _member(name: str, value: Any) -> Iterator[Described]:
    if isinstance(value, Attribute):
        yield f"{name}: {value.annotation}" if value.annotation else name, value.annotation, value.home
        kind = next((thing for _, thing in _resolved(value.annotation, value.home)), None)
        if isinstance(kind, type) and issubclass(kind, _REACHED):
            yield from _described(name, kind)
    elif isinstance(value, Enum):
        # The numbers of `auto()` mean nothing.
        yield name if isinstance(value.value, int) else f"{name} = {value.value!r}", "", ""
    elif isinstance(value, (classmethod, staticmethod)):
        line, said, home = _called(name, value.__func__)
        yield f"{line} [{type(value).__name__}]", said, home
    elif isinstance(value, bool):
        yield f"{name} = {value}", "", ""
    else:
        yield _called(name, value) if inspect.isfunction(value) else (name, "", "")


def _members(kind: type) -> Mapping[str, Any]:
    """The public members by name: own ones, and those of bases that are ours but not offered themselves."""
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("pullbridge") and (base is kind or base not in _offered().values()):
            found |= {name: _read(value) for name, value in vars(base).items() if not _is_retold(base, name)}
            declared = _set_by_constructor(base) | inspect.get_annotations(base)
            found |= {name: Attribute(_text(said), base.__module__) for name, said in declared.items()}
    if issubclass(kind, Enum):
        found |= kind.__members__
    public = {name: value for name, value in found.items() if not name.startswith("_") or name in _SPECIAL}
    return {name: value for name, value in public.items() if not name.startswith("test_")}


def _is_retold(base: type, name: str) -> bool:
    """Whether it is another value for what a base declares. Only of a yes or no does it matter which."""
    return isinstance(vars(base)[name], str) and any(name in inspect.get_annotations(each) for each in base.__mro__[1:])


def _read(value: Any) -> Any:
    """To those who read it, a property is an attribute."""
    getter = {property: "fget", functools.cached_property: "func"}.get(type(value))
    if getter is None:
        return value
    function = getattr(value, getter)
    return Attribute(_text(function.__annotations__.get("return", "")), function.__module__)


def _set_by_constructor(base: type) -> dict[str, str]:
    """`self.x: int = …`, and `self.x = x` for a parameter."""
    made = vars(base).get("__init__")
    if not inspect.isfunction(made) or made.__code__.co_filename.startswith("<"):  # a dataclass's
        return {}
    found = {}
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(made)))):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Attribute):
            found[node.target.attr] = ast.unparse(node.annotation)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            value = node.value.id if isinstance(node.value, ast.Name) else ""
            found[node.targets[0].attr] = _text(made.__annotations__.get(value, ""))
    return found


# Signatures ----------------------------------------------------------------------------------------------------------


def _called(name: str, thing: Any) -> Described:
    """A function, or a class as its constructor."""
    plain = inspect.unwrap(thing)
    known = inspect.signature(thing)
    parameters = [each for each in known.parameters.values() if each.name not in {"self", "cls"}]
    said = [_text(each.annotation) for each in parameters if each.annotation is not each.empty]
    returned = known.empty if isinstance(thing, type) else known.return_annotation
    if returned is not known.empty:
        said.append(_text(returned))
        returned = Text(_text(returned))
    shown = known.replace(parameters=list(map(_plain, parameters)), return_annotation=returned)
    return f"{name}{shown}", " ".join(said), plain.__module__


def _plain(parameter: inspect.Parameter) -> inspect.Parameter:
    given, kind = parameter.default, parameter.annotation
    return parameter.replace(
        default=given if given is parameter.empty else Text(_default(given)),
        annotation=kind if kind is parameter.empty else Text(_text(kind)),
    )


def _text(annotation: Any) -> str:
    """As it was written. Named tuples wrap theirs."""
    return str(getattr(annotation, "__forward_arg__", annotation))


def _default(value: Any) -> str:
    if isinstance(value, Enum):
        return repr(value) if repr(value) == value.name else f"{type(value).__name__}.{value.name}"
    if isinstance(value, (frozenset, set)):
        return f"{{{', '.join(sorted(map(_default, value)))}}}"
    if isinstance(value, tuple):
        return f"({''.join(f'{_default(each)}, ' for each in value).rstrip()})"
    if value is None or isinstance(value, (str, bytes, int, float)):
        return repr(value)
    if isinstance(value, type) or inspect.isroutine(value):
        return str(value.__qualname__)
    return f"{type(value).__name__}(…)" if type(value).__module__.startswith("pullbridge") else "…"


# Annotations to values -----------------------------------------------------------------------------------------------


def _values(annotation: str, written: str) -> Iterator[tuple[str, Any]]:
    """The values, and the names for several types, that an annotation speaks of."""
    for name, thing in _resolved(annotation, written):
        if isinstance(thing, UnionType) and name.startswith("pullbridge."):
            yield name, thing
        elif isinstance(thing, type):
            home = thing.__module__
            if home.startswith("pullbridge.") and (home.startswith("pullbridge.model.") or issubclass(thing, Enum)):
                yield f"{home}.{thing.__qualname__}", thing


def _resolved(annotation: str, home: str) -> Iterator[tuple[str, Any]]:
    for name in re.findall(r"[A-Za-z]\w*", annotation):
        module = _imported(home).get(name, home)
        thing = getattr(import_module(module), name, None)
        if thing is not None:
            yield f"{module}.{name}", thing


@functools.cache
def _imported(home: str) -> Mapping[str, str]:
    """What a module imports from ours, for type checkers alone too: name and module."""
    tree = ast.parse(inspect.getsource(import_module(home)))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in froms if node.module and node.module.startswith("pullbridge.")]
    return {each.name: node.module or "" for node in ours for each in node.names if each.asname is None}


# Comparing -----------------------------------------------------------------------------------------------------------


def differences(accepted: Iterable[str], now: Iterable[str]) -> list[str]:
    """What was added, removed and changed, one line each (two for a change), by name."""
    before, after = ({_key(line): line for line in lines} for lines in (accepted, now))
    said = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None:
            said.append(f"added:   {new}")
        elif new is None:
            said.append(f"removed: {old}")
        elif old != new:
            said += [f"changed: {old}", f"     to: {new}"]
    return said


def accepted() -> list[str]:
    """The surface that the repository stands for."""
    return SNAPSHOT.read_text("utf-8").splitlines() if SNAPSHOT.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the public surface with the accepted one.")
    parser.add_argument("--write", action="store_true", help="accept it as it is now")
    writing = parser.parse_args().write
    now = snapshot()
    said = differences(accepted(), now)
    print("\n".join(said), end="\n" if said else "")
    if writing:
        SNAPSHOT.write_text("\n".join(now) + "\n", "utf-8", newline="\n")
    return int(bool(said) and not writing)


if __name__ == "__main__":
    sys.exit(main())
