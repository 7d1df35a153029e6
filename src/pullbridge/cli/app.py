"""The commands put together, and what a failure looks like."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pullbridge import __version__
from pullbridge.cli import render, screen, texts
from pullbridge.cli.checkout import checkout
from pullbridge.cli.checks import checks
from pullbridge.cli.close import close
from pullbridge.cli.comment import comment
from pullbridge.cli.demo import demo
from pullbridge.cli.diff import diff
from pullbridge.cli.exits import exit_code
from pullbridge.cli.hosts import hosts
from pullbridge.cli.inbox import inbox
from pullbridge.cli.listing import list_pulls
from pullbridge.cli.login import login
from pullbridge.cli.logout import logout
from pullbridge.cli.merge import merge
from pullbridge.cli.open import open_pull
from pullbridge.cli.ready import ready
from pullbridge.cli.reopen import reopen
from pullbridge.cli.reply import reply
from pullbridge.cli.resolve import resolve
from pullbridge.cli.review import review
from pullbridge.cli.scopes import scopes
from pullbridge.cli.show import show
from pullbridge.cli.status import status
from pullbridge.cli.token import token
from pullbridge.errors import BridgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: The commands as the help shows them, by what one wants.
COMMANDS: Final[dict[str, dict[str, Callable[..., None]]]] = {
    "Look": {
        "show": show,
        "status": status,
        "list": list_pulls,
        "inbox": inbox,
        "diff": diff,
        "checks": checks,
        "hosts": hosts,
        "scopes": scopes,
        "demo": demo,
    },
    "Say": {"comment": comment, "reply": reply, "resolve": resolve, "review": review},
    "Sign in": {"login": login, "logout": logout, "token": token},
    "Change": {
        "open": open_pull,
        "checkout": checkout,
        "ready": ready,
        "close": close,
        "reopen": reopen,
        "merge": merge,
    },
}


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"pullbridge {__version__}\n")
        raise typer.Exit


app: typer.Typer = typer.Typer(
    name="pullbridge",
    help="Pull requests on your code hosts, straight from this machine to them.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(help=app.info.help)
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", metavar="", is_eager=True, callback=_version, help="Print the version.")
    ] = False,
) -> None:
    """What every command has in common: nothing but this option, which has been seen to by now."""
    del version


for _panel, _commands in COMMANDS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_panel)(_command)


def run(arguments: Sequence[str] | None) -> int:
    """Run a command; show an error of the library as what happened and what to do next, without a traceback."""
    try:
        app(args=arguments, prog_name="pullbridge")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except BridgeError as error:
        screen.console(sys.stderr).print(render.failure(error))
        if error.receipt is None:
            texts.give_back(error.text)
        return exit_code(error)
    return 0
