"""GraphQL's global ids. Opaque to clients; here they carry a type's letters and the record's number.

https://docs.github.com/en/graphql/guides/using-global-node-ids
"""

from __future__ import annotations

import base64
import binascii
import struct

from pullbridge.testing.store import (
    CheckRun,
    Comment,
    Event,
    Label,
    Milestone,
    PullRequest,
    Reaction,
    Repository,
    Review,
    ReviewComment,
    Status,
    Store,
    Team,
    Thread,
    User,
    UserKind,
)

_LETTERS: dict[type, str] = {
    User: "U",
    Team: "T",
    Repository: "R",
    PullRequest: "PR",
    Thread: "PRRT",
    Review: "PRR",
    ReviewComment: "PRRC",
    Comment: "IC",
    Label: "LA",
    Milestone: "MI",
    Reaction: "REA",
    Status: "SC",
    CheckRun: "CR",
    Event: "EV",
}
_TYPES = {letters: kind for kind, letters in _LETTERS.items()} | {"BOT": User, "O": User}


def encode(letters: str, number: int) -> str:
    """A global id from its type's letters and a number."""
    packed = b"\x92\x00\xce" + struct.pack(">Q", number)
    return f"{letters}_{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def node_id(record: object) -> str:
    """The global id of a record of the store."""
    letters = _LETTERS[type(record)]
    if isinstance(record, User) and record.kind is not UserKind.USER:
        letters = "BOT" if record.kind is UserKind.BOT else "O"
    return encode(letters, record.id)  # type: ignore[attr-defined] # every record has one


def commit_node_id(repository: Repository, sha: str) -> str:
    """The global id of a commit: GitHub's carry the repository and the object id."""
    return "C_" + base64.urlsafe_b64encode(f"{repository.id}:{sha}".encode()).decode().rstrip("=")


def find(store: Store, id: str) -> object | None:
    """The record of a global id, or `None`."""
    letters, _, packed = id.partition("_")
    kind = _TYPES.get(letters)
    if kind is None:
        return None
    try:
        number: int = struct.unpack(">Q", base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))[3:])[0]
    except (binascii.Error, struct.error, ValueError):
        return None
    return store.find(kind, number)
