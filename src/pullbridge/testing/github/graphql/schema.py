"""The schema: GitHub's own, cut down to what the forge serves, and bound to the views that answer it.

Every object type is answered by the view class of its name; a field is the attribute of the same name in snake case, or,
when it takes arguments, a method. A view's connection method gives the whole list, `paging` cuts the page out of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from operator import attrgetter
from typing import Any, TypeVar

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    ObjectTypeDefinitionNode,
    build_ast_schema,
    get_named_type,
    is_interface_type,
    parse,
)

from pullbridge.testing.github.graphql.paging import Edge, Page, PageInfo, window_of
from pullbridge.testing.github.graphql.refusals import refusal_of
from pullbridge.testing.github.shapes import stamp_or_none
from pullbridge.testing.store import Refused

Resolver = Callable[..., Any]
ViewClass = TypeVar("ViewClass", bound=type)
MutationFunction = TypeVar("MutationFunction", bound=Callable[..., dict[str, Any]])

_MOMENTS = frozenset({"DateTime", "GitTimestamp"})

#: View classes by the GraphQL type that they answer.
VIEWS: dict[str, Any] = {"PageInfo": PageInfo}
#: Mutations by their GraphQL name.
MUTATIONS: dict[str, Callable[..., dict[str, Any]]] = {}


def view(made: ViewClass) -> ViewClass:
    """Let a class answer the GraphQL type of its name."""
    VIEWS[made.__name__] = made
    return made


def mutation(made: MutationFunction) -> MutationFunction:
    """Let a function answer the mutation of its name. It takes the context, and the input's fields by keyword."""
    head, *rest = made.__name__.split("_")
    MUTATIONS[head + "".join(part.title() for part in rest)] = made
    return made


@cache
def snake(name: str) -> str:
    """`bodyHTML` to `body_html`, `id` to `id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@cache
def _document() -> DocumentNode:
    return parse(files(__package__).joinpath("schema.graphql").read_text(encoding="utf-8"), no_location=True)


@cache
def bound_schema(without: frozenset[str] = frozenset()) -> GraphQLSchema:
    """The schema, without the fields named as in `PullRequest.isInMergeQueue`; raise `ValueError` for an unknown one.

    Older GitHub Enterprise versions lack newer fields, and refuse a document that names one.
    """
    schema = build_ast_schema(_trimmed(_document(), without), assume_valid=True)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            _bind(kind)
        elif isinstance(kind, GraphQLInputObjectType):
            for name, field in kind.fields.items():
                field.out_name = snake(name)
        elif isinstance(kind, GraphQLUnionType) or is_interface_type(kind):
            kind.resolve_type = _type_name
    return schema


def _trimmed(document: DocumentNode, without: frozenset[str]) -> DocumentNode:
    left = set(without)

    def kept(definition: Any) -> Any:
        if not isinstance(definition, ObjectTypeDefinitionNode):
            return definition
        names = {f"{definition.name.value}.{field.name.value}": field for field in definition.fields or ()}
        left.difference_update(names)
        fields: tuple[FieldDefinitionNode, ...] = tuple(f for name, f in names.items() if name not in without)
        return ObjectTypeDefinitionNode(
            name=definition.name, interfaces=definition.interfaces, directives=definition.directives, fields=fields
        )

    trimmed = DocumentNode(definitions=tuple(kept(definition) for definition in document.definitions))
    if left:
        raise ValueError(f"the schema has no {', '.join(sorted(left))}")
    return trimmed


def _bind(kind: GraphQLObjectType) -> None:
    for name, field in kind.fields.items():
        for argument, definition in field.args.items():
            definition.out_name = snake(argument)
        field.resolve = _mutate(name) if kind.name == "Mutation" else _resolver(kind, name, field)


def _resolver(kind: GraphQLObjectType, name: str, field: GraphQLField) -> Resolver:
    attribute = snake(name)
    if kind.name.endswith("Payload"):
        return lambda source, _info: source.get(attribute)
    if not field.args:
        read = attrgetter(attribute)
        if get_named_type(field.type).name in _MOMENTS:
            return lambda source, _info: stamp_or_none(read(source))
        return lambda source, _info: read(source)
    connection = get_named_type(field.type).name
    if "first" in field.args and connection.endswith("Connection"):
        return _paged(attribute, VIEWS.get(connection, Page))
    return lambda source, _info, **arguments: getattr(source, attribute)(**arguments)


def _paged(attribute: str, page: type) -> Resolver:
    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        window = window_of(info, arguments)
        items = getattr(source, attribute)(**arguments)
        return None if items is None else page(items, window)

    return resolve


def _mutate(name: str) -> Resolver:
    def resolve(_root: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> dict[str, Any]:
        given = dict(arguments["input"])
        client_mutation_id = given.pop("client_mutation_id", None)
        info.context.mutation = name
        try:
            payload = MUTATIONS[name](info.context, **given)
        except Refused as refused:
            raise refusal_of(refused) from refused
        return payload | {"client_mutation_id": client_mutation_id}

    return resolve


def _type_name(value: Any, _info: GraphQLResolveInfo[Any], _abstract: Any) -> str:
    return type(value).__name__


__all__ = ["MUTATIONS", "VIEWS", "Edge", "bound_schema", "mutation", "snake", "view"]
