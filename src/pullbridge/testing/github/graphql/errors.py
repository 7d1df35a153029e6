"""Errors in GitHub's words: refusals of resolvers, and documents that do not fit the schema.

GraphQL answers come with status 200; what went wrong is in `errors`, each with a `type` when a resolver refused, or with
`extensions.code` when the document itself is at fault.
"""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from pullbridge.testing.graphql.ruby import places


class Refusal(Exception):
    """A resolver says no. `kind` becomes the error's `type`, as in `NOT_FOUND` or `UNPROCESSABLE`."""

    def __init__(self, kind: str, message: str, **extensions: Any) -> None:
        super().__init__(message)
        self.kind = kind
        self.extensions = extensions


def not_found(message: str) -> Refusal:
    """There is no such thing, or it may not be seen."""
    return Refusal("NOT_FOUND", message)


def unresolved(node_id: str) -> Refusal:
    """A node id that leads nowhere."""
    return not_found(f"Could not resolve to a node with the global id of '{node_id}'.")


def unprocessable(message: str) -> Refusal:
    """The input was understood and is refused."""
    return Refusal("UNPROCESSABLE", message)


def forbidden(message: str) -> Refusal:
    """The person or the token may not do this."""
    return Refusal("FORBIDDEN", message, saml_failure=False)


def described(error: GraphQLError) -> dict[str, Any]:
    """One entry of `errors`, its keys in GitHub's order."""
    refusal = error.original_error if isinstance(error.original_error, Refusal) else None
    entry: dict[str, Any] = {}
    if refusal is not None:
        entry["type"] = refusal.kind
    extra = error.extensions or {}
    path = error.path or extra.get("path")
    if path:
        entry["path"] = list(path)
    extensions = refusal.extensions if refusal else {name: value for name, value in extra.items() if name != "path"}
    if extensions:
        entry["extensions"] = extensions
    if error.locations:
        entry["locations"] = places(error)
    entry["message"] = str(refusal) if refusal else error.message
    return entry
