"""GraphQL answers to whatever document a client sends, from plain data.

A document is walked over plain dicts that have the schema's names for keys; a field that is not there is an error, and
so is never answered by a guess. Nothing is checked against a schema: the contract tests do that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphql import parse
from graphql.language import (
    BooleanValueNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
)

from benchmarks.data import Json

Values = Mapping[str, Any]
#: Types with several kinds of object below them: a fragment on one of these is for all that stand there.
_ABSTRACT = {"Actor", "Node", "Assignee", "RequestedReviewer", "StatusCheckRollupContext", "SearchResultItem"}


class Connection(list[Json]):
    """Rows that are read in pages, with `first`, `last` and `after`."""

    def page(self, asked: Values) -> Json:
        """The stretch that was asked for; a cursor is a row's position."""
        begin = int(asked.get("after") or 0)
        end = begin + int(asked["first"]) if asked.get("first") else len(self)
        if asked.get("last"):
            begin = max(len(self) - int(asked["last"]), 0)
        rows = self[begin:end]
        return {
            "totalCount": len(self),
            "issueCount": len(self),
            "pageInfo": {"hasNextPage": end < len(self), "endCursor": str(min(end, len(self))) if rows else None},
            "nodes": rows,
        }


def answer(document: str, variables: Values, root: Json) -> Json:
    """Execute a document over `root`, whose values may be functions of a field's arguments."""
    tree = parse(document)
    return {"data": _Walk(tree, variables).select([_operation(tree).selection_set], root)}


def _operation(tree: DocumentNode) -> OperationDefinitionNode:
    return next(node for node in tree.definitions if isinstance(node, OperationDefinitionNode))


class _Walk:
    def __init__(self, tree: DocumentNode, variables: Values) -> None:
        self._variables = variables
        self._fragments = {
            node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def select(self, sets: Iterable[SelectionSetNode], over: Json) -> Json:
        fields: dict[str, list[FieldNode]] = {}
        for selection in sets:
            for field in self._fields(selection, over.get("__typename", "")):
                fields.setdefault(field.alias.value if field.alias else field.name.value, []).append(field)
        return {key: self._value(nodes, over) for key, nodes in fields.items()}

    def _fields(self, selection: SelectionSetNode, kind: str) -> Iterable[FieldNode]:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                yield node
                continue
            inner: FragmentDefinitionNode | InlineFragmentNode
            if isinstance(node, FragmentSpreadNode):
                inner = self._fragments[node.name.value]
            elif isinstance(node, InlineFragmentNode):
                inner = node
            else:
                raise TypeError(f"unknown selection {node}")
            wanted = inner.type_condition.name.value if inner.type_condition else kind
            if wanted in {kind, *_ABSTRACT} or not kind:
                yield from self._fields(inner.selection_set, kind)

    def _value(self, nodes: list[FieldNode], over: Json) -> Any:
        field = nodes[0]
        value = over[field.name.value]
        asked = {argument.name.value: self._argument(argument.value) for argument in field.arguments or ()}
        if isinstance(value, Connection):
            value = value.page(asked)
        elif isinstance(value, Callable):  # type: ignore[arg-type]  # https://github.com/python/mypy/issues/3060
            value = value(**asked)
        below = [node.selection_set for node in nodes if node.selection_set]
        if isinstance(value, list):
            return [self.select(below, row) if isinstance(row, dict) and below else row for row in value]
        return self.select(below, value) if isinstance(value, dict) and below else value

    def _argument(self, node: Any) -> Any:
        if isinstance(node, VariableNode):
            return self._variables.get(node.name.value)
        if isinstance(node, IntValueNode):
            return int(node.value)
        if isinstance(node, (StringValueNode, EnumValueNode, BooleanValueNode)):
            return node.value
        raise TypeError(f"unknown argument {node}")
