"""What a query costs, by GitHub's documented formula.

https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

NODE_LIMIT = 500_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Points taken from the budget, and the most nodes that the query may give."""

    points: int
    nodes: int


@dataclass(frozen=True, slots=True)
class _Asked:
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def size(self, field: FieldNode) -> int | None:
        """The page size of a connection, `None` for other fields."""
        for argument in field.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
                return given if isinstance(given, int) else None
        return None

    def fields(self, selected: SelectionSetNode | None) -> Iterator[FieldNode]:
        """The fields of a selection, those of its fragments among them."""
        for selection in selected.selections if selected else ():
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, InlineFragmentNode):
                yield from self.fields(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value in self.fragments:
                yield from self.fields(self.fragments[selection.name.value].selection_set)

    def count(self, selected: SelectionSetNode | None, parents: int) -> tuple[int, int]:
        """Connections to be fetched below `parents` nodes, and the nodes that they may give."""
        requests = nodes = 0
        for field in self.fields(selected):
            size = self.size(field)
            below = parents if size is None else parents * size
            if size is not None:
                requests, nodes = requests + parents, nodes + below
            more_requests, more_nodes = self.count(field.selection_set, below)
            requests, nodes = requests + more_requests, nodes + more_nodes
        return requests, nodes


def cost_of(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Cost:
    """Count the connections that an operation fetches: a hundred of them make a point, and no query costs less than one."""
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    requests, nodes = _Asked(fragments, variables).count(operation.selection_set, 1)
    return Cost(points=max(1, round(requests / 100)), nodes=nodes)
