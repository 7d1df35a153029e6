"""The public names: all there, all described, and cheap to import."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import pullbridge
from pullbridge.repository.verb import Noun

HEAVY = ("requests", "urllib3", "github", "gitlab", "atlassian", "authlib", "tenacity", "msgspec", "keyring")


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has after running this. Coverage, which loads many, is kept out of it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    told = f"{code}\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, env=env)
    return {line.partition(".")[0] for line in done.stdout.splitlines()} | set(done.stdout.splitlines())


def as_declared() -> dict[str, str]:
    """What the file says to type checkers: name and module."""
    tree = ast.parse(Path(inspect.getfile(pullbridge)).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        name.name: (node.module or "").removeprefix("pullbridge.")
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if (node.module or "").startswith("pullbridge")
    }


def test_all_is_sorted_and_complete() -> None:
    """As linters sort: constants, classes, functions. Nothing twice; nothing lazy that is not in it, nor the other way."""
    names = pullbridge.__all__
    constants = [name for name in names if name.isupper()]
    classes = [name for name in names if name[0].isupper() and not name.isupper()]
    functions = [name for name in names if name[0].islower()]
    assert names == [*sorted(constants), *sorted(classes), *sorted(functions)]
    assert len(set(names)) == len(names)
    assert set(names) == set(pullbridge._HOME)


def test_type_checkers_see_the_same_names() -> None:
    """What is imported for them is what is loaded when it is used, from the same module."""
    assert as_declared() == pullbridge._HOME


@pytest.mark.parametrize("name", pullbridge.__all__)
def test_every_name_can_be_used(name: str) -> None:
    """It is there, and calls itself so, but for constants."""
    value = getattr(pullbridge, name)
    assert getattr(value, "__name__", name) == name


def test_star_and_dir_show_the_names() -> None:
    """For those who explore in a console."""
    names: dict[str, Any] = {}
    exec("from pullbridge import *", names)
    assert set(pullbridge.__all__) <= set(names)
    assert dir(pullbridge) == sorted([*pullbridge.__all__, "__version__"])


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """`hasattr` and `getattr` with a default work, as for every module."""
    assert not hasattr(pullbridge, "PullRequest")
    with pytest.raises(ImportError):
        exec("from pullbridge import PullRequest", {})


def test_importing_loads_nothing_heavy() -> None:
    """Neither an SDK nor an HTTP library, nor even a module of our own."""
    loaded = loaded_by("import pullbridge")
    assert loaded.isdisjoint(HEAVY)
    assert not [name for name in loaded if name.startswith("pullbridge.")]


def test_names_load_no_network() -> None:
    """An editor that starts imports these; it has not connected yet."""
    loaded = loaded_by("from pullbridge import connect, Anchor, Verdict")
    assert loaded.isdisjoint({*HEAVY, "socket", "ssl", "http", "email", "importlib.metadata", "asyncio"})


def test_every_name_together_loads_no_network() -> None:
    """Whatever is imported: only a call loads what it needs."""
    assert loaded_by("from pullbridge import *").isdisjoint(HEAVY)


def test_connecting_loads_no_sdk() -> None:
    """To connect sends nothing, so it needs nothing to send with."""
    code = "import pullbridge; pullbridge.connect('https://github.com/octo/app').close()"
    assert loaded_by(code).isdisjoint({"requests", "urllib3", "github", "tenacity"})


def test_importing_leaves_no_traces() -> None:
    """No thread, no handler, no environment variable: the process is somebody else's. Not even what loads an SDK."""
    code = """
import logging, os, threading, warnings
filters = warnings.filters[:]
before = (threading.active_count(), logging.root.handlers[:], dict(os.environ))
from pullbridge import *
assert warnings.filters == filters
import pullbridge.hosts.github.host
assert (threading.active_count(), logging.root.handlers[:], dict(os.environ)) == before
assert not logging.getLogger("github").handlers
"""
    loaded_by(code)


# What is public ------------------------------------------------------------------------------------------------------


def nouns() -> list[type[Noun]]:
    with pullbridge.connect("https://github.com/octo/app") as repo:
        values = [getattr(repo, name) for name in dir(repo) if not name.startswith("_") and name != "native"]
    return [type(value) for value in values if isinstance(value, Noun)]


