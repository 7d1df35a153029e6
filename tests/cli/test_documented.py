"""Every command is described: in its help, in sentences, and in the documentation."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import cleandoc, signature
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from typer.models import ParameterInfo

from pullbridge.cli import main
from pullbridge.cli.app import COMMANDS, app

ROOT = Path(__file__).parents[2]
ALL = {name: command for commands in COMMANDS.values() for name, command in commands.items()}

commands = pytest.mark.parametrize(("name", "command"), ALL.items(), ids=ALL)


def parameters(command: Callable[..., None]) -> dict[str, ParameterInfo]:
    """The arguments and options, by name."""
    hints: dict[str, Any] = get_type_hints(command, include_extras=True)
    return {name: hints[name].__metadata__[0] for name in signature(command).parameters}


def test_every_command_is_one_of_the_app() -> None:
    """Nothing is registered beside the table that this test reads."""
    assert [each.name for each in app.registered_commands] == list(ALL)


@commands
def test_help_is_in_sentences(name: str, command: Callable[..., None]) -> None:
    """Of the command, and of each argument and option."""
    told = [cleandoc(command.__doc__ or ""), *(str(each.help) for each in parameters(command).values())]
    assert [text for text in told if not re.fullmatch(r"[A-Z].*[.]", text, re.DOTALL)] == [], name


@commands
def test_help_is_printed(name: str, command: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    """With every option, without colours in a pipe."""
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    options = [f"--{each.replace('_', '-')}" for each in parameters(command) if each in {"kind", "api_url", "wait"}]
    assert [option for option in options if option not in shown] == []
    assert "\x1b" not in shown


@commands
def test_every_command_prints_json_or_says_nothing(name: str, command: Callable[..., None]) -> None:
    """`--json` is on all but the play."""
    assert ("as_json" in parameters(command)) == (name != "demo")


@commands
def test_every_command_is_in_the_reference(name: str, command: Callable[..., None]) -> None:
    """`docs/reference/cli.md` has a section with its first sentence."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
    section = page.partition(f"## pullbridge {name}\n")[2].partition("\n## ")[0]
    assert cleandoc(command.__doc__ or "").split("\n\n")[0] in section


def test_the_environment_is_documented() -> None:
    """The variables of the command line stand in its help."""
    told = cleandoc(ALL["hosts"].__doc__ or "")
    assert all(name in told for name in ("PULLBRIDGE_HOST", "PULLBRIDGE_KIND", "PULLBRIDGE_API_URL"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The script for a shell is printed on demand."""
    monkeypatch.setenv("_PULLBRIDGE_COMPLETE", f"source_{shell}")
    assert main([]) == 0
    assert "pullbridge" in capsys.readouterr().out
