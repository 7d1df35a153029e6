"""The schema: GitHub's own, cut down to what the forge serves, and bound to the views that answer it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    build_ast_schema,
    parse,
)

from pullbridge.testing.github.graphql.paging import window_of
from pullbridge.testing.github.graphql.refusals import refusal_of
from pullbridge.testing.github.shapes import stamp_or_none
from pullbridge.testing.graphql.binding import Binding, MutationBinder, ViewBinder, snake

_BINDING = Binding(
    stamps=dict.fromkeys(("DateTime", "GitTimestamp"), stamp_or_none), window=window_of, refusal=refusal_of
)
VIEWS = _BINDING.views
MUTATIONS = _BINDING.mutations
view: ViewBinder = _BINDING.view
mutation: MutationBinder = _BINDING.mutation


@cache
def _document() -> DocumentNode:
    return parse(files(__package__).joinpath("schema.graphql").read_text(encoding="utf-8"), no_location=True)


@cache
def bound_schema(without: frozenset[str] = frozenset()) -> GraphQLSchema:
    """The schema, without the fields named as in `PullRequest.isInMergeQueue`; raise `ValueError` for an unknown one.

    Older GitHub Enterprise versions lack newer fields, and refuse a document that names one.
    """
    return _BINDING.bind(build_ast_schema(_trimmed(_document(), without), assume_valid=True))


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


__all__ = ["MUTATIONS", "VIEWS", "bound_schema", "mutation", "snake", "view"]
