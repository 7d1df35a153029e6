"""`pullbridge logout`: give a sign-in back, and keep it no longer."""

from __future__ import annotations

import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer

from pullbridge import addresses, auth
from pullbridge.auth import SignedOut
from pullbridge.cli import jsons, kept, screen
from pullbridge.cli.address import AsJson
from pullbridge.cli.kept import TOKEN, Kept
from pullbridge.cli.login import Account
from pullbridge.cli.look import BUSY, GOOD, said
from pullbridge.errors import SignInNeeded

HostName = Annotated[str | None, typer.Argument(metavar="HOST", help="The host, by name.", show_default="the only one")]


def logout(host: HostName = None, *, account: Account = None, as_json: AsJson = False) -> None:
    """Sign out: the host takes the tokens back where it can, and they are kept no longer. Says what could not be taken back.

    A token of your own is only forgotten; it is good until you delete it at the host.
    """
    web = None if host is None else addresses.site(host)
    mine = kept.one(None if web is None else urlsplit(web).netloc, web, account)
    out = _forgotten(mine) if mine.client_id == TOKEN else _given_back(mine)
    kept.drop(mine)
    if not out.revoked:
        where = f" See to it at {out.page}" if out.page else ""
        screen.console(sys.stderr).print(said(f"Not revoked: {out.reason}{where}", BUSY), soft_wrap=True)
    if as_json:
        jsons.write(out)
    else:
        screen.console().print(said(f"Signed out {mine.account} from {mine.host}.", GOOD))


def _forgotten(mine: Kept) -> SignedOut:
    kept.store_of(mine.store).delete(mine.key)
    return SignedOut(host=mine.web, account=mine.account, revoked=False, reason="a token is good until it is deleted.")


def _given_back(mine: Kept) -> SignedOut:
    try:
        return auth.sign_out(kept.signed_in(mine))
    except SignInNeeded as gone:
        # It was kept nowhere any more, which is all that was wanted of this machine.
        return SignedOut(host=mine.web, account=mine.account, revoked=False, reason=gone.summary)
