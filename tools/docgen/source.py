"""Names as their source has them: signatures, docstrings and members, the same on every version of Python.

`inspect` prints defaults and annotations in ways that change between versions; the source does not.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Signatures longer than this are written with one parameter a line.
WIDTH = 88

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Module:
    """A module's lines, as the bytes that its tree counts in, and its tree."""

    lines: tuple[bytes, ...]
    tree: ast.Module

    def segment(self, node: ast.expr | ast.arg) -> str:
        """What the source says at a node, on one line. `ast.get_source_segment` reads the whole text each time."""
        last = node.end_lineno or node.lineno
        rows = list(self.lines[node.lineno - 1 : last])
        rows[-1] = rows[-1][: node.end_col_offset]
        rows[0] = rows[0][node.col_offset :]
        return " ".join(b" ".join(rows).decode().split())


@functools.cache
def module(name: str) -> Module:
    """Read a module by its dotted name."""
    path = inspect.getsourcefile(importlib.import_module(name))
    if path is None:
        raise LookupError(name)
    text = Path(path).read_text("utf-8")
    return Module(tuple(text.encode().split(b"\n")), ast.parse(text))


def definition(thing: Any) -> Definition | None:
    """Find where a class or a function is defined; `None` for a plain value."""
    thing = thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
    body: list[ast.stmt] = module(thing.__module__).tree.body if hasattr(thing, "__qualname__") else []
    found: Definition | None = None
    for part in getattr(thing, "__qualname__", "").split("."):
        found = next((node for node in _definitions(body) if node.name == part), None)
        body = found.body if found is not None else []
    return found


def _definitions(body: list[ast.stmt]) -> Iterator[Definition]:
    """The last of several wins, as it does at run time."""
    return (node for node in reversed(body) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)))


def docstring(thing: Any) -> str:
    """The docstring with its indentation taken off; empty where there is none."""
    node = definition(thing)
    return (ast.get_docstring(node) or "") if node is not None else ""


def assigned(module_name: str, name: str) -> str:
    """What a module assigns to a name, as it stands there."""
    here = module(module_name)
    for node in here.tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == name for each in node.targets
        ):
            return here.segment(node.value)
    raise LookupError(f"{module_name}.{name}")


def signature(name: str, thing: Any) -> str:
    """`name(parameters) -> result`, as written; for a dataclass its fields, for another class its constructor."""
    node, here = definition(thing), module(thing.__module__)
    if isinstance(node, ast.ClassDef):
        return _laid_out(name, _constructor(node, here), "")
    if node is None:
        raise LookupError(name)
    result = f" -> {here.segment(node.returns)}" if node.returns is not None else ""
    return _laid_out(name, _parameters(node, here), result)


def _constructor(node: ast.ClassDef, here: Module) -> list[str]:
    init = next((each for each in _definitions(node.body) if each.name == "__init__"), None)
    return _parameters(init, here) if isinstance(init, Function) else _fields(node, here)


def _parameters(node: Function, here: Module) -> list[str]:
    """The parameters but `self` and `cls`."""
    rules = node.args
    plain = [*rules.posonlyargs, *rules.args]
    gaps: list[ast.expr | None] = [None] * (len(plain) - len(rules.defaults))
    written = [_parameter(each, value, here) for each, value in zip(plain, [*gaps, *rules.defaults], strict=True)]
    if plain and plain[0].arg in {"self", "cls"}:
        written = written[1:]
    if rules.vararg is not None:
        written.append(f"*{_parameter(rules.vararg, None, here)}")
    elif rules.kwonlyargs:
        written.append("*")
    written += [_parameter(*pair, here) for pair in zip(rules.kwonlyargs, rules.kw_defaults, strict=True)]
    return [*written, *([f"**{_parameter(rules.kwarg, None, here)}"] if rules.kwarg is not None else [])]


def _parameter(node: ast.arg, default: ast.expr | None, here: Module) -> str:
    kind = f": {here.segment(node.annotation)}" if node.annotation is not None else ""
    if default is None:
        return f"{node.arg}{kind}"
    return f"{node.arg}{kind}{' = ' if kind else '='}{here.segment(default)}"


def _fields(node: ast.ClassDef, here: Module) -> list[str]:
    """A dataclass's fields, as parameters of its constructor."""
    decorators = [here.segment(each) for each in node.decorator_list]
    if not any(each.startswith("dataclass") for each in decorators):
        return []
    named_only = any("kw_only=True" in each for each in decorators)
    written = ["*"] if named_only else []
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            kind = here.segment(each.annotation)
            written.append("*" if kind == "KW_ONLY" else f"{each.target.id}: {kind}{_default(each.value, here)}")
    return written


def _default(value: ast.expr | None, here: Module) -> str:
    if isinstance(value, ast.Call) and here.segment(value.func) == "field":
        given = {each.arg: here.segment(each.value) for each in value.keywords}
        if "default_factory" in given:
            return f" = {given['default_factory']}()"
        return f" = {given['default']}" if "default" in given else ""
    return f" = {here.segment(value)}" if value is not None else ""


def _laid_out(name: str, parameters: list[str], result: str) -> str:
    line = f"{name}({', '.join(parameters)}){result}"
    if len(line) <= WIDTH:
        return line
    inner = "".join(f"    {each},\n" for each in parameters)
    return f"{name}(\n{inner}){result}"


def members(kind: type) -> tuple[tuple[str, str], ...]:
    """An enum's members, each with what the source assigns to it."""
    node, here = definition(kind), module(kind.__module__)
    body = node.body if isinstance(node, ast.ClassDef) else []
    return tuple(
        (each.targets[0].id, here.segment(each.value))
        for each in body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
    )


def decorator_arguments(function: Any, names: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Which of these decorators a function has, and what is given to it; `("", ())` for none."""
    node, here = definition(function), module(function.__module__)
    for each in node.decorator_list if node is not None else ():
        if isinstance(each, ast.Call) and here.segment(each.func) in names:
            return here.segment(each.func), tuple(map(here.segment, each.args))
    return "", ()
