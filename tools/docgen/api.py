"""`docs/reference/api.md`: every public name, with its signature and what its docstring says."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from types import ModuleType, UnionType
from typing import Any, get_args, get_type_hints

import pullbridge
import pullbridge.anchoring
import pullbridge.auth
import pullbridge.testing
from pullbridge import errors
from pullbridge.repository.verb import Noun
from tools.docgen import source
from tools.docgen.markdown import code, name, page

#: The order of the page; the homes of names that are not here follow, by their names.
_ORDER = ("connect", "addresses", "repository.repository", "host", "auth.ambient", "ports", "model.credentials")
_TITLES = {
    "addresses": "Addresses",
    "auth.ambient": "Credentials from the environment",
    "connect": "Entry",
    "host": "Host",
    "model.credentials": "Credentials",
    "ports": "Credentials of one's own",
    "repository.repository": "Repository",
    "transport.call": "Cancelling",
}
_MADE_HERE = frozenset({"Host", "HostContract", "Listing", "Repository", "RepositoryHandle", "SignIn"})
_MARKS = frozenset({"reads", "writes"})

_VERBS = """\
A pull request is given as a `PullLike`: `{pull_like}`. A person (`Who`) is given as `{who}`. Each verb says whether it reads or
writes, and which abilities it needs: where one of them is known to be missing, the verb raises `Unsupported` or
`ScopeMissing` before anything is sent. Any verb may raise what [the errors](errors.md) say of signing in, rights, networks
and time."""


def api() -> str:
    """Write the page."""
    verbs = _VERBS.format(
        pull_like=source.assigned("pullbridge.repository.verb", "PullLike"),
        who=source.assigned("pullbridge.repository.pulls", "Who"),
    )
    return page(
        "API",
        "Every public name. `import pullbridge` loads none of them before it is used.",
        *_sections(verbs),
        *_others(),
        *_package(pullbridge.anchoring),
        *_package(pullbridge.auth),
        *_package(pullbridge.testing),
    )


def _sections(verbs: str) -> Iterator[str]:
    """The names of `pullbridge`, by the modules that they live in."""
    homes: dict[str, list[str]] = {}
    for each in pullbridge.__all__:
        homes.setdefault(_home(getattr(pullbridge, each)), []).append(each)
    known = [home for home in _ORDER if home in homes]
    for home in [*known, *sorted(homes.keys() - set(known))]:
        if home == "errors":
            continue
        yield f"## {_TITLES.get(home) or _title(import_module(f'pullbridge.{home}'))}"
        for each in homes[home]:
            yield from entry(each, getattr(pullbridge, each))
        if home == "repository.repository":
            yield "## Verbs"
            yield verbs
            yield from _nouns()
    yield "## Errors"
    yield "By what to do next, in [a table](errors.md)."
    for each in homes["errors"]:
        yield from entry(each, getattr(pullbridge, each))


def _home(thing: Any) -> str:
    where = getattr(thing, "__module__", None) or type(thing).__module__
    return str(where).removeprefix("pullbridge.")


def _title(module: ModuleType) -> str:
    """The first line of a module's docstring, up to its first colon."""
    line = (module.__doc__ or module.__name__).strip().splitlines()[0]
    return line.partition(":")[0].rstrip(".")


def _nouns() -> Iterator[str]:
    for noun, kind in sorted(nouns().items()):
        yield f"### repo.{noun}"
        yield source.docstring(kind)
        for verb, function in sorted(_public(kind)):
            yield f"#### repo.{noun}.{verb}"
            yield code(source.signature(verb, function))
            yield _effect(function)
            yield source.docstring(function)


def nouns() -> dict[str, type[Noun]]:
    """What hangs on a `Repository`: attribute and class."""
    with pullbridge.connect("https://github.com/octo/app") as repo:
        found = {each: getattr(repo, each) for each in pullbridge.Repository.__slots__ if not each.startswith("_")}
    return {each: type(noun) for each, noun in found.items() if isinstance(noun, Noun)}


def _effect(function: Any) -> str:
    effect, needs = source.decorator_arguments(function, _MARKS)
    if not effect:
        return ""
    wanted = ", ".join(name(each.removeprefix("Can.")) for each in needs)
    return f"*{effect.capitalize()}.* Needs {wanted}." if wanted else f"*{effect.capitalize()}.*"


