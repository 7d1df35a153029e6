"""A schema, bound to the classes and functions that answer it.

Every object type is answered by the view class of its name; a field is the attribute of the same name in snake case, or,
when it takes arguments, a method. A view's connection method gives the whole list, and the page is cut out of it. A
mutation is a function of the same name, which takes the context, and the input's fields by keyword.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_interface_type,
)

from pullbridge.testing.graphql.paging import Page, PageInfo, Window
from pullbridge.testing.store import Refused

Resolver = Callable[..., Any]
Payload = dict[str, Any]
ViewClass = TypeVar("ViewClass", bound=type)
MutationFunction = TypeVar("MutationFunction", bound=Callable[..., Payload])


class ViewBinder(Protocol):
    """`Binding.view`, by another name."""

    def __call__(self, made: ViewClass, /) -> ViewClass:
        """Let a class answer the GraphQL type of its name."""
        ...


class MutationBinder(Protocol):
    """`Binding.mutation`, by another name."""

    def __call__(self, made: MutationFunction, /) -> MutationFunction:
        """Let a function answer the mutation of its name."""
        ...


@cache
def snake(name: str) -> str:
    """`bodyHTML` to `body_html`, `id` to `id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def camel(name: str) -> str:
    """`set_draft` to `setDraft`."""
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


@dataclass
class Binding:
    """What answers a host's schema.

    stamps: how the values of a scalar are written, by its name.
    window: takes the paging arguments out of a field's, or refuses them.
    refusal: the host's exception for a store's no.
    """

    stamps: Mapping[str, Callable[[Any], Any]]
    window: Callable[[GraphQLResolveInfo[Any], dict[str, Any]], Window]
    refusal: Callable[[Refused], Exception]
    #: View classes by the GraphQL type that they answer.
    views: dict[str, Any] = field(default_factory=lambda: {"PageInfo": PageInfo})
    #: Mutations by their GraphQL name.
    mutations: dict[str, Callable[..., Payload]] = field(default_factory=dict)

    def view(self, made: ViewClass) -> ViewClass:
        """Let a class answer the GraphQL type of its name."""
        self.views[made.__name__] = made
        return made

    def mutation(self, made: MutationFunction) -> MutationFunction:
        """Let a function answer the mutation of its name."""
        self.mutations[camel(made.__name__)] = made
        return made

    def bind(self, schema: GraphQLSchema) -> GraphQLSchema:
        """Give every field its resolver, and every argument its name in Python."""
        for kind in schema.type_map.values():
            if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
                self._bind(kind)
            elif isinstance(kind, GraphQLInputObjectType):
                for name, given in kind.fields.items():
                    given.out_name = snake(name)
            elif isinstance(kind, GraphQLUnionType) or is_interface_type(kind):
                kind.resolve_type = _type_name
        return schema

    def _bind(self, kind: GraphQLObjectType) -> None:
        for name, member in kind.fields.items():
            for argument, definition in member.args.items():
                definition.out_name = snake(argument)
            member.resolve = self._mutate(name) if kind.name == "Mutation" else self._resolver(kind, name, member)

    def _resolver(self, kind: GraphQLObjectType, name: str, member: GraphQLField) -> Resolver:
        attribute = snake(name)
        if kind.name.endswith("Payload"):
            return lambda source, _info: source.get(attribute)
        named = get_named_type(member.type).name
        if not member.args:
            read, stamp = attrgetter(attribute), self.stamps.get(named)
            if stamp is not None:
                return lambda source, _info: stamp(read(source))
            return lambda source, _info: read(source)
        if "first" in member.args and named.endswith("Connection"):
            return self._paged(attribute, self.views.get(named, Page))
        return lambda source, _info, **arguments: getattr(source, attribute)(**arguments)

    def _paged(self, attribute: str, page: type) -> Resolver:
        def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            window = self.window(info, arguments)
            items = getattr(source, attribute)(**arguments)
            return None if items is None else page(items, window)

        return resolve

    def _mutate(self, name: str) -> Resolver:
        def resolve(_root: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Payload:
            given = dict(arguments["input"])
            client_mutation_id = given.pop("client_mutation_id", None)
            info.context.mutation = name
            try:
                payload = self.mutations[name](info.context, **given)
            except Refused as refused:
                raise self.refusal(refused) from refused
            return payload | {"client_mutation_id": client_mutation_id}

        return resolve


def _type_name(value: Any, _info: GraphQLResolveInfo[Any], _abstract: Any) -> str:
    return type(value).__name__
