"""Mutations of refs, and of what they point at."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from pullbridge.testing.github.graphql.commits import Commit, Ref
from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.errors import Refusal, not_found, unprocessable, unresolved
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


@mutation
def create_commit_on_branch(
    ask: Asking,
    *,
    branch: dict[str, Any],
    expected_head_oid: str,
    message: dict[str, str],
    file_changes: dict[str, list[dict[str, str]]] | None = None,
) -> Payload:
    """Write files to a branch in one commit, guarded by its head.

    https://docs.github.com/en/graphql/reference/mutations#createcommitonbranch
    """
    home, name = _branch(ask, branch)
    ask.require(home, "contents", role=records.Role.WRITE)
    head = home.git.head(name)
    if head is None:
        raise not_found(f"Could not resolve to a Ref with the name '{name}'.")
    if head != expected_head_oid:
        # both spaces are GitHub's: https://github.com/ministryofjustice/modernisation-platform/issues/11985
        words = f'Expected branch to point to "{expected_head_oid}" but it did not.  Pull and try again.'
        raise Refusal("STALE_DATA", words)
    given = file_changes or {}
    files: dict[str, bytes | None] = {each["path"]: _content(each["contents"]) for each in given.get("additions", [])}
    files |= dict.fromkeys(each["path"] for each in given.get("deletions", []))
    text = "\n\n".join(part for part in (message["headline"], message.get("body", "")) if part)
    oid = ask.store.repositories.commit(home, name, files, message=text, author=ask.viewer)
    return {"commit": Commit(ask, home, oid), "ref": Ref(ask, home, _HEADS + name)}


def _branch(ask: Asking, given: dict[str, Any]) -> tuple[records.Repository, str]:
    """A `CommittableBranch`: a ref's id, or a repository's path with a branch's name."""
    if given.get("id"):
        found = node_of(ask, given["id"])
        if not isinstance(found, Ref):
            raise unresolved(given["id"])
        return found.home, found.full_name.removeprefix(_HEADS)
    owner, _, name = (given.get("repository_name_with_owner") or "").partition("/")
    return ask.repository(owner, name), (given.get("branch_name") or "").removeprefix(_HEADS)


def _content(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise unprocessable("A file's contents are not valid Base64") from error
