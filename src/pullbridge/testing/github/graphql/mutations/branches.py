"""Mutations of refs."""

from __future__ import annotations

from pullbridge.testing.github.graphql.commits import Ref
from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.errors import unprocessable, unresolved
from pullbridge.testing.github.graphql.mutations.subjects import Payload, subject
from pullbridge.testing.github.graphql.query import node_of
from pullbridge.testing.github.graphql.schema import mutation
from pullbridge.testing.store import records

_HEADS = "refs/heads/"


@mutation
def create_ref(ask: Asking, *, repository_id: str, name: str, oid: str) -> Payload:
    """Make a branch at a commit."""
    home = subject(ask, repository_id, records.Repository)
    ask.require(home, "contents", role=records.Role.WRITE)
    if not name.startswith(_HEADS):
        raise unprocessable("Reference name must be fully qualified and a branch's: the forge makes no tags")
    ask.store.repositories.create_branch(home, name.removeprefix(_HEADS), oid)
    return {"ref": Ref(ask, home, name)}


@mutation
def delete_ref(ask: Asking, *, ref_id: str) -> Payload:
    """Delete a branch; pull requests from it are closed."""
    found = node_of(ask, ref_id)
    if not isinstance(found, Ref):
        raise unresolved(ref_id)
    ask.require(found.home, "contents", role=records.Role.WRITE)
    ask.store.repositories.delete_branch(found.home, found.full_name.removeprefix(_HEADS), ask.viewer)
    return {}
