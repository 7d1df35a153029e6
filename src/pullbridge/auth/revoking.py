"""Giving tokens back, each host's own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullbridge.auth.records import Grant
from pullbridge.errors import BridgeError, Cancelled
from pullbridge.model.oauth import Revocation

if TYPE_CHECKING:
    from pullbridge.auth.flows import Client


def revoke(client: Client, grant: Grant) -> str | None:
    """Why the tokens may be good still; `None` when they surely are not."""
    try:
        return _asked(client, grant)
    except Cancelled:
        raise
    except BridgeError as error:
        return error.summary


def _asked(client: Client, grant: Grant) -> str | None:
    oauth, tokens = client.oauth, ((grant.refresh, "refresh_token"), (grant.access, "access_token"))
    if oauth.revoke is not None and oauth.revocation is Revocation.STANDARD:
        # In this order, so that nobody renews in between: https://www.rfc-editor.org/rfc/rfc7009#section-2.1
        told = [client.standard_revocation(oauth.revoke, token, hint) for token, hint in tokens if token is not None]
        # An unknown token is a 200, too.
        return next((_refused(client, status) for status in told if status != 200), None)
    if oauth.revoke is not None and oauth.revocation is Revocation.CREDENTIALS:
        # Signed by nobody: https://docs.github.com/en/rest/credentials/revoke
        credentials = [token for token, _ in tokens if token is not None]
        status = client.send_json("POST", oauth.revoke, {"credentials": credentials}, proven=False)
        return None if status == 202 else _refused(client, status)
    if oauth.client_tokens is not None and client.app.client_secret is not None:
        # https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-token
        place = f"{oauth.client_tokens}/{client.app.client_id}/token"
        status = client.send_json("DELETE", place, {"access_token": grant.access}, proven=True)
        # What is unknown there is over.
        return None if status in {204, 404} else _refused(client, status)
    return f"{client.host} takes no tokens back from a program."


def _refused(client: Client, status: int) -> str:
    return f"{client.host} did not take the tokens back (HTTP {status})."
