"""What a query costs: complexity and depth, as GitLab counts them before it runs anything.

`app/graphql/types/base_field.rb`, `app/graphql/resolvers/base_resolver.rb` and `app/graphql/gitlab_schema.rb` of
https://gitlab.com/gitlab-org/gitlab; which of an abstract type's objects counts is graphql-ruby's to say
(`GraphQL::Analysis::QueryComplexity`): the dearest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
)

from pullbridge.testing.gitlab.graphql.paging import LARGEST_PAGE
from pullbridge.testing.gitlab.graphql.schema import arguments_of

#: For everybody, and for who is signed in.
MOST_COMPLEXITY, MOST_COMPLEXITY_SIGNED_IN = 200, 250
MOST_DEPTH, MOST_DEPTH_SIGNED_IN = 15, 20
#: Each row that a resolver may load makes its field dearer by this part of its cost.
_A_ROW = 0.01


@dataclass(frozen=True, slots=True)
class Cost:
    """What a query costs."""

    complexity: int
    depth: int


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Cost:
    """Count a valid operation."""
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    root = schema.get_root_type(operation.operation)
    defaults = {v.variable.name.value: v.default_value for v in operation.variable_definitions or () if v.default_value}
    counted = _Counting(schema, fragments, variables, defaults)
    return Cost(
        counted.selected([operation.selection_set], root) if root else 0, counted.depth([operation.selection_set])
    )


@dataclass(frozen=True, slots=True)
class _Counting:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    defaults: Mapping[str, Any]

    def selected(self, sets: list[SelectionSetNode], kind: Any) -> int:
        """The cost of what is selected of a type: of the dearest one, where it may be several."""
        kinds = self.schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        return max((self._of_object(sets, one) for one in kinds), default=0)

    def _of_object(self, sets: list[SelectionSetNode], kind: GraphQLObjectType) -> int:
        merged: dict[str, list[FieldNode]] = {}
        for field in self._fields(sets, kind):
            merged.setdefault((field.alias or field.name).value, []).append(field)
        return sum(self._of_field(fields, kind) for fields in merged.values())

    def _of_field(self, fields: list[FieldNode], kind: GraphQLObjectType) -> int:
        name = fields[0].name.value
        definition = kind.fields.get(name)
        if definition is None:
            return 1  # `__typename`, and what introspection asks
        sets = [field.selection_set for field in fields if field.selection_set]
        below = self.selected(sets, get_named_type(definition.type)) if sets else 0
        return self._own(definition, fields[0], below)

    def _own(self, definition: GraphQLField, field: FieldNode, below: int) -> int:
        node = definition.ast_node
        costs = next((arguments_of(d) for d in (node.directives or () if node else ()) if d.name.value == "costs"), {})
        if "constant" in costs:
            return int(costs["constant"]) + below
        gitaly = 1 if costs.get("gitaly") else 0
        if not costs.get("resolver"):
            return 1 + gitaly + below
        given = self._given(definition, field)
        complexity: int = below + 1 + gitaly + (1 if given.get("sort") else 0) + (5 if given.get("search") else 0)
        if "first" in definition.args:
            complexity += int(complexity * (self._page(given) * self._multiplier(given)))
        return complexity

    @staticmethod
    def _page(given: Mapping[str, Any]) -> int:
        sizes: list[int] = [given[name] for name in ("first", "last") if isinstance(given.get(name), int)]
        return min([*sizes, LARGEST_PAGE])

    @staticmethod
    def _multiplier(given: Mapping[str, Any]) -> float:
        """Whoever names what they want pays no more for many."""
        return 0 if given.get("iid") or given.get("iids") else _A_ROW

    def _given(self, definition: GraphQLField, field: FieldNode) -> dict[str, Any]:
        """The arguments that were given, and those with a default (which is there for the counting alone)."""
        nodes = definition.ast_node.arguments or () if definition.ast_node else ()
        given: dict[str, Any] = {node.name.value: True for node in nodes if node.default_value is not None}
        for argument in field.arguments or ():
            given[argument.name.value] = self._value(argument.value)
        return given

    def _value(self, node: Any) -> Any:
        if isinstance(node, VariableNode):
            name = node.name.value
            return self.variables[name] if name in self.variables else self._value(self.defaults.get(name))
        if isinstance(node, IntValueNode):
            return int(node.value)
        if isinstance(node, BooleanValueNode):
            return node.value
        return getattr(node, "value", None) or getattr(node, "values", None)

    # -- selections ----------------------------------------------------------------------------------------------------

    def _fields(self, sets: list[SelectionSetNode], kind: GraphQLObjectType | None) -> Iterator[FieldNode]:
        """The fields selected of an object of a type (of any, when it is `None`), those of fragments among them."""
        for selection in (one for each in sets for one in each.selections):
            if self._skipped(selection):
                continue
            if isinstance(selection, FieldNode):
                yield selection
                continue
            fragment: Any = selection
            if isinstance(selection, FragmentSpreadNode):
                fragment = self.fragments[selection.name.value]
            if (
                kind is None
                or fragment.type_condition is None
                or self._applies(fragment.type_condition.name.value, kind)
            ):
                yield from self._fields([fragment.selection_set], kind)

    def _applies(self, condition: str, kind: GraphQLObjectType) -> bool:
        wanted = self.schema.type_map[condition]
        return wanted is kind or (is_abstract_type(wanted) and self.schema.is_sub_type(wanted, kind))

    def _skipped(self, selection: SelectionNode) -> bool:
        for directive in selection.directives or ():
            given = {argument.name.value: self._value(argument.value) for argument in directive.arguments or ()}
            if directive.name.value == ("skip" if given.get("if") else "include"):
                return True
        return False

    def depth(self, sets: list[SelectionSetNode]) -> int:
        """How many fields deep it goes; what introspection asks counts once."""
        fields = self._fields(sets, None)
        inner = (None if field.name.value.startswith("__") else field.selection_set for field in fields)
        return max((1 + (self.depth([one]) if one else 0) for one in inner), default=0)
