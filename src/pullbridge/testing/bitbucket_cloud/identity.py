"""Who and what is who and what: uuids and account ids, made of the store's ids, and how an address names things."""

from __future__ import annotations

import re
import uuid

from pullbridge.testing.store import Repository, User

_NAMES = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
_UUID = re.compile(r"\{[0-9a-fA-F-]{36}\}")


def uuid_of(record: User | Repository) -> str:
    """A record's uuid, in its braces."""
    return _braced(f"{type(record).__name__}/{record.id}")


def workspace_uuid(owner: User) -> str:
    """The uuid of a person's or an organization's workspace; that of a person is their own."""
    return uuid_of(owner)


def project_uuid(owner: User) -> str:
    """The uuid of the one project that a workspace has."""
    return _braced(f"Project/{owner.id}")


def account_id(user: User) -> str:
    """The id of an Atlassian account."""
    return f"557058:{uuid_of(user).strip('{}')}"


def is_uuid(text: str) -> bool:
    """Whether a name in an address is a uuid."""
    return _UUID.fullmatch(text) is not None


def names_user(selector: str, user: User) -> bool:
    """Whether a uuid (whatever its braces and case) or an account id is that of a user."""
    bare = selector.strip("{}").lower()
    return bare == uuid_of(user).strip("{}") or selector == account_id(user)


def _braced(name: str) -> str:
    return f"{{{uuid.uuid5(_NAMES, name)}}}"
