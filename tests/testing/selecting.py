"""Writes selections that ask for everything of a GraphQL type."""

from __future__ import annotations

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_interface_type,
    is_leaf_type,
)


def selections(schema: GraphQLSchema, name: str, *, depth: int = 1, without: frozenset[str] = frozenset()) -> list[str]:
    """Select every field of a type, and of what it leads to in `depth` steps, but those that want an argument.

    Some do so without saying it in the schema: those are named in `without`.

    One selection has all plain fields, the others one each: rules of validation grow with the square of a document.
    """
    kind = schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    plain: list[str] = []
    others: list[str] = []
    for member, definition in kind.fields.items():
        chosen = plain if is_leaf_type(get_named_type(definition.type)) else others
        chosen.append("" if member in without else _one(schema, member, definition, depth, without))
    return [" ".join(one for one in plain if one), *(one for one in others if one)]


def _selection(schema: GraphQLSchema, kind: GraphQLObjectType, depth: int, without: frozenset[str]) -> str:
    parts = [_one(schema, name, field, depth, without) for name, field in kind.fields.items() if name not in without]
    return " ".join(["__typename", *(part for part in parts if part)])


def _one(schema: GraphQLSchema, name: str, definition: GraphQLField, depth: int, without: frozenset[str]) -> str:
    inner = get_named_type(definition.type)
    if any(str(argument.type).endswith("!") for argument in definition.args.values()):
        return ""
    arguments = "(first: 2)" if "first" in definition.args else ""
    if is_leaf_type(inner):
        return name + arguments
    if depth == 0:
        return f"{name}{arguments} {{ __typename }}"
    step = 0 if inner.name.endswith(("Connection", "Edge")) or inner.name == "PageInfo" else 1
    if isinstance(inner, GraphQLObjectType):
        return f"{name}{arguments} {{ {_selection(schema, inner, depth - step, without)} }}"
    assert isinstance(inner, GraphQLUnionType) or is_interface_type(inner)
    kinds = sorted(schema.get_possible_types(inner), key=lambda kind: kind.name)
    branches = [f"... on {kind.name} {{ {_branch(schema, kind, depth - step, without)} }}" for kind in kinds]
    return f"{name}{arguments} {{ __typename {' '.join(branches)} }}"


def _branch(schema: GraphQLSchema, kind: GraphQLObjectType, depth: int, without: frozenset[str]) -> str:
    """A type's fields. Two types may disagree about a field's nullability, so each field gets a name of its own."""
    chosen = [_one(schema, name, definition, max(0, depth), without) for name, definition in kind.fields.items()]
    return " ".join(f"{kind.name.lower()}_{number}: {one}" for number, one in enumerate(chosen) if one)
