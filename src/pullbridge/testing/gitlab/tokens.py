"""What a personal access token tells about itself: https://docs.gitlab.com/api/personal_access_tokens/"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pullbridge.testing.gitlab.access import scopes_of
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import bad_request
from pullbridge.testing.gitlab.shapes import stamp
from pullbridge.testing.store import Token


def _own(ask: Ask) -> Token:
    token = ask.token
    if token is None or token.kind in {"oauth", "job"}:
        raise bad_request("This endpoint requires token type to be a personal access token")
    return token


def shape(ask: Ask, token: Token) -> dict[str, Any]:
    """`PersonalAccessTokenWithLastUsedIps`."""
    granular = token.permissions is not None
    shown = {
        "id": token.id,
        "name": "a token",
        "revoked": token.revoked,
        "created_at": stamp(token.created_at),
        "description": None,
        "scopes": ["granular"] if granular else list(scopes_of(token)),
        "user_id": token.user.id,
        "last_used_at": stamp(ask.store.now()),
        "active": True,
        "expires_at": (token.created_at + timedelta(days=365)).date().isoformat(),
    }
    if ask.at_least(17, 10):
        shown["last_used_ips"] = ["127.0.0.1"]
    if ask.at_least(18, 7):  # the version is unverified
        shown["granular"] = granular
    if token.permissions is not None:
        shown["granular_scopes"] = [
            {
                "access": "all_memberships",
                "permissions": sorted(token.permissions),
                "project_id": None,
                "group_id": None,
            }
        ]
    return shown


def this_one(ask: Ask) -> Answer:
    """GET self."""
    return Answer(payload=shape(ask, _own(ask)))


def revoke(ask: Ask) -> Answer:
    """DELETE self."""
    ask.store.people.revoke(_own(ask).value)
    return Answer(status=204)


_SELF = "/personal_access_tokens/self"
ROUTES = (
    Route(
        method="GET",
        rule=_SELF,
        answer=this_one,
        scopes=("any",),
        signed_in=True,
        since=(15, 5),
        permission="read_personal_access_token",
    ),
    Route(method="DELETE", rule=_SELF, answer=revoke, scopes=("any",), permission="delete_personal_access_token"),
)
