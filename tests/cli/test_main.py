"""The entry point: what is missing, what went wrong, and the exit code for each."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import pullbridge.cli
from pullbridge import errors
from pullbridge.cli import main


def test_the_module_loads_neither_typer_nor_rich() -> None:
    """What the command line needs is loaded when a command runs, not when the module is imported."""
    code = "import sys, pullbridge.cli; print(sorted({'typer', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without typer one is told what to install, and there is no traceback."""
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "pullbridge.cli.app", raising=False)
    assert main(["demo"]) == 1
    assert 'pip install "pullbridge[cli]"' in capsys.readouterr().err


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with what it does, in a sentence."""
    from pullbridge.cli.app import COMMANDS

    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in (name for commands in COMMANDS.values() for name in commands):
        assert re.search(rf" {command}\s+[A-Z]", shown)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """For whoever reports something."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pullbridge {pullbridge.__version__}\n"


def test_a_flag_does_not_look_as_if_it_took_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    """A type behind it would read as one that is to be typed."""
    assert main(["review", "--help"]) == 0
    flags = [line for line in capsys.readouterr().out.splitlines() if re.search(r"--(approve|json|include)", line)]
    assert len(flags) == 3
    assert not any("<" in line for line in flags)


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["comment"], ["list", "--state", "asleep"], ["show", "x", "--kind", "svn"]]
)
def test_wrong_use_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command, a missing argument and an unknown word exit with 2, and say so on standard error."""
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_an_address_of_no_pull_request_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """A repository's address given to `show` is refused before anything is sent."""
    assert main(["show", "https://github.com/octo/app"]) == 2
    told = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert "https://github.com/octo/app names no pull request." in told


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.Rejected("No."), 1),
        (errors.SignInNeeded("No."), 3),
        (errors.ScopeMissing("No."), 3),
        (errors.Forbidden("No."), 3),
        (errors.NotThere("No."), 4),
        (errors.UnknownHost("No."), 4),
        (errors.Stale("No."), 5),
        (errors.NotMergeable("No."), 5),
        (errors.RateLimited("No."), 6),
        (errors.Offline("No."), 6),
        (errors.Unconfirmed("No."), 7),
    ],
)
def test_the_exit_code_tells_what_to_do(error: errors.BridgeError, code: int) -> None:
    """Errors with the same remedy have the same code, and the documentation names it."""
    from pullbridge.cli.exits import exit_code

    assert exit_code(error) == code
    assert f"`{type(error).__name__}`" in next(
        row for row in (pullbridge.cli.__doc__ or "").splitlines() if row.startswith(f"| {code} ")
    )