def _others() -> Iterator[str]:
    """Values and enums that the public names take or give, and that have no public name of their own."""
    kinds = sorted(_unnamed(), key=lambda kind: kind.__name__)
    if not kinds:
        return
    yield "## Also taken and given"
    yield "By verbs and values; imported from the module that is named."
    for kind in kinds:
        yield from entry(kind.__name__, kind)
        yield f"In {name(kind.__module__)}."


def _unnamed() -> set[type]:
    known = {getattr(pullbridge, each) for each in pullbridge.__all__ if isinstance(getattr(pullbridge, each), type)}
    verbs = [function for kind in (*nouns().values(), *known) for _, function in _public(kind)]
    found: set[type] = set()
    ahead = [*filter(is_dataclass, known), *filter(inspect.isfunction, verbs)]
    while ahead:
        thing = ahead.pop()
        new = {kind for hint in get_type_hints(thing).values() for kind in _kinds(hint)} - known - found
        found |= new
        ahead += new
    return found


def _kinds(hint: Any) -> Iterator[type]:
    """The dataclasses and enums of this library in an annotation."""
    ours = isinstance(hint, type) and hint.__module__.startswith("pullbridge.") and not hint.__name__.startswith("_")
    if ours and (is_dataclass(hint) or issubclass(hint, Enum)):
        yield hint
    for inner in get_args(hint):
        yield from _kinds(inner)


def _package(module: ModuleType) -> Iterator[str]:
    yield f"## {module.__name__}"
    yield inspect.cleandoc(module.__doc__ or "")
    for each in module.__all__:
        if each not in pullbridge.__all__:
            yield from entry(each, getattr(module, each), level=3)


def entry(title: str, thing: Any, level: int = 3) -> Iterator[str]:
    """One name: its signature, its docstring, its members."""
    yield f"{'#' * level} {title}"
    node = source.definition(thing)
    if node is None:
        yield _value(title, thing)
        return
    if isinstance(thing, type) and issubclass(thing, Enum):
        yield source.docstring(thing)
        yield _members(thing)
        return
    if not (isinstance(thing, type) and _is_made_elsewhere(thing)):
        yield code(source.signature(title, thing))
    yield source.docstring(thing)
    if isinstance(thing, type) and not issubclass(thing, errors.BridgeError):
        yield from _methods(thing, level + 1)


def _is_made_elsewhere(kind: type) -> bool:
    """A protocol, and what only a function of this library makes: its constructor is nobody's business."""
    return bool(getattr(kind, "_is_protocol", False)) or kind.__name__ in _MADE_HERE


def _value(title: str, thing: Any) -> str:
    if isinstance(thing, frozenset):
        return " ".join(name(each.name) for each in sorted(thing, key=list(pullbridge.Can).index))
    if isinstance(thing, Mapping):
        return f"A name for each: {', '.join(name(each) for each in thing)}."
    if isinstance(thing, UnionType):
        return f"One of {', '.join(name(each.__name__) for each in get_args(thing))}."
    here = source.module(type(thing).__module__)
    return f"{name(repr(thing))}. {ast.get_docstring(here.tree) or title}"


def _members(kind: type[Enum]) -> str:
    listed = source.members(kind)
    if any("auto()" in value for _, value in listed):
        return " ".join(name(member) for member, _ in listed)
    return "\n".join(f"- {name(member)} = {name(value)}" for member, value in listed)


def _methods(kind: type, level: int) -> Iterator[str]:
    described = [(each, function, source.docstring(function)) for each, function in sorted(_public(kind))]
    promises = [f"- {name(each)}: {doc}" for each, _, doc in described if each.startswith("test_")]
    if promises:
        yield "\n".join(promises)
    for each, function, doc in described:
        if not doc or each.startswith("test_"):
            continue
        yield f"{'#' * level} {kind.__name__}.{each}"
        if not isinstance(function, property):
            yield code(source.signature(each, function))
        yield doc


def _public(kind: type) -> Iterable[tuple[str, Any]]:
    """A class's own and inherited methods and properties, without those of the standard library."""
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("pullbridge"):
            found |= {each: value for each, value in vars(base).items() if not each.startswith("_")}
    wanted = (property, classmethod)
    return ((each, value) for each, value in found.items() if isinstance(value, wanted) or inspect.isfunction(value))
