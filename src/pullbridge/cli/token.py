"""`pullbridge token`: the token that signs, for another program."""

from __future__ import annotations

import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer

from pullbridge import Rejected, addresses
from pullbridge.cli import jsons, kept
from pullbridge.cli.address import AsJson
from pullbridge.cli.login import Account
from pullbridge.cli.logout import HostName
from pullbridge.errors import SignInNeeded
from pullbridge.model.credentials import Basic


def token(
    host: HostName = None,
    *,
    account: Account = None,
    show: Annotated[bool, typer.Option("--show", metavar="", help="Print it on a terminal, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the token of a sign-in, renewed if it is about to be over, for a program that reads standard input.

    On a terminal it is printed only with --show. It can do all that you signed in for: do not put it where others read.
    """
    if not show and _on_a_terminal():
        raise Rejected("A terminal remembers what it shows.", next_step="Lead it into a program, or give --show.")
    web = None if host is None else addresses.site(host)
    mine = kept.one(None if web is None else urlsplit(web).netloc, web, account)
    signs = kept.credentials(mine).current()
    if signs is None:
        raise SignInNeeded(f"Nothing signs for {mine.account}.", host=mine.host)
    text = signs.secret if isinstance(signs, Basic) else signs.value
    if as_json:
        user = signs.user if isinstance(signs, Basic) else None
        jsons.write({"host": mine.web, "account": mine.account, "user": user, "token": text})
    else:
        sys.stdout.write(f"{text}\n")


def _on_a_terminal() -> bool:
    """Whether it would be shown, and not led anywhere."""
    return sys.stdout.isatty()
