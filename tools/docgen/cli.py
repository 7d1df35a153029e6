"""`docs/reference/cli.md`: every command, from the typer application itself.

Read from what the commands declare, and not from printed help, which depends on the terminal and on typer's version.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, get_args, get_type_hints

from typer import Typer
from typer.models import ArgumentInfo, OptionInfo

import pullbridge.cli
from pullbridge.cli.app import app
from tools.docgen.markdown import name, page, table

Command = tuple[str, Callable[..., Any]]
Parameter = tuple[inspect.Parameter, Any, ArgumentInfo | OptionInfo]

_TOP = """\
The command line needs its extra: `pip install "pullbridge[cli]"`. It signs in with the environment variables of the very
host that an address names ([which](settings.md#ambient-credentials)). `pullbridge COMMAND --help` says what stands here.
With `--json` a command prints the values of [the API](api.md) as JSON. `pullbridge --version` tells which one it is, and
`pullbridge --install-completion` teaches your shell to complete its words."""


def cli() -> str:
    """Write the page."""
    listed = list(commands(app))
    return page(
        "Command line",
        _TOP,
        table(
            ["command", "what it does"],
            [[f"[{name(_full(each))}](#{_anchor(each)})", _first(each[1])] for each in listed],
        ),
        *(part for each in listed for part in _section(each)),
        "## Exit codes",
        inspect.cleandoc(pullbridge.cli.__doc__ or "").partition(":\n\n")[2],
    )


def commands(typer: Typer, before: str = "") -> Iterator[Command]:
    """All commands with the words that call them, those of groups with the group's name before."""
    for each in typer.registered_commands:
        if each.callback is not None and not each.hidden:
            yield before + (each.name or each.callback.__name__.replace("_", "-")), each.callback
    for group in typer.registered_groups:
        inner = group.typer_instance
        known = [name for name in (group.name, inner.info.name if inner else None) if isinstance(name, str)]
        if inner is not None and group.hidden is not True:
            yield from commands(inner, f"{before}{known[0]} " if known else before)


def _full(command: Command) -> str:
    return f"pullbridge {command[0]}"


def _anchor(command: Command) -> str:
    return _full(command).replace(" ", "-")


def _first(function: Callable[..., Any]) -> str:
    if not function.__doc__:
        raise LookupError(f"the command {function.__name__} has no help")
    return inspect.cleandoc(function.__doc__).split("\n\n")[0]


def _section(command: Command) -> Iterator[str]:
    given = list(_parameters(command[1]))
    arguments = [each for each in given if isinstance(each[2], ArgumentInfo)]
    options = [each for each in given if isinstance(each[2], OptionInfo) and not each[2].hidden]
    yield f"## {_full(command)}"
    yield f"```\n{' '.join([_full(command), *(['[OPTIONS]'] if options else []), *map(_slot, arguments)])}\n```"
    yield inspect.cleandoc(command[1].__doc__ or "")
    rows = [[name(_slot(each)), _help(each), _default(each)] for each in arguments]
    rows += [[name(_spelt(each)), _help(each), _default(each)] for each in options]
    if rows:
        yield table(["argument or option", "what it means", "default"], rows)


def _parameters(function: Callable[..., Any]) -> Iterator[Parameter]:
    hints = get_type_hints(function, include_extras=True)
    for each in inspect.signature(function).parameters.values():
        kind, *notes = get_args(hints[each.name]) if hasattr(hints[each.name], "__metadata__") else (hints[each.name],)
        note = next((note for note in notes if isinstance(note, (ArgumentInfo, OptionInfo))), None)
        if note is not None:
            yield each, kind, note


def _slot(parameter: Parameter) -> str:
    given, _, note = parameter
    word = note.metavar or given.name.upper()
    return word if given.default is inspect.Parameter.empty else f"[{word}]"


def _spelt(parameter: Parameter) -> str:
    given, kind, note = parameter
    plain = f"--{given.name.replace('_', '-')}"
    # In an annotation, typer takes what comes first for a default, and later for a name.
    said = (note.default, *(note.param_decls or ()))
    declared = [each for each in said if isinstance(each, str) and each.startswith("-")]
    if kind is bool:
        return ", ".join(declared) or f"{plain} / --no{plain[1:]}"
    return f"{', '.join(declared) or plain} {note.metavar or _word(kind)}"


def _word(kind: Any) -> str:
    inner = [each for each in get_args(kind) if each is not type(None)]
    if inner:
        return _word(inner[0])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(each.value) for each in kind)
    return {int: "NUMBER", float: "SECONDS", str: "TEXT"}.get(kind, getattr(kind, "__name__", "TEXT").upper())


def _help(parameter: Parameter) -> str:
    given, _, note = parameter
    if not note.help:
        raise LookupError(f"the parameter {given.name} has no help")
    pairs = (("at least", note.min), ("at most", note.max))
    bounds = ", ".join(f"{word} {bound:g}" for word, bound in pairs if bound is not None)
    return f"{note.help} ({bounds})" if bounds else note.help


def _default(parameter: Parameter) -> str:
    given, _, note = parameter
    if given.default is inspect.Parameter.empty:
        return "needed"
    if isinstance(note.show_default, str):
        return note.show_default
    return _shown(given.default)


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_shown, value))
    if isinstance(value, Enum):
        return name(str(value.value))
    return "" if value is None or value is False else name(str(value))
