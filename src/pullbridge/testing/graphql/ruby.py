"""Refused documents in the words of graphql-ruby (https://graphql-ruby.org/), which GitHub and GitLab both run."""

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


def places(error: GraphQLError) -> list[dict[str, int]]:
    """Where in the document an error is."""
    return [{"line": place.line, "column": place.column} for place in error.locations or ()]


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
    """A field that its type has not: older servers answer this for newer fields, and run nothing."""

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

#: What a document must fulfil: GraphQL's own rules, two of them in graphql-ruby's words.
RULES: tuple[type[ASTValidationRule], ...] = tuple(_WORDED.get(rule, rule) for rule in specified_rules)
