"""The commands put together, and what a failure looks like."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import typer

from pullbridge import errors
from pullbridge.cli import render, screen
from pullbridge.cli.demo import demo
from pullbridge.cli.diff import diff
from pullbridge.cli.listing import list_pulls
from pullbridge.cli.show import show

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED: Final = 1
#: The first that fits; the table stands in `pullbridge.cli`.
_CODES: Final[tuple[tuple[tuple[type[errors.BridgeError], ...], int], ...]] = (
    ((errors.SignInNeeded, errors.ScopeMissing, errors.Forbidden), 3),
    ((errors.NotThere, errors.UnknownHost), 4),
    ((errors.Stale, errors.AlreadyThere, errors.NotMergeable), 5),
    ((errors.RateLimited, errors.HostDown, errors.Offline, errors.DeadlineExceeded), 6),
    ((errors.Unconfirmed,), 7),
)

app: typer.Typer = typer.Typer(
    name="pullbridge",
    help="Pull requests on GitHub, GitLab and Bitbucket, straight from this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command()(show)
app.command("list")(list_pulls)
app.command()(diff)


def run(arguments: Sequence[str] | None) -> int:
    """Run a command; show an error of the library as what happened and what to do next, without a traceback."""
    try:
        app(args=arguments, prog_name="pullbridge")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except errors.BridgeError as error:
        screen.console(sys.stderr).print(render.failure(error))
        return exit_code(error)
    return 0


def exit_code(error: errors.BridgeError) -> int:
    """The exit code that tells what to do about an error."""
    return next((code for kinds, code in _CODES if isinstance(error, kinds)), FAILED)