def classes() -> Iterator[type]:
    yield from (value for value in map(pullbridge.__getattr__, pullbridge.__all__) if isinstance(value, type))
    yield from nouns()


def members(kind: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties of our own, inherited ones too."""
    for base in kind.__mro__:
        if base.__module__.startswith("pullbridge"):
            for name, value in vars(base).items():
                plain = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
                if not name.startswith("_") and (inspect.isfunction(plain) or isinstance(plain, property)):
                    yield name, plain


def public() -> list[Any]:
    functions = [value for value in map(pullbridge.__getattr__, pullbridge.__all__) if inspect.isfunction(value)]
    found = [pytest.param(each, id=each.__name__) for each in functions]
    for kind in classes():
        found.append(pytest.param(kind, id=kind.__name__))
        found += [pytest.param(value, id=f"{kind.__name__}.{name}") for name, value in members(kind)]
    return found


@pytest.mark.parametrize("thing", public())
def test_everything_public_says_what_it_is(thing: Any) -> None:
    """A docstring of its own, which begins with a sentence. What a dataclass writes by itself is none."""
    text = vars(thing).get("__doc__") if isinstance(thing, type) else thing.__doc__
    assert text, "no docstring"
    assert not text.startswith(f"{getattr(thing, '__name__', '')}("), "only the dataclass's own"
    first = inspect.cleandoc(text).partition("\n\n")[0]
    assert len(first.split()) >= 2
    assert first[0].isupper() or first[0] in "`0123456789"
    assert re.search(r"[.!?…:)\"\w]$", first)


@pytest.mark.parametrize("thing", [each for each in public() if not isinstance(each.values[0], type)])
def test_nothing_public_gives_a_builtin_list(thing: Any) -> None:
    """A tuple or a `Listing`: a class with a verb `list` cannot name the builtin, and what is given back does not change."""
    said = str((thing.fget if isinstance(thing, property) else thing).__annotations__.get("return", ""))
    assert said, "no return annotation"
    assert not re.search(r"\b(list|List|dict|Dict|set)\b\[", said)


@pytest.mark.parametrize("noun", nouns(), ids=lambda noun: noun.__name__)
def test_every_verb_says_whether_it_writes(noun: type[Noun]) -> None:
    """Another face (async, an agent, a tool) chooses by it what may be abandoned, and what asks first."""
    verbs = dict(members(noun))
    assert verbs
    assert {name: getattr(verb, "effect", None) for name, verb in verbs.items()} == {
        name: "reads" if verb.effect == "reads" else "writes" for name, verb in verbs.items()
    }


READS = {"list", "get", "find", "containing", "panel", "diff", "content", "compare", "viewed", "placement", "commits"}
READS |= {"in_file"}
WRITES = {"create", "edit", "close", "merge", "submit", "start", "reply", "delete", "resolve", "request", "report"}
WRITES |= {"start_at_buffer"}


@pytest.mark.parametrize("noun", nouns(), ids=lambda noun: noun.__name__)
def test_the_effects_are_true(noun: type[Noun]) -> None:
    """By their names, where a name leaves no doubt."""
    verbs = dict(members(noun))
    assert {name for name in READS & set(verbs) if verbs[name].effect != "reads"} == set()
    assert {name for name in WRITES & set(verbs) if verbs[name].effect != "writes"} == set()


def test_pullbridge_is_typed() -> None:
    """Type checkers of others read our annotations (PEP 561)."""
    assert Path(inspect.getfile(pullbridge)).with_name("py.typed").exists()


def test_properties_send_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every property of a repository and a host answers without a socket, also where the product is unknown."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr("socket.create_connection", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    made: list[Callable[[str], Any]] = [lambda web: pullbridge.connect(f"{web}/octo/app"), pullbridge.open_host]
    for make in made:
        for web in ("https://github.com", "https://code.example"):
            with make(web) as thing:
                for name, value in members(type(thing)):
                    if isinstance(value, property) and not (name == "native" and "code" in web):
                        getattr(thing, name)
                assert "github.com" in repr(thing) or "code.example" in repr(thing)
