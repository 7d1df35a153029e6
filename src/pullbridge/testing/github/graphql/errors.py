"""Errors in GitHub's words: refusals of resolvers, and documents that do not fit the schema.

GraphQL answers come with status 200; what went wrong is in `errors`, each with a `type` when a resolver refused, or with
`extensions.code` when the document itself is at fault.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    ValidationRule,
    specified_rules,
)
from graphql.validation import FieldsOnCorrectTypeRule, KnownArgumentNamesRule


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
        entry["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    entry["message"] = str(refusal) if refusal else error.message
    return entry


def _where(node: FieldNode, ancestors: list[Any]) -> list[str]:
    """The path of a field in the document, as graphql-ruby counts it: `["query Name", "repository", "... on X", "f"]`."""
    return [name for step in (*ancestors, node) if isinstance(step, Node) and (name := _step(step))]


def _step(node: Node) -> str | None:
    if isinstance(node, OperationDefinitionNode):
        return f"{node.operation.value} {node.name.value}" if node.name else node.operation.value
    if isinstance(node, FragmentDefinitionNode):
        return f"fragment {node.name.value}"
    if isinstance(node, InlineFragmentNode):
        return f"... on {node.type_condition.name.value}" if node.type_condition else "..."
    if isinstance(node, FieldNode):
        return node.alias.value if node.alias else node.name.value
    return None


class UndefinedField(ValidationRule):
    """A field that its type has not: older Enterprise versions answer this for newer fields, and run nothing."""

    def enter_field(self, node: FieldNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]) -> None:
        """Report the field in graphql-ruby's words."""
        parent, name = self.context.get_parent_type(), node.name.value
        if parent is None or self.context.get_field_def():
            return
        extensions = {"code": "undefinedField", "typeName": parent.name, "fieldName": name}
        message = f"Field '{name}' doesn't exist on type '{parent.name}'"
        self.report_error(GraphQLError(message, node, extensions=extensions | {"path": _where(node, ancestors)}))


class UnknownArgument(ValidationRule):
    """An argument that its field does not take."""

    def enter_field(self, node: FieldNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]) -> None:
        """Report each argument in graphql-ruby's words."""
        field = self.context.get_field_def()
        for argument in (node.arguments or ()) if field else ():
            name = argument.name.value
            if field is None or name in field.args:
                continue
            extensions = {"code": "argumentNotAccepted", "name": node.name.value, "typeName": "Field"}
            extensions |= {"argumentName": name}
            message = f"Field '{node.name.value}' doesn't accept argument '{name}'"
            path = [*_where(node, ancestors), name]
            self.report_error(GraphQLError(message, argument, extensions=extensions | {"path": path}))


_WORDED = {FieldsOnCorrectTypeRule: UndefinedField, KnownArgumentNamesRule: UnknownArgument}

#: What a document must fulfil: GraphQL's own rules, two of them in GitHub's words.
RULES: tuple[type[ASTValidationRule], ...] = tuple(_WORDED.get(rule, rule) for rule in specified_rules)
