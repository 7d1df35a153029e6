"""Who asks and what they may do: HTTP access tokens, passwords, permissions of projects and repositories.

https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html,
https://confluence.atlassian.com/bitbucketserver/using-repository-permissions-776639771.html
"""

from __future__ import annotations

import base64
import binascii
from enum import IntEnum
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from pullbridge.testing.bitbucket_dc.errors import bad_credentials
from pullbridge.testing.store import Repository, Role, Store, Token, User, UserKind

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.knobs import Knobs


class Level(IntEnum):
    """A permission in a repository; the higher includes the lower."""

    NONE = 0
    READ = 1
    WRITE = 2
    ADMIN = 3


_OF_ROLE = {
    Role.NONE: Level.NONE,
    Role.READ: Level.READ,
    Role.TRIAGE: Level.READ,
    Role.WRITE: Level.WRITE,
    Role.MAINTAIN: Level.WRITE,
    Role.ADMIN: Level.ADMIN,
}

#: What a token's permissions let it do in a repository: those for a project hold for its repositories.
_OF_SCOPE = {f"{where}_{level.name}": level for where in ("REPO", "PROJECT") for level in Level if level}


def read_token(request: Request, store: Store) -> Token | None:
    """The credential of a request: `Bearer` with an HTTP access token, or `Basic` with a password or such a token.

    None is anybody; one that is not good is 401, even where anybody may read.
    """
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if not value:
        return None
    name, secret = ("", value.strip()) if scheme.lower() == "bearer" else _basic(value)
    token = store.people.authenticate(secret)
    if token is None or scheme.lower() not in {"bearer", "basic"} or token.user.deleted:
        raise bad_credentials()
    if scheme.lower() == "basic" and name.lower() not in {token.user.handle.lower(), "x-token-auth"}:
        raise bad_credentials()
    if scheme.lower() == "bearer" and token.kind == "password":
        raise bad_credentials()
    return token


def _basic(value: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(value).decode(errors="replace").partition(":")
    except binascii.Error:
        return "", ""
    return name, secret


def person_of(store: Store, name: str) -> User | None:
    """The living person of that name; projects and the owners of personal repositories are none."""
    user = store.people.find(name)
    return user if user is not None and is_person(user) else None


def is_person(user: User) -> bool:
    """Whether it is somebody, not a project."""
    return user.kind is not UserKind.ORGANIZATION and not user.handle.startswith("~")


def level_of_user(store: Store, user: User | None, repository: Repository) -> Level:
    """What a user may do in a repository, with any credential. Personal repositories are administered by their owner."""
    if user is not None and repository.owner.handle.lower() == f"~{user.handle.lower()}":
        return Level.ADMIN
    return _OF_ROLE[store.people.role(user, repository)]


def level_of(store: Store, knobs: Knobs, token: Token | None, repository: Repository) -> Level:
    """What a credential may do in a repository: what its user may, but no more than it was given."""
    if token is None:
        return level_of_user(store, None, repository) if knobs.anonymous else Level.NONE
    limit = limit_of(token)
    if "PUBLIC_REPOS" in (token.scopes or ()) and not repository.private:
        limit = max(limit, Level.READ)
    return min(level_of_user(store, token.user, repository), limit)


def limit_of(token: Token) -> Level:
    """The most that a token may do anywhere."""
    if token.scopes is None:
        return Level.ADMIN
    return max((_OF_SCOPE.get(scope, Level.NONE) for scope in token.scopes), default=Level.NONE)
