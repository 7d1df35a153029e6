"""Classic scopes, which GitHub looks at before it runs anything: one field too many refuses the whole document.

Which fields ask for which scopes is not published; these are the ones that clients have met.
https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
"""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

from pullbridge.testing.github.access import granted_scopes
from pullbridge.testing.github.graphql.errors import Refusal
from pullbridge.testing.store.records import Token

_WRITE = ("public_repo", "repo")
#: By type, and field of it; `*` is every field. https://github.com/cli/cli/issues/812 and
#: https://github.com/raycast/extensions/issues/3881 met them with tokens that had `repo` alone.
_NEEDED: dict[str, dict[str, tuple[str, ...]]] = {
    "Mutation": {"*": _WRITE},
    "Organization": dict.fromkeys(("login", "name", "email"), ("read:org",)),
    "Team": {"*": ("read:org", "read:discussion")},
}


class _Fields(Visitor):
    """Collects the fields that a token's scopes do not reach."""

    def __init__(self, types: TypeInfo, granted: frozenset[str]) -> None:
        super().__init__()
        self._types = types
        self._granted = granted
        self.missing: list[tuple[FieldNode, tuple[str, ...]]] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Look at one field."""
        parent = self._types.get_parent_type()
        rules = _NEEDED.get(parent.name, {}) if parent else {}
        needed = rules.get(node.name.value, rules.get("*"))
        if needed and node.name.value != "__typename" and self._granted.isdisjoint(needed):
            self.missing.append((node, needed))


def scope_errors(schema: GraphQLSchema, document: DocumentNode, token: Token) -> list[GraphQLError]:
    """One error for each field that the token's classic scopes do not reach; none for tokens without scopes."""
    if token.scopes is None or token.permissions is not None:
        return []
    types = TypeInfo(schema)
    fields = _Fields(types, granted_scopes(token))
    visit(document, TypeInfoVisitor(types, fields))
    return [_error(node, needed, token.scopes) for node, needed in fields.missing]


def _error(node: FieldNode, needed: tuple[str, ...], granted: tuple[str, ...]) -> GraphQLError:
    message = (
        "Your token has not been granted the required scopes to execute this query. "
        f"The '{node.name.value}' field requires one of the following scopes: {list(needed)}, "
        f"but your token has only been granted the: {sorted(granted)} scopes. "
        "Please modify your token's scopes at: https://github.com/settings/tokens."
    )
    refusal = Refusal("INSUFFICIENT_SCOPES", message)
    return GraphQLError(message, node, original_error=refusal)
