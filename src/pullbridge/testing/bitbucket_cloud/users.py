"""People: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/"""

from __future__ import annotations

from pullbridge.testing.bitbucket_cloud.access import RESOURCES, check_scopes
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import BAD_TOKEN, not_found, unauthorized
from pullbridge.testing.store import User


def viewer(ask: Ask) -> Answer:
    """GET /user. What the access token of a repository hears is `knobs.whoami`."""
    token = ask.token
    if token is not None and token.kind in RESOURCES:
        if ask.knobs.whoami == "401":
            raise unauthorized(BAD_TOKEN)
        if ask.knobs.whoami == "403":
            check_scopes(OWN, token)
    elif token is not None:
        check_scopes(OWN, token)
    shown = ask.shapes.full_user(ask.me)
    return Answer(payload=shown | {"username": ask.me.handle, "has_2fa_enabled": None})


def find(ask: Ask) -> User:
    """The person in the address."""
    found = ask.app.find_user(str(ask.values["user"]))
    if found is None:
        raise not_found(f"No such user: {ask.values['user']}")
    return found


def user(ask: Ask) -> Answer:
    """GET /users/{}."""
    return Answer(payload=ask.shapes.full_user(find(ask)))


def emails(ask: Ask) -> Answer:
    """GET /user/emails."""
    return ask.paged(
        [ask.me.email],
        lambda email: {"type": "email", "email": email, "is_primary": True, "is_confirmed": True, "links": {}},
    )


#: What `/user` needs of all who are asked for scopes there.
OWN = Route(method="GET", rule="/user", answer=viewer, scope="account", signed_in=True)
ROUTES = (
    Route(method="GET", rule="/user", answer=viewer, scope="", signed_in=True),
    Route(method="GET", rule="/user/emails", answer=emails, scope="email", signed_in=True),
    Route(method="GET", rule="/users/<user>", answer=user, scope=""),
)
